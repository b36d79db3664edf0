#include "app/cards.hpp"

#include "core/codes.hpp"
#include "core/outcome.hpp"

#include <array>
#include <string>

namespace gatefold {

namespace {

struct FixedCard {
    std::string_view title, hint;
    std::int64_t value;
};

constexpr std::array modes{
    FixedCard{"mode: play", "what you scan goes on the deck",
              card::firstMode + static_cast<int>(Mode::play)},
    FixedCard{"mode: add", "what you scan joins the collection",
              card::firstMode + static_cast<int>(Mode::add)},
    FixedCard{"mode: find", "where does it stand, whose is it?",
              card::firstMode + static_cast<int>(Mode::find)},
    FixedCard{"mode: lookup", "what is it? nothing is changed",
              card::firstMode + static_cast<int>(Mode::lookup)},
};

constexpr std::array actions{
    FixedCard{"UNDO", "takes back the last scan of this scanner", card::undo},
    FixedCard{"COPY", "adds one more copy of the last record", card::copy},
    FixedCard{"FLIP", "the next side plays", card::flip},
    FixedCard{"STOP", "the record comes off", card::stop},
};

template <std::size_t N>
CardSheet fixedSheet(std::string heading, const std::array<FixedCard, N>& cards) {
    CardSheet sheet{std::move(heading), {}};
    for (const FixedCard& fixed : cards)
        sheet.cards.push_back({std::string(fixed.title), std::string(fixed.hint),
                               printedDigits({PrintedKind::control, fixed.value})});
    return sheet;
}

void append(std::vector<CardSheet>& sheets, CardSheet sheet) {
    if (!sheet.cards.empty())
        sheets.push_back(std::move(sheet));
}

} // namespace

std::vector<CardSheet> cardSheets(const ReadTx& tx) {
    std::vector<CardSheet> sheets{fixedSheet("What a scan does", modes),
                                  fixedSheet("Actions", actions)};
    CardSheet people{"People", {}};
    for (const Person& person : tx.people.all())
        people.cards.push_back(
            {"I am " + person.name, "the next scans are this person's", person.card});
    append(sheets, std::move(people));
    CardSheet locations{"Locations", {}};
    for (const Location& location : tx.locations.all())
        locations.cards.push_back({location.path, "the next records stand here", location.card});
    append(sheets, std::move(locations));
    CardSheet decks{"Decks", {}};
    for (const Deck& deck : tx.decks.all())
        decks.cards.push_back({deck.name, "the next records play here", deck.card});
    append(sheets, std::move(decks));
    sheets.push_back(
        {"Setup", {{"layout test", "tells which keyboard a scanner imitates", layoutTestCode()}}});
    return sheets;
}

} // namespace gatefold
