#include "core/error.hpp"
#include "core/patch.hpp"
#include "json/read.hpp"
#include "json/schema.hpp"
#include "json/write.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <cmath>
#include <limits>
#include <string>

using namespace gatefold;

namespace sample {

enum class Colour { black, red };

struct Label {
    std::string name;
    std::optional<std::string> catno;
    static constexpr auto fields =
        fieldList(field("name", &Label::name), field("catno", &Label::catno));
};

struct Disc {
    CopyId id;
    std::int64_t number = 0;
    bool rare = false;
    double weight = 0;
    Colour colour = Colour::black;
    std::optional<int> year;
    Absent<std::string> hint;
    WallTime at{};
    std::vector<Label> labels;
    static constexpr auto fields = fieldList(
        field("id", &Disc::id), field("number", &Disc::number, "how many"),
        field("rare", &Disc::rare), field("weight", &Disc::weight), field("colour", &Disc::colour),
        field("year", &Disc::year), field("hint", &Disc::hint), field("at", &Disc::at),
        field("labels", &Disc::labels));
};

struct DiscPatch {
    Patch<int> year;
    static constexpr auto fields = fieldList(field("year", &DiscPatch::year));
};

} // namespace sample

using namespace sample;

namespace {

const std::string discText =
    R"({"id":"c_204","number":-9007199254740993,"rare":true,"weight":0.1,"colour":"red","year":null,)"
    R"("at":"2026-03-01T20:01:07.412Z","labels":[{"name":"Blå","catno":"SD 8216"},{"name":"","catno":null}]})";

/// Message of the error that parse or read throws, with its code and field.
template <class F>
std::string refused(F&& run) {
    try {
        run();
    } catch (const Error& error) {
        return std::string(name(error.code())) + "|" + error.field() + "|" + error.message();
    }
    return "accepted";
}

std::string parseRefused(std::string_view text) {
    return refused([&] { json::parse(text); });
}

template <class T>
std::string readRefused(std::string_view text) {
    return refused([&] { json::read<T>(json::parse(text)); });
}

} // namespace

template <>
struct gatefold::EnumNames<Colour> {
    static constexpr std::array<std::pair<Colour, std::string_view>, 2> names{
        {{Colour::black, "black"}, {Colour::red, "red"}}};
};

BOOST_AUTO_TEST_CASE(a_document_is_the_same_after_reading_and_writing) {
    const Disc disc = json::read<Disc>(json::parse(discText));
    BOOST_TEST(disc.id.value == 204);
    BOOST_TEST(disc.number == -9007199254740993);
    BOOST_TEST(disc.labels.at(0).name == "Blå");
    BOOST_TEST(!disc.hint.has_value());
    BOOST_TEST(json::write(disc) == discText);
    BOOST_TEST(json::write(json::parse(discText)) == discText);
}

BOOST_AUTO_TEST_CASE(absent_members_are_left_out_and_optional_ones_null) {
    Disc disc;
    disc.id = CopyId{1};
    BOOST_TEST(json::write(disc).find("hint") == std::string::npos);
    BOOST_TEST(json::write(disc).find("\"year\":null") != std::string::npos);
    disc.hint = "in the attic";
    BOOST_TEST(json::write(disc).find("\"hint\":\"in the attic\"") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_patch_tells_left_out_from_null) {
    BOOST_TEST(!json::read<DiscPatch>(json::parse("{}")).year.given);
    const DiscPatch cleared = json::read<DiscPatch>(json::parse(R"({"year":null})"));
    BOOST_TEST(cleared.year.given);
    BOOST_TEST(!cleared.year.value.has_value());
    BOOST_TEST(json::read<DiscPatch>(json::parse(R"({"year":1965})")).year.value.value() == 1965);
}

BOOST_AUTO_TEST_CASE(strings_are_escaped_and_broken_utf8_is_replaced) {
    BOOST_TEST(json::write(std::string("a\"b\\c\n\x01")) == R"("a\"b\\c\n\u0001")");
    BOOST_TEST(json::write(std::string("x\xff")) == "\"x\xef\xbf\xbd\"");
}

BOOST_AUTO_TEST_CASE(numbers_are_written_shortest_and_never_as_nan) {
    BOOST_TEST(json::write(0.1) == "0.1");
    BOOST_TEST(json::write(622.0) == "622");
    BOOST_TEST(json::write(-0.0) == "0");
    BOOST_TEST(json::write(std::nan("")) == "null");
    BOOST_TEST(json::write(std::numeric_limits<std::int64_t>::min()) == "-9223372036854775808");
}

BOOST_AUTO_TEST_CASE(every_real_that_is_written_can_be_read) {
    for (const double real : {0x1p62, 0x1p63, -0x1p63, 0x1p64, 123456789012345680000.0, 1e22,
                              5e-324, std::numeric_limits<double>::max()})
        BOOST_TEST(json::read<double>(json::parse(json::write(real))) == real, json::write(real));
}

BOOST_AUTO_TEST_CASE(malformed_documents_are_refused_with_their_place) {
    for (const char* text : {"",
                             " ",
                             "{",
                             "[1,]",
                             "{\"a\":1,}",
                             "{a:1}",
                             "nul",
                             "01",
                             "1.",
                             "+1",
                             "'a'",
                             "\"a",
                             "[1] 2",
                             "\"\t\"",
                             "\"\\x\"",
                             "\"\\ud800\"",
                             "\"\xff\"",
                             "\"\xc0\xaf\"",
                             "\"\xed\xa0\x80\"",
                             "NaN",
                             "1e999",
                             "9223372036854775808",
                             "-9223372036854775809",
                             "18446744073709551616",
                             "// c\n1"})
        BOOST_TEST(parseRefused(text).starts_with("malformed|"),
                   text << ": " << parseRefused(text));
    BOOST_TEST(parseRefused("{\n  \"a\": x}").find("line 2, column 8") != std::string::npos,
               parseRefused("{\n  \"a\": x}"));
    BOOST_TEST(parseRefused(R"({"a":1,"a":2})") ==
               "malformed||not a JSON document: the name \"a\" stands twice in one object");
    BOOST_TEST(parseRefused(std::string_view("1\0x", 3)) ==
               "malformed||not a JSON document: line 1, column 2: a NUL byte");
}

BOOST_AUTO_TEST_CASE(size_depth_values_and_members_are_bounded) {
    BOOST_TEST(parseRefused(std::string(32, '[') + std::string(32, ']')) == "accepted");
    BOOST_TEST(parseRefused(std::string(33, '[') + std::string(33, ']')).starts_with("malformed|"));
    BOOST_TEST(parseRefused(std::string(1'000'000, '[')).starts_with("malformed|"));
    BOOST_TEST(parseRefused(std::string((1 << 20) + 1, ' ')).starts_with("too_large|"));
    std::string many = "[0";
    for (int i = 0; i < 200'000; ++i)
        many += ",0";
    BOOST_TEST(parseRefused(many + "]").starts_with("malformed|"));
    std::string wide = "{";
    for (int i = 0; i < 1'025; ++i)
        wide += (i ? ",\"" : "\"") + std::to_string(i) + "\":0";
    BOOST_TEST(parseRefused(wide + "}").starts_with("malformed|"));
}

BOOST_AUTO_TEST_CASE(reading_names_the_path_of_what_is_wrong) {
    const auto changed = [](std::string_view from, std::string_view to) {
        std::string text = discText;
        return text.replace(text.find(from), from.size(), to);
    };
    BOOST_TEST(readRefused<Disc>(changed("\"SD 8216\"", "5")) ==
               "invalid|labels[0].catno|labels[0].catno must be a string");
    BOOST_TEST(readRefused<Disc>(changed("\"name\":\"\",", "")) ==
               "invalid|labels[1].name|labels[1].name is missing");
    BOOST_TEST(readRefused<Disc>(changed("\"rare\"", "\"rarely\"")) ==
               "invalid|rarely|rarely is not known here");
    BOOST_TEST(readRefused<Disc>(changed("\"red\"", "\"blue\"")) ==
               "invalid|colour|colour must be one of black, red");
    BOOST_TEST(readRefused<Disc>(changed("c_204", "s_204")).starts_with("invalid|id|"));
    BOOST_TEST(readRefused<Disc>(changed("c_204", "c_0204")).starts_with("invalid|id|"));
    BOOST_TEST(readRefused<Disc>(changed("2026-03-01T", "2026-13-01T")).starts_with("invalid|at|"));
    BOOST_TEST(readRefused<Disc>(changed("true", "1")).starts_with("invalid|rare|"));
    BOOST_TEST(readRefused<Disc>(changed("null", "2147483648")) ==
               "invalid|year|year is out of range");
    BOOST_TEST(readRefused<Disc>(changed("null", "1.5")) ==
               "invalid|year|year must be a whole number");
    BOOST_TEST(readRefused<Disc>("[]") == "invalid||the document must be an object");
    BOOST_TEST(readRefused<std::string>("\"" + std::string(64 * 1024 + 1, 'a') + "\"") ==
               "invalid||the document is longer than 65536 bytes");
}

BOOST_AUTO_TEST_CASE(a_schema_describes_what_is_sent_and_what_is_read) {
    json::SchemaRegistry registry;
    BOOST_TEST(json::write(json::schemaOf<Disc>(registry, json::Direction::sent)) ==
               R"({"$ref":"#/components/schemas/Disc"})");
    json::schemaOf<DiscPatch>(registry, json::Direction::read);
    json::schemaOf<Label>(registry, json::Direction::read);
    BOOST_TEST(
        json::write(registry.all()) ==
        R"({"Colour":{"type":"string","enum":["black","red"]},)"
        R"("Disc":{"type":"object","properties":{"id":{"type":"string"},)"
        R"("number":{"type":"integer","format":"int64","description":"how many"},)"
        R"("rare":{"type":"boolean"},"weight":{"type":"number"},)"
        R"("colour":{"$ref":"#/components/schemas/Colour"},)"
        R"("year":{"type":["integer","null"],"format":"int32"},"hint":{"type":"string"},)"
        R"("at":{"type":"string","format":"date-time"},)"
        R"("labels":{"type":"array","items":{"$ref":"#/components/schemas/Label"}}},)"
        R"("required":["id","number","rare","weight","colour","year","at","labels"]},)"
        R"("DiscPatchInput":{"type":"object","properties":{"year":{"type":["integer","null"],)"
        R"("format":"int32"}},"additionalProperties":false},)"
        R"("Label":{"type":"object","properties":{"name":{"type":"string"},)"
        R"("catno":{"type":["string","null"]}},"required":["name","catno"]},)"
        R"("LabelInput":{"type":"object","properties":{"name":{"type":"string"},)"
        R"("catno":{"type":["string","null"]}},"required":["name"],"additionalProperties":false}})");
}

BOOST_AUTO_TEST_CASE(schema_names_are_plain_words) {
    BOOST_TEST(json::schemaName("gatefold::Page<gatefold::CopyView>", json::Direction::sent) ==
               "PageOfCopyView");
    BOOST_TEST(json::schemaName("gatefold::http::NewCopy", json::Direction::read) ==
               "NewCopyInput");
}
