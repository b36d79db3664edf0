#include "tests/app/household.hpp"

#include <boost/test/unit_test.hpp>

using namespace gatefold;
using namespace gatefold::test;

namespace {

struct Cell {
    const char* what;
    std::string code;
    Mode mode;
    Outcome outcome;
    std::int64_t copies_more; ///< copies made
    std::int64_t inbox_more;
    bool plays;
};

const std::string weakOfSecond =
    "72438291072"; // release 2: the check digit is missing, the zero left off
const std::string wrongDigit = "0075992511019"; // nothing under these digits

const Cell cells[] = {
    {"owned", code::ownedOne, Mode::play, Outcome::played, 0, 0, true},
    {"owned", code::ownedOne, Mode::add, Outcome::duplicate, 0, 0, false},
    {"owned", code::ownedOne, Mode::find, Outcome::found, 0, 0, false},
    {"owned", code::ownedOne, Mode::lookup, Outcome::lookedUp, 0, 0, false},
    {"one release", code::second, Mode::play, Outcome::played, 0, 0, true},
    {"one release", code::second, Mode::add, Outcome::added, 1, 0, false},
    {"one release", code::second, Mode::find, Outcome::lookedUp, 0, 0, false},
    {"one release", code::second, Mode::lookup, Outcome::lookedUp, 0, 0, false},
    {"several, one album", code::severalSame, Mode::play, Outcome::ambiguous, 0, 1, true},
    {"several, one album", code::severalSame, Mode::add, Outcome::ambiguous, 1, 1, false},
    {"several, one album", code::severalSame, Mode::find, Outcome::lookedUp, 0, 0, false},
    {"several, one album", code::severalSame, Mode::lookup, Outcome::lookedUp, 0, 0, false},
    {"several albums", code::severalOther, Mode::play, Outcome::ambiguous, 0, 1, false},
    {"several albums", code::severalOther, Mode::add, Outcome::ambiguous, 0, 1, false},
    {"several albums", code::severalOther, Mode::find, Outcome::lookedUp, 0, 0, false},
    {"several albums", code::severalOther, Mode::lookup, Outcome::lookedUp, 0, 0, false},
    {"weak", weakOfSecond, Mode::play, Outcome::ambiguous, 0, 1, false},
    {"weak", weakOfSecond, Mode::add, Outcome::ambiguous, 0, 1, false},
    {"weak", weakOfSecond, Mode::find, Outcome::lookedUp, 0, 0, false},
    {"weak", weakOfSecond, Mode::lookup, Outcome::lookedUp, 0, 0, false},
    {"nothing", code::nobody, Mode::play, Outcome::unknown, 0, 1, false},
    {"nothing", code::nobody, Mode::add, Outcome::unknown, 0, 1, false},
    {"nothing", code::nobody, Mode::find, Outcome::unknown, 0, 1, false},
    {"nothing", code::nobody, Mode::lookup, Outcome::unknown, 0, 1, false},
    {"damaged", wrongDigit, Mode::play, Outcome::invalid, 0, 0, false},
    {"damaged", wrongDigit, Mode::add, Outcome::invalid, 0, 0, false},
    {"damaged", wrongDigit, Mode::find, Outcome::invalid, 0, 0, false},
    {"damaged", wrongDigit, Mode::lookup, Outcome::invalid, 0, 0, false},
};

} // namespace

BOOST_AUTO_TEST_SUITE(scanning)

BOOST_AUTO_TEST_CASE(every_cell_of_the_outcome_table_does_what_it_says) {
    for (const Cell& cell : cells) {
        Household house;
        house.own(1);
        house.mode(cell.mode);
        const std::int64_t copies = house.copies();
        const std::int64_t inbox = house.openItems();
        const ScanAnswer answer = house.scan(cell.code);
        BOOST_TEST_CONTEXT(cell.what << " in mode " << nameOf(cell.mode) << ": "
                                     << answer.message) {
            BOOST_TEST(nameOf(answer.outcome) == nameOf(cell.outcome));
            BOOST_TEST(house.copies() - copies == cell.copies_more);
            BOOST_TEST(house.openItems() - inbox == cell.inbox_more);
            BOOST_TEST(contains(house.playing(), "\"state\":\"playing\"") == cell.plays);
            BOOST_TEST(answer.inbox_id.has_value() == (cell.inbox_more == 1));
            BOOST_TEST(!answer.message.empty());
        }
    }
}

BOOST_AUTO_TEST_CASE(the_journal_has_the_scan_before_its_feedback_and_keeps_its_bytes) {
    Household house;
    const std::string bytes = "\x01\xff garbage";
    const ScanAnswer answer = house.scan(bytes);
    BOOST_TEST(nameOf(answer.outcome) == "invalid");
    const auto record =
        house.store.read([&](const ReadTx& tx) { return tx.scans.find(answer.id); });
    BOOST_REQUIRE(record.has_value());
    BOOST_TEST(record->scan.raw == bytes);
    BOOST_REQUIRE(house.heard.tones.size() == 2U);
    BOOST_TEST((house.heard.tones[0] == Tone::heard));
    BOOST_TEST((house.heard.tones[1] == Tone::error));
}

BOOST_AUTO_TEST_CASE(codes_that_can_be_no_code_are_invalid_and_journalled) {
    Household house;
    for (const std::string& bytes :
         {std::string(513, '1'), std::string(4096, 'x'), std::string("a\x1b[2J"),
          std::string("\xc3\x28"), std::string("   "), std::string("9743000000000178")})
        BOOST_TEST(nameOf(house.scan(bytes).outcome) == "invalid");
    BOOST_TEST(house.scanning.list({}).total == 6);
    BOOST_CHECK_THROW(house.scan(std::string(4097, '1')), Error);
    BOOST_CHECK_THROW(house.scan(""), Error);
    BOOST_TEST(nameOf(house.scan(std::string(512, 'x')).outcome) == "unknown");
}

BOOST_AUTO_TEST_CASE(the_same_code_within_two_seconds_is_one_scan) {
    Household house;
    const ScanRequest request{"shelf", code::second, {}, {}, Symbology::unknown};
    const ScanReply first = house.scanning.scan(request);
    house.clock.advance(std::chrono::milliseconds(1900));
    const ScanReply again = house.scanning.scan(request);
    BOOST_TEST(!first.repeated);
    BOOST_TEST(again.repeated);
    BOOST_TEST(again.answer.id.text() == first.answer.id.text());
    BOOST_TEST(house.scanning.list({}).total == 1);

    house.clock.advance(std::chrono::milliseconds(2100));
    BOOST_TEST(!house.scanning.scan(request).repeated);
    // Another scanner is another scan; so is the same code with another one between.
    ScanRequest other = request;
    other.source = "desk";
    BOOST_TEST(!house.scanning.scan(other).repeated);
    ScanRequest between = request;
    between.bytes = code::ownedOne;
    house.scanning.scan(between);
    BOOST_TEST(!house.scanning.scan(request).repeated);
}

BOOST_AUTO_TEST_CASE(a_client_id_answers_what_was_answered_first) {
    Household house;
    const ScanRequest request{"", code::second, "phone-1", {}, Symbology::unknown};
    const ScanReply first = house.scanning.scan(request);
    house.clock.advance(std::chrono::hours(1));
    const ScanReply again = house.scanning.scan(request);
    BOOST_TEST(again.repeated);
    BOOST_TEST(again.answer.id.text() == first.answer.id.text());
}

BOOST_AUTO_TEST_CASE(context_sticks_to_one_scanner_and_is_forgotten_after_half_an_hour) {
    Household house;
    house.mode(Mode::add, "shelf");
    BOOST_TEST(nameOf(house.scan(code::second, "desk").outcome) == "played");
    house.clock.advance(std::chrono::minutes(29));
    BOOST_TEST(nameOf(house.scan(code::second, "shelf").outcome) == "added");
    house.clock.advance(std::chrono::minutes(29)); // the scan before kept it
    BOOST_TEST(nameOf(house.scan(code::second, "shelf").outcome) == "duplicate");
    house.clock.advance(std::chrono::minutes(31));
    BOOST_TEST(nameOf(house.scan(code::second, "shelf").outcome) == "played");
}

BOOST_AUTO_TEST_CASE(person_location_and_deck_cards_set_whose_where_and_on_what) {
    Household house;
    const PersonId anna = house.store.write([](Tx& tx) {
        Person person;
        person.name = "Anna";
        return tx.people.insert(person);
    });
    const LocationId shelf = house.collection.addLocation({"Shelf B3", {}}).id;
    house.scan(printedDigits({PrintedKind::person, anna.value}));
    house.scan(printedDigits({PrintedKind::location, shelf.value}));
    house.mode(Mode::add);
    const ScanAnswer answer = house.scan(code::second);
    const CopyView copy = house.collection.copy(*answer.copy_id);
    BOOST_REQUIRE(copy.owner.has_value());
    BOOST_TEST(copy.owner->name == "Anna");
    BOOST_TEST(copy.location->path == "Shelf B3");

    const auto den = house.store.read([](const ReadTx& tx) { return tx.decks.find("den"); });
    house.mode(Mode::play);
    house.scan(printedDigits({PrintedKind::deck, den->number}));
    house.scan(code::second);
    BOOST_TEST(contains(house.playing("den"), "\"state\":\"playing\""));
    BOOST_TEST(contains(house.playing("main"), "\"state\":\"stopped\""));

    BOOST_TEST(nameOf(house.scan(printedDigits({PrintedKind::person, 999})).outcome) == "invalid");
}

BOOST_AUTO_TEST_CASE(stop_and_flip_cards_work_on_the_scanners_deck) {
    Household house;
    house.scan(code::second);
    house.card(card::flip);
    BOOST_TEST(contains(house.playing(), "\"side\":\"B\""));
    house.card(card::stop);
    BOOST_TEST(contains(house.playing(), "\"state\":\"stopped\""));
    BOOST_TEST(
        contains(house.events(),
                 "barcode record_on side_started track_started played flipped side_started"));
}

BOOST_AUTO_TEST_CASE(a_code_is_found_under_every_spelling) {
    Household house;
    house.own(1);
    for (const char* spelling :
         {"075992511018", "0075992511018", "00075992511018", "0 75992 51101 8"})
        BOOST_TEST(nameOf(house.scan(spelling, "desk").outcome) == "played");
    BOOST_TEST(*house.scan("075992511018").gtin == "00075992511018");
}

BOOST_AUTO_TEST_CASE(of_several_copies_the_persons_own_is_meant_else_the_one_played_last) {
    Household house;
    const PersonId ben = house.store.write([](Tx& tx) {
        Person person;
        person.name = "Ben";
        return tx.people.insert(person);
    });
    const CopyId first = house.own(1);
    NewCopy bens;
    bens.release_id = 1;
    bens.owner = ben;
    const CopyId second = house.collection.add(bens).id;
    BOOST_TEST(house.scan(code::ownedOne).copy_id->text() == first.text());
    house.scan(printedDigits({PrintedKind::person, ben.value}));
    BOOST_TEST(house.scan(code::ownedOne).copy_id->text() == second.text());
    BOOST_TEST(house.scan(code::ownedOne, "desk").copy_id->text() == second.text());
}

BOOST_AUTO_TEST_CASE(if_just_one_of_several_pressings_is_owned_that_one_is_meant) {
    Household house;
    const CopyId mine = house.own(11);
    const ScanAnswer answer = house.scan(code::severalSame);
    BOOST_TEST(nameOf(answer.outcome) == "played");
    BOOST_TEST(answer.copy_id->text() == mine.text());
}

BOOST_AUTO_TEST_CASE(a_blank_label_waits_and_a_bound_one_is_its_copy) {
    Household house;
    const std::string label = printedDigits({PrintedKind::copyLabel, 123456789});
    const ScanAnswer blank = house.scan(label);
    BOOST_TEST(nameOf(blank.outcome) == "unknown");
    BOOST_TEST(nameOf(house.inbox.item(*blank.inbox_id).kind) == "blank_label");
    const CopyId mine = house.own(1);
    house.store.write([&](Tx& tx) { tx.copies.bindLabel(123456789, mine); });
    const ScanAnswer bound = house.scan(label);
    BOOST_TEST(nameOf(bound.outcome) == "played");
    BOOST_TEST(bound.copy_id->text() == mine.text());
}

BOOST_AUTO_TEST_CASE(the_copy_card_adds_a_real_second_copy) {
    Household house;
    house.own(1);
    house.mode(Mode::add);
    house.scan(code::ownedOne);
    house.card(card::copy);
    BOOST_TEST(house.copies() == 2);
    house.card(card::copy);
    BOOST_TEST(house.copies() == 3);
}

BOOST_AUTO_TEST_CASE(the_copy_card_leaves_the_pressing_open_where_the_code_has_several) {
    Household house;
    house.own(11);
    house.mode(Mode::add);
    BOOST_TEST(nameOf(house.scan(code::severalSame).outcome) == "duplicate");
    house.card(card::copy);
    BOOST_TEST(house.openItems() == 1);
}

BOOST_AUTO_TEST_CASE(cards_of_later_parts_say_so_and_change_nothing) {
    Household house;
    const ScanAnswer answer = house.scan(printedDigits({PrintedKind::control, 14}));
    BOOST_TEST(nameOf(answer.outcome) == "control");
    BOOST_TEST(contains(answer.message, "not available"));
    BOOST_TEST(nameOf(house.scan(code::second).outcome) == "played");
}

BOOST_AUTO_TEST_CASE(a_journalled_scan_without_an_outcome_is_worked_off_and_never_plays) {
    Household house;
    NewScan scan;
    scan.source = "shelf";
    scan.raw = code::second;
    scan.at = house.clock.now().wall;
    const ScanId id = house.store.write([&](Tx& tx) { return tx.scans.insert(scan); });
    BOOST_TEST(house.scanning.recover() == 1);
    const auto record = house.store.read([&](const ReadTx& tx) { return tx.scans.find(id); });
    BOOST_REQUIRE(record->answer.has_value());
    BOOST_TEST(nameOf(record->answer->outcome) == "played");
    BOOST_TEST(contains(house.playing(), "\"state\":\"unknown\""));
    BOOST_TEST(house.scanning.recover() == 0);
}

BOOST_AUTO_TEST_CASE(scans_tell_home_automation_but_invalid_ones_and_cards_do_not) {
    Household house;
    house.mode(Mode::lookup);
    house.scan(code::second);
    house.scan(code::nobody);
    house.scan(wrongDigit);
    BOOST_TEST(house.events() == "barcode unknown ");
}

BOOST_AUTO_TEST_SUITE_END()
