#include "app/covers.hpp"

#include "app/event_data.hpp"
#include "core/error.hpp"
#include "core/text.hpp"
#include "json/write.hpp"

#include <span>
#include <utility>
#include <vector>

namespace gatefold {

namespace {

using namespace std::chrono_literals;

/// A file is written before the row that uses it, so the newest ones are left alone.
constexpr auto youngFile = 1h;
constexpr std::size_t saltBytes = 16, hashBytes = 16;
constexpr std::string_view saltKey = "covers.salt";

Error noCopy(CopyId copy) {
    return {ErrorCode::notFound, "There is no copy " + copy.text() + ".", "id"};
}

/// The copy, unless it lies in the trash.
template <class Reading>
Copy onShelf(const Reading& tx, CopyId id) {
    const auto copy = tx.copies.find(id);
    if (!copy || copy->deleted_at)
        throw noCopy(id);
    return *copy;
}

} // namespace

Covers::Covers(UnitOfWork& store, const Clock& clock, ImageShrinker& shrinker, CoverFiles& files,
               Secrets& secrets, Listening& listening)
    : store_(store),
      clock_(clock),
      shrinker_(shrinker),
      files_(files),
      secrets_(secrets),
      listening_(listening) {}

/// The name is a hash of the picture with a secret of this box: whoever has the same picture cannot
/// find out that it is here.
std::string Covers::keepFiles(std::string_view image) {
    const std::span bytes(reinterpret_cast<const unsigned char*>(image.data()), image.size());
    const std::vector<std::string> jpegs = shrinker_.shrink(bytes, coverSizes);
    const std::string salt = store_.write([&](Tx& tx) {
        if (auto known = tx.settings.get(saltKey))
            return *known;
        std::string made = hexOf(secrets_.random(saltBytes));
        tx.settings.set(saltKey, made);
        return made;
    });
    std::string hash = hexOf(secrets_.sha256(salt + std::string(image)).substr(0, hashBytes));
    files_.keep(hash, jpegs);
    return hash;
}

void Covers::tell(Tx& tx, Listening::Change& change, ReleaseId release, std::optional<CopyId> copy,
                  WallTime now) {
    const auto known = tx.releases.find(release);
    if (!known)
        return;
    for (const Copy& each : tx.copies.ofRelease(release))
        if (!copy || each.id == *copy)
            tx.events.append({LogRow::Kind::event, "copy_changed", "",
                              json::write(CopyEvent{each.id, known->artist, known->title, {}}),
                              "collection"},
                             now);
    change.coverChanged(tx, release);
}

CopyView Covers::setOfCopy(CopyId id, std::string_view image, const WriteCheck& check) {
    store_.read([&](const ReadTx& tx) { onShelf(tx, id); }); // before the work
    const std::string hash = keepFiles(image);
    const WallTime now = clock_.now().wall;
    Listening::Change change(listening_);
    CopyView view = store_.write([&](Tx& tx) {
        check(tx.reading());
        const Copy copy = onShelf(tx, id);
        tx.covers.setOfCopy(id, hash, now);
        tell(tx, change, copy.release_id, id, now);
        return tx.copies.view(id).value();
    });
    change.commit();
    return view;
}

CopyView Covers::removeOfCopy(CopyId id) {
    const WallTime now = clock_.now().wall;
    Listening::Change change(listening_);
    CopyView view = store_.write([&](Tx& tx) {
        const Copy copy = onShelf(tx, id);
        if (!tx.covers.removeOfCopy(id))
            throw Error(ErrorCode::notFound, "This copy has no photo of its own.", "id");
        tell(tx, change, copy.release_id, id, now);
        return tx.copies.view(id).value();
    });
    change.commit();
    return view;
}

void Covers::setOfRelease(ReleaseId release, std::string_view image, std::string_view source,
                          std::optional<WallTime> ends_at) {
    const std::string hash = keepFiles(image);
    const WallTime now = clock_.now().wall;
    const ReleaseCover cover{hash, std::string(source), now, ends_at};
    Listening::Change change(listening_);
    store_.write([&](Tx& tx) {
        const auto before = tx.covers.ofRelease(release);
        tx.covers.setOfRelease(release, cover);
        if (!before || before->hash != hash)
            tell(tx, change, release, std::nullopt, now);
    });
    change.commit();
}

void Covers::tidy() {
    const WallTime now = clock_.now().wall;
    Listening::Change change(listening_);
    store_.write([&](Tx& tx) {
        for (const ReleaseId release : tx.covers.removeEnded(now))
            tell(tx, change, release, std::nullopt, now);
    });
    change.commit();
    files_.removeOthers(store_.read([](const ReadTx& tx) { return tx.covers.used(); }), youngFile);
}

} // namespace gatefold
