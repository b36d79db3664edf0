#include "tests/app/household.hpp"

#include <boost/test/unit_test.hpp>

using namespace gatefold;
using namespace gatefold::test;

namespace {
Resolution choose(ReleaseId id) {
    Resolution resolution;
    resolution.release_id = id;
    return resolution;
}
Resolution dismissed() {
    Resolution resolution;
    resolution.dismiss = true;
    return resolution;
}
Resolution says(const std::string& value) {
    Resolution resolution;
    resolution.answer = value;
    return resolution;
}
Resolution doesNotKnow() {
    Resolution resolution;
    resolution.answer.given = true;
    return resolution;
}
Resolution fromTheStart() {
    Resolution resolution;
    resolution.again = true;
    return resolution;
}

const std::string fivePressings = "5075012345680";

Release pressing(ReleaseId id, const std::string& country, const std::string& catno,
                 const std::string& format_text, const std::string& runout) {
    Release r = release(id, "Portishead", "Dummy", fivePressings, 130);
    r.country.reset();
    if (!country.empty())
        r.country = country;
    r.labels = {{"Go! Beat", catno}};
    r.formats = {{"Vinyl", 1, format_text, {"LP"}}};
    r.identifiers.push_back({IdentifierType::runout, runout, {}});
    return r;
}

/// A household with one code of five pressings: UK 30 and 31, US 32 and 33, 34 of nowhere.
struct OpenHousehold : Household {
    OpenHousehold() {
        catalogue.add(pressing(30, "UK", "828 522-1", "", "A-1"));
        catalogue.add(pressing(31, "UK", "828 522-1", "Blue", "A-2"));
        catalogue.add(pressing(32, "US", "828 522-1", "", "B-1"));
        catalogue.add(pressing(33, "US", "828 522-1", "", "B-2"));
        catalogue.add(pressing(34, "", "828 600-1", "", "C-1"));
    }
    InboxItem scanned() { return inbox.item(*scan(fivePressings).inbox_id); }
};

std::string asked(const InboxItem& item) {
    if (!item.question)
        return "nothing";
    std::string out(nameOf(item.question->about));
    for (const Answer& answer : item.question->answers)
        out += " " + answer.value;
    return out;
}

std::string ids(const InboxItem& item) {
    std::string out;
    for (const Candidate& candidate : item.candidates)
        out += (out.empty() ? "" : " ") + std::to_string(candidate.release_id);
    return out;
}

/// "code field: message" of what resolving throws.
std::string refusal(Household& house, InboxId id, const Resolution& resolution) {
    try {
        house.inbox.resolve(id, resolution);
    } catch (const Error& error) {
        return std::string(name(error.code())) + " " + error.field() + ": " + error.message();
    }
    return "accepted";
}
} // namespace

BOOST_AUTO_TEST_SUITE(inbox)

BOOST_AUTO_TEST_CASE(an_open_pressing_asks_one_good_question) {
    OpenHousehold house;
    const InboxItem item = house.scanned();
    BOOST_TEST(ids(item) == "30 31 32 33 34");
    // runout 1+1+1+4 = 7 beats country 9+9 = 18, catno 16+1 = 17
    BOOST_TEST(asked(item) == "runout A-1 A-2 B-1 other");
    BOOST_TEST(item.question->text == "What is written in the runout, beside the label?");
    BOOST_TEST(!item.settled);
    BOOST_TEST(item.candidates[1].colour.value_or("") == "Blue");
    BOOST_TEST(item.candidates[1].runouts->at(0) == "A-2");
    BOOST_TEST(asked(house.inbox.open({}).items.at(0)) == asked(item));
}

BOOST_AUTO_TEST_CASE(not_knowing_asks_about_another_field_until_the_list_decides) {
    OpenHousehold house;
    const InboxId id = house.scanned().id;
    BOOST_TEST(asked(house.inbox.resolve(id, doesNotKnow())) == "catno 828 522-1 828 600-1");
    BOOST_TEST(asked(house.inbox.resolve(id, doesNotKnow())) == "country UK US");
    const InboxItem item = house.inbox.resolve(id, doesNotKnow());
    BOOST_TEST(asked(item) == "nothing");
    BOOST_TEST(ids(item) == "30 31 32 33 34");
    BOOST_TEST(!item.settled);
    BOOST_TEST(refusal(house, id, doesNotKnow()) ==
               "invalid answer: This item asks no question: choose a release or dismiss it.");
    BOOST_TEST(house.inbox.resolve(id, choose(33)).settled);
}

BOOST_AUTO_TEST_CASE(answers_narrow_the_candidates_down_to_the_one_that_settles_it) {
    OpenHousehold house;
    house.mode(Mode::add);
    const ScanAnswer added = house.scan(fivePressings);
    const InboxId id = *added.inbox_id;
    house.inbox.resolve(id, doesNotKnow());
    house.inbox.resolve(id, doesNotKnow());
    InboxItem item = house.inbox.resolve(id, says("UK"));
    BOOST_TEST(ids(item) == "30 31 34");
    BOOST_TEST(asked(item) == "nothing"); // runout and catalogue number are not known
    house.inbox.resolve(id, fromTheStart());
    item = house.inbox.resolve(id, says("other"));
    BOOST_TEST(ids(item) == "33 34");
    BOOST_TEST(asked(item) == "catno 828 522-1 828 600-1");
    item = house.inbox.resolve(id, says("828522-1"));
    BOOST_TEST(ids(item) == "33");
    BOOST_TEST(item.settled);
    BOOST_TEST(*item.release_id == 33);
    BOOST_TEST(asked(item) == "nothing");
    BOOST_TEST(house.openItems() == 0);
    BOOST_TEST(!house.collection.copy(*added.copy_id).pressing_open);
    BOOST_TEST(house.collection.copy(*added.copy_id).release_id == 33);
    BOOST_TEST(contains(house.lastEvent("copy_changed"), added.copy_id->text()));
    BOOST_TEST(refusal(house, id, says("UK")) == "conflict id: This item is settled already.");
}

BOOST_AUTO_TEST_CASE(what_was_answered_survives_a_restart) {
    OpenHousehold house;
    const InboxId id = house.scanned().id;
    house.inbox.resolve(id, says("other"));
    house.inbox.resolve(id, doesNotKnow());
    house.real.reset();
    const auto again = openStore(house.folder.path(), house.clock);
    Listening listening(again->unitOfWork(), house.clock, house.catalogue);
    const InboxDesk desk(again->unitOfWork(), house.clock, house.identification, listening);
    const InboxItem item = desk.item(id);
    BOOST_TEST(ids(item) == "33 34");
    BOOST_TEST(asked(item) == "runout B-2 C-1");
}

BOOST_AUTO_TEST_CASE(an_answer_that_is_none_is_refused_with_what_could_be_said) {
    OpenHousehold house;
    const InboxId id = house.scanned().id;
    BOOST_TEST(refusal(house, id, says("Z-9")) ==
               "invalid answer: What is written in the runout, beside the label? \"Z-9\" is no "
               "answer to it; say \"A-1\", \"A-2\", \"B-1\", \"Something else\" by its value, or "
               "null.");
    BOOST_TEST(refusal(house, id, says("")).starts_with("invalid answer:"));
    Resolution late = says("UK");
    late.field = QuestionField::country;
    BOOST_TEST(refusal(house, id, late) ==
               "conflict field: Somebody was faster, the question now is: What is written in the "
               "runout, beside the label?");
    late = says("a 1");
    late.field = QuestionField::runout;
    BOOST_TEST(house.inbox.resolve(id, late).settled);
}

BOOST_AUTO_TEST_CASE(a_settled_code_goes_straight_to_its_release_in_every_mode) {
    for (const auto& [mode, outcome] : {std::pair{Mode::play, "played"},
                                        {Mode::add, "added"},
                                        {Mode::find, "looked_up"},
                                        {Mode::lookup, "looked_up"}}) {
        OpenHousehold house;
        house.inbox.resolve(house.scanned().id, says("B-1"));
        house.mode(mode);
        const ScanAnswer answer = house.scan(fivePressings);
        BOOST_TEST(nameOf(answer.outcome) == outcome);
        BOOST_TEST(answer.release_id.value_or(0) == 32);
        BOOST_TEST(!answer.inbox_id.has_value());
        BOOST_TEST(house.openItems() == 0);
        // The same barcode in its other forms is the same code.
        BOOST_TEST(house.scan("0" + fivePressings, "phone").release_id.value_or(0) == 32);
    }
}

BOOST_AUTO_TEST_CASE(what_plays_gets_its_pressing_by_an_answer) {
    OpenHousehold house;
    const InboxItem item = house.scanned();
    BOOST_TEST(contains(house.playing(), "\"confidence\":\"guess\""));
    house.inbox.resolve(item.id, says("other"));
    BOOST_TEST(contains(house.playing(), "\"confidence\":\"guess\""));
    house.inbox.resolve(item.id, says("828 600-1"));
    BOOST_TEST(contains(house.playing(), "\"release_id\":34"));
    BOOST_TEST(contains(house.playing(), "\"confidence\":\"manual\""));
    BOOST_TEST(contains(house.playing(), "\"state\":\"playing\""));
}

BOOST_AUTO_TEST_CASE(what_plays_of_an_open_copy_gets_its_pressing_too) {
    OpenHousehold house;
    house.mode(Mode::add);
    const ScanAnswer added = house.scan(fivePressings);
    house.mode(Mode::play);
    BOOST_TEST(nameOf(house.scan(fivePressings).outcome) == "played");
    BOOST_TEST(contains(house.playing(), "\"release_id\":30"));
    house.inbox.resolve(*added.inbox_id, says("B-1"));
    BOOST_TEST(contains(house.playing(), "\"release_id\":32"));
    BOOST_TEST(contains(house.playing(), "\"copy_id\":\"" + added.copy_id->text() + "\""));
}

BOOST_AUTO_TEST_CASE(one_answer_settles_all_that_waits_for_the_same_code_but_no_other_copy) {
    OpenHousehold house;
    const InboxItem first = house.scanned();
    const InboxItem second = house.scanned();
    BOOST_TEST(house.openItems() == 2);
    house.inbox.resolve(first.id, says("A-1"));
    BOOST_TEST(house.openItems() == 0);
    BOOST_TEST(*house.inbox.item(second.id).release_id == 30);
    BOOST_TEST(contains(house.playing(), "\"release_id\":30"));

    OpenHousehold other;
    other.mode(Mode::add);
    const ScanAnswer one = other.scan(fivePressings);
    other.card(card::copy);
    BOOST_TEST(other.openItems() == 2);
    other.inbox.resolve(*one.inbox_id, says("A-1"));
    BOOST_TEST(other.openItems() == 1);
    BOOST_TEST(asked(other.inbox.open({}).items.at(0)) == "runout A-1 A-2 B-1 other");
}

BOOST_AUTO_TEST_CASE(weak_matches_are_asked_about_too) {
    OpenHousehold house;
    house.catalogue.add(release(40, "Can", "Tago Mago", "507501234567", 140));
    Release other = release(41, "Can", "Tago Mago", "507501234567", 140);
    other.country = "Germany";
    house.catalogue.add(other);
    const ScanAnswer weak = house.scan("507501234567");
    BOOST_TEST(nameOf(weak.outcome) == "ambiguous");
    const InboxItem item = house.inbox.item(*weak.inbox_id);
    BOOST_TEST(!item.candidates.empty());
    house.inbox.resolve(item.id, choose(41));
    BOOST_TEST(house.scan("507501234567").release_id.value_or(0) == 41);
}

BOOST_AUTO_TEST_CASE(undo_takes_back_what_an_answered_scan_did) {
    OpenHousehold house;
    house.mode(Mode::add);
    const ScanAnswer added = house.scan(fivePressings);
    house.inbox.resolve(*added.inbox_id, says("other"));
    house.card(card::undo);
    BOOST_TEST(house.copies() == 0);
    BOOST_TEST(house.openItems() == 0);
    BOOST_TEST(refusal(house, *added.inbox_id, says("C-1")).starts_with("conflict id:"));
    BOOST_TEST(refusal(house, *added.inbox_id, fromTheStart()) ==
               "conflict id: The scan of this item was taken back.");

    OpenHousehold settled;
    settled.mode(Mode::add);
    const ScanAnswer kept = settled.scan(fivePressings);
    settled.inbox.resolve(*kept.inbox_id, says("A-2"));
    settled.card(card::undo);
    BOOST_TEST(settled.copies() == 0);
    // The household's word about the code stays.
    BOOST_TEST(nameOf(settled.scan(fivePressings).outcome) == "added");
    BOOST_TEST(contains(settled.lastEvent("copy_changed"), kept.copy_id->text()));
    BOOST_TEST(contains(settled.lastEvent("copy_removed"), kept.copy_id->text()));
    BOOST_TEST(!contains(settled.lastEvent("copy_added"), kept.copy_id->text()));
}

BOOST_AUTO_TEST_CASE(a_wrong_answer_can_be_taken_back) {
    OpenHousehold house;
    house.mode(Mode::add);
    const ScanAnswer added = house.scan(fivePressings);
    house.inbox.resolve(*added.inbox_id, says("A-1"));
    const InboxItem item = house.inbox.resolve(*added.inbox_id, fromTheStart());
    BOOST_TEST(!item.settled);
    BOOST_TEST(!item.release_id.has_value());
    BOOST_TEST(ids(item) == "30 31 32 33 34");
    BOOST_TEST(house.collection.copy(*added.copy_id).pressing_open);
    house.collection.remove(*added.copy_id, std::nullopt);
    BOOST_TEST(nameOf(house.scan(fivePressings).outcome) == "ambiguous");
}

BOOST_AUTO_TEST_CASE(unknown_codes_and_blank_labels_ask_nothing) {
    Household house;
    BOOST_TEST(asked(house.inbox.item(*house.scan(code::nobody).inbox_id)) == "nothing");
    const ScanAnswer blank = house.scan(printedDigits({PrintedKind::copyLabel, 77}));
    const InboxItem item = house.inbox.item(*blank.inbox_id);
    BOOST_TEST(nameOf(item.kind) == "blank_label");
    BOOST_TEST(asked(item) == "nothing");
    BOOST_TEST(refusal(house, item.id, says("UK")).starts_with("invalid answer:"));
}

BOOST_AUTO_TEST_CASE(open_pages_hear_of_every_answer) {
    OpenHousehold house;
    const InboxId id = house.scanned().id;
    const std::string open = "{\"inbox_id\":\"" + id.text() + "\",\"copy_id\":null,\"settled\":";
    BOOST_TEST(house.lastEvent("inbox_changed") == ""); // a new item comes with its scan
    house.inbox.resolve(id, doesNotKnow());
    BOOST_TEST(house.lastEvent("inbox_changed") == open + "false}");
    house.inbox.resolve(id, choose(31));
    BOOST_TEST(house.lastEvent("inbox_changed") == open + "true}");
    house.inbox.resolve(id, fromTheStart());
    BOOST_TEST(house.lastEvent("inbox_changed") == open + "false}");
    house.inbox.resolve(id, dismissed());
    BOOST_TEST(house.lastEvent("inbox_changed") == open + "true}");
}

BOOST_AUTO_TEST_CASE(open_pages_hear_of_an_item_that_is_taken_back) {
    Household house;
    const ScanAnswer unknown = house.scan(code::nobody);
    house.scanning.undo(unknown.id);
    BOOST_TEST(house.lastEvent("inbox_changed") == "{\"inbox_id\":\"" + unknown.inbox_id->text() +
                                                       "\",\"copy_id\":null,\"settled\":true}");
}

namespace {
const std::string blankLabel = printedDigits({PrintedKind::copyLabel, 77});
}

BOOST_AUTO_TEST_CASE(a_blank_label_goes_on_a_new_copy_where_it_was_scanned) {
    Household house;
    const LocationId shelf =
        house.store.write([](Tx& tx) { return tx.locations.insert("B3", std::nullopt); });
    house.mode(Mode::add);
    house.scan(printedDigits({PrintedKind::location, shelf.value}));
    house.own(2); // of another day
    const ScanAnswer blank = house.scan(blankLabel);
    const InboxItem item = house.inbox.resolve(*blank.inbox_id, choose(2));
    BOOST_TEST_REQUIRE(item.copy_id.has_value());
    BOOST_TEST(item.settled);
    BOOST_TEST(house.copies() == 2);
    const CopyView copy = house.collection.copy(*item.copy_id);
    BOOST_TEST(copy.release_id == 2);
    BOOST_TEST(copy.label.value_or("") == blankLabel);
    BOOST_TEST(copy.location->path == "B3");
    BOOST_TEST(contains(house.lastEvent("copy_added"), item.copy_id->text()));
    house.mode(Mode::play);
    const ScanAnswer bound = house.scan(blankLabel);
    BOOST_TEST(nameOf(bound.outcome) == "played");
    BOOST_TEST(bound.copy_id->text() == item.copy_id->text());
}

BOOST_AUTO_TEST_CASE(outside_mode_add_a_blank_label_goes_on_the_copy_that_has_none) {
    Household house;
    const CopyId mine = house.own(2);
    const InboxItem first = house.inbox.resolve(*house.scan(blankLabel).inbox_id, choose(2));
    BOOST_TEST(first.copy_id->text() == mine.text());
    BOOST_TEST(house.copies() == 1);
    BOOST_TEST(contains(house.lastEvent("copy_changed"), mine.text()));
    const std::string another = printedDigits({PrintedKind::copyLabel, 78});
    const InboxItem second = house.inbox.resolve(*house.scan(another).inbox_id, choose(2));
    BOOST_TEST(second.copy_id->text() != mine.text());
    BOOST_TEST(house.copies() == 2);
}

BOOST_AUTO_TEST_CASE(what_a_label_was_put_on_can_be_taken_back) {
    Household house;
    house.mode(Mode::add);
    const ScanAnswer blank = house.scan(blankLabel);
    house.inbox.resolve(*blank.inbox_id, choose(1));
    const InboxItem again = house.inbox.resolve(*blank.inbox_id, fromTheStart());
    BOOST_TEST(!again.settled);
    BOOST_TEST(!again.copy_id.has_value());
    BOOST_TEST(house.copies() == 0);
    const InboxItem other = house.inbox.resolve(*blank.inbox_id, choose(2));
    BOOST_TEST(house.collection.copy(*other.copy_id).release_id == 2);
    BOOST_TEST(house.copies() == 1);
    house.scanning.undo(blank.id);
    BOOST_TEST(house.copies() == 0);
    BOOST_TEST(nameOf(house.scan(blankLabel).outcome) == "unknown");
}

BOOST_AUTO_TEST_CASE(a_label_that_is_taken_off_leaves_the_copy_that_was_there) {
    Household house;
    const CopyId mine = house.own(2);
    const ScanAnswer blank = house.scan(blankLabel);
    house.inbox.resolve(*blank.inbox_id, choose(2));
    house.scanning.undo(blank.id);
    BOOST_TEST(house.copies() == 1);
    BOOST_TEST(!house.collection.copy(mine).label.has_value());
}

BOOST_AUTO_TEST_CASE(a_new_catalogue_that_knows_none_of_those_left_brings_all_back) {
    OpenHousehold house;
    const InboxId id = house.scanned().id;
    house.inbox.resolve(id, says("other"));
    house.store.write([&](Tx& tx) {
        InboxAnswers all;
        all.ruled_out = {30, 31, 32, 33, 34};
        tx.inbox.keepAnswers(id, all);
    });
    BOOST_TEST(ids(house.inbox.item(id)) == "30 31 32 33 34");
}

BOOST_AUTO_TEST_CASE(pressings_that_differ_in_nothing_are_a_list_without_a_question) {
    Household house;
    house.mode(Mode::add);
    const ScanAnswer answer = house.scan(code::severalSame);
    const InboxItem item = house.inbox.item(*answer.inbox_id);
    BOOST_TEST(nameOf(item.kind) == "pressing_open");
    BOOST_REQUIRE(item.candidates.size() == 2U);
    BOOST_TEST(!item.question.has_value());
    BOOST_TEST(item.copy_id->text() == answer.copy_id->text());
    BOOST_TEST(house.collection.copy(*answer.copy_id).pressing_open);
}

BOOST_AUTO_TEST_CASE(choosing_settles_the_copy_and_teaches_the_code) {
    Household house;
    house.mode(Mode::add);
    const ScanAnswer answer = house.scan(code::severalSame);
    house.inbox.resolve(*answer.inbox_id, choose(11));
    const CopyView copy = house.collection.copy(*answer.copy_id);
    BOOST_TEST(!copy.pressing_open);
    BOOST_TEST(copy.release_id == 11);
    BOOST_TEST(house.openItems() == 0);
    house.collection.remove(*answer.copy_id, std::nullopt);
    BOOST_TEST(nameOf(house.scan(code::severalSame).outcome) == "added");
    BOOST_CHECK_THROW(house.inbox.resolve(*answer.inbox_id, choose(10)), Error);
}

BOOST_AUTO_TEST_CASE(a_playing_record_goes_on_with_the_right_pressing) {
    Household house;
    const ScanAnswer answer = house.scan(code::severalSame);
    BOOST_TEST(contains(house.playing(), "\"confidence\":\"guess\""));
    house.inbox.resolve(*answer.inbox_id, choose(11));
    BOOST_TEST(contains(house.playing(), "\"release_id\":11"));
    BOOST_TEST(contains(house.playing(), "\"confidence\":\"manual\""));
    BOOST_TEST(contains(house.playing(), "\"state\":\"playing\""));
}

BOOST_AUTO_TEST_CASE(an_unknown_code_can_be_taught) {
    Household house;
    const ScanAnswer answer = house.scan(code::nobody);
    house.inbox.resolve(*answer.inbox_id, choose(2));
    BOOST_TEST(nameOf(house.scan(code::nobody).outcome) == "played");
}

BOOST_AUTO_TEST_CASE(dismissing_only_takes_it_off_the_list) {
    Household house;
    const ScanAnswer answer = house.scan(code::nobody);
    house.inbox.resolve(*answer.inbox_id, dismissed());
    BOOST_TEST(house.openItems() == 0);
    BOOST_TEST(nameOf(house.scan(code::nobody).outcome) == "unknown");
}

BOOST_AUTO_TEST_CASE(a_second_scan_of_an_unknown_code_joins_the_open_item) {
    Household house;
    const ScanAnswer first = house.scan(code::nobody);
    const ScanAnswer second = house.scan(code::nobody);
    BOOST_TEST(first.inbox_id->text() == second.inbox_id->text());
    BOOST_TEST(house.openItems() == 1);
}

BOOST_AUTO_TEST_CASE(a_resolution_says_exactly_one_thing) {
    Household house;
    const ScanAnswer answer = house.scan(code::nobody);
    BOOST_CHECK_THROW(house.inbox.resolve(*answer.inbox_id, {}), Error);
    Resolution both = choose(1);
    both.dismiss = true;
    BOOST_CHECK_THROW(house.inbox.resolve(*answer.inbox_id, both), Error);
    BOOST_CHECK_THROW(house.inbox.resolve(*answer.inbox_id, choose(987654)), Error);
    BOOST_TEST(house.openItems() == 1);
}

BOOST_AUTO_TEST_SUITE_END()
