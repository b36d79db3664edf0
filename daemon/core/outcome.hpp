#pragma once

#include "core/fields.hpp"

#include <array>
#include <string_view>
#include <utility>

namespace gatefold {

enum class Mode { play, add, find, lookup, inventory, lend, giveBack };
template <>
struct EnumNames<Mode> {
    static constexpr std::array<std::pair<Mode, std::string_view>, 7> names{{
        {Mode::play, "play"},
        {Mode::add, "add"},
        {Mode::find, "find"},
        {Mode::lookup, "lookup"},
        {Mode::inventory, "inventory"},
        {Mode::lend, "lend"},
        {Mode::giveBack, "return"},
    }};
};

enum class Outcome {
    control,
    played,
    added,
    duplicate,
    found,
    lookedUp,
    ambiguous,
    unknown,
    invalid,
    lent,
    returned
};
template <>
struct EnumNames<Outcome> {
    static constexpr std::array<std::pair<Outcome, std::string_view>, 11> names{{
        {Outcome::control, "control"},
        {Outcome::played, "played"},
        {Outcome::added, "added"},
        {Outcome::duplicate, "duplicate"},
        {Outcome::found, "found"},
        {Outcome::lookedUp, "looked_up"},
        {Outcome::ambiguous, "ambiguous"},
        {Outcome::unknown, "unknown"},
        {Outcome::invalid, "invalid"},
        {Outcome::lent, "lent"},
        {Outcome::returned, "returned"},
    }};
};

/// What identification says a code is: the rows of the outcome table (contract.md, "What a scan
/// answers").
enum class CodeIs {
    controlCard,
    owned,
    oneRelease,
    severalPressings,
    weakOnly,
    nothingKnown,
    damaged
};

/// The outcome table. Modes that exist only as cards yet (inventory, lend, return) behave like
/// `find`.
Outcome outcomeFor(CodeIs code, Mode mode);

} // namespace gatefold
