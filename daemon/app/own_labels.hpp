#pragma once

#include "ports/store.hpp"

/// Own labels: a blank one is put on a copy when its inbox item is settled. In the caller's
/// transaction; both throw as the store does.
namespace gatefold {

/// Puts the blank label of an item on a new copy of the release, with the person and the place of
/// its scan; outside mode add on a copy that the household has already, when that has no label.
/// What was done is noted with the scan, so that UNDO takes it back. Throws `internal` when the
/// item's scan or label is missing.
void putLabelOn(Tx& tx, const InboxRow& item, const Release& release, WallTime now);

/// Takes back what putLabelOn() did: the label is blank again, a copy that was made for it goes.
void takeLabelOff(Tx& tx, const InboxRow& item, WallTime now);

} // namespace gatefold
