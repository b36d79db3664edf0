#pragma once

#include "core/release.hpp"
#include "store/connection.hpp"

#include <optional>
#include <string>
#include <vector>

/// What a release puts into the shelf: sort keys, searched words, and the part that lists show.
namespace gatefold::store {

/// The part of a release that a list of copies shows.
struct ReleaseSummary {
    std::string title, artist;
    std::optional<int> year;
    std::optional<std::string> country;
    std::vector<LabelCatno> labels;
    std::vector<Format> formats;
    static constexpr auto fields = fieldList(
        field("title", &ReleaseSummary::title), field("artist", &ReleaseSummary::artist),
        field("year", &ReleaseSummary::year), field("country", &ReleaseSummary::country),
        field("labels", &ReleaseSummary::labels), field("formats", &ReleaseSummary::formats));
};
ReleaseSummary summaryOf(const Release& release);

/// Keys by which copies of a release are sorted: an artist's records by year, then title; records
/// of an unknown year come last.
struct ShelfKeys {
    std::string artist, title;
    int year;
};
ShelfKeys shelfKeysOf(const ReleaseSummary& release);

/// Makes a copy findable by its release's words.
void enlist(Connection& db, CopyId id, const ReleaseSummary& release);
/// Takes a copy out of the search.
void unlist(Connection& db, CopyId id);
/// Brings keys and words of all copies of a release up to date.
void relist(Connection& db, ReleaseId id, const ReleaseSummary& release);

} // namespace gatefold::store
