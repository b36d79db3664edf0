#include "store/shelf_words.hpp"
#include "tests/store/open_store.hpp"
#include "tests/store/seed.hpp"

#include <boost/test/unit_test.hpp>

#include <set>
#include <vector>

using namespace gatefold;
using namespace gatefold::test;

namespace {

struct Shelf : OpenStore {
    std::vector<std::string> titles(const CopyQuery& query) {
        std::vector<std::string> titles;
        for (const CopyView& copy :
             read([&](const ReadTx& tx) { return tx.copies.search(query); }).items)
            titles.push_back(copy.title);
        return titles;
    }
    std::vector<std::string> find(const std::string& text) {
        CopyQuery query;
        query.text = text;
        return titles(query);
    }
};

struct FilledShelf : Shelf {
    FilledShelf() {
        put("Nina Simone", "Pastel Blues", 1965, {{"Philips", "PHS 600-187"}});
        put("The Beatles", "Abbey Road", 1969, {{"Apple Records", "PCS 7088"}});
        put("The The", "Soul Mining", 1983);
        put("Motörhead", "Ace Of Spades", 1980);
        put("Mø", "No Mythologies To Follow", 2014);
        put("AC/DC", "Back In Black", 1980);
        put("R.E.M.", "Murmur", 1983);
        put("Sigur Rós", "Ágætis byrjun", 1999);
        put("Кино", "Группа крови", 1988);
        put("Miles Davis", "Kind Of Blue", 1959, {{"Columbia", "CS 8163"}});
        put("Cordon", "Bleu", 1990);
    }
};

} // namespace

BOOST_AUTO_TEST_CASE(sort_keys_forgive_articles_accents_and_signs) {
    const std::vector<std::pair<std::string, std::string>> table{
        {"The Beatles", "beatles"},
        {"Die Ärzte", "arzte"},
        {"R.E.M.", "rem"},
        {"КИНО Ёлка Ωμέγα", "кино ёлка ωμέγα"},
        {"The The", "the"},
        {"The", "the"},
        {"AC/DC", "ac dc"},
        {"Łódź Žižek", "lodz zizek"},
        {"Don't  Stop", "dont stop"},
        {"É\xCC\x81"
         "e\xCC\x81",
         "ee"},
        {"", ""},
        {"!!!", ""},
    };
    for (const auto& [text, key] : table)
        BOOST_TEST(store::sortKey(text) == key);
}

BOOST_AUTO_TEST_CASE(broken_bytes_break_nothing) {
    BOOST_TEST(store::sortKey("\xC3") == "a"); // as Latin-1 says
    BOOST_TEST(store::searchWords("\xF0\x9F").size() == 1u);
    BOOST_TEST(store::searchWords(std::string(10'000, 'a') + " b").size() == 1u);
    BOOST_TEST(store::searchWords("a b c d e f g h i j k l m n").size() == 12u);
}

BOOST_AUTO_TEST_CASE(letters_and_text_turn_into_one_another) {
    for (const std::string text : {"abc", "ÄÖ", "кино", "日本", "\xF0\x9F\x8E\xB5"})
        BOOST_TEST(store::textOf(store::lettersOf(text)) == text);
    BOOST_TEST(store::lettersOf("日本").size() == 2u);
}

BOOST_FIXTURE_TEST_CASE(search_forgives, FilledShelf) {
    const std::vector<std::pair<std::string, std::string>> table{
        {"nina", "Pastel Blues"},
        {"SIM pas", "Pastel Blues"},
        {"pastel nina", "Pastel Blues"},
        {"the beat", "Abbey Road"},
        {"beatles, the", "Abbey Road"},
        {"motorhead", "Ace Of Spades"},
        {"MOTÖRHEAD", "Ace Of Spades"},
        {"mo no", "No Mythologies To Follow"},
        {"acdc", "Back In Black"},
        {"ac/dc", "Back In Black"},
        {"rem", "Murmur"},
        {"r.e.m.", "Murmur"},
        {"agaetis", "Ágætis byrjun"},
        {"sigur ros", "Ágætis byrjun"},
        {"phs600187", "Pastel Blues"},
        {"PHS 600-187", "Pastel Blues"},
        {"600-187", "Pastel Blues"},
        {"apple rec", "Abbey Road"},
        {"1965", "Pastel Blues"},
        {"кино", "Группа крови"},
        {"КИНО", "Группа крови"},
        // typos, where nothing is found otherwise
        {"betales", "Abbey Road"},
        {"bealt", "Abbey Road"},
        {"beetles abbey", "Abbey Road"},
        {"nona simone", "Pastel Blues"},
        {"aBbay raod", "Abbey Road"},
        {"motorhaed", "Ace Of Spades"},
        {"xbbey", "Abbey Road"},
        {"bbey", "Abbey Road"},
        {"baetl", "Abbey Road"},
        {"batles", "Abbey Road"},
        {"beatless", "Abbey Road"},
        {"bbeatles", "Abbey Road"},
        {"ebatles", "Abbey Road"},
        {"baetels", ""},
        {"bae", ""},
        {"крови", "Группа крови"},
        {"корви", "Группа крови"},
        {"группы", "Группа крови"},
        {"кина крови", "Группа крови"},
        {"kind of bleu", "Kind Of Blue"},
        {"zzzzzz", ""},
        {"nina beatles", ""},
    };
    for (const auto& [text, title] : table) {
        const auto hits = find(text);
        BOOST_TEST_CONTEXT("searched: " << text) {
            BOOST_TEST(hits.size() == (title.empty() ? 0u : 1u));
            if (!hits.empty())
                BOOST_TEST(hits[0] == title);
        }
    }
}

BOOST_FIXTURE_TEST_CASE(nothing_typed_is_the_whole_shelf_and_signs_are_nothing, FilledShelf) {
    BOOST_TEST(find("").size() == 11u);
    BOOST_TEST(find(" -- ").size() == 11u);
    BOOST_TEST(find("the the").size() == 2u); // articles count where nothing else was typed
    BOOST_TEST(find("\"* OR words:").empty());
}

BOOST_FIXTURE_TEST_CASE(an_artists_records_stand_by_year_and_the_unknown_year_last, Shelf) {
    put("The Kinks", "Sleepwalker", 1977);
    put("Kinks", "Unknown");
    put("Kinks", "Arthur", 1969);
    put("Kin", "Zero", 2001);
    BOOST_TEST(find("") == (std::vector<std::string>{"Zero", "Arthur", "Sleepwalker", "Unknown"}),
               boost::test_tools::per_element());
    CopyQuery query;
    query.sort = CopySort::year;
    BOOST_TEST(titles(query) ==
                   (std::vector<std::string>{"Arthur", "Sleepwalker", "Zero", "Unknown"}),
               boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(pages_give_every_copy_once_in_every_order, Shelf) {
    seed(*store, 230);
    for (const CopySort sort : {CopySort::artist, CopySort::title, CopySort::year, CopySort::added,
                                CopySort::relevance}) {
        for (const std::string text : {"", "a"}) {
            CopyQuery query;
            query.sort = sort;
            query.text = text;
            query.page.limit = 37;
            std::set<CopyId> seen;
            std::size_t given = 0;
            std::int64_t total = 0;
            for (bool more = true; more;) {
                const auto page = read([&](const ReadTx& tx) { return tx.copies.search(query); });
                total = page.total;
                given += page.items.size();
                for (const CopyView& copy : page.items)
                    seen.insert(copy.id);
                more = page.next.has_value();
                query.page.cursor = page.next.value_or("");
            }
            BOOST_TEST(given == static_cast<std::size_t>(total));
            BOOST_TEST(seen.size() == given);
            if (text.empty())
                BOOST_TEST(total == 230);
        }
    }
}

BOOST_FIXTURE_TEST_CASE(filters_narrow_page_and_total, Shelf) {
    seed(*store, 90);
    CopyQuery query;
    query.owner = read([](const ReadTx& tx) { return tx.people.byName("ben")->id; });
    query.page.limit = 10;
    auto page = read([&](const ReadTx& tx) { return tx.copies.search(query); });
    BOOST_TEST(page.total == 30);
    BOOST_TEST(page.items.at(0).owner->name == "Ben");
    query.owner.reset();
    query.location = read([](const ReadTx& tx) {
        for (const Location& location : tx.locations.all())
            if (location.path == "Study")
                return location.id;
        return LocationId{};
    });
    page = read([&](const ReadTx& tx) { return tx.copies.search(query); });
    BOOST_TEST(page.total == 45);
    BOOST_TEST(page.items.at(0).location->path.starts_with("Study / "));
    query.text = "r"; // of every label's name
    BOOST_TEST(read([&](const ReadTx& tx) { return tx.copies.search(query); }).total == 45);
    query.text = seededRelease(5).title;
    page = read([&](const ReadTx& tx) { return tx.copies.search(query); });
    BOOST_TEST(page.total >= 1);
    query.location.reset();
    query.text.clear();
    query.release = seededRelease(7).release_id;
    BOOST_TEST(titles(query) == (std::vector<std::string>{seededRelease(7).title}),
               boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(a_strange_cursor_is_refused, Shelf) {
    put("A", "B");
    for (const char* cursor : {"x", "[]", "[1,2]", "{\"a\":1}", "[\"a\",\"b\"]", "[\"a\",1,2]"}) {
        CopyQuery query;
        query.page.cursor = cursor;
        BOOST_TEST(throwsCode(ErrorCode::invalid, [&] {
            read([&](const ReadTx& tx) { return tx.copies.search(query); });
        }));
    }
}

BOOST_FIXTURE_TEST_CASE(the_trash_is_searched_apart, FilledShelf) {
    write([&](Tx& tx) {
        Copy copy = *tx.copies.find({2});
        copy.deleted_at = clock.wall();
        tx.copies.save(copy, std::nullopt);
    });
    BOOST_TEST(find("beatles").empty());
    BOOST_TEST(find("").size() == 10u);
    CopyQuery query;
    query.deleted = true;
    query.text = "abb beat";
    BOOST_TEST(titles(query) == (std::vector<std::string>{"Abbey Road"}),
               boost::test_tools::per_element());
    write([&](Tx& tx) {
        Copy copy = *tx.copies.find({2});
        copy.deleted_at.reset();
        tx.copies.save(copy, std::nullopt);
    });
    BOOST_TEST(find("beatles").size() == 1u);
    query.text.clear();
    BOOST_TEST(titles(query).empty());
}

BOOST_FIXTURE_TEST_CASE(a_changed_release_is_found_under_its_new_words, Shelf) {
    write([&](Tx& tx) {
        Release release;
        release.release_id = 42;
        release.artist = "Ninna Simon";
        release.title = "Pastel";
        tx.releases.keep(release);
        Copy copy;
        copy.release_id = 42;
        tx.copies.insert(copy);
        release.artist = "Nina Simone";
        tx.releases.keep(release);
    });
    BOOST_TEST(find("simone").size() == 1u);
    BOOST_TEST(find("ninna sim").size() == 1u); // by the forgiven typo
    BOOST_TEST(read([](const ReadTx& tx) { return tx.copies.view({1})->artist; }) == "Nina Simone");
}
