#include "store/sort_key.hpp"

#include <array>
#include <cstdint>

namespace gatefold::store {

namespace {

/// Base letters of U+00C0 ... U+017F, in order; '.' = no letter.
constexpr std::string_view latin = "aaaaaaaceeeeiiiidnooooo.ouuuuypsaaaaaaaceeeeiiiidnooooo.ouuuuypy" // 00C0-00FF
                                   "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllllll"
                                   "lnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";     // 0100-017F

constexpr std::array<std::string_view, 12> articles{"the ", "a ",   "an ",  "die ", "der ", "das ",
                                                    "les ", "le ",  "la ",  "los ", "las ", "el "};

bool isPlain(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

} // namespace

std::string sortKey(std::string_view text) {
    std::string folded;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if (byte >= 'A' && byte <= 'Z') {
            folded += static_cast<char>(byte - 'A' + 'a');
        } else if (byte < 0x80) {
            if (isPlain(text[i]))
                folded += text[i];
            else if ((byte == ' ' || byte == '-' || byte == '/') && !folded.empty() && folded.back() != ' ')
                folded += ' ';
        } else if (byte >= 0xC3 && byte <= 0xC5 && i + 1 < text.size()) {
            const std::size_t code = ((byte & 0x1FU) << 6 | (static_cast<unsigned char>(text[++i]) & 0x3FU)) - 0xC0;
            if (code < latin.size() && latin[code] != '.')
                folded += latin[code];
        } else {
            folded += text[i]; // other scripts sort by their code points
        }
    }
    for (const std::string_view article : articles)
        if (folded.size() > article.size() && folded.starts_with(article))
            return folded.substr(article.size());
    return folded;
}

std::vector<std::string> searchWords(std::string_view text) {
    constexpr std::size_t most = 12;
    std::vector<std::string> words(1);
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 'A' && byte <= 'Z')
            words.back() += static_cast<char>(byte - 'A' + 'a');
        else if (byte >= 0x80 || isPlain(c))
            words.back() += c;
        else if (!words.back().empty() && words.size() < most)
            words.emplace_back();
    }
    if (words.back().empty())
        words.pop_back();
    return words;
}

std::string matchExpression(const std::vector<std::string>& words) {
    std::string out;
    for (const std::string& word : words) {
        if (word == "the" && words.size() > 1)
            continue;
        if (!out.empty())
            out += ' ';
        out += '"' + word + "\"*";
    }
    return out;
}

bool withinOneTypo(std::string_view a, std::string_view b) {
    if (a.size() > b.size())
        return withinOneTypo(b, a);
    if (b.size() - a.size() > 1)
        return false;
    std::size_t i = 0;
    while (i < a.size() && a[i] == b[i])
        ++i;
    if (a.size() < b.size())
        return a.substr(i) == b.substr(i + 1);
    if (i == a.size() || a.substr(i + 1) == b.substr(i + 1))
        return true;
    return i + 1 < a.size() && a[i] == b[i + 1] && a[i + 1] == b[i] && a.substr(i + 2) == b.substr(i + 2);
}

} // namespace gatefold::store
