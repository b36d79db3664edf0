// Damaged, foreign and hostile dumps: one bad release is left out, a bad file is refused, the
// catalogue in use is never touched.
#include "catalogue/dump_generator.hpp"
#include "catalogue/workshop.hpp"

#include "core/error.hpp"

#include <boost/test/unit_test.hpp>

using namespace gatefold;
using namespace gatefold::test;

namespace {

/// Builds from one odd element between two good ones; "kept/skipped reason".
std::string between(std::string_view odd) {
    const Workshop shop;
    const auto summary =
        shop.buildFrom(dumpOf(element(1) + std::string(odd) + "\n" + element(900)));
    const auto lookup = catalogue::openCatalogue(shop.catalogue());
    BOOST_TEST(lookup->release(1).has_value());
    BOOST_TEST(lookup->release(900).has_value());
    std::string line =
        std::to_string(summary.releases_kept) + "/" + std::to_string(summary.releases_skipped);
    if (summary.releases_skipped > 0) {
        const std::string report = contentOf(shop.path("catalogue.db.skipped.tsv"));
        line += " " + report.substr(report.find('\n') + 1);
        line = line.substr(0, line.find('\n'));
    }
    return line;
}

/// The title of release 2 as read from this element between two others.
std::string titleOf(std::string_view odd) {
    const Workshop shop;
    shop.buildFrom(dumpOf(element(1) + std::string(odd) + "\n" + element(900)));
    const auto release = catalogue::openCatalogue(shop.catalogue())->release(2);
    return release ? release->title : "not kept";
}

std::string titled(std::string_view title) {
    return element(2, title);
}

} // namespace

BOOST_AUTO_TEST_CASE(odd_but_well_formed_records_are_kept) {
    BOOST_TEST(
        titleOf("<release status='Accepted' id='2'><title>single quotes</title></release>") ==
        "single quotes");
    BOOST_TEST(titleOf(titled("<![CDATA[A <b> & ]] C]]>")) == "A <b> & ]] C");
    BOOST_TEST(titleOf(titled("half <![CDATA[and]]> half")) == "half and half");
    BOOST_TEST(titleOf(titled("a &amp; b &lt;&gt;&quot;&apos; &#233;&#xE9;&#x1F3B5;")) ==
               "a & b <>\"' éé🎵");
    BOOST_TEST(titleOf(titled("<!-- a comment -->text<?pi?>")) == "text");
    BOOST_TEST(
        titleOf(
            "<release\n id=\"2\"\n>\r\n<title>\r\n broken\r\n lines </title>\r\n</release  >") ==
        "broken\r\n lines");
    BOOST_TEST(titleOf("<release id=\"2\"><title>no "
                       "ids</title><artists><artist><name>X</name></artist></"
                       "artists><labels><label catno=\"C\"/></labels></release>") == "no ids");
    BOOST_TEST(
        titleOf(titled(
            "<![CDATA[</release>\n<release id=\"666\"><title>smuggled</title></release>]]>")) ==
        "</release>\n<release id=\"666\"><title>smuggled</title></release>");
    BOOST_TEST(titleOf("<release id=\"2\"><title>outer</title><unknown><release "
                       "id=\"666\"/><release id=\"667\"></release></unknown></release>") ==
               "outer");
}

BOOST_AUTO_TEST_CASE(credits_are_not_artists_and_huge_quantities_count_as_one) {
    const Workshop shop;
    shop.buildFrom(dumpOf(
        "<release "
        "id=\"2\"><artists><artist><id>0</id><name>A</name><anv>Ay</anv><join>Feat.</join></"
        "artist><artist><name>B</name></artist></artists>"
        "<title>T</title><extraartists><artist><name>Producer</name></artist></extraartists>"
        "<formats><format name=\"Vinyl\" "
        "qty=\"1234567890123456789012345678901234567890123456789012\" text=\"red\"/></formats>"
        "<tracklist><track><position>A</position><title>x</title><artists><artist><name>Guest</"
        "name></artist></artists></track></tracklist></release>\n"));
    const auto lookup = catalogue::openCatalogue(shop.catalogue());
    BOOST_TEST(lookup->release(2)->artist == "Ay Feat. B");
    BOOST_TEST(lookup->release(2)->formats.at(0).quantity == 1);
    BOOST_TEST(lookup->release(2)->formats.at(0).text == "red");
    BOOST_TEST(idsOf(lookup->byText("guest", {}, 5)) == "");
    BOOST_TEST(idsOf(lookup->byText("producer", {}, 5)) == "");
    BOOST_TEST(idsOf(lookup->byText("a", {}, 5)) == "2 ");
}

BOOST_AUTO_TEST_CASE(one_bad_record_is_left_out_with_its_offset_and_reason) {
    const std::string at = std::to_string(std::string("<releases>\n").size() + element(1).size());
    BOOST_TEST(between(titled("stray & sign")) ==
               "2/1 " + at + "\t2\tan ampersand that begins no known reference");
    BOOST_TEST(between(titled("&unknown;")) ==
               "2/1 " + at + "\t2\tan ampersand that begins no known reference");
    BOOST_TEST(between(titled("&#1;")) ==
               "2/1 " + at + "\t2\tan ampersand that begins no known reference");
    BOOST_TEST(between(titled("a\x01z")) ==
               "2/1 " + at + "\t2\ta control character or malformed UTF-8");
    BOOST_TEST(between(titled("a\xC3(")) ==
               "2/1 " + at + "\t2\ta control character or malformed UTF-8");
    BOOST_TEST(between(titled("<b>wrong</i>")) ==
               "2/1 " + at + "\t2\ta closing tag does not match");
    BOOST_TEST(between("<release id=\"\"><title>x</title></release>") ==
               "2/1 " + at + "\t0\tno usable release id");
    BOOST_TEST(between("<release id=\"99999999999\"><title>x</title></release>") ==
               "2/1 " + at + "\t0\tno usable release id");
    BOOST_TEST(between("<release id=\"2\" id=\"3\"><title>x</title></release>") ==
               "2/1 " + at + "\t0\tan attribute occurs twice");
    BOOST_TEST(between(titled("<!DOCTYPE x [<!ENTITY a \"b\">]>")) ==
               "2/1 " + at + "\t2\ta declaration inside a record");
    BOOST_TEST(between(element(1, "again")) == "2/1 " + at + "\t1\tthe release occurred before");
    BOOST_TEST(between("junk between") == "2/1 " + at + "\t0\tunexpected content between releases");
    BOOST_TEST(between("<release id=\"2\"/>") ==
               "2/1 " + at + "\t2\ta release without title, artist and format");
}

BOOST_AUTO_TEST_CASE(an_unclosed_record_does_not_take_the_next_with_it) {
    BOOST_TEST(between("<release id=\"2\"><title>never closed").starts_with("2/1 "));
    BOOST_TEST(between("<release id=\"2\"><title>x</title><labels>").starts_with("2/1 "));
}

BOOST_AUTO_TEST_CASE(hostile_records_are_left_out) {
    std::string deep;
    for (int i = 0; i < 50'000; ++i)
        deep += "<d>";
    BOOST_TEST(between("<release id=\"2\">" + deep + "</release>").ends_with("nested too deep"));
    const std::string wide(64 * 1024 * 1024, 'a');
    BOOST_TEST(between("<release id=\"2\"><label name=\"" + wide + "\"/></release>")
                   .ends_with("larger than 16 MiB"));
    BOOST_TEST(
        between("<release id=\"2\"><label name=\"" + wide.substr(0, 100'000) + "\"/></release>")
            .ends_with("an attribute is too long"));
    std::string many = "<release id=\"2\"><x";
    for (int i = 0; i < 5000; ++i)
        many += " a" + std::to_string(i) + "=\"\"";
    BOOST_TEST(between(many + "/></release>").ends_with("too many attributes"));
}

BOOST_AUTO_TEST_CASE(files_that_are_no_releases_dump_are_refused_in_plain_words) {
    const Workshop shop;
    BOOST_TEST(shop.refusalOf("").ends_with("is empty"));
    BOOST_TEST(shop.refusalOf("  \n ") == "the dump is empty");
    BOOST_TEST(shop.refusalOf("<!DOCTYPE html><html><body>403</body></html>") ==
               "this is a web page, not a dump: the download went wrong");
    BOOST_TEST(shop.refusalOf("<html>") ==
               "this is a web page, not a dump: the download went wrong");
    BOOST_TEST(shop.refusalOf("<artists>\n<artist><id>1</id></artist></artists>") ==
               "this is the artists dump; the releases dump is needed");
    BOOST_TEST(shop.refusalOf("<masters>\n<master id=\"1\"/></masters>") ==
               "this is the masters dump; the releases dump is needed");
    BOOST_TEST(shop.refusalOf("<?xml version=\"1.0\"?><!DOCTYPE r [<!ENTITY a \"aaaa\"><!ENTITY b "
                              "\"&a;&a;\">]><releases></releases>")
                   .find("document type") != std::string::npos);
    BOOST_TEST(shop.refusalOf("<!DOCTYPE releases [<!ENTITY secret SYSTEM \"file:///etc/passwd\">]>"
                              "<releases><release id=\"1\"><title>&secret;</title></release>"
                              "</releases>")
                   .find("document type") != std::string::npos);
    BOOST_TEST(
        shop.refusalOf("hello, world, this is a text") ==
        "this is not a Discogs releases dump; it begins with \"hello, world, this is a text\"");
    BOOST_TEST(shop.refusalOf("<releases></releases>") == "the dump holds no releases");
    BOOST_TEST(shop.refusalOf("<releases/>") == "the dump holds no releases");
    BOOST_TEST(shop.refusalOf(std::string(200'000, '\0'))
                   .starts_with("this is not a Discogs releases dump"));
    BOOST_TEST(shop.refusalOf(dumpOf("<release id=\"1\"><a></release>\n"))
                   .starts_with("not one release of the dump could be read"));
    BOOST_TEST(shop.refusalOf(dumpOf(element(1)) + dumpOf(element(2)))
                   .starts_with("something follows the dump's closing root"));
    BOOST_TEST(shop.fileNames() == "");
}

BOOST_AUTO_TEST_CASE(a_prolog_with_mark_declaration_and_comment_is_accepted) {
    const Workshop shop;
    BOOST_TEST(
        shop.buildFrom(
                "\xEF\xBB\xBF<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- made by hand -->\n" +
                dumpOf(element(1)) + "\n<!-- end -->\n")
            .releases_kept == 1);
}

BOOST_AUTO_TEST_CASE(a_dump_cut_off_anywhere_is_refused_and_the_old_catalogue_stays) {
    const Workshop shop;
    shop.buildFrom(dumpOf(element(1)));
    const std::string installed = contentOf(shop.catalogue());
    const std::string dump = DumpGenerator(3).dump(12), packed = gzipped(dump);
    for (std::size_t i = 0; i < 40; ++i) {
        BOOST_TEST(shop.refusalOf(dump.substr(0, (dump.size() - 12) * i / 40)) != "built",
                   "plain, part " << i);
        BOOST_TEST(shop.refusalOf(packed.substr(0, (packed.size() - 1) * i / 40)) != "built",
                   "gzip, part " << i);
    }
    BOOST_TEST(shop.refusalOf(packed.substr(0, packed.size() - 1)).find("cut off") !=
               std::string::npos);
    BOOST_TEST((contentOf(shop.catalogue()) == installed));
    BOOST_TEST(shop.fileNames() == "catalogue.db ");
}

BOOST_AUTO_TEST_CASE(changed_bytes_in_compressed_data_are_noticed) {
    const Workshop shop;
    const std::string packed = gzipped(DumpGenerator(3).dump(40));
    for (std::size_t i = 1; i < 20; ++i) {
        std::string damaged = packed;
        damaged[20 + (damaged.size() - 30) * i / 20] ^= 0x10;
        BOOST_TEST(shop.refusalOf(damaged) != "built", "part " << i);
    }
    std::string wrongLength = packed;
    wrongLength[wrongLength.size() - 2] ^= 1;
    BOOST_TEST(shop.refusalOf(wrongLength).find("damaged") != std::string::npos);
    BOOST_TEST(shop.fileNames() == "");
}

BOOST_AUTO_TEST_CASE(several_gzip_members_are_one_dump) {
    const std::string dump = DumpGenerator(3).dump(50);
    for (const std::size_t cut :
         {std::size_t{1}, std::size_t{5}, dump.size() / 3, dump.size() - 3}) {
        const Workshop shop;
        BOOST_TEST(shop.buildFrom(gzipped(dump.substr(0, cut)) + gzipped("") +
                                  gzipped(dump.substr(cut)) + std::string(512, '\0'))
                       .releases_kept == 50);
    }
    // Members of every size: what the inflater hands back at a member's end may lie before its
    // present piece of input.
    std::string members;
    for (std::size_t at = 0; at < dump.size(); at += 700)
        members += gzipped(std::string_view(dump).substr(at, 700));
    const Workshop shop;
    BOOST_TEST(shop.buildFrom(members).releases_kept == 50);
}

BOOST_AUTO_TEST_CASE(records_in_any_order_are_found) {
    const Workshop shop;
    std::string elements;
    for (int i = 1; i <= 300; ++i)
        elements += element((i * 7919) % 100'003 + 1, "number" + std::to_string(i));
    BOOST_TEST(shop.buildFrom(dumpOf(elements)).releases_kept == 300);
    const auto lookup = catalogue::openCatalogue(shop.catalogue());
    for (int i = 1; i <= 300; ++i) {
        const int id = (i * 7919) % 100'003 + 1;
        BOOST_TEST(lookup->release(id)->title == "number" + std::to_string(i));
    }
    BOOST_TEST(!lookup->release(100'004).has_value());
    BOOST_TEST(!lookup->release(0).has_value());
    BOOST_TEST(!lookup->release(-5).has_value());
}

BOOST_AUTO_TEST_CASE(any_number_of_threads_builds_the_same_catalogue) {
    const Workshop shop;
    const auto dump = shop.file("dump.xml", DumpGenerator(5).dump(3000));
    std::string first;
    for (const unsigned jobs : {1U, 2U, 7U}) {
        catalogue::BuildRequest request;
        request.input = dump;
        request.output = shop.path("jobs.db");
        request.jobs = jobs;
        catalogue::buildCatalogue(request);
        const auto lookup = catalogue::openCatalogue(request.output);
        std::string answers;
        for (std::uint32_t i = 0; i < 3000; i += 37)
            for (const PlantedQuestion& question : DumpGenerator(5).release(i).questions)
                answers += idsOf(lookup->byText(question.query, {}, 5)) +
                           idsOf(lookup->byCatno(question.query, {}, 5)) + "\n";
        if (first.empty())
            first = answers;
        BOOST_TEST((answers == first), "with " << jobs);
    }
    BOOST_TEST(first.size() > 1000);
}
