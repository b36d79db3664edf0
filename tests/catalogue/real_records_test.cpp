// Real records of four years' layouts; the expected values were read off the XML by hand.
#include "catalogue/workshop.hpp"
#include "core/error.hpp"
#include "core/gtin.hpp"
#include "tests/support/skipped.hpp"

#include <boost/test/unit_test.hpp>

using namespace gatefold;
using namespace gatefold::test;

namespace {

std::filesystem::path realDump(const std::string& name) {
    return testData("discogs/" + name);
}

std::string labelsOf(const Release& release) {
    std::string line;
    for (const LabelCatno& label : release.labels)
        line += label.name + " " + label.catno + "; ";
    return line;
}

std::string gtin(const Workshop& shop, std::string_view code) {
    return idsOf(catalogue::openCatalogue(shop.catalogue())->byGtin(gtinKeysOfScan(code), {}, 10));
}

} // namespace

BOOST_AUTO_TEST_CASE(records_of_2017_are_read) {
    const auto dump = realDump("dd2db_20170401_head50_releases.xml.gz");
    const Workshop shop;
    BOOST_TEST(shop.build(dump).releases_kept == 10);
    const auto release = catalogue::openCatalogue(shop.catalogue())->release(1);
    BOOST_REQUIRE(release);
    BOOST_TEST(release->artist == "The Persuader");
    BOOST_TEST(release->title == "Stockholm");
    BOOST_TEST(release->country.value() == "Sweden");
    BOOST_TEST(release->released.value() == "1999-03");
    BOOST_TEST(release->year.value() == 1999);
    BOOST_TEST(labelsOf(*release) == "Svek SK032; ");
    BOOST_REQUIRE(release->formats.size() == 1);
    BOOST_TEST(release->formats[0].name == "Vinyl");
    BOOST_TEST(release->formats[0].quantity == 2);
    BOOST_TEST(release->formats[0].descriptions.at(1) == "33 ⅓ RPM");
    BOOST_REQUIRE(release->tracklist.size() == 6);
    BOOST_TEST(release->tracklist[0].title == "Östermalm");
    BOOST_TEST(release->tracklist[5].position == "D");
    BOOST_TEST(release->tracklist[5].duration.value() == "5:16");
    BOOST_REQUIRE(release->identifiers.size() == 5);
    BOOST_TEST((release->identifiers[1].type == IdentifierType::runout));
    BOOST_TEST(release->identifiers[1].value == "MPO SK 032 B1");
    BOOST_TEST(release->identifiers[1].description.value() == "B-Side Runout");
    BOOST_TEST(release->genres.at(0) == "Electronic");
    BOOST_TEST(release->styles.at(0) == "Deep House");
}

BOOST_AUTO_TEST_CASE(a_thousand_records_of_2020_are_read) {
    const auto dump = realDump("x2d_20200806_releases.xml.gz");
    const Workshop shop;
    const auto all = shop.build(dump);
    BOOST_TEST(all.releases_read == 1000);
    BOOST_TEST(all.releases_kept == 1000);
    BOOST_TEST(all.releases_skipped == 0);
    const auto vinyl = shop.build(dump, catalogue::Formats::vinyl);
    BOOST_TEST(vinyl.releases_read == 1000);
    BOOST_TEST(vinyl.releases_kept == 516); // vinyl or shellac among the formats
    const auto lookup = catalogue::openCatalogue(shop.catalogue());
    BOOST_TEST(lookup->release(46)->artist == "Håkan Featuring Laid");
    BOOST_TEST(
        lookup->release(6084085)->artist ==
        "Chopin - Perahia, The New York Philharmonic Orchestra, Zubin Mehta, Murray Perahia");
    BOOST_TEST(lookup->release(41)->artist == "Fredrik Stark & Citydreams");
    BOOST_TEST(lookup->release(6084100)->artist ==
               "NBC Symphony Orchestra Conducted By Arturo Toscanini");
    BOOST_TEST(lookup->release(1586399)->released.value() == "2007-03");
    BOOST_TEST(lookup->release(1586384)->released.value() == "2009-02-02");
    BOOST_TEST(lookup->release(82)->released.value() == "2000");
    BOOST_TEST(!lookup->release(6084100)->year.has_value());
    BOOST_TEST(labelsOf(*lookup->release(52)) ==
               "Loaded Records LOAD 66; 20:20 Vision LOAD 66; Loaded Records LOAD66; ");
    BOOST_TEST(lookup->release(1586312)->tracklist.at(1).position == "AA");
    BOOST_TEST(lookup->release(1586313)->master_id.value() == 5655);
    BOOST_TEST(!lookup->release(3).has_value()); // a CD
}

BOOST_AUTO_TEST_CASE(records_are_found_by_what_is_printed_on_them) {
    const auto dump = realDump("x2d_20200806_releases.xml.gz");
    const Workshop shop;
    shop.build(dump, catalogue::Formats::vinyl);
    const auto lookup = catalogue::openCatalogue(shop.catalogue());
    BOOST_TEST(gtin(shop, "0752743004813") == "31 "); // UPC-A read as EAN-13
    BOOST_TEST(gtin(shop, "752743004813") == "31 ");
    BOOST_TEST(gtin(shop, "5027533000418") == "66 ");
    BOOST_TEST(gtin(shop, "829707951718") == "6084149 6084161 "); // two pressings
    BOOST_TEST(gtin(shop, "5012345678900") == "");
    BOOST_TEST(idsOf(lookup->byCatno("lar048", {}, 10)) == "31 ");
    BOOST_TEST(idsOf(lookup->byCatno("LAR.048", {}, 10)) == "31 ");
    BOOST_TEST(idsOf(lookup->byCatno("Large Records LAR 048", {}, 10)) == "31 ");
    BOOST_TEST(idsOf(lookup->byCatno("TRESOR 122", {}, 10)) == "65 ");
    BOOST_TEST(idsOf(lookup->byRunout("LAR 048 A fw DS", {}, 10)) == "31 ");
    BOOST_TEST(idsOf(lookup->byRunout("08-43405 20 1b1", {}, 10)) == "85 ");
    BOOST_TEST(idsOf(lookup->byRunout("PAGAN 017-A1", {}, 10)) == "89 ");
    BOOST_TEST(idsOf(lookup->byText("hakan lidbo new standards", {}, 10)) == "46 ");
    BOOST_TEST(idsOf(lookup->byText("morrisey world of", {}, 10)) == "1586313 "); // one typo
    BOOST_TEST(idsOf(lookup->byText("trentemoller rauta", {}, 10)) == "1586384 ");
    BOOST_TEST(idsOf(lookup->byText("the chopin perahia", {}, 10)) == "6084085 ");
}

BOOST_AUTO_TEST_CASE(one_record_reads_the_same_in_the_layouts_of_2023_and_2025) {
    const auto of2023 = realDump("discoquick_40299_20231001.xml"),
               of2025 = realDump("discoquick_40299_20250501.xml");
    const Workshop shop;
    shop.build(of2023);
    const auto before = catalogue::openCatalogue(shop.catalogue())->release(40299);
    shop.build(of2025);
    const auto after = catalogue::openCatalogue(shop.catalogue())->release(40299);
    BOOST_REQUIRE(before.has_value());
    BOOST_REQUIRE(after.has_value());
    for (const Release* release : {&*before, &*after}) {
        BOOST_TEST(release->artist == "Various");
        BOOST_TEST(release->title == "New Beat - Take 4");
        BOOST_TEST(labelsOf(*release) ==
                   "Subway Dance Subway Dance 4000; Subway Dance SD 4000-LP; ");
        BOOST_TEST(release->country.value() == "Belgium");
        BOOST_TEST(release->year.value() == 1989);
        BOOST_TEST(release->main_release);
        BOOST_TEST(release->master_id.value() == 35574);
        BOOST_TEST(release->tracklist.at(0).title == "Tanzen");
        BOOST_TEST(release->identifiers.at(2).value == "SD 4000-B1 FOON");
    }
    const auto lookup = catalogue::openCatalogue(shop.catalogue());
    for (const char* catno : {"SD 4000-LP", "sd4000lp", "SD.4000 LP", "4000", "Subway Dance 4000",
                              "subway dance sd 4000 lp"})
        BOOST_TEST(idsOf(lookup->byCatno(catno, {}, 10)) == "40299 ", catno);
}

BOOST_AUTO_TEST_CASE(a_thousand_masters_of_2020_give_albums_their_titles_and_years) {
    const auto masters = realDump("x2d_20200806_masters.xml.gz");
    const Workshop shop;
    const auto inAlbum = [](int id, int master) {
        std::string xml = element(id);
        const std::string link = "<master_id>" + std::to_string(master) + "</master_id>";
        return xml.insert(xml.find("</release>"), link);
    };
    catalogue::BuildRequest request;
    request.input =
        shop.file("dump.xml", dumpOf(inAlbum(116925, 113) + inAlbum(2, 113) + inAlbum(3, 112)));
    request.output = shop.catalogue();
    request.masters = masters;
    BOOST_TEST(catalogue::buildCatalogue(request).masters == 1000);
    const auto lookup = catalogue::openCatalogue(shop.catalogue());
    BOOST_TEST(lookup->info().masters == 1000);
    const auto release = lookup->release(116925).value();
    BOOST_TEST(release.main_release);
    BOOST_TEST(release.master_title.value() == "Moments In Time");
    BOOST_TEST(release.master_year.value() == 2002);
    BOOST_TEST(!lookup->release(2)->main_release);
    BOOST_TEST(lookup->release(2)->master_title.value() == "Moments In Time");
    BOOST_TEST(!lookup->release(3)->master_title.has_value());
    const auto found = lookup->byText("artist", {}, 10);
    BOOST_REQUIRE(found.size() == 3);
    BOOST_TEST(found[0].release_id == 116925);
    BOOST_TEST(found[0].master_title.value() == "Moments In Time");
    BOOST_TEST(found[0].master_year.value() == 2002);
}

BOOST_AUTO_TEST_CASE(masters_of_2017_are_read) {
    const auto masters = realDump("dd2db_20170401_head50_masters.xml.gz");
    const Workshop shop;
    catalogue::BuildRequest request;
    std::string xml = element(155102);
    xml.insert(xml.find("</release>"), "<master_id>18500</master_id>");
    request.input = shop.file("dump.xml", dumpOf(xml));
    request.output = shop.catalogue();
    request.masters = masters;
    catalogue::buildCatalogue(request);
    const auto release = catalogue::openCatalogue(shop.catalogue())->release(155102).value();
    BOOST_TEST(release.main_release);
    BOOST_TEST(release.master_title.value() == "New Soil");
    BOOST_TEST(release.master_year.value() == 2001);
}

BOOST_AUTO_TEST_CASE(a_masters_dump_marks_main_releases) {
    const Workshop shop;
    const auto dump = shop.file("dump.xml", dumpOf(element(1) + element(2)));
    catalogue::BuildRequest request;
    request.input = dump;
    request.output = shop.catalogue();
    request.masters = shop.file(
        "masters.xml.gz",
        gzipped(
            "<masters>\n<master id=\"113\"><main_release>2</main_release><year>2002</year><title>A "
            "Title</title></master>\n"
            "<master id=\"114\"><main_release>999</main_release></master>\n<master "
            "id=\"115\"><broken></master></masters>\n"));
    catalogue::buildCatalogue(request);
    const auto lookup = catalogue::openCatalogue(shop.catalogue());
    BOOST_TEST(!lookup->release(1)->main_release);
    BOOST_TEST(lookup->release(2)->main_release);
    BOOST_TEST(lookup->info().masters == 1);
    request.masters = dump;
    BOOST_CHECK_EXCEPTION(catalogue::buildCatalogue(request), Error, [](const Error& error) {
        return error.message() == "this is the releases dump; the masters dump is needed";
    });
}
