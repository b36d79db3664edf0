#include "app/collection.hpp"

#include "app/event_data.hpp"
#include "core/error.hpp"
#include "core/text.hpp"
#include "json/write.hpp"

#include <string>
#include <utility>

namespace gatefold {

namespace {

constexpr std::size_t longestText = 500;
constexpr std::size_t longestNotes = 10'000;
constexpr std::size_t mostItems = 500;

Error missing(std::string_view what, const std::string& id, std::string field) {
    return {ErrorCode::notFound, "There is no " + std::string(what) + " " + id + ".",
            std::move(field)};
}

void checkText(const std::string& text, std::size_t longest, std::string field,
               bool required = false) {
    if (required && trimmed(text).empty())
        throw Error(ErrorCode::invalid, "It must not be empty.", std::move(field));
    if (text.size() > longest)
        throw Error(ErrorCode::invalid, "It is longer than " + std::to_string(longest) + " bytes.",
                    std::move(field));
}

void checkYear(int year) {
    if (year < 1860 || year > 2200)
        throw Error(ErrorCode::invalid, "A record's year lies between 1860 and 2200.",
                    "release.year");
}

template <class T>
std::vector<T> bounded(const Absent<std::vector<T>>& items, std::string field) {
    if (!items)
        return {};
    if (items->size() > mostItems)
        throw Error(ErrorCode::invalid, "More than " + std::to_string(mostItems) + " entries.",
                    std::move(field));
    return *items;
}

Release releaseOf(const NewRelease& typed) {
    checkText(typed.title, longestText, "release.title", true);
    checkText(typed.artist, longestText, "release.artist", true);
    Release release;
    release.title = trimmed(typed.title);
    release.artist = trimmed(typed.artist);
    if (typed.year) {
        checkYear(*typed.year);
        release.year = *typed.year;
        release.released = std::to_string(*typed.year);
    }
    release.country = typed.country;
    release.labels = bounded(typed.labels, "release.labels");
    release.formats = bounded(typed.formats, "release.formats");
    if (release.formats.empty())
        release.formats = {{"Vinyl", 1, "", {}}};
    release.identifiers = bounded(typed.identifiers, "release.identifiers");
    release.tracklist = bounded(typed.tracklist, "release.tracklist");
    for (std::size_t i = 0; i < release.tracklist.size(); ++i) {
        const auto& duration = release.tracklist[i].duration;
        if (duration && !duration->empty() && !parseDuration(*duration))
            throw Error(ErrorCode::invalid, "A duration is written m:ss or h:mm:ss.",
                        "release.tracklist[" + std::to_string(i) + "].duration");
    }
    return release;
}

void checkPlaces(const ReadTx& tx, std::optional<PersonId> owner,
                 std::optional<LocationId> location) {
    if (owner && !tx.people.find(*owner))
        throw missing("person", owner->text(), "owner");
    if (location && !tx.locations.find(*location))
        throw missing("location", location->text(), "location");
}

void checkMediaGrade(std::optional<Grade> grade) {
    if (grade && !isMediaGrade(*grade))
        throw Error(ErrorCode::invalid, "This grade is for sleeves only.", "media_grade");
}

CopyView viewOf(const ReadTx& tx, CopyId id) {
    auto view = tx.copies.view(id);
    if (!view)
        throw missing("copy", id.text(), "id");
    return *std::move(view);
}

} // namespace

Copy copyAt(const SourceContext& context, ReleaseId release, WallTime added_at) {
    Copy copy;
    copy.release_id = release;
    copy.owner = context.person;
    copy.location = context.location;
    copy.added_at = added_at;
    return copy;
}

void tellCollection(Tx& tx, std::string_view event_type, CopyId copy, const Release& release,
                    WallTime now) {
    const CopyEvent event{copy, release.artist, release.title, {}};
    tx.events.append(
        {LogRow::Kind::event, std::string(event_type), "", json::write(event), "collection"}, now);
    tx.events.append(
        {LogRow::Kind::state, "collection", "", json::write(tx.copies.counts(now)), "collection"},
        now);
}

Collection::Collection(UnitOfWork& store, const Clock& clock, const Identification& identification)
    : store_(store), clock_(clock), identification_(identification) {}

Page<CopyView> Collection::search(const CopyQuery& query) const {
    return store_.read([&](const ReadTx& tx) { return tx.copies.search(query); });
}

CopyView Collection::copy(CopyId id) const {
    return store_.read([&](const ReadTx& tx) { return viewOf(tx, id); });
}

CopyView Collection::add(const NewCopy& request) {
    if (request.release_id.has_value() == request.release.has_value())
        throw Error(ErrorCode::invalid, "Say either release_id or release.", "release_id");
    checkMediaGrade(request.media_grade);
    if (request.notes)
        checkText(*request.notes, longestNotes, "notes");
    const Now now = clock_.now();
    return store_.write([&](Tx& tx) {
        const ReadTx reading = tx.reading();
        checkPlaces(reading, request.owner, request.location);
        Release release;
        if (request.release) {
            release = releaseOf(*request.release);
            release.release_id = tx.releases.create(release);
        } else {
            auto known = identification_.release(reading, *request.release_id);
            if (!known)
                throw missing("release", std::to_string(*request.release_id), "release_id");
            release = *std::move(known);
            tx.releases.keep(release);
        }
        Copy copy;
        copy.release_id = release.release_id;
        copy.owner = request.owner;
        copy.location = request.location;
        copy.media_grade = request.media_grade;
        copy.sleeve_grade = request.sleeve_grade;
        copy.notes = request.notes.value_or("");
        copy.added_at = now.wall;
        const CopyId id = tx.copies.insert(copy);
        tellCollection(tx, "copy_added", id, release, now.wall);
        return viewOf(tx.reading(), id);
    });
}

CopyView Collection::edit(CopyId id, const CopyPatch& patch, std::int64_t expected_version) {
    if (patch.media_grade.given)
        checkMediaGrade(patch.media_grade.value);
    if (patch.notes.value)
        checkText(*patch.notes.value, longestNotes, "notes");
    if (patch.release_id.given && !patch.release_id.value)
        throw Error(ErrorCode::invalid, "A copy always has a release.", "release_id");
    const Now now = clock_.now();
    return store_.write([&](Tx& tx) {
        auto copy = tx.copies.find(id);
        if (!copy || copy->deleted_at)
            throw missing("copy", id.text(), "id");
        checkPlaces(tx.reading(), patch.owner.value, patch.location.value);
        if (patch.release_id.value) {
            const auto release = identification_.release(tx.reading(), *patch.release_id.value);
            if (!release)
                throw missing("release", std::to_string(*patch.release_id.value), "release_id");
            tx.releases.keep(*release);
            copy->release_id = release->release_id;
            copy->pressing_open = false;
            for (const InboxRow& open : tx.inbox.ofCopy(id))
                tx.inbox.settle(open.id);
        }
        patch.owner.apply(copy->owner);
        patch.location.apply(copy->location);
        patch.media_grade.apply(copy->media_grade);
        patch.sleeve_grade.apply(copy->sleeve_grade);
        if (patch.notes.given)
            copy->notes = patch.notes.value.value_or("");
        const Copy saved = tx.copies.save(*copy, expected_version);
        if (const auto release = tx.releases.find(saved.release_id))
            tellCollection(tx, "copy_changed", id, *release, now.wall);
        return viewOf(tx.reading(), id);
    });
}

void Collection::remove(CopyId id, std::optional<std::int64_t> expected_version) {
    const Now now = clock_.now();
    store_.write([&](Tx& tx) {
        auto copy = tx.copies.find(id);
        if (!copy || copy->deleted_at)
            throw missing("copy", id.text(), "id");
        copy->deleted_at = now.wall;
        tx.copies.save(*copy, expected_version);
        if (const auto release = tx.releases.find(copy->release_id))
            tellCollection(tx, "copy_removed", id, *release, now.wall);
    });
}

CopyView Collection::restore(CopyId id) {
    const Now now = clock_.now();
    return store_.write([&](Tx& tx) {
        auto copy = tx.copies.find(id);
        if (!copy)
            throw missing("copy", id.text(), "id");
        if (copy->deleted_at) {
            copy->deleted_at.reset();
            tx.copies.save(*copy, std::nullopt);
            if (const auto release = tx.releases.find(copy->release_id))
                tellCollection(tx, "copy_added", id, *release, now.wall);
        }
        return viewOf(tx.reading(), id);
    });
}

Release Collection::release(ReleaseId id) const {
    return store_.read([&](const ReadTx& tx) {
        auto found = identification_.release(tx, id);
        if (!found)
            throw missing("release", std::to_string(id), "release_id");
        return shownAt(*std::move(found), clock_.now().wall);
    });
}

Page<PlayView> Collection::plays(const PageRequest& page) const {
    return store_.read([&](const ReadTx& tx) { return tx.plays.list(page); });
}

std::vector<Location> Collection::locations() const {
    return store_.read([](const ReadTx& tx) { return tx.locations.all(); });
}

Location Collection::location(LocationId id) const {
    return store_.read([&](const ReadTx& tx) {
        auto found = tx.locations.find(id);
        if (!found)
            throw missing("location", id.text(), "id");
        return *std::move(found);
    });
}

Location Collection::addLocation(const NewLocation& request) {
    checkText(request.name, longestText, "name", true);
    const LocationId id = store_.write([&](Tx& tx) {
        if (request.parent && !tx.locations.find(*request.parent))
            throw missing("location", request.parent->text(), "parent");
        return tx.locations.insert(std::string(trimmed(request.name)), request.parent);
    });
    return location(id);
}

Location Collection::editLocation(LocationId id, const LocationPatch& patch,
                                  std::int64_t expected_version) {
    store_.write([&](Tx& tx) {
        auto location = tx.locations.find(id);
        if (!location)
            throw missing("location", id.text(), "id");
        if (patch.name.given) {
            checkText(patch.name.value.value_or(""), longestText, "name", true);
            location->name = trimmed(*patch.name.value);
        }
        patch.parent.apply(location->parent);
        // A shelf cannot stand inside itself; the tree is a few levels deep, the bound only stops a
        // broken one.
        auto above = location->parent;
        for (int depth = 0; above && depth < 32; ++depth) {
            if (*above == id)
                throw Error(ErrorCode::invalid, "A location cannot stand inside itself.", "parent");
            const auto parent = tx.locations.find(*above);
            if (!parent)
                throw missing("location", above->text(), "parent");
            above = parent->parent;
        }
        tx.locations.save(*location, expected_version);
    });
    return location(id);
}

} // namespace gatefold
