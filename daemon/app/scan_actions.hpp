#pragma once

#include "app/identification.hpp"
#include "app/listening.hpp"
#include "ports/store.hpp"

#include <optional>
#include <string>

namespace gatefold {

/// What transaction 2 works with: one journalled scan, what it is, where it came from. Lives inside
/// one write transaction.
struct ScanCase {
    Tx& tx;
    Listening::Change& listening;
    const Identification& identification;
    ScanId id;
    const NewScan& scan;
    DeckId deck; ///< where it plays
    Now now;
    bool late; ///< worked off long after it happened: nothing starts to play
};

/// What was done: the answer, what UNDO needs, and the record it was about.
struct ScanDone {
    ScanAnswer answer;
    ScanEffect effect;
    std::string code; ///< printable
    std::optional<Release> record;
};

/// Does what the outcome table says for a code that is no control card.
ScanDone actOnCode(ScanCase& scan, const Identified& found);
/// Obeys a control card.
ScanDone actOnCard(ScanCase& scan, const Identified& found);
/// Takes back one scan's effect; the effect is marked undone. False when it had none.
bool takeBack(Tx& tx, Listening::Change& listening, const ScanRecord& record, Now now);

/// Makes a copy for this scan's person and location, and tells the household.
CopyId addCopy(ScanCase& scan, const Release& release, bool pressing_open);
/// Puts a scan into the inbox; a second scan of the same code joins the open item.
InboxId intoInbox(ScanCase& scan, InboxKind kind, const std::string& code,
                  std::optional<CopyId> copy, std::optional<PlayId> play);

} // namespace gatefold
