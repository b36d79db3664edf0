#pragma once

#include "app/identification.hpp"
#include "core/patch.hpp"
#include "ports/clock.hpp"
#include "ports/store.hpp"

#include <optional>
#include <string>
#include <vector>

namespace gatefold {

/// A release typed by hand.
struct NewRelease {
    std::string title, artist;
    Absent<int> year;
    Absent<std::string> country;
    Absent<std::vector<LabelCatno>> labels;
    Absent<std::vector<Format>> formats;
    Absent<std::vector<Identifier>> identifiers;
    Absent<std::vector<Track>> tracklist;
    static constexpr auto fields = fieldList(
        field("title", &NewRelease::title), field("artist", &NewRelease::artist),
        field("year", &NewRelease::year), field("country", &NewRelease::country),
        field("labels", &NewRelease::labels), field("formats", &NewRelease::formats),
        field("identifiers", &NewRelease::identifiers), field("tracklist", &NewRelease::tracklist));
};

/// A copy to add: exactly one of `release_id` and `release`.
struct NewCopy {
    Absent<ReleaseId> release_id;
    Absent<NewRelease> release;
    Absent<PersonId> owner;
    Absent<LocationId> location;
    Absent<Grade> media_grade, sleeve_grade;
    Absent<std::string> notes;
    static constexpr auto fields =
        fieldList(field("release_id", &NewCopy::release_id), field("release", &NewCopy::release),
                  field("owner", &NewCopy::owner), field("location", &NewCopy::location),
                  field("media_grade", &NewCopy::media_grade),
                  field("sleeve_grade", &NewCopy::sleeve_grade), field("notes", &NewCopy::notes));
};

/// An edit of a copy.
struct CopyPatch {
    Patch<ReleaseId> release_id; ///< another pressing; closes "pressing open". Null is refused.
    Patch<PersonId> owner;
    Patch<LocationId> location;
    Patch<Grade> media_grade, sleeve_grade;
    Patch<std::string> notes;
    static constexpr auto fields = fieldList(
        field("release_id", &CopyPatch::release_id), field("owner", &CopyPatch::owner),
        field("location", &CopyPatch::location), field("media_grade", &CopyPatch::media_grade),
        field("sleeve_grade", &CopyPatch::sleeve_grade), field("notes", &CopyPatch::notes));
};

struct NewLocation {
    std::string name;
    Absent<LocationId> parent;
    static constexpr auto fields =
        fieldList(field("name", &NewLocation::name), field("parent", &NewLocation::parent));
};
struct LocationPatch {
    Patch<std::string> name;
    Patch<LocationId> parent;
    static constexpr auto fields =
        fieldList(field("name", &LocationPatch::name), field("parent", &LocationPatch::parent));
};

/// The household's copies and where they stand. Any thread. Edits throw `notFound`, `invalid`,
/// `preconditionFailed`.
class Collection {
public:
    Collection(UnitOfWork& store, const Clock& clock, const Identification& identification);

    Page<CopyView> search(const CopyQuery& query) const;
    CopyView copy(CopyId id) const;
    CopyView add(const NewCopy& copy);
    CopyView edit(CopyId id, const CopyPatch& patch, std::int64_t expected_version);
    /// Into the trash; restore() brings it back.
    void remove(CopyId id, std::optional<std::int64_t> expected_version);
    CopyView restore(CopyId id);

    /// From the store, else from the offline catalogue.
    Release release(ReleaseId id) const;
    Page<PlayView> plays(const PageRequest& page) const;

    std::vector<Location> locations() const;
    Location location(LocationId id) const;
    Location addLocation(const NewLocation& location);
    Location editLocation(LocationId id, const LocationPatch& patch, std::int64_t expected_version);

private:
    UnitOfWork& store_;
    const Clock& clock_;
    const Identification& identification_;
};

/// A copy as a scan makes it: with the person and the place of its source. Not stored yet.
Copy copyAt(const SourceContext& context, ReleaseId release, WallTime added_at);

/// Appends what the household and home automation learn about a copy: the event, and the new
/// counts.
void tellCollection(Tx& tx, std::string_view event_type, CopyId copy, const Release& release,
                    WallTime now);

} // namespace gatefold
