#include "catalogue/searches.hpp"

#include <algorithm>
#include <array>
#include <iterator>

namespace gatefold::catalogue {

namespace {

using Words = std::vector<std::string>;
using Releases = std::vector<std::uint32_t>;

/// Left out of a query that has other words: in every second title, or in every label's name.
constexpr std::array<std::string_view, 14> smallWords{"a",  "an",  "and",     "the",  "of",
                                                      "de", "der", "die",     "das",  "la",
                                                      "le", "und", "records", "music"};
constexpr std::size_t maxTextWords = 12;
/// Bounds that keep the longest question short in a catalogue of any size.
constexpr std::size_t mostReleases = 500'000;   ///< of the rarest word
constexpr std::size_t mostOfVariants = 100'000; ///< of all words that one may stand for
constexpr std::size_t mostVariants = 32;
constexpr std::size_t mostScannedWords = 400'000; ///< in one question
constexpr std::size_t shortestTypo = 4;           ///< letters
constexpr std::size_t shortestUnfinished = 2;

bool isSmall(const std::string& word) {
    return std::find(smallWords.begin(), smallWords.end(), word) != smallWords.end();
}

Words queryWords(IndexReader& index, std::string_view text) {
    Words words;
    index.splitter().split(text, words);
    Words kept;
    for (const std::string& word : words)
        if (!isSmall(word) && std::find(kept.begin(), kept.end(), word) == kept.end() &&
            kept.size() < maxTextWords)
            kept.push_back(word);
    if (kept.empty() && !words.empty())
        kept.push_back(words.front());
    return kept;
}

std::size_t letters(std::string_view word) {
    return static_cast<std::size_t>(std::count_if(word.begin(), word.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    }));
}

/// Bytes of the letter at `at`; 0 at the end.
std::size_t letterAt(std::string_view word, std::size_t at) {
    std::size_t end = at;
    while (end < word.size() &&
           (end == at || (static_cast<unsigned char>(word[end]) & 0xC0) == 0x80))
        ++end;
    return end - at;
}

/// The word with the letters before and behind `middle` in each other's place.
std::string swappedAt(const std::string& word, std::size_t middle) {
    std::size_t begin = middle, end = middle + letterAt(word, middle);
    while (begin > 0 && (static_cast<unsigned char>(word[--begin]) & 0xC0) == 0x80)
        continue;
    return word.substr(0, begin) + word.substr(middle, end - middle) +
           word.substr(begin, middle - begin) + word.substr(end);
}

struct Variant {
    std::string word;
    std::uint32_t releases = 0;
};

void keepCommonest(std::vector<Variant>& variants) {
    std::sort(variants.begin(), variants.end(), [](const Variant& a, const Variant& b) {
        return a.releases != b.releases ? a.releases > b.releases : a.word < b.word;
    });
    variants.erase(std::unique(variants.begin(), variants.end(),
                               [](const Variant& a, const Variant& b) { return a.word == b.word; }),
                   variants.end());
    if (variants.size() > mostVariants)
        variants.resize(mostVariants);
}

/// What one word of the query may stand for, and on how many pages of the catalogue the releases
/// with one of these words are.
struct Choice {
    Words words;
    std::size_t pages = 0;
};

/// One question to the lists of words.
class TextSearch {
public:
    explicit TextSearch(IndexReader& index) : index_(index) {}

    Choice exactly(const std::string& word) { return choiceOf({word}); }
    std::vector<Choice> exactly(const Words& words) {
        std::vector<Choice> choices;
        for (const std::string& word : words)
            choices.push_back(exactly(word));
        return choices;
    }
    Choice endings(const std::string& word);
    /// The word itself and those one typo away from it.
    Choice typos(const std::string& word);
    bool isKnown(const std::string& word) {
        return !index_.entriesOf(KeyList::word, word, 1).empty();
    }
    /// Releases with one word of each choice. The rarest choice is read, of the others only the
    /// pages that can hold what is left.
    Releases withOneOfEach(std::vector<Choice> choices);
    /// Those of `found` with all the words.
    Releases narrowed(Releases found, const Words& words);
    /// "SD 8216 aretha": some neighbouring words are a catalogue number, the rest is text.
    Releases withCatno(const Words& words);

private:
    Choice choiceOf(Words words);
    template <class Fits>
    void collect(KeyList list, std::string_view prefix, std::vector<Variant>& out, Fits fits);

    IndexReader& index_;
    std::size_t scanned_ = 0;
};

Choice TextSearch::choiceOf(Words words) {
    Choice choice{std::move(words), 0};
    for (const std::string& word : choice.words)
        choice.pages += index_.pagesOf(KeyList::word, word);
    return choice;
}

/// The words of a list that begin with `prefix`, as that list writes them, and pass `fits`.
template <class Fits>
void TextSearch::collect(KeyList list, std::string_view prefix, std::vector<Variant>& out,
                         Fits fits) {
    std::string word;
    index_.eachKey(list, prefix, [&](std::string_view key, const Releases& counts) {
        if (!key.starts_with(prefix) || ++scanned_ > mostScannedWords)
            return false;
        if (list == KeyList::reversed)
            word.assign(key.rbegin(), key.rend());
        else
            word = key;
        if (fits(word))
            out.push_back({word, counts.front()});
        return true;
    });
}

/// One wrong letter leaves one half of the word whole: its first half is looked up forwards, its
/// second half backwards. Only letters swapped across the middle spoil both.
Choice TextSearch::typos(const std::string& word) {
    if (letters(word) < shortestTypo)
        return exactly(word);
    std::vector<Variant> variants;
    const auto near = [&](const std::string& other) {
        return other.size() + 4 >= word.size() && other.size() <= word.size() + 4 &&
               other != word && withinOneTypo(other, word);
    };
    const std::string reversed(word.rbegin(), word.rend());
    const std::string_view half = cutAt(word, word.size() / 2);
    collect(KeyList::vocabulary, half, variants, near);
    collect(KeyList::reversed, std::string_view(reversed).substr(0, word.size() - half.size()),
            variants, near);
    keepCommonest(variants);
    Words words{word};
    for (Variant& variant : variants)
        words.push_back(std::move(variant.word));
    if (const std::string swapped = swappedAt(word, half.size()); swapped != word)
        words.push_back(swapped);
    return choiceOf(std::move(words));
}

Choice TextSearch::endings(const std::string& word) {
    std::vector<Variant> variants;
    if (word.size() >= shortestUnfinished)
        collect(KeyList::vocabulary, word, variants, [](std::string_view) { return true; });
    keepCommonest(variants);
    Words words;
    for (Variant& variant : variants)
        words.push_back(std::move(variant.word));
    return choiceOf(std::move(words));
}

Releases TextSearch::withOneOfEach(std::vector<Choice> choices) {
    std::stable_sort(choices.begin(), choices.end(),
                     [](const Choice& a, const Choice& b) { return a.pages < b.pages; });
    Releases found;
    for (const Choice& choice : choices) {
        const bool first = &choice == &choices.front();
        const std::size_t most = choice.words.size() == 1 ? mostReleases : mostOfVariants;
        Releases some;
        for (const std::string& word : choice.words) {
            if (some.size() >= most)
                break;
            const Releases more = first ? index_.entriesOf(KeyList::word, word, most - some.size())
                                        : index_.entriesAmong(KeyList::word, word, found);
            Releases both;
            std::set_union(some.begin(), some.end(), more.begin(), more.end(),
                           std::back_inserter(both));
            some = std::move(both);
        }
        found = std::move(some);
        if (found.empty())
            break;
    }
    return found;
}

Releases TextSearch::narrowed(Releases found, const Words& words) {
    for (const std::string& word : words)
        if (!found.empty())
            found = index_.entriesAmong(KeyList::word, word, found);
    return found;
}

Releases TextSearch::withCatno(const Words& words) {
    for (std::size_t length = std::min<std::size_t>(words.size() - 1, 4); length > 0; --length)
        for (std::size_t begin = 0; begin + length <= words.size(); ++begin) {
            std::string key;
            Words others;
            for (std::size_t i = 0; i < words.size(); ++i) {
                if (i >= begin && i < begin + length)
                    key += words[i];
                else
                    others.push_back(words[i]);
            }
            if (key.find_first_of("0123456789") == std::string::npos)
                continue;
            Releases numbered;
            for (const std::uint32_t entry :
                 index_.entriesOf(KeyList::catno, foldedKey(key), mostReleases))
                if (numbered.empty() || numbered.back() != entry >> 2)
                    numbered.push_back(entry >> 2);
            if (Releases found = narrowed(std::move(numbered), others); !found.empty())
                return found;
        }
    return {};
}

/// The releases to look at, and how they were found.
struct Answer {
    Releases releases;
    MatchKind match = MatchKind::exact;
    const char* why = "artist, title or label";
};

Answer answerTo(IndexReader& index, const Words& words) {
    TextSearch search(index);
    std::vector<Choice> choices = search.exactly(words);
    if (Releases found = search.withOneOfEach(choices); !found.empty())
        return {std::move(found)};
    choices.back() = search.endings(words.back());
    if (Releases found = search.withOneOfEach(choices); !found.empty())
        return {std::move(found), MatchKind::exact,
                "artist, title or label; the last word goes on"};
    if (words.size() > 1)
        if (Releases found = search.withCatno(words); !found.empty())
            return {std::move(found), MatchKind::exact, "catalogue number and text"};
    // A word that no release has is the one with the typo. Only where that does not help, a typo
    // may have made one word of another.
    choices.clear();
    bool allKnown = true;
    for (const std::string& word : words) {
        const bool known = search.isKnown(word);
        choices.push_back(known ? search.exactly(word) : search.typos(word));
        allKnown = allKnown && known;
    }
    constexpr const char* withTypo = "artist, title or label, with a typo";
    if (!allKnown)
        if (Releases found = search.withOneOfEach(choices); !found.empty())
            return {std::move(found), MatchKind::weak, withTypo};
    for (std::size_t i = 0; i < words.size(); ++i)
        if (choices[i].words.size() == 1)
            choices[i] = search.typos(words[i]);
    return {search.withOneOfEach(choices), MatchKind::weak, withTypo};
}

/// 0 when artist and title say nothing beyond the query, 1 when they say more.
int distanceOf(IndexReader& index, const Release& release, const Words& query) {
    Words words;
    index.splitter().split(release.title, words);
    index.splitter().split(release.artist, words);
    const bool nothingMore = std::all_of(words.begin(), words.end(), [&](const std::string& word) {
        return isSmall(word) || std::find(query.begin(), query.end(), word) != query.end();
    });
    return nothingMore ? 0 : 1;
}

} // namespace

bool withinOneTypo(std::string_view word, std::string_view wanted, bool prefix) {
    std::size_t same = 0;
    while (same < word.size() && same < wanted.size() && word[same] == wanted[same])
        ++same;
    // Back to the beginning of the letter that differs.
    while (same > 0 && same < word.size() && same < wanted.size() &&
           (static_cast<unsigned char>(word[same]) & 0xC0) == 0x80)
        --same;
    const auto rest = [&](std::size_t ofWord, std::size_t ofWanted) {
        const std::string_view left = word.substr(same + ofWord),
                               right = wanted.substr(same + ofWanted);
        return prefix ? left.starts_with(right) : left == right;
    };
    const std::size_t own = letterAt(word, same), other = letterAt(wanted, same);
    const std::size_t ownNext = letterAt(word, same + own),
                      otherNext = letterAt(wanted, same + other);
    const bool swapped = ownNext > 0 && own == otherNext && ownNext == other &&
                         word.substr(same, own) == wanted.substr(same + other, otherNext) &&
                         word.substr(same + own, ownNext) == wanted.substr(same, other) &&
                         rest(own + ownNext, other + otherNext);
    return rest(0, 0) || (own > 0 && other > 0 && rest(own, other)) || (own > 0 && rest(own, 0)) ||
           (other > 0 && rest(0, other)) || swapped;
}

bool hasWords(IndexReader& index, const Release& release, std::string_view text) {
    const Words wanted = queryWords(index, text);
    Words words;
    index.splitter().split(release.title, words);
    index.splitter().split(release.artist, words);
    for (const LabelCatno& label : release.labels)
        index.splitter().split(label.name, words);
    return std::all_of(wanted.begin(), wanted.end(), [&](const std::string& word) {
        return std::any_of(words.begin(), words.end(), [&](const std::string& has) {
            return (&word == &wanted.back() && has.starts_with(word)) ||
                   (letters(word) < shortestTypo ? has == word : withinOneTypo(has, word));
        });
    });
}

std::vector<Hit> findByText(IndexReader& index, std::string_view text, const Keep& keep) {
    const Words words = queryWords(index, text);
    if (words.empty())
        return {};
    const Answer answer = answerTo(index, words);
    auto hits = hitsOf(index, answer.releases, answer.match, 0, answer.why, keep);
    for (Hit& hit : hits)
        hit.distance = distanceOf(index, hit.facts.release, words);
    return hits;
}

} // namespace gatefold::catalogue
