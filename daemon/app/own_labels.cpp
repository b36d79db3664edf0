#include "app/own_labels.hpp"

#include "app/collection.hpp"
#include "core/codes.hpp"
#include "core/error.hpp"
#include "core/text.hpp"

#include <algorithm>

namespace gatefold {

namespace {

/// Of several the person's own, else the one that was there first.
std::optional<CopyId> withoutLabel(const std::vector<Copy>& copies,
                                   std::optional<PersonId> person) {
    std::optional<CopyId> first;
    for (const Copy& copy : copies) {
        if (copy.label)
            continue;
        if (person && copy.owner == person)
            return copy.id;
        if (!first)
            first = copy.id;
    }
    return first;
}

} // namespace

void putLabelOn(Tx& tx, const InboxRow& item, const Release& release, WallTime now) {
    const auto code = parsePrinted(trimmed(item.code));
    const auto record = tx.scans.find(item.scan_id);
    if (!code || !record)
        throw Error(ErrorCode::internal, "The label of an inbox item is missing.");
    const SourceContext& context = record->scan.context;
    ScanEffect effect = record->effect;
    effect.labelled = context.mode == Mode::add
                          ? std::nullopt
                          : withoutLabel(tx.copies.ofRelease(release.release_id), context.person);
    const bool owned = effect.labelled.has_value();
    if (!owned) {
        effect.labelled = tx.copies.insert(copyAt(context, release.release_id, now));
        effect.added_copy = effect.labelled;
    }
    tx.copies.bindLabel(code->value, *effect.labelled);
    tx.inbox.setCopy(item.id, effect.labelled);
    tx.scans.setEffect(item.scan_id, effect);
    tellCollection(tx, owned ? "copy_changed" : "copy_added", *effect.labelled, release, now);
}

void takeLabelOff(Tx& tx, const InboxRow& item, WallTime now) {
    const auto record = tx.scans.find(item.scan_id);
    if (!record || !record->effect.labelled)
        return;
    ScanEffect effect = record->effect;
    const bool made = effect.added_copy == effect.labelled;
    auto copy = tx.copies.find(*effect.labelled);
    tx.copies.freeLabel(*effect.labelled);
    tx.inbox.setCopy(item.id, std::nullopt);
    effect.labelled.reset();
    if (made)
        effect.added_copy.reset();
    tx.scans.setEffect(item.scan_id, effect);
    if (!copy || copy->deleted_at)
        return;
    if (made) {
        copy->deleted_at = now;
        tx.copies.save(*copy, std::nullopt);
    }
    if (const auto release = tx.releases.find(copy->release_id))
        tellCollection(tx, made ? "copy_removed" : "copy_changed", copy->id, *release, now);
}

} // namespace gatefold
