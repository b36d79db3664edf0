#include "core/outcome.hpp"

#include <array>

namespace gatefold {

namespace {

struct Row {
    CodeIs code;
    Outcome play, add, find, lookup;
};

constexpr std::array table{
    Row{CodeIs::controlCard, Outcome::control, Outcome::control, Outcome::control,
        Outcome::control},
    Row{CodeIs::owned, Outcome::played, Outcome::duplicate, Outcome::found, Outcome::lookedUp},
    Row{CodeIs::oneRelease, Outcome::played, Outcome::added, Outcome::lookedUp, Outcome::lookedUp},
    Row{CodeIs::severalPressings, Outcome::ambiguous, Outcome::ambiguous, Outcome::lookedUp,
        Outcome::lookedUp},
    Row{CodeIs::weakOnly, Outcome::ambiguous, Outcome::ambiguous, Outcome::lookedUp,
        Outcome::lookedUp},
    Row{CodeIs::nothingKnown, Outcome::unknown, Outcome::unknown, Outcome::unknown,
        Outcome::unknown},
    Row{CodeIs::damaged, Outcome::invalid, Outcome::invalid, Outcome::invalid, Outcome::invalid},
};

} // namespace

Outcome outcomeFor(CodeIs code, Mode mode) {
    for (const Row& row : table) {
        if (row.code != code)
            continue;
        switch (mode) {
        case Mode::play: return row.play;
        case Mode::add: return row.add;
        case Mode::lookup: return row.lookup;
        case Mode::find:
        case Mode::inventory:
        case Mode::lend:
        case Mode::giveBack: return row.find;
        }
    }
    return Outcome::unknown;
}

} // namespace gatefold
