#include "store/shelf_words.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace gatefold::store {

namespace {

/// Base letters of U+00C0 ... U+017F, in order; '.' = no letter.
constexpr std::string_view latin =
    "aaaaaaaceeeeiiiidnooooo.ouuuuypsaaaaaaaceeeeiiiidnooooo.ouuuuypy"  // 00C0-00FF
    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllll"  // 0100-013F
    "lllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs"; // 0140-017F
static_assert(latin.size() == 0x180 - 0xC0);

constexpr std::array<std::string_view, 12> articles{"the ", "a ",  "an ", "die ", "der ", "das ",
                                                    "les ", "le ", "la ", "los ", "las ", "el "};

bool isPlain(char c) {
    return (c >= 'a' && c <= 'z') || isAsciiDigit(c);
}

/// The code point at `i`, which moves behind it; a broken byte stands for itself.
char32_t nextLetter(std::string_view text, std::size_t& i) {
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
    const unsigned char first = byte(i++);
    const int more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : first >= 0xC0 ? 1 : 0;
    if (more == 0 || i + static_cast<std::size_t>(more) > text.size())
        return first;
    char32_t code = first & (0x3FU >> more);
    for (int k = 0; k < more; ++k)
        code = code << 6 | (byte(i++) & 0x3FU);
    return code;
}

/// Greek and Cyrillic capitals as small letters; Latin ones are folded by the table.
char32_t smallLetter(char32_t letter) {
    if ((letter >= 0x391 && letter <= 0x3A9) || (letter >= 0x410 && letter <= 0x42F))
        return letter + 0x20;
    return letter >= 0x400 && letter <= 0x40F ? letter + 0x50 : letter;
}

/// A text in small base letters; what is neither letter nor digit becomes a blank when it parts
/// words and `sign` else.
std::string folded(std::string_view text, char sign) {
    std::string out;
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t begin = i;
        const char32_t letter = nextLetter(text, i);
        if (letter >= 'A' && letter <= 'Z')
            out += static_cast<char>(letter - 'A' + 'a');
        else if (letter < 0x80 && isPlain(static_cast<char>(letter)))
            out += static_cast<char>(letter);
        else if (letter <= ' ')
            out += ' ';
        else if (letter < 0xC0 || (letter >= 0x2000 && letter < 0x2070))
            out += sign;
        else if (letter < 0x180)
            out += latin[letter - 0xC0] == '.' ? sign : latin[letter - 0xC0];
        else if (smallLetter(letter) != letter)
            out += textOf(std::u32string(1, smallLetter(letter)));
        else if (letter < 0x300 || letter >= 0x370) // combining accents fall away
            out += text.substr(begin, i - begin);
    }
    return out;
}

std::vector<std::string> split(std::string_view text, char at) {
    std::vector<std::string> parts;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(at), text.size());
        if (end > 0)
            parts.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return parts;
}

std::string without(std::string text, char sign) {
    text.erase(std::remove(text.begin(), text.end(), sign), text.end());
    return text;
}

constexpr char mark = '\'';

} // namespace

std::string sortKey(std::string_view text) {
    std::string parted(text);
    for (char& c : parted)
        if (c == '-' || c == '/')
            c = ' ';
    std::string key;
    for (const std::string& word : split(without(folded(parted, mark), mark), ' '))
        key += (key.empty() ? "" : " ") + word;
    for (const std::string_view article : articles)
        if (key.size() > article.size() && key.starts_with(article))
            return key.substr(article.size());
    return key;
}

std::vector<std::string> indexWords(std::string_view text) {
    std::vector<std::string> words;
    for (const std::string& chunk : split(folded(text, mark), ' ')) {
        std::vector<std::string> parts = split(chunk, mark);
        if (parts.size() > 1)
            words.push_back(without(chunk, mark));
        words.insert(words.end(), parts.begin(), parts.end());
    }
    return words;
}

std::string withoutSigns(std::string_view text) {
    return without(without(folded(text, mark), mark), ' ');
}

std::set<std::string> correctableWords(std::string_view text) {
    std::set<std::string> words;
    for (const std::string& word : indexWords(text))
        if (lettersOf(word).size() >= shortestCorrected)
            words.insert(word);
    return words;
}

std::vector<std::string> searchWords(std::string_view text) {
    constexpr std::size_t most = 12;
    constexpr std::size_t longest = 512;
    const std::vector<std::string> all = split(folded(text.substr(0, longest), ' '), ' ');
    std::vector<std::string> words;
    std::copy_if(all.begin(), all.end(), std::back_inserter(words),
                 [](const std::string& word) { return word != "the"; });
    if (words.empty())
        words = all;
    words.resize(std::min(words.size(), most));
    return words;
}

std::u32string lettersOf(std::string_view word) {
    std::u32string letters;
    for (std::size_t i = 0; i < word.size();)
        letters += nextLetter(word, i);
    return letters;
}

std::string textOf(std::u32string_view letters) {
    std::string text;
    const auto more = [&](char32_t letter, int shift) {
        text += static_cast<char>(0x80 | (letter >> shift & 0x3F));
    };
    for (const char32_t letter : letters) {
        if (letter < 0x80) {
            text += static_cast<char>(letter);
        } else if (letter < 0x800) {
            text += static_cast<char>(0xC0 | letter >> 6);
        } else if (letter < 0x10000) {
            text += static_cast<char>(0xE0 | letter >> 12);
            more(letter, 6);
        } else {
            text += static_cast<char>(0xF0 | letter >> 18);
            more(letter, 12);
            more(letter, 6);
        }
        if (letter >= 0x80)
            more(letter, 0);
    }
    return text;
}

} // namespace gatefold::store
