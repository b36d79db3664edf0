#include "store/shelf_words.hpp"

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

/// A word this short has too many neighbours to guess which was meant.
constexpr std::size_t shortestCorrected = 4;

bool isPlain(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
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

bool withinOneTypo(std::u32string_view a, std::u32string_view b) {
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
    return i + 1 < a.size() && a[i] == b[i + 1] && a[i + 1] == b[i] &&
           a.substr(i + 2) == b.substr(i + 2);
}

bool beginsWithinOneTypo(std::u32string_view typed, std::u32string_view term) {
    if (typed.size() < shortestCorrected || term.size() + 1 < typed.size())
        return false;
    for (std::size_t size = typed.size() - 1; size <= typed.size() + 1; ++size)
        if (size <= term.size() && withinOneTypo(typed, term.substr(0, size)))
            return true;
    return false;
}

} // namespace gatefold::store
