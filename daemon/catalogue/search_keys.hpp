#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace gatefold::catalogue {

/// Longest key of a list in bytes; longer ones are cut, in the index and in a query alike.
inline constexpr std::size_t maxKeyBytes = 24;

/// What is left of a catalogue number or runout when blanks, dashes, dots, stamps' signs and case
/// are forgiven: letters and digits in lower case, cut at `maxKeyBytes`. "SD-8216" -> "sd8216".
/// Fullwidth letters count as plain ones.
std::string foldedKey(std::string_view text);

/// Keys of what begins at each word of `text`, the first of them the key of the whole: "MPO SK 032"
/// -> "mposk032", "sk032", "032". At most `count`, none shorter than `minBytes` except the whole.
std::vector<std::string> foldedTails(std::string_view text, std::size_t count,
                                     std::size_t minBytes);

/// Words of titles and names as SQLite's `unicode61 remove_diacritics 2` sees them, so that queries
/// and index agree on every script; text without blanks between words (Chinese, Japanese) is taken
/// character by character. One thread each.
class WordSplitter {
public:
    WordSplitter();
    ~WordSplitter();
    WordSplitter(const WordSplitter&) = delete;
    WordSplitter& operator=(const WordSplitter&) = delete;

    /// Adds the words of `text`, each cut at `maxKeyBytes`, to `words`.
    void split(std::string_view text, std::vector<std::string>& words);

private:
    struct Tokenizer;
    std::unique_ptr<Tokenizer> tokenizer_;
};

/// `bytes` cut to at most `limit` at a character's border.
std::string_view cutAt(std::string_view bytes, std::size_t limit);

} // namespace gatefold::catalogue
