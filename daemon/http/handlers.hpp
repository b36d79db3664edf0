#pragma once

#include "http/documents.hpp"
#include "http/endpoint.hpp"

/// One function per route; routes.cpp says where each is reached and who may. They read the
/// request, ask one use case and give back its document. All throw Error.
namespace gatefold::http {

// handlers_accounts.cpp
SetupState setupState(const Context& context);
Answer<Session> finishSetup(const Context& context, const SetupRequest& body);
SetupCode freshSetupCode(const Context& context);
Session whoAmI(const Context& context);
Answer<Session> signIn(const Context& context, const SignInRequest& body);
Reply signOut(const Context& context);
Page<Person> listPeople(const Context& context);
Answer<Person> addPerson(const Context& context, const NewPerson& body);
Person getPerson(const Context& context);
Person editPerson(const Context& context, const PersonPatch& body);
Page<Token> listTokens(const Context& context);
Answer<CreatedToken> addToken(const Context& context, const NewToken& body);
void revokeToken(const Context& context);

// handlers_scans.cpp
Page<ScanView> listScans(const Context& context);
Answer<ScanAnswer> handInScan(const Context& context, const NewScanRequest& body);
ScanAnswer undoScan(const Context& context);
Page<InboxItem> listInbox(const Context& context);
InboxItem getInboxItem(const Context& context);
InboxItem resolveInboxItem(const Context& context, const Resolution& body);
PhotoCodes decodePhoto(const Context& context, const ImageBody& body);
Page<DeviceView> listDevices(const Context& context);
DeviceView getDevice(const Context& context);
DeviceView editDevice(const Context& context, const DevicePatch& body);
DeviceView startLayoutTest(const Context& context);

// handlers_collection.cpp
Page<CopyView> listCopies(const Context& context);
Answer<CopyView> addCopy(const Context& context, const NewCopy& body);
CopyView getCopy(const Context& context);
CopyView editCopy(const Context& context, const CopyPatch& body);
void removeCopy(const Context& context);
CopyView restoreCopy(const Context& context);
Release getRelease(const Context& context);
CatalogueInfo getCatalogue(const Context& context);
CatalogueAnswer searchCatalogue(const Context& context);
Page<Location> listLocations(const Context& context);
Answer<Location> addLocation(const Context& context, const NewLocation& body);
Location getLocation(const Context& context);
Location editLocation(const Context& context, const LocationPatch& body);

// handlers_covers.cpp
Reply getCover(const Context& context);
CopyView setCopyCover(const Context& context, const ImageBody& body);
CopyView removeCopyCover(const Context& context);

// handlers_online.cpp
Page<OnlineSourceStatus> listSources(const Context& context);
OnlineAnswer searchOnline(const Context& context);
Answer<Release> takeOnline(const Context& context, const OnlineChoice& body);

// handlers_listening.cpp
Page<Deck> listDecks(const Context& context);
Written<NowPlayingDocument> getNowPlaying(const Context& context);
Written<NowPlayingDocument> playOnDeck(const Context& context, const PlayRequest& body);
Written<NowPlayingDocument> flipDeck(const Context& context);
Written<NowPlayingDocument> stopDeck(const Context& context);
Written<NowPlayingDocument> seekOnDeck(const Context& context, const SeekRequest& body);
Page<PlayView> listPlays(const Context& context);
Reply streamEvents(const Context& context);

// handlers_system.cpp
Alive getHealth(const Context& context);
Reply getMetrics(const Context& context);
Reply getApiDocument(const Context& context);
Reply printCards(const Context& context);
Page<Job> listJobs(const Context& context);
Job updateCatalogue(const Context& context);
SettingList getSettings(const Context& context);
BackupList listBackups(const Context& context);
Job startBackup(const Context& context);

// handler_tools.cpp: what several of them need
/// `limit` and `cursor` of the query. Throws `invalid`.
PageRequest pageOf(const Request& request);
/// The path parameter `id` as an id of that kind; what cannot be one is not found.
template <class SomeId>
SomeId idOf(const Context& context) {
    if (const auto id = SomeId::parse(context.request.parameter("id")))
        return *id;
    throw Error(ErrorCode::notFound,
                "There is nothing with this id; one looks like " + SomeId{.value = 3}.text() + ".");
}
/// A query parameter as an id. Throws `invalid`.
template <class SomeId>
std::optional<SomeId> idInQuery(const Context& context, std::string_view name) {
    const auto text = context.request.query(name);
    if (!text)
        return std::nullopt;
    if (const auto id = SomeId::parse(*text))
        return *id;
    throw Error(ErrorCode::invalid, std::string(name) + " is no such id", std::string(name));
}
/// A query parameter that is one of the names of an enum. Throws `invalid`, naming them.
template <NamedEnum E>
std::optional<E> wordInQuery(const Context& context, std::string_view name) {
    const auto text = context.request.query(name);
    if (!text)
        return std::nullopt;
    if (E value{}; parseName(*text, value))
        return value;
    std::string known;
    for (const auto& [value, word] : EnumNames<E>::names)
        known.append(known.empty() ? "" : ", ").append(word);
    throw Error(ErrorCode::invalid, std::string(name) + " is none of: " + known, std::string(name));
}
/// A release's number in path or query. Throws `invalid`.
ReleaseId releaseIdIn(std::string_view text, std::string_view name);
/// The version that If-Match asks for, given the current one. Throws `preconditionRequired` without
/// the header, `preconditionFailed` when it names another version.
std::int64_t matchedVersion(const Request& request, std::int64_t current);
/// All of a short list as one page.
template <class T>
Page<T> wholeList(std::vector<T> items) {
    Page<T> page;
    page.total = static_cast<std::int64_t>(items.size());
    page.items = std::move(items);
    return page;
}

} // namespace gatefold::http
