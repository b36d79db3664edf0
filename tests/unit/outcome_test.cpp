#include "core/outcome.hpp"

#include <boost/test/unit_test.hpp>

#include <array>

using namespace gatefold;

namespace {
struct Cell {
    CodeIs code;
    Mode mode;
    Outcome outcome;
};
constexpr std::array cells{
    Cell{CodeIs::controlCard, Mode::play, Outcome::control},
    Cell{CodeIs::controlCard, Mode::add, Outcome::control},
    Cell{CodeIs::controlCard, Mode::find, Outcome::control},
    Cell{CodeIs::controlCard, Mode::lookup, Outcome::control},
    Cell{CodeIs::owned, Mode::play, Outcome::played},
    Cell{CodeIs::owned, Mode::add, Outcome::duplicate},
    Cell{CodeIs::owned, Mode::find, Outcome::found},
    Cell{CodeIs::owned, Mode::lookup, Outcome::lookedUp},
    Cell{CodeIs::oneRelease, Mode::play, Outcome::played},
    Cell{CodeIs::oneRelease, Mode::add, Outcome::added},
    Cell{CodeIs::oneRelease, Mode::find, Outcome::lookedUp},
    Cell{CodeIs::oneRelease, Mode::lookup, Outcome::lookedUp},
    Cell{CodeIs::severalPressings, Mode::play, Outcome::ambiguous},
    Cell{CodeIs::severalPressings, Mode::add, Outcome::ambiguous},
    Cell{CodeIs::severalPressings, Mode::find, Outcome::lookedUp},
    Cell{CodeIs::severalPressings, Mode::lookup, Outcome::lookedUp},
    Cell{CodeIs::weakOnly, Mode::play, Outcome::ambiguous},
    Cell{CodeIs::weakOnly, Mode::add, Outcome::ambiguous},
    Cell{CodeIs::weakOnly, Mode::find, Outcome::lookedUp},
    Cell{CodeIs::weakOnly, Mode::lookup, Outcome::lookedUp},
    Cell{CodeIs::nothingKnown, Mode::play, Outcome::unknown},
    Cell{CodeIs::nothingKnown, Mode::add, Outcome::unknown},
    Cell{CodeIs::nothingKnown, Mode::find, Outcome::unknown},
    Cell{CodeIs::nothingKnown, Mode::lookup, Outcome::unknown},
    Cell{CodeIs::damaged, Mode::play, Outcome::invalid},
    Cell{CodeIs::damaged, Mode::add, Outcome::invalid},
    Cell{CodeIs::damaged, Mode::find, Outcome::invalid},
    Cell{CodeIs::damaged, Mode::lookup, Outcome::invalid},
    Cell{CodeIs::owned, Mode::inventory, Outcome::found},
};
} // namespace

BOOST_AUTO_TEST_CASE(every_cell_of_the_outcome_table) {
    for (const Cell& cell : cells)
        BOOST_TEST(nameOf(outcomeFor(cell.code, cell.mode)) == nameOf(cell.outcome));
}
