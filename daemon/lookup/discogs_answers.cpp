#include "lookup/discogs_answers.hpp"

#include "core/artist_name.hpp"
#include "lookup/answer_reading.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace gatefold::lookup::discogs {

namespace {

constexpr int mostDiscs = 1'000;

std::string releasePage(ReleaseId id) {
    return "https://www.discogs.com/release/" + std::to_string(id);
}

int quantity(const json::Value& value, std::string_view name) {
    const auto count = number(value, name);
    return count && *count <= mostDiscs ? static_cast<int>(*count) : 1;
}

Format formatOf(const json::Value& value) {
    return {text(value, "name"), quantity(value, "qty"), text(value, "text"),
            texts(value, "descriptions")};
}

/// ["Vinyl", "LP", "Album"]: the medium and what is said about it.
Format formatOfWords(std::vector<std::string> words, int discs) {
    Format format;
    format.quantity = discs;
    if (words.empty())
        return format;
    format.name = std::move(words.front());
    format.descriptions.assign(std::make_move_iterator(words.begin() + 1),
                               std::make_move_iterator(words.end()));
    return format;
}

std::vector<Format> formatsOf(const json::Value& value) {
    std::vector<Format> formats;
    eachItem(value, "formats",
             [&](const json::Value& format) { formats.push_back(formatOf(format)); });
    if (!formats.empty())
        return formats;
    if (auto words = texts(value, "format"); !words.empty())
        formats.push_back(formatOfWords(std::move(words), quantity(value, "format_quantity")));
    return formats;
}

/// A search result names many companies as labels; only the first goes with the number.
std::vector<LabelCatno> labelOf(const json::Value& result) {
    const auto labels = texts(result, "label");
    if (labels.empty())
        return {};
    return {{labels.front(), text(result, "catno")}};
}

/// "Artist - Title"; a title without artist stays whole.
void splitTitle(const std::string& line, Candidate& release) {
    constexpr std::string_view dash = " - ";
    const std::size_t at = line.find(dash);
    if (at != std::string::npos)
        release.artist = shownArtist(line.substr(0, at));
    release.title = at == std::string::npos ? line : line.substr(at + dash.size());
}

std::optional<OnlineCandidate> resultOf(const json::Value& result) {
    const auto id = number(result, "id");
    if (!id || *id >= firstOwnReleaseId || text(result, "type") != "release")
        return std::nullopt;
    OnlineCandidate row;
    row.release.release_id = *id;
    row.release.master_id = number(result, "master_id");
    splitTitle(text(result, "title"), row.release);
    if (const auto date = partialDate(text(result, "year")))
        row.release.year = date->year;
    row.release.country = textIfAny(result, "country");
    row.release.labels = labelOf(result);
    row.release.formats = formatsOf(result);
    row.release.match = MatchKind::weak;
    for (const std::string& field : texts(result, "barcode"))
        addBarcodes(field, row.barcodes);
    row.discogs_url = releasePage(*id);
    row.cover_url = webAddress(result, "cover_image");
    row.thumbnail_url = webAddress(result, "thumb");
    row.origin.source_url = *row.discogs_url;
    return row;
}

/// Artists as printed, as the offline catalogue writes them.
std::string artistLine(const json::Value& value) {
    std::string line;
    std::string join;
    bool first = true;
    eachItem(value, "artists", [&](const json::Value& artist) {
        if (!first)
            line += join.empty() || join == "," ? ", " : " " + join + " ";
        first = false;
        const std::string variation = text(artist, "anv");
        line += variation.empty() ? text(artist, "name") : variation;
        join = text(artist, "join");
    });
    return shownArtist(line);
}

IdentifierType identifierType(std::string_view name) {
    constexpr std::array<std::pair<std::string_view, IdentifierType>, 4> types{
        {{"Barcode", IdentifierType::barcode},
         {"Matrix / Runout", IdentifierType::runout},
         {"Label Code", IdentifierType::labelCode},
         {"Rights Society", IdentifierType::rightsSociety}}};
    const auto* found = std::find_if(types.begin(), types.end(),
                                     [&](const auto& row) { return row.first == name; });
    return found == types.end() ? IdentifierType::other : found->second;
}

/// An index track's parts follow it; it becomes a heading where they have positions of their own.
void addTrack(const json::Value& value, std::vector<Track>& tracks, bool part) {
    if (tracks.size() >= mostItems)
        return;
    const std::size_t own = tracks.size();
    tracks.push_back({text(value, "position"), text(value, "title"), textIfAny(value, "duration")});
    if (part)
        return;
    eachItem(value, "sub_tracks", [&](const json::Value& sub) { addTrack(sub, tracks, true); });
    const bool placed =
        std::any_of(tracks.begin() + static_cast<std::ptrdiff_t>(own) + 1, tracks.end(),
                    [](const Track& t) { return !t.position.empty(); });
    if (placed)
        tracks[own].position.clear();
}

/// The primary picture, else the first.
void addImage(const json::Value& value, OnlineRelease& row) {
    const json::Value* chosen = nullptr;
    eachItem(value, "images", [&](const json::Value& image) {
        if (!chosen || (text(image, "type") == "primary" && text(*chosen, "type") != "primary"))
            chosen = &image;
    });
    if (!chosen)
        return;
    row.cover_url = webAddress(*chosen, "uri");
    row.thumbnail_url = webAddress(*chosen, "uri150");
}

void addLists(const json::Value& value, Release& release) {
    eachItem(value, "labels", [&](const json::Value& label) {
        release.labels.push_back({text(label, "name"), text(label, "catno")});
    });
    release.formats = formatsOf(value);
    eachItem(value, "identifiers", [&](const json::Value& identifier) {
        release.identifiers.push_back({identifierType(text(identifier, "type")),
                                       text(identifier, "value"),
                                       textIfAny(identifier, "description")});
    });
    eachItem(value, "tracklist",
             [&](const json::Value& track) { addTrack(track, release.tracklist, false); });
    release.genres = texts(value, "genres");
    release.styles = texts(value, "styles");
}

void addDate(const json::Value& value, Release& release) {
    auto date = partialDate(text(value, "released"));
    if (!date)
        date = partialDate(text(value, "year"));
    if (!date)
        return;
    release.year = date->year;
    release.released = date->text;
}

std::int64_t idOf(const json::Value& answer) {
    const auto id = number(answer, "id");
    if (!id || *id >= firstOwnReleaseId)
        throw Error(ErrorCode::malformed, "it has no \"id\"");
    return *id;
}

std::optional<OnlineCandidate> versionOf(const json::Value& version) {
    const auto id = number(version, "id");
    if (!id || *id >= firstOwnReleaseId)
        return std::nullopt;
    OnlineCandidate row;
    row.release.release_id = *id;
    row.release.title = text(version, "title");
    if (const auto date = partialDate(text(version, "released")))
        row.release.year = date->year;
    row.release.country = textIfAny(version, "country");
    row.release.labels = labelOf(version);
    Format format;
    const auto media = texts(version, "major_formats");
    format.name = media.empty() ? std::string() : media.front();
    format.text = text(version, "format");
    row.release.formats.push_back(std::move(format));
    row.release.why = "version of the album";
    row.discogs_url = releasePage(*id);
    row.thumbnail_url = webAddress(version, "thumb");
    row.origin.source_url = *row.discogs_url;
    return row;
}

template <class Read>
std::vector<OnlineCandidate> rowsOf(const json::Array& list, Read read) {
    std::vector<OnlineCandidate> rows;
    for (std::size_t i = 0; i < std::min(list.size(), mostItems); ++i)
        if (auto row = read(list[i]))
            rows.push_back(std::move(*row));
    return rows;
}

} // namespace

std::vector<OnlineCandidate> searchResults(std::string_view body) {
    const json::Value answer = parsedAnswer(body);
    return rowsOf(listOf(answer, "results"), resultOf);
}

OnlineRelease release(std::string_view body) {
    const json::Value answer = parsedAnswer(body);
    OnlineRelease row;
    Release& release = row.release;
    release.release_id = idOf(answer);
    mustHave(answer, "title");
    release.title = text(answer, "title");
    release.artist = artistLine(answer);
    release.master_id = number(answer, "master_id");
    release.country = textIfAny(answer, "country");
    addDate(answer, release);
    addLists(answer, release);
    addImage(answer, row);
    row.discogs_url = releasePage(release.release_id);
    row.origin.source_url = *row.discogs_url;
    return row;
}

OnlineMaster master(std::string_view body) {
    const json::Value answer = parsedAnswer(body);
    OnlineMaster row;
    row.master_id = idOf(answer);
    mustHave(answer, "title");
    row.title = text(answer, "title");
    row.artist = artistLine(answer);
    if (const auto date = partialDate(text(answer, "year")))
        row.year = date->year;
    row.main_release_id = number(answer, "main_release");
    row.genres = texts(answer, "genres");
    row.styles = texts(answer, "styles");
    OnlineRelease pictured;
    addImage(answer, pictured);
    row.cover_url = pictured.cover_url;
    row.origin.source_url = "https://www.discogs.com/master/" + std::to_string(*row.master_id);
    return row;
}

std::vector<OnlineCandidate> versions(std::string_view body) {
    const json::Value answer = parsedAnswer(body);
    return rowsOf(listOf(answer, "versions"), versionOf);
}

} // namespace gatefold::lookup::discogs
