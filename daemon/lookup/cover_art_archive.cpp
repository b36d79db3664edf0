#include "lookup/cover_art_archive.hpp"

#include "lookup/cover_answers.hpp"
#include "lookup/musicbrainz_answers.hpp"

namespace gatefold::lookup {

namespace {

SourceRules coverArtArchiveRules() {
    SourceRules rules;
    rules.name = "coverart";
    rules.title = "Cover Art Archive";
    rules.notice = "Cover from the Cover Art Archive; the rights are with their holders.";
    rules.notice_url = "https://coverartarchive.org";
    rules.default_url = "https://coverartarchive.org";
    rules.other_hosts = {"archive.org", ".archive.org"};
    // It names no limit; one a second is what its sister asks for.
    rules.gate.pace = {60, Millis{60'000}, Millis{1'000}};
    rules.kept_for = std::chrono::hours(24);
    return rules;
}

} // namespace

CoverArtArchive::CoverArtArchive(SourceSettings settings, const Surroundings& around)
    : channel_(coverArtArchiveRules(), std::move(settings), around) {}

std::optional<OnlineCover> CoverArtArchive::coverOf(std::string_view kind, const std::string& mbid,
                                                    CoverSize size, const OnlineCall& call) {
    const std::string page = "/" + std::string(kind) + "/" + mbid;
    std::optional<std::string> path;
    channel_.ask({page}, call, [&](const HttpAnswer& answer, WallTime) {
        path = coverart::frontPath(answer.body, size);
    });
    if (!path)
        return std::nullopt;
    Channel::Question picture{*path, "image/*"};
    picture.most_bytes = 12 << 20;
    picture.keep = false;
    std::optional<OnlineCover> cover;
    channel_.ask(picture, call, [&](const HttpAnswer& answer, WallTime fetched_at) {
        const auto type = coverart::imageType(answer.body);
        if (!type)
            throw Error(ErrorCode::malformed, "no picture");
        cover.emplace();
        cover->bytes = answer.body;
        cover->content_type = *type;
        cover->image_url = answer.address;
        cover->origin = channel_.origin("https://musicbrainz.org" + page, fetched_at);
    });
    return cover;
}

std::optional<OnlineCover>
CoverArtArchive::frontCover(const std::optional<std::string>& release_mbid,
                            const std::optional<std::string>& group_mbid, CoverSize size,
                            const OnlineCall& call) {
    std::optional<OnlineCover> cover;
    if (release_mbid && musicbrainz::isMbid(*release_mbid))
        cover = coverOf("release", *release_mbid, size, call);
    if (!cover && group_mbid && musicbrainz::isMbid(*group_mbid))
        cover = coverOf("release-group", *group_mbid, size, call);
    return cover;
}

} // namespace gatefold::lookup
