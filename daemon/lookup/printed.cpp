#include "lookup/printed.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <functional>
#include <iterator>

namespace gatefold::lookup {

namespace {

/// Letters and digits in lower case; letters beyond ASCII as they are.
std::string bare(std::string_view catno) {
    std::string kept;
    for (const char c : asciiLower(catno)) {
        const bool ascii = static_cast<unsigned char>(c) < 0x80;
        if (!ascii || (c >= 'a' && c <= 'z') || isAsciiDigit(c))
            kept += c;
    }
    return kept;
}

bool sameRow(const OnlineCandidate& a, const OnlineCandidate& b) {
    return (a.release.release_id != 0 && a.release.release_id == b.release.release_id) ||
           (a.mbid && a.mbid == b.mbid);
}

std::size_t markHits(std::vector<OnlineCandidate>& rows, const std::string& what,
                     const std::function<bool(const OnlineCandidate&)>& holds) {
    for (OnlineCandidate& row : rows) {
        const bool exact = holds(row);
        row.release.match = exact ? MatchKind::exact : MatchKind::weak;
        row.release.why = exact ? what : "found with the " + what + ", which it does not name";
    }
    const auto others = std::stable_partition(rows.begin(), rows.end(), [](const auto& row) {
        return row.release.match == MatchKind::exact;
    });
    return static_cast<std::size_t>(others - rows.begin());
}

} // namespace

std::string askable(std::string_view words) {
    constexpr std::size_t longest = 200;
    const std::string_view line = trimmed(words);
    if (line.empty() || !isUtf8(line) || hasControlCharacters(line))
        throw OnlineError(ErrorCode::invalid, "there are no words to search for");
    return shortened(line, longest);
}

void mergeRows(std::vector<OnlineCandidate>& rows, std::vector<OnlineCandidate> more) {
    for (OnlineCandidate& row : more)
        if (std::none_of(rows.begin(), rows.end(),
                         [&](const OnlineCandidate& known) { return sameRow(known, row); }))
            rows.push_back(std::move(row));
}

std::size_t markBarcodeHits(std::vector<OnlineCandidate>& rows, Gtin gtin) {
    const std::string digits = gtin.text();
    return markHits(rows, "barcode", [&](const OnlineCandidate& row) {
        return std::find(row.barcodes.begin(), row.barcodes.end(), digits) != row.barcodes.end();
    });
}

std::size_t markCatnoHits(std::vector<OnlineCandidate>& rows, std::string_view catno) {
    const std::string wanted = bare(catno);
    return markHits(rows, "catalogue number", [&](const OnlineCandidate& row) {
        return std::any_of(row.release.labels.begin(), row.release.labels.end(),
                           [&](const LabelCatno& label) { return bare(label.catno) == wanted; });
    });
}

std::vector<OnlineCandidate> firstOf(std::vector<OnlineCandidate> rows, std::size_t limit) {
    if (rows.size() > limit)
        rows.resize(limit);
    return rows;
}

} // namespace gatefold::lookup
