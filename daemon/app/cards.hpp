#pragma once

#include "ports/card_printer.hpp"
#include "ports/store.hpp"

#include <vector>

namespace gatefold {

/// The control cards that work today: modes, actions, the household's people, locations and decks,
/// the layout test.
std::vector<CardSheet> cardSheets(const ReadTx& tx);

} // namespace gatefold
