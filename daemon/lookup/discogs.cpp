#include "lookup/discogs.hpp"

#include "core/text.hpp"
#include "lookup/discogs_answers.hpp"
#include "lookup/printed.hpp"

#include <algorithm>

namespace gatefold::lookup {

namespace {

SourceRules discogsRules() {
    SourceRules rules;
    rules.name = "discogs";
    rules.title = "Discogs";
    rules.notice = "Data provided by Discogs. Gatefold uses Discogs' API but is not affiliated "
                   "with, sponsored or endorsed by Discogs. \"Discogs\" is a trademark of Zink "
                   "Media, LLC.";
    rules.notice_url = "https://www.discogs.com";
    rules.default_url = "https://api.discogs.com";
    // Sixty a minute with a token; without one the headers say 25 in the first answer.
    rules.gate.pace = {60, Millis{60'000}, Millis{0}};
    rules.kept_for = std::chrono::hours(6);
    rules.show_kept = false;
    rules.wants_token = true;
    return rules;
}

/// As the code may stand in Discogs: 13 digits, then 12; EAN-8 and true GTIN-14 as they are.
std::vector<std::string> spellings(Gtin gtin) {
    const std::string digits = gtin.text();
    if (digits.starts_with("000000"))
        return {digits.substr(6)};
    if (digits.starts_with("00"))
        return {digits.substr(1), digits.substr(2)};
    if (digits.starts_with("0"))
        return {digits.substr(1)};
    return {digits};
}

} // namespace

Discogs::Discogs(SourceSettings settings, const Surroundings& around)
    : channel_(discogsRules(), std::move(settings), around) {}

std::vector<OnlineCandidate> Discogs::search(std::string_view field, std::string_view value,
                                             const OnlineCall& call) {
    channel_.requireToken();
    std::vector<OnlineCandidate> rows;
    const std::string path = "/database/search?" + std::string(field) + "=" +
                             percentEncoded(value) + "&type=release&per_page=100&page=1";
    channel_.ask({path}, call, [&](const HttpAnswer& answer, WallTime fetched_at) {
        rows = discogs::searchResults(answer.body);
        for (OnlineCandidate& row : rows)
            row.origin = channel_.origin(row.origin.source_url, fetched_at);
    });
    return rows;
}

std::vector<OnlineCandidate> Discogs::searchByBarcode(Gtin gtin, std::size_t limit,
                                                      const OnlineCall& call) {
    // `barcode=` compares digits to digits and is not always complete, so a hit that holds the
    // code ends the search and anything else goes on to the next spelling.
    std::vector<OnlineCandidate> rows;
    const auto asked = [&](std::string_view field, const std::string& code) {
        mergeRows(rows, search(field, code, call));
        return markBarcodeHits(rows, gtin) > 0;
    };
    const auto codes = spellings(gtin);
    const bool found = std::any_of(codes.begin(), codes.end(),
                                   [&](const std::string& code) { return asked("barcode", code); });
    if (!found)
        asked("q", codes.back());
    return firstOf(std::move(rows), limit);
}

std::vector<OnlineCandidate> Discogs::searchByCatno(std::string_view catno, std::size_t limit,
                                                    const OnlineCall& call) {
    const std::string asked = askable(catno);
    auto rows = search("catno", asked, call);
    markCatnoHits(rows, asked);
    return firstOf(std::move(rows), limit);
}

std::vector<OnlineCandidate> Discogs::searchByText(std::string_view text, std::size_t limit,
                                                   const OnlineCall& call) {
    auto rows = search("q", askable(text), call);
    for (OnlineCandidate& row : rows)
        row.release.why = "text";
    return firstOf(std::move(rows), limit);
}

std::optional<OnlineRelease> Discogs::release(const OnlineKey& key, const OnlineCall& call) {
    std::optional<OnlineRelease> row;
    if (!key.discogs_id || *key.discogs_id <= 0 || *key.discogs_id >= firstOwnReleaseId)
        return row;
    channel_.ask({"/releases/" + std::to_string(*key.discogs_id)}, call,
                 [&](const HttpAnswer& answer, WallTime fetched_at) {
                     row = discogs::release(answer.body);
                     row->origin = channel_.origin(row->origin.source_url, fetched_at);
                 });
    return row;
}

std::optional<OnlineMaster> Discogs::master(const OnlineKey& key, const OnlineCall& call) {
    std::optional<OnlineMaster> row;
    if (!key.discogs_id || *key.discogs_id <= 0)
        return row;
    channel_.ask({"/masters/" + std::to_string(*key.discogs_id)}, call,
                 [&](const HttpAnswer& answer, WallTime fetched_at) {
                     row = discogs::master(answer.body);
                     row->origin = channel_.origin(row->origin.source_url, fetched_at);
                 });
    return row;
}

std::vector<OnlineCandidate> Discogs::versions(const OnlineKey& master, std::size_t limit,
                                               const OnlineCall& call) {
    std::vector<OnlineCandidate> rows;
    if (!master.discogs_id || *master.discogs_id <= 0)
        return rows;
    const std::string path =
        "/masters/" + std::to_string(*master.discogs_id) + "/versions?per_page=100&page=1";
    channel_.ask({path}, call, [&](const HttpAnswer& answer, WallTime fetched_at) {
        rows = discogs::versions(answer.body);
        for (OnlineCandidate& row : rows) {
            row.release.master_id = master.discogs_id;
            row.origin = channel_.origin(row.origin.source_url, fetched_at);
        }
    });
    return firstOf(std::move(rows), limit);
}

} // namespace gatefold::lookup
