#include "lookup/musicbrainz.hpp"

#include "core/text.hpp"
#include "lookup/musicbrainz_answers.hpp"
#include "lookup/printed.hpp"

#include <algorithm>

namespace gatefold::lookup {

namespace {

constexpr std::size_t mostRows = 100; // what one request may ask for

SourceRules musicbrainzRules() {
    SourceRules rules;
    rules.name = "musicbrainz";
    rules.title = "MusicBrainz";
    rules.notice = "Data from MusicBrainz (CC0).";
    rules.notice_url = "https://musicbrainz.org";
    rules.default_url = "https://musicbrainz.org";
    rules.gate.pace = {60, Millis{60'000}, Millis{1'000}};
    rules.kept_for = std::chrono::hours(24);
    return rules;
}

/// A phrase of the search language: quotes and backslashes inside are escaped.
std::string phrase(std::string_view words) {
    std::string out = "\"";
    for (const char c : words) {
        if (c == '"' || c == '\\')
            out += '\\';
        out += c;
    }
    return out + "\"";
}

std::string searchPath(std::string_view query, std::size_t limit) {
    return "/ws/2/release?query=" + percentEncoded(query) +
           "&fmt=json&limit=" + std::to_string(std::clamp<std::size_t>(limit, 1, mostRows));
}

} // namespace

MusicBrainz::MusicBrainz(SourceSettings settings, const Surroundings& around)
    : channel_(musicbrainzRules(), std::move(settings), around) {}

std::vector<OnlineCandidate> MusicBrainz::list(const std::string& path, const OnlineCall& call) {
    std::vector<OnlineCandidate> rows;
    channel_.ask({path}, call, [&](const HttpAnswer& answer, WallTime fetched_at) {
        rows = musicbrainz::releases(answer.body);
        for (OnlineCandidate& row : rows)
            row.origin = channel_.origin(row.origin.source_url, fetched_at);
    });
    return rows;
}

std::vector<OnlineCandidate> MusicBrainz::searchByBarcode(Gtin gtin, std::size_t limit,
                                                          const OnlineCall& call) {
    // Its index leaves leading zeros out on its side; both spellings in one question cover ours.
    const std::string digits = gtin.text();
    const std::string eight = digits.substr(6);
    const bool ean8 = digits.starts_with("000000");
    const std::string query = ean8                       ? "barcode:" + eight
                              : digits.starts_with("00") ? "barcode:" + digits.substr(1) +
                                                               " OR barcode:" + digits.substr(2)
                              : digits.starts_with("0") ? "barcode:" + digits.substr(1)
                                                        : "barcode:" + digits;
    auto rows = list(searchPath(query, mostRows), call);
    markBarcodeHits(rows, gtin);
    return firstOf(std::move(rows), limit);
}

std::vector<OnlineCandidate> MusicBrainz::searchByCatno(std::string_view catno, std::size_t limit,
                                                        const OnlineCall& call) {
    const std::string asked = askable(catno);
    auto rows = list(searchPath("catno:" + phrase(asked), mostRows), call);
    markCatnoHits(rows, asked);
    return firstOf(std::move(rows), limit);
}

std::vector<OnlineCandidate> MusicBrainz::searchByText(std::string_view text, std::size_t limit,
                                                       const OnlineCall& call) {
    // dismax takes what people type, over artist and title, without a search language.
    auto rows = list(searchPath(askable(text), limit) + "&dismax=true", call);
    for (OnlineCandidate& row : rows)
        row.release.why = "text";
    return firstOf(std::move(rows), limit);
}

std::optional<std::string> MusicBrainz::mbidOf(const OnlineKey& key, bool of_master,
                                               const OnlineCall& call) {
    if (key.mbid)
        return musicbrainz::isMbid(*key.mbid) ? key.mbid : std::nullopt;
    if (!key.discogs_id || *key.discogs_id <= 0 || *key.discogs_id >= firstOwnReleaseId)
        return std::nullopt;
    const std::string page = std::string("https://www.discogs.com/") +
                             (of_master ? "master/" : "release/") + std::to_string(*key.discogs_id);
    std::optional<std::string> mbid;
    channel_.ask({"/ws/2/url?resource=" + percentEncoded(page) +
                  "&inc=" + (of_master ? "release-group-rels" : "release-rels") + "&fmt=json"},
                 call, [&](const HttpAnswer& answer, WallTime) {
                     mbid =
                         musicbrainz::linked(answer.body, of_master ? "release_group" : "release");
                 });
    return mbid;
}

std::optional<OnlineRelease> MusicBrainz::release(const OnlineKey& key, const OnlineCall& call) {
    std::optional<OnlineRelease> row;
    const auto mbid = mbidOf(key, false, call);
    if (!mbid)
        return row;
    channel_.ask({"/ws/2/release/" + *mbid +
                  "?inc=artist-credits+labels+recordings+release-groups+genres+url-rels&fmt=json"},
                 call, [&](const HttpAnswer& answer, WallTime fetched_at) {
                     row = musicbrainz::release(answer.body);
                     row->origin = channel_.origin(row->origin.source_url, fetched_at);
                 });
    return row;
}

std::optional<OnlineMaster> MusicBrainz::master(const OnlineKey& key, const OnlineCall& call) {
    std::optional<OnlineMaster> row;
    const auto mbid = mbidOf(key, true, call);
    if (!mbid)
        return row;
    channel_.ask({"/ws/2/release-group/" + *mbid + "?inc=artist-credits+genres&fmt=json"}, call,
                 [&](const HttpAnswer& answer, WallTime fetched_at) {
                     row = musicbrainz::releaseGroup(answer.body);
                     row->origin = channel_.origin(row->origin.source_url, fetched_at);
                     row->master_id = key.discogs_id;
                 });
    return row;
}

std::vector<OnlineCandidate> MusicBrainz::versions(const OnlineKey& master, std::size_t limit,
                                                   const OnlineCall& call) {
    const auto mbid = mbidOf(master, true, call);
    if (!mbid)
        return {};
    auto rows = list(
        "/ws/2/release?release-group=" + *mbid +
            "&inc=artist-credits+labels+media+url-rels&fmt=json&limit=" + std::to_string(mostRows),
        call);
    for (OnlineCandidate& row : rows) {
        row.master_mbid = mbid;
        row.release.why = "version of the album";
    }
    return firstOf(std::move(rows), limit);
}

} // namespace gatefold::lookup
