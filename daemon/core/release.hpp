#pragma once

#include "core/absent.hpp"
#include "core/fields.hpp"
#include "core/ids.hpp"
#include "core/time.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace gatefold {

struct LabelCatno {
    std::string name;
    std::string catno;
    static constexpr auto fields =
        fieldList(field("name", &LabelCatno::name), field("catno", &LabelCatno::catno));
    bool operator==(const LabelCatno&) const = default;
};

struct Format {
    std::string name;
    int quantity = 1;
    std::string text; ///< free words, often the colour: "180 gram", "red"
    std::vector<std::string> descriptions;
    static constexpr auto fields =
        fieldList(field("name", &Format::name),
                  field("quantity", &Format::quantity, "how many discs, tapes ..."),
                  field("text", &Format::text), field("descriptions", &Format::descriptions));
    bool operator==(const Format&) const = default;
};

enum class IdentifierType { barcode, runout, labelCode, rightsSociety, other };
template <>
struct EnumNames<IdentifierType> {
    static constexpr std::array<std::pair<IdentifierType, std::string_view>, 5> names{{
        {IdentifierType::barcode, "barcode"},
        {IdentifierType::runout, "runout"},
        {IdentifierType::labelCode, "label_code"},
        {IdentifierType::rightsSociety, "rights_society"},
        {IdentifierType::other, "other"},
    }};
};

struct Identifier {
    IdentifierType type = IdentifierType::other;
    std::string value;
    std::optional<std::string> description;
    static constexpr auto fields =
        fieldList(field("type", &Identifier::type), field("value", &Identifier::value),
                  field("description", &Identifier::description));
    bool operator==(const Identifier&) const = default;
};

struct Track {
    std::string position; ///< as printed: "A1", "2-3", "AA"; empty for a heading
    std::string title;
    std::optional<std::string> duration; ///< as printed: "4:45"
    static constexpr auto fields =
        fieldList(field("position", &Track::position), field("title", &Track::title),
                  field("duration", &Track::duration, "m:ss or h:mm:ss"));
    bool operator==(const Track&) const = default;
};

/// Whose facts these are, where they are neither the offline catalogue's nor the household's: what
/// has to stand beside them, and until when they may be shown.
struct Attribution {
    std::string source; ///< name of the online source
    std::string url;    ///< its page about the release
    std::string notice, notice_url;
    WallTime fetched_at{};
    std::optional<WallTime> show_until; ///< none: they may be kept
    static constexpr auto fields = fieldList(
        field("source", &Attribution::source), field("url", &Attribution::url, "page about it"),
        field("notice", &Attribution::notice, "to be shown beside it"),
        field("notice_url", &Attribution::notice_url),
        field("fetched_at", &Attribution::fetched_at),
        field("show_until", &Attribution::show_until, "null: it may be kept"));
    bool operator==(const Attribution&) const = default;
};

/// One pressing as published. `release_id` 0 = not stored yet.
struct Release {
    ReleaseId release_id = 0;
    std::optional<std::int64_t> master_id;
    bool main_release = false;
    std::string title;
    std::string artist; ///< display form with join phrases, name variations where printed
    std::optional<int> year;
    std::optional<std::string> released; ///< as known: "1999", "1999-03", "1999-03-05"
    std::optional<std::string> country;
    std::vector<LabelCatno> labels;
    std::vector<Format> formats;
    std::vector<Identifier> identifiers;
    std::vector<Track> tracklist;
    std::vector<std::string> genres;
    std::vector<std::string> styles;
    Absent<Attribution> attribution = {};  ///< facts of an online source
    Absent<std::string> master_title = {}; ///< of the album, where the masters dump said so
    Absent<int> master_year = {};          ///< when the album came out first
    static constexpr auto fields = fieldList(
        field("release_id", &Release::release_id), field("master_id", &Release::master_id),
        field("main_release", &Release::main_release), field("title", &Release::title),
        field("artist", &Release::artist), field("year", &Release::year),
        field("released", &Release::released, "date as far as known"),
        field("country", &Release::country), field("labels", &Release::labels),
        field("formats", &Release::formats), field("identifiers", &Release::identifiers),
        field("tracklist", &Release::tracklist), field("genres", &Release::genres),
        field("styles", &Release::styles),
        field("attribution", &Release::attribution, "where an online source said so"),
        field("master_title", &Release::master_title, "the album's, where it is known"),
        field("master_year", &Release::master_year, "when the album came out first"));
    bool operator==(const Release&) const = default;
};

/// What of a release may be shown at `now`: once its source's time is over, only what names the
/// household's record, until the source is asked again.
inline Release shownAt(Release release, WallTime now) {
    const auto& said = release.attribution;
    if (said && said->show_until && *said->show_until <= now) {
        release.identifiers.clear();
        release.tracklist.clear();
        release.genres.clear();
        release.styles.clear();
    }
    return release;
}

enum class MatchKind { exact, weak };
template <>
struct EnumNames<MatchKind> {
    static constexpr std::array<std::pair<MatchKind, std::string_view>, 2> names{
        {{MatchKind::exact, "exact"}, {MatchKind::weak, "weak"}}};
};

/// A release that a look-up found, with the reason.
struct Candidate {
    ReleaseId release_id = 0;
    std::optional<std::int64_t> master_id;
    bool main_release = false;
    std::string title;
    std::string artist;
    std::optional<int> year;
    std::optional<std::string> country;
    std::vector<LabelCatno> labels;
    std::vector<Format> formats;
    MatchKind match = MatchKind::exact;
    std::string why; ///< for people: "barcode", "barcode with the leading zero left off"
    std::optional<std::string> colour = {};        ///< of the record, out of the formats' words
    Absent<std::vector<std::string>> runouts = {}; ///< only where a question may need them
    Absent<int> tracks = {};                       ///< how many; only where pressings are compared
    Absent<std::string> master_title = {};         ///< of the album, where the masters dump said so
    Absent<int> master_year = {};                  ///< when the album came out first
    static constexpr auto fields = fieldList(
        field("release_id", &Candidate::release_id), field("master_id", &Candidate::master_id),
        field("main_release", &Candidate::main_release), field("title", &Candidate::title),
        field("artist", &Candidate::artist), field("year", &Candidate::year),
        field("country", &Candidate::country), field("labels", &Candidate::labels),
        field("formats", &Candidate::formats), field("match", &Candidate::match),
        field("why", &Candidate::why),
        field("colour", &Candidate::colour, "of the record, where the formats' words name it"),
        field("runouts", &Candidate::runouts,
              "in the inbox and the search: what is scratched or stamped"),
        field("tracks", &Candidate::tracks, "in the search: how many"),
        field("master_title", &Candidate::master_title, "the album's, where it is known"),
        field("master_year", &Candidate::master_year, "when the album came out first"));
    bool operator==(const Candidate&) const = default;
};

} // namespace gatefold
