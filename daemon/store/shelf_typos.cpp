#include "store/shelf_typos.hpp"

#include "store/shelf_words.hpp"

#include <optional>

namespace gatefold::store {

namespace {

constexpr std::size_t mostMeanings = 24;
/// Letters that the shelf's words go on with after a beginning: an alphabet or two; of Chinese
/// only so many.
constexpr int mostLetters = 200;

/// The sorted words of the shelf as a tree of letters: a few dozen steps along its branches
/// instead of a walk past every word.
class Terms {
public:
    explicit Terms(Connection& db) : db_(db) {}

    bool anyBeginsWith(const std::string& beginning) {
        const auto term = firstFrom(beginning);
        return term && term->starts_with(beginning);
    }

    /// Letters that follow `beginning` in words of the shelf, rising.
    std::u32string lettersAfter(const std::string& beginning) {
        std::u32string letters;
        std::string from = beginning;
        for (int i = 0; i < mostLetters; ++i) {
            const auto term = firstFrom(from);
            if (!term || !term->starts_with(beginning))
                break;
            const std::u32string rest = lettersOf(term->substr(beginning.size()));
            if (!rest.empty())
                letters += rest[0];
            from = beginning + textOf(std::u32string(1, rest.empty() ? U'\1' : rest[0] + 1));
        }
        return letters;
    }

private:
    std::optional<std::string> firstFrom(const std::string& from) {
        Query query = db_.query("SELECT term FROM shelf_terms WHERE term >= ? LIMIT 1");
        return query.with(from).step() ? std::optional(query.text(0)) : std::nullopt;
    }

    Connection& db_;
};

/// Collects the beginnings that come of `word` with one typo at the letter `at`.
void typosAt(Terms& terms, std::u32string_view word, std::size_t at,
             std::vector<std::string>& found) {
    const auto tryOne = [&](const std::u32string& letters) {
        if (std::string text = textOf(letters);
            found.size() < mostMeanings && terms.anyBeginsWith(text))
            found.push_back(std::move(text));
    };
    const std::u32string before(word.substr(0, at));
    const std::u32string from(word.substr(at));
    const std::u32string after = from.substr(1);
    tryOne(before + after);
    if (after.empty())
        return; // any other last letter begins like this, too
    tryOne(before + after[0] + from[0] + after.substr(1));
    for (const char32_t letter : terms.lettersAfter(textOf(before))) {
        const std::u32string with = before + letter;
        tryOne(with + after);
        tryOne(with + from);
    }
}

} // namespace

std::vector<std::string> meantBeginnings(Connection& db, const std::string& word) {
    std::vector<std::string> found;
    const std::u32string letters = lettersOf(word);
    if (letters.size() < shortestCorrected)
        return found;
    Terms terms(db);
    for (std::size_t at = letters.size() - 1; at > 0; --at)
        typosAt(terms, letters, at, found);
    if (found.empty()) // most typos leave the first letter alone
        typosAt(terms, letters, 0, found);
    return found;
}

} // namespace gatefold::store
