#include "print/pdf_cards.hpp"

#include "core/error.hpp"
#include "vision/passes.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <stdexcept>
#include <stdlib.h>
#include <string>
#include <vector>

namespace gatefold::print {
namespace {

namespace fs = std::filesystem;
using vision_link::CodeFormat;

/// A PDF's pages as 200 dpi images, drawn by poppler.
class Pages {
public:
    explicit Pages(const std::string& pdf) {
        std::string name = (fs::temp_directory_path() / "gatefold-print-XXXXXX").string();
        if (!::mkdtemp(name.data()))
            throw std::runtime_error("no temporary folder");
        folder_ = name;
        std::ofstream(folder_ / "cards.pdf", std::ios::binary) << pdf;
        const std::string command =
            "cd '" + name +
            "' && pdftoppm -r 200 -gray -png cards.pdf page && pdftotext -layout cards.pdf";
        BOOST_REQUIRE_EQUAL(std::system(command.c_str()), 0);
        for (const auto& entry : fs::directory_iterator(folder_))
            if (entry.path().extension() == ".png")
                images_.push_back(vision::decodeImage(read(entry.path())));
    }
    ~Pages() { fs::remove_all(folder_); }

    std::vector<vision::GrayImage> images() const { return images_; }
    std::string words() const {
        const auto bytes = read(folder_ / "cards.txt");
        return {bytes.begin(), bytes.end()};
    }

private:
    static std::vector<unsigned char> read(const fs::path& file) {
        std::ifstream in(file, std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }

    fs::path folder_;
    std::vector<vision::GrayImage> images_;
};

/// Paints what was read white, so that the next look finds another symbol. A bar code's corners are
/// those of one line of it.
void cover(vision::GrayImage& page, const vision_link::WireCode& code) {
    const int around = code.format == CodeFormat::code128 ? 90 : 4;
    const auto [left, right] = std::minmax_element(code.corners.begin(), code.corners.end(),
                                                   [](auto& a, auto& b) { return a.x < b.x; });
    const auto [top, bottom] = std::minmax_element(code.corners.begin(), code.corners.end(),
                                                   [](auto& a, auto& b) { return a.y < b.y; });
    for (int y = std::max(0, top->y - around); y < std::min(page.height, bottom->y + around); ++y)
        for (int x = std::max(0, left->x - 4); x < std::min(page.width, right->x + 4); ++x)
            page.pixels[static_cast<std::size_t>(y) * static_cast<std::size_t>(page.width) +
                        static_cast<std::size_t>(x)] = 255;
}

/// How often each code stands on the pages.
std::map<std::pair<CodeFormat, std::string>, int> codesOn(const Pages& pages) {
    std::map<std::pair<CodeFormat, std::string>, int> found;
    for (vision::GrayImage page : pages.images())
        for (int i = 0; i < 100; ++i) {
            const auto code = vision::lookAt(page, 0);
            if (!code)
                break;
            ++found[{code->format, code->text}];
            cover(page, *code);
        }
    return found;
}

const std::vector<CardSheet> household{
    {"What a scan does",
     {{"mode: play", "what you scan goes on the deck", "9743000000001052"},
      {"mode: add", "what you scan joins the collection", "9743000000001149"},
      {"mode: find", "where does it stand, whose is it?", "9743000000001246"}}},
    {"Actions", {{"UNDO", "takes back the last scan of this scanner", "9743000000000179"}}},
    {"Setup",
     {{"layout test", "tells which keyboard a scanner imitates", "9743900000000134ayz-/;\"@#\\"}}},
};

BOOST_AUTO_TEST_SUITE(pdf_cards)

BOOST_AUTO_TEST_CASE(every_card_is_read_back_as_qr_and_as_code_128) {
    const Pages pages(PdfCards().pdf(household));
    const auto found = codesOn(pages);
    BOOST_TEST(found.size() == 10U);
    for (const std::string code : {"9743000000001052", "9743000000001149", "9743000000001246",
                                   "9743000000000179", "9743900000000134ayz-/;\"@#\\"}) {
        BOOST_TEST_INFO_SCOPE(code);
        BOOST_TEST(found.count({CodeFormat::qr, code}) == 1U);
        BOOST_TEST(found.count({CodeFormat::code128, code}) == 1U);
    }
}

BOOST_AUTO_TEST_CASE(words_and_digits_in_groups_of_four_stand_beside) {
    const std::string words = Pages(PdfCards().pdf(household)).words();
    for (const char* text :
         {"What a scan does", "mode: add", "joins the", "UNDO", "9743 0000 0000 0179",
          "9743 0000 0000 1149", "9743 9000 0000 0134", "ayz-/;\"@#\\"})
        BOOST_TEST(words.find(text) != std::string::npos, text);
}

BOOST_AUTO_TEST_CASE(a_large_household_fills_several_pages_and_loses_no_card) {
    CardSheet people{"People", {}};
    for (std::int64_t person = 1; person <= 23; ++person)
        people.cards.push_back({"I am number " + std::to_string(person), "",
                                printedDigits({PrintedKind::person, person})});
    const Pages pages(PdfCards().pdf({people}));
    BOOST_TEST(pages.images().size() == 3U);
    std::set<std::string> codes;
    for (const auto& [code, count] : codesOn(pages))
        if (code.first == CodeFormat::qr)
            codes.insert(code.second);
    BOOST_TEST(codes.size() == 23U);
}

BOOST_AUTO_TEST_CASE(long_and_foreign_words_stay_on_their_card) {
    const std::string name(300, 'W');
    const Pages pages(PdfCards().pdf(
        {{"Räume",
          {{"Wohnzimmer / Regal Süd / Fach 17 / ganz unten links", name, "9743000000000179"},
           {"bad \xff bytes\x01", "\xc3", "9743000000001149"}}}}));
    BOOST_TEST(codesOn(pages).size() == 4U);
    BOOST_TEST(pages.words().find("ganz unten links") != std::string::npos, pages.words());
    BOOST_TEST(pages.words().find("bad \\xff") != std::string::npos, pages.words());
}

BOOST_AUTO_TEST_CASE(no_cards_are_an_empty_page) {
    BOOST_TEST(Pages(PdfCards().pdf({})).images().size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_code_that_code_128_cannot_hold_is_refused) {
    BOOST_CHECK_EXCEPTION(PdfCards().pdf({{"x", {{"t", "h", "caf\xc3\xa9"}}}}), Error,
                          [](const Error& error) { return error.code() == ErrorCode::invalid; });
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace gatefold::print
