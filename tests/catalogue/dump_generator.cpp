#include "catalogue/dump_generator.hpp"

#include <array>
#include <cmath>
#include <cstdio>

namespace gatefold::test {

namespace {

constexpr std::array<const char*, 40> syllables{
    "ba",  "ker", "lo",  "mi", "sta", "ren", "dou", "phi", "tra", "vel",
    "go",  "nu",  "sha", "li", "cor", "wen", "ju",  "pol", "dri", "ha",
    "zen", "fu",  "mor", "ti", "quo", "bel", "sy",  "ran", "ock", "ette",
    "ion", "um",  "ard", "ix", "oa",  "est", "ull", "ing", "ou",  "ay"};
constexpr std::array<const char*, 8> countries{"US",    "UK",    "Germany",     "France",
                                               "Italy", "Japan", "Netherlands", "Sweden"};
constexpr std::array<const char*, 6> stylesOf{"Techno", "House", "Hard Bop",
                                              "Punk",   "Soul",  "Ambient"};

/// SplitMix64: small, and every start value gives its own sequence.
class Random {
public:
    explicit Random(std::uint64_t seed) : state_(seed) {}
    std::uint64_t next() {
        std::uint64_t z = (state_ += 0x9E3779B97F4A7C15U);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
        return z ^ (z >> 31);
    }
    std::uint32_t below(std::uint32_t limit) { return static_cast<std::uint32_t>(next() % limit); }
    bool oneIn(std::uint32_t count) { return below(count) == 0; }

private:
    std::uint64_t state_;
};

/// Word `number` of a vocabulary; small numbers are short words.
std::string wordOf(std::uint32_t number) {
    std::string word;
    for (number += 40; number > 0; number /= 40)
        word += syllables[number % 40];
    return word;
}

/// A word as language has them: a few very often, most seldom.
std::string word(Random& random) {
    const std::uint32_t range = random.oneIn(3) ? 300 : random.oneIn(2) ? 8'000 : 120'000;
    return wordOf(random.below(range));
}

/// The vocabulary grows with the dump by Heaps' law. Exponent and size are those of the 1,000 real
/// releases of 2020: 1,370 words in 250 of them, 4,112 in all.
std::string rareWord(Random& random, std::uint32_t number) {
    const double known = 4112 * std::pow((number + 1.0) / 1000, 0.78);
    return wordOf(200'000 + random.below(static_cast<std::uint32_t>(known) + 1));
}

std::string words(Random& random, std::uint32_t count) {
    std::string out;
    for (std::uint32_t i = 0; i < count; ++i) {
        std::string one = word(random);
        one[0] = static_cast<char>(one[0] - 'a' + 'A');
        out += (i > 0 ? " " : "") + one;
    }
    return out;
}

std::string digits(Random& random, std::size_t count) {
    std::string out;
    while (out.size() < count)
        out += static_cast<char>('0' + random.below(10));
    return out;
}

std::string withCheckDigit(std::string code) {
    int sum = 0;
    int weight = 3;
    for (auto it = code.rbegin(); it != code.rend(); ++it, weight = 4 - weight)
        sum += weight * (*it - '0');
    return code + static_cast<char>('0' + (10 - sum % 10) % 10);
}

struct Printed {
    std::string name, field, scanned;
    bool weak;
};

/// A barcode in one of the forms that the dump holds, and what a scanner reads from that record.
Printed barcode(Random& random) {
    const std::string ean = withCheckDigit("5" + digits(random, 11));
    const std::string upc = withCheckDigit("7" + digits(random, 10));
    std::string zero = withCheckDigit("0" + digits(random, 10));
    // Eleven digits that check by chance are a code without its first zero, says the rule.
    while (withCheckDigit(zero.substr(0, 10)) == zero.substr(0, 11))
        zero = withCheckDigit("0" + digits(random, 10));
    switch (random.below(8)) {
    case 0: return {"EAN-13", ean, ean, false};
    case 1:
        return {"EAN-13, printed with blanks",
                ean.substr(0, 1) + " " + ean.substr(1, 6) + " " + ean.substr(7), ean, false};
    case 2:
        return {"UPC-A read as EAN-13",
                upc.substr(0, 1) + "-" + upc.substr(1, 5) + "-" + upc.substr(6, 5) + "-" +
                    upc.substr(11),
                "0" + upc, false};
    case 3: return {"UPC-A with a letter before it", "T " + upc, upc, false};
    case 4: return {"EAN-13 read with an add-on", ean + " >", ean + "12", true};
    case 5: return {"UPC-A without its check digit", zero.substr(0, 11), zero, true};
    case 6: return {"UPC-A without its first zero", zero.substr(1), zero, true};
    default: return {"two codes in one field", ean + " / " + upc, upc, true};
    }
}

void identifier(std::string& xml, const char* type, const char* description,
                const std::string& value) {
    xml.append("<identifier type=\"")
        .append(type)
        .append("\" description=\"")
        .append(description)
        .append("\" value=\"")
        .append(value)
        .append("\"/>");
}

void credit(std::string& xml, Random& random, const char* role) {
    xml += "<artist><id>" + std::to_string(random.below(9'000'000)) + "</id><name>" +
           words(random, 2) + "</name><anv></anv><join></join><role>" + role +
           "</role><tracks></tracks></artist>";
}

void tracklist(std::string& xml, Random& random, bool vinyl) {
    xml += "<tracklist>";
    const std::uint32_t tracks = 4 + random.below(10);
    for (std::uint32_t i = 0; i < tracks; ++i) {
        const bool second = i * 2 >= tracks;
        const std::string position =
            vinyl ? std::string(second ? "B" : "A") +
                        std::to_string(second ? i - (tracks + 1) / 2 + 1 : i + 1)
                  : std::to_string(i + 1);
        char duration[12];
        std::snprintf(duration, sizeof duration, "%u:%02u", 2 + random.below(6), random.below(60));
        xml += "<track><position>" + position + "</position><title>" +
               words(random, 1 + random.below(4)) + "</title><duration>" + duration + "</duration>";
        if (random.oneIn(4)) {
            xml += "<extraartists>";
            credit(xml, random, "Written-By");
            xml += "</extraartists>";
        }
        xml += "</track>";
    }
    xml += "</tracklist>";
}

void videosAndCompanies(std::string& xml, Random& random) {
    xml += "<videos>";
    for (std::uint32_t i = random.below(5); i > 0; --i)
        xml +=
            "<video src=\"https://www.youtube.com/watch?v=" + std::to_string(random.next() >> 12) +
            "\" duration=\"" + std::to_string(random.below(500)) + "\" embed=\"true\"><title>" +
            words(random, 5) + "</title><description>" + words(random, 5) +
            "</description></video>";
    xml += "</videos><companies>";
    for (std::uint32_t i = random.below(4); i > 0; --i)
        xml += "<company><id>" + std::to_string(random.below(3'000'000)) + "</id><name>" +
               words(random, 2) +
               "</name><catno></catno><entity_type>23</entity_type><entity_type_name>Recorded "
               "At</entity_type_name><resource_url>"
               "https://api.discogs.com/labels/" +
               std::to_string(random.below(3'000'000)) + "</resource_url></company>";
    xml += "</companies>";
}

std::string lower(std::string text) {
    for (char& c : text)
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return text;
}

} // namespace

GeneratedRelease DumpGenerator::release(std::uint32_t number, bool lean) const {
    Random random(seed_ * 0x1000003 + number);
    using Kind = PlantedQuestion::Kind;
    GeneratedRelease made;
    made.release_id = number * 2 + 1;
    made.vinyl = random.oneIn(2);
    const auto plant = [&](Kind kind, std::string name, std::string query, bool weak = false) {
        made.questions.push_back({kind, std::move(name), std::move(query), made.release_id, weak});
    };
    const std::string artist = words(random, 2), title = words(random, 2 + random.below(3)),
                      label = words(random, 2);
    // A seldom word stands for what makes real titles findable.
    const std::string rare = rareWord(random, number);
    const std::string letters = {static_cast<char>('A' + random.below(26)),
                                 static_cast<char>('A' + random.below(26)),
                                 static_cast<char>('A' + random.below(26))};
    const std::string catnoDigits = digits(random, 5);
    std::string& xml = made.xml;
    xml =
        "<release id=\"" + std::to_string(made.release_id) +
        "\" status=\"Accepted\"><artists><artist><id>" + std::to_string(random.below(9'000'000)) +
        "</id><name>" + artist +
        "</name><anv></anv><join></join><role></role><tracks></tracks></artist></artists><title>" +
        title + " " + rare + "</title><labels><label name=\"" + label + "\" catno=\"" + letters +
        "-" + catnoDigits + "\" id=\"" + std::to_string(random.below(2'000'000)) +
        "\"/></labels><extraartists>";
    for (std::uint32_t i = random.below(6); i > 0; --i)
        credit(xml, random, "Producer");
    xml += std::string("</extraartists><formats><format name=\"") + (made.vinyl ? "Vinyl" : "CD") +
           "\" qty=\"" + (random.oneIn(8) ? "2" : "1") +
           "\" text=\"\"><descriptions><description>" + (made.vinyl ? "LP" : "Album") +
           "</description></descriptions></format></formats>" +
           "<genres><genre>Electronic</genre></genres><styles><style>" + stylesOf[random.below(6)] +
           "</style></styles><country>" + countries[random.below(8)] + "</country><released>" +
           std::to_string(1955 + random.below(70)) + (random.oneIn(3) ? "-03-00" : "") +
           "</released><notes>" + words(random, random.below(60)) +
           "</notes><data_quality>Needs Vote</data_quality>";
    if (!random.oneIn(3))
        xml += std::string("<master_id is_main_release=\"") + (random.oneIn(3) ? "true" : "false") +
               "\">" + std::to_string(1 + random.below(2'500'000)) + "</master_id>";
    tracklist(xml, random, made.vinyl);
    xml += "<identifiers>";
    if (made.vinyl ? random.oneIn(8) : !random.oneIn(3)) {
        const Printed code = barcode(random);
        identifier(xml, "Barcode", "Text", code.field);
        plant(Kind::barcode, code.name, code.scanned, code.weak);
    }
    if (made.vinyl && random.oneIn(3)) {
        const std::string cut = letters + " " + catnoDigits;
        const std::string stamp = digits(random, 5);
        identifier(xml, "Matrix / Runout", "Side A", "MPO " + cut + " A " + stamp);
        identifier(xml, "Matrix / Runout", "Side B", "MPO " + cut + " B " + stamp);
        plant(Kind::runout, "runout whole", "MPO-" + cut + "-A " + stamp);
        plant(Kind::runout, "runout without its stamp", cut + " A" + stamp);
        plant(Kind::runout, "runout, one sign misread", "MPO " + cut + " A X" + stamp.substr(1),
              true);
    }
    xml += "</identifiers>";
    if (!lean)
        videosAndCompanies(xml, random);
    xml += "</release>\n";
    plant(Kind::catno, "catno as printed", letters + "-" + catnoDigits);
    plant(Kind::catno, "catno with other blanks and case", lower(letters) + " " + catnoDigits);
    plant(Kind::catno, "catno behind the label's name", label + " " + letters + catnoDigits);
    plant(Kind::text, "artist and title", artist + " " + title + " " + rare);
    plant(Kind::text, "words in another order", lower(rare + " the " + artist));
    std::string typo = rare;
    typo[typo.size() / 2] = typo[typo.size() / 2] == 'x' ? 'y' : 'x';
    plant(Kind::text, "one typo", artist + " " + typo, true);
    return made;
}

void DumpGenerator::write(std::uint32_t count, const std::function<void(std::string_view)>& out,
                          bool lean) const {
    out("<releases>\n");
    for (std::uint32_t i = 0; i < count; ++i)
        out(release(i, lean).xml);
    out("</releases>\n");
}

std::string DumpGenerator::dump(std::uint32_t count) const {
    std::string all;
    write(count, [&](std::string_view piece) { all += piece; });
    return all;
}

} // namespace gatefold::test
