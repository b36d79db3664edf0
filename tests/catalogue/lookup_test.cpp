#include "app/catalogue_search.hpp"
#include "catalogue/dump_generator.hpp"
#include "catalogue/searches.hpp"
#include "catalogue/workshop.hpp"
#include "core/error.hpp"
#include "core/gtin.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <map>
#include <thread>

using namespace gatefold;
using namespace gatefold::test;
using Kind = PlantedQuestion::Kind;

namespace {

struct Pressed {
    int id;
    const char* country;
    const char* format;
    const char* year;
    const char* main;
    const char* barcode;
};

/// Pressings of one album.
std::string pressing(const Pressed& p) {
    return "<release id=\"" + std::to_string(p.id) +
           "\"><artists><artist><name>The Band</name></artist></artists><title>Album</title>"
           "<labels><label name=\"Label\" catno=\"LB 12\"/></labels><formats><format name=\"" +
           p.format + "\" qty=\"1\" text=\"\"/></formats><country>" + p.country +
           "</country><released>" + p.year + "</released><master_id is_main_release=\"" + p.main +
           "\">7</master_id>"
           "<identifiers><identifier type=\"Barcode\" value=\"" +
           p.barcode + "\"/></identifiers></release>\n";
}

std::string named(int id, const char* artist, const char* title) {
    return "<release id=\"" + std::to_string(id) + "\"><artists><artist><name>" + artist +
           "</name></artist></artists><title>" + title +
           "</title><formats><format name=\"Vinyl\" qty=\"1\" text=\"\"/></formats></release>\n";
}

std::vector<Candidate> answer(const catalogue::OfflineCatalogue& lookup,
                              const PlantedQuestion& question) {
    switch (question.kind) {
    case Kind::barcode: return lookup.byGtin(gtinKeysOfScan(question.query), {}, 20);
    case Kind::catno: return lookup.byCatno(question.query, {}, 20);
    case Kind::runout: return lookup.byRunout(question.query, {}, 20);
    default: return lookup.byText(question.query, {}, 20);
    }
}

} // namespace

BOOST_AUTO_TEST_CASE(planted_answers_of_every_class_are_found) {
    const Workshop shop;
    const DumpGenerator generator(11);
    shop.buildFrom(generator.dump(4000));
    const auto lookup = catalogue::openCatalogue(shop.catalogue());
    std::map<std::string, std::pair<int, int>> foundOfAsked;
    for (std::uint32_t i = 0; i < 4000; i += 3)
        for (const PlantedQuestion& question : generator.release(i).questions) {
            const auto candidates = answer(*lookup, question);
            const auto hit =
                std::find_if(candidates.begin(), candidates.end(), [&](const Candidate& c) {
                    return c.release_id == question.release_id;
                });
            auto& [found, asked] = foundOfAsked[question.name];
            ++asked;
            const bool right =
                hit != candidates.end() && (question.kind != Kind::barcode ||
                                            (hit->match == MatchKind::weak) == question.weak);
            found += right ? 1 : 0;
            BOOST_TEST(right,
                       question.name << ": " << question.query << " for " << question.release_id);
        }
    BOOST_TEST(foundOfAsked.size() == 17U);
}

BOOST_AUTO_TEST_CASE(exact_barcodes_come_before_weak_ones_and_alone) {
    const Workshop shop;
    shop.buildFrom(dumpOf(pressing({1, "UK", "Vinyl", "1980", "false", "4006381333931"}) +
                          pressing({2, "UK", "Vinyl", "1980", "false", "400638133393"}) +
                          pressing({3, "UK", "Vinyl", "1980", "false", "4006381333930"})));
    const auto lookup = catalogue::openCatalogue(shop.catalogue());
    const auto exact = lookup->byGtin(gtinKeysOfScan("4006381333931"), {}, 10);
    BOOST_TEST(idsOf(exact) == "1 ");
    BOOST_TEST((exact.at(0).match == MatchKind::exact));
    BOOST_TEST(exact.at(0).why == "barcode");
    const auto damaged = lookup->byGtin(gtinKeysOfScan("4006381333930"), {}, 10);
    BOOST_TEST(idsOf(damaged) == "3 ");
    BOOST_TEST((damaged.at(0).match == MatchKind::weak));
    BOOST_TEST(damaged.at(0).why == "barcode whose check digit is wrong, as the catalogue has it");
    BOOST_TEST(idsOf(lookup->byGtin(gtinKeysOfScan("400638133393115"), {}, 10)) ==
               "1 "); // an add-on
    BOOST_TEST(idsOf(lookup->byGtin({}, {}, 10)) == "");
}

BOOST_AUTO_TEST_CASE(candidates_are_ranked_by_country_vinyl_main_release_completeness_and_year) {
    const Workshop shop;
    const char* code = "4006381333931";
    shop.buildFrom(dumpOf(pressing({1, "US", "CD", "1999", "false", code}) +
                          pressing({2, "US", "Vinyl", "1985", "false", code}) +
                          pressing({3, "Germany", "CD", "1980", "false", code}) +
                          pressing({4, "Germany", "Vinyl", "1983", "false", code}) +
                          pressing({5, "France", "Vinyl", "1982", "true", code}) +
                          pressing({6, "UK &amp; Germany", "Vinyl", "1981", "false", code}) +
                          pressing({7, "US", "Vinyl", "", "false", code}) +
                          pressing({8, "US", "Vinyl", "1984", "false", code})));
    const auto lookup = catalogue::openCatalogue(shop.catalogue());
    BOOST_TEST(idsOf(lookup->byGtin(gtinKeysOfScan(code), {"Germany"}, 10)) == "4 3 6 5 8 2 7 1 ");
    BOOST_TEST(idsOf(lookup->byGtin(gtinKeysOfScan(code), {"DE"}, 10)) == "4 3 6 5 8 2 7 1 ");
    BOOST_TEST(idsOf(lookup->byGtin(gtinKeysOfScan(code), {}, 3)) == "5 6 4 ");
    BOOST_TEST(lookup->byGtin(gtinKeysOfScan(code), {"Germany"}, 10).at(0).why ==
               "barcode; pressed for Germany");
    BOOST_TEST(lookup->byGtin(gtinKeysOfScan(code), {"Germany"}, 0).empty());
}

BOOST_AUTO_TEST_CASE(text_is_found_in_any_script_and_order) {
    const Workshop shop;
    shop.buildFrom(dumpOf(named(1, "Björk", "Début") + named(2, "Кино", "Группа Крови") +
                          named(3, "宇多田ヒカル", "初恋") + named(4, "The The", "Soul Mining") +
                          named(5, "Beatles, The", "Abbey Road") +
                          named(6, "Sigur Rós", "Ágætis Byrjun") +
                          named(7, "Beatles, The", "Abbey Road Again")));
    const auto lookup = catalogue::openCatalogue(shop.catalogue());
    const auto text = [&](const char* query) { return idsOf(lookup->byText(query, {}, 10)); };
    BOOST_TEST(text("bjork debut") == "1 ");
    BOOST_TEST(text("DEBUT Björk") == "1 ");
    BOOST_TEST(text("КРОВИ кино") == "2 ");
    BOOST_TEST(text("ヒカル 初恋") == "3 ");
    BOOST_TEST(text("宇多田") == "3 ");
    BOOST_TEST(text("the the") == "4 5 7 ");
    BOOST_TEST(text("the beatles abbey road") == "5 7 ");
    BOOST_TEST(text("abbey road the beatles again") == "7 ");
    BOOST_TEST(text("beatels abey road") == "5 7 ");
    BOOST_TEST(text("xeatles") == "5 7 ");
    BOOST_TEST(text("beatlesx") == "5 7 ");
    BOOST_TEST(text("abbey ro") == "5 7 ");
    BOOST_TEST(text("sigur ros agaetis byrjun") == "6 ");
    BOOST_TEST(text("sigur ros byrjun") == "6 ");
    BOOST_TEST(text("") == "");
    BOOST_TEST(text("   -.- ") == "");
    BOOST_TEST(text("zzzz nothing") == "");
    // One letter changed in another script; letters swapped across the middle; words with a typo
    // that are words of other records.
    BOOST_TEST(text("групба крови") == "2 ");
    BOOST_TEST(text("кино круви") == "2 ");
    BOOST_TEST(text("baetles abbey") == "5 7 ");
    BOOST_TEST(text("sigru ros") == "6 ");
    BOOST_TEST(text("mining beatles abbey") == "");
    BOOST_TEST(text("abbey roads again") == "7 ");
    BOOST_TEST(text("\xFF\xC3\xE3") == "");
}

BOOST_AUTO_TEST_CASE(a_word_of_very_many_records_is_crossed_with_a_rare_one) {
    // "Common" fills many pages, of which a question reads only those that matter.
    const Workshop shop;
    std::string elements;
    for (int i = 1; i <= 30'000; ++i) {
        const bool rare = i % 7'000 == 0;
        elements += named(i, i % 3 == 0 ? "Often" : "Common", rare ? "Rarity" : "Common");
    }
    shop.buildFrom(dumpOf(elements));
    const auto lookup = catalogue::openCatalogue(shop.catalogue());
    const auto text = [&](const char* query) { return idsOf(lookup->byText(query, {}, 10)); };
    BOOST_TEST(text("common rarity") == "7000 14000 28000 ");
    BOOST_TEST(text("rarity often") == "21000 ");
    BOOST_TEST(text("common rartiy") == "7000 14000 28000 ");
    BOOST_TEST(text("commno rarity") == "7000 14000 28000 ");
    BOOST_TEST(text("common rar") == "7000 14000 28000 ");
    BOOST_TEST(text("often common") == "3 6 9 12 15 18 21 24 27 30 ");
    BOOST_TEST(text("commmon rarrity often") == "");
}

BOOST_AUTO_TEST_CASE(a_typo_is_one_letter_changed_added_lost_or_swapped) {
    using catalogue::withinOneTypo;
    BOOST_TEST(withinOneTypo("beatles", "beatles"));
    BOOST_TEST(withinOneTypo("beatles", "beetles"));
    BOOST_TEST(withinOneTypo("beatles", "beatle"));
    BOOST_TEST(withinOneTypo("beatles", "beattles"));
    BOOST_TEST(withinOneTypo("beatles", "beatels"));
    BOOST_TEST(!withinOneTypo("beatles", "beates2"));
    BOOST_TEST(!withinOneTypo("beatles", "betales2"));
    BOOST_TEST(!withinOneTypo("beatles", "eatle"));
    BOOST_TEST(withinOneTypo("крови", "круви"));
    BOOST_TEST(withinOneTypo("крови", "ркови"));
    BOOST_TEST(withinOneTypo("крови", "крвои"));
    BOOST_TEST(withinOneTypo("крови", "крови1"));
    BOOST_TEST(!withinOneTypo("крови", "курви"));
    BOOST_TEST(!withinOneTypo("aé", "aè2"));
    BOOST_TEST(withinOneTypo("sd4000a2foon", "sd4008a2", true));
    BOOST_TEST(!withinOneTypo("sd4000a2foon", "sd4008b2", true));
}

BOOST_AUTO_TEST_CASE(every_length_of_query_is_answered) {
    const Workshop shop;
    shop.buildFrom(DumpGenerator(6).dump(300));
    const auto lookup = catalogue::openCatalogue(shop.catalogue());
    for (const std::size_t length : {std::size_t{1}, std::size_t{24}, std::size_t{25},
                                     std::size_t{4096}, std::size_t{1'000'000}}) {
        const std::string query(length, 'q');
        BOOST_TEST(lookup->byText(query, {}, 5).empty());
        BOOST_TEST(lookup->byCatno(query + "1", {}, 5).empty());
        BOOST_TEST(lookup->byRunout(query, {}, 5).empty());
    }
}

BOOST_AUTO_TEST_CASE(many_threads_may_ask_while_the_file_is_replaced) {
    const Workshop shop;
    const DumpGenerator generator(6);
    shop.buildFrom(generator.dump(300));
    const auto lookup = catalogue::openCatalogue(shop.catalogue());
    std::atomic<int> wrong = 0;
    std::atomic<bool> done = false;
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&] {
            while (!done)
                if (!lookup->release(201))
                    ++wrong;
        });
    for (int i = 0; i < 5; ++i)
        shop.buildFrom(generator.dump(300));
    done = true;
    threads.clear();
    BOOST_TEST(wrong == 0);
}

BOOST_AUTO_TEST_CASE(the_small_dump_answers_like_a_shelf) {
    const Workshop shop;
    shop.build(std::string(GATEFOLD_SOURCE_DIR) + "/tests/fixtures/dump_small.xml",
               catalogue::Formats::vinyl);
    const auto lookup = catalogue::openCatalogue(shop.catalogue());
    BOOST_TEST(idsOf(lookup->byGtin(gtinKeysOfScan("4099990000011"), {"Germany"}, 10)) ==
               "90000001 90000004 90000002 90000003 ");
    BOOST_TEST(idsOf(lookup->byGtin(gtinKeysOfScan("829707951718"), {}, 10)) == "6084149 6084161 ");
    const auto weak = lookup->byGtin(gtinKeysOfScan("5924000351"), {}, 10);
    BOOST_TEST(idsOf(weak) == "90 ");
    BOOST_TEST((weak.at(0).match == MatchKind::weak));
    BOOST_TEST(idsOf(lookup->byCatno("gpuk1001", {}, 10)) == "90000002 ");
}

BOOST_AUTO_TEST_CASE(the_number_behind_an_artists_name_is_not_shown) {
    const Workshop shop;
    shop.buildFrom(
        dumpOf(named(1, "Nirvana (2)", "Local Anaesthetic") + named(2, "Nirvana", "Bleach")));
    const auto lookup = catalogue::openCatalogue(shop.catalogue());
    BOOST_TEST(lookup->release(1)->artist == "Nirvana");
    const auto found = lookup->byText("nirvana anaesthetic", {}, 10);
    BOOST_TEST(idsOf(found) == "1 ");
    BOOST_TEST(found.at(0).artist == "Nirvana");
    BOOST_TEST(lookup->release(2)->artist == "Nirvana");
}

BOOST_AUTO_TEST_CASE(several_things_that_are_known_have_to_fit_together) {
    const Workshop shop;
    shop.build(std::string(GATEFOLD_SOURCE_DIR) + "/tests/fixtures/dump_small.xml",
               catalogue::Formats::vinyl);
    const auto lookup = catalogue::openCatalogue(shop.catalogue());
    const auto found = [&](const LookupQuery& query) { return idsOf(lookup->find(query, {}, 10)); };
    const auto facts = lookup->release(90000002).value();
    LookupQuery query;
    query.barcode = gtinKeysOfScan("4099990000011");
    BOOST_TEST(found(query) == "90000001 90000002 90000003 90000004 ");
    query.catno = "gpuk1001";
    BOOST_TEST(found(query) == "90000002 ");
    query.country = "uk";
    query.year = facts.year;
    query.text = facts.title;
    BOOST_TEST(found(query) == "90000002 ");
    query.runout = facts.identifiers.empty() ? "" : "nowhere scratched";
    BOOST_TEST(found(query) == (facts.identifiers.empty() ? "90000002 " : ""));
    query.runout.clear();
    query.country = "JP";
    BOOST_TEST(found(query) == "");
    LookupQuery text;
    text.text = facts.title;
    text.catno = "no such number 77";
    BOOST_TEST(found(text) == "");
    text.catno.clear();
    text.country = facts.country.value();
    BOOST_TEST(found(text).find("90000002 ") != std::string::npos);
    BOOST_TEST(found({}) == "");
}

BOOST_AUTO_TEST_CASE(what_the_household_owns_comes_before_its_country) {
    const Workshop shop;
    const char* code = "4006381333931";
    shop.buildFrom(dumpOf(pressing({1, "Germany", "Vinyl", "1983", "true", code}) +
                          pressing({2, "Japan", "CD", "1999", "false", code})));
    const auto lookup = catalogue::openCatalogue(shop.catalogue());
    const auto found =
        lookup->byGtin(gtinKeysOfScan(code), {"DE", [](ReleaseId id) { return id == 2; }}, 10);
    BOOST_TEST(idsOf(found) == "2 1 ");
    BOOST_TEST(found.at(0).why == "barcode; you own it");
}

BOOST_AUTO_TEST_CASE(typed_words_are_read_as_what_the_catalogue_has) {
    const Workshop shop;
    shop.buildFrom(dumpOf(pressing({1, "UK", "Vinyl", "1980", "false", "4006381333931"}) +
                          named(2, "Blink 182", "Cheshire Cat") + named(3, "Prince", "1999") +
                          "<release id=\"4\"><title>Moon</title><tracklist><track><position>A1"
                          "</position></track><track><title>Heading</title></track></tracklist>"
                          "<formats><format name=\"Vinyl\"/></formats><identifiers><identifier "
                          "type=\"Matrix / Runout\" value=\"SHVL 804 A-2\"/></identifiers>"
                          "</release>"));
    const auto lookup = catalogue::openCatalogue(shop.catalogue());
    const auto read = [&](const char* typed) {
        CatalogueQuestion question;
        question.q = typed;
        const CatalogueAnswer answer = askCatalogue(*lookup, question, {});
        return std::string(answer.read_as ? nameOf(*answer.read_as) : "nothing") + ": " +
               idsOf(answer.releases);
    };
    BOOST_TEST(read("4006381333931") == "barcode: 1 ");
    BOOST_TEST(read("lb-12") == "catno: 1 ");
    BOOST_TEST(read("blink 182") == "text: 2 ");
    BOOST_TEST(read("1999") == "text: 3 ");
    BOOST_TEST(read("shvl804a2") == "runout: 4 ");
    BOOST_TEST(read("label lb 12 album") == "text: 1 ");
    BOOST_TEST(read("zzz 17") == "catno: ");
    BOOST_TEST(read("--") == "nothing: ");
    CatalogueQuestion question;
    question.q = "shvl 804 a2";
    const Candidate moon = askCatalogue(*lookup, question, {}).releases.at(0);
    BOOST_TEST(moon.runouts.value() == std::vector<std::string>{"SHVL 804 A-2"});
    BOOST_TEST(moon.tracks.value() == 1);
    BOOST_CHECK_THROW(askCatalogue(*lookup, {}, {}), Error);
    question.text = "both";
    BOOST_CHECK_THROW(askCatalogue(*lookup, question, {}), Error);
}
