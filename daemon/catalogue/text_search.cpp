#include "catalogue/searches.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace gatefold::catalogue {

namespace {

using Words = std::vector<std::string>;
using Releases = std::vector<std::uint32_t>;

/// Left out of a query that has other words: in every second title, or in every label's name.
constexpr std::array<std::string_view, 14> smallWords{"a",  "an",  "and",     "the",  "of",
                                                      "de", "der", "die",     "das",  "la",
                                                      "le", "und", "records", "music"};
constexpr std::size_t mostWords = 12;
constexpr std::size_t mostPostings = 2'000'000; ///< of one word: 8 MB
constexpr std::size_t mostVariants = 24;
constexpr std::size_t mostScannedWords = 200'000;
constexpr std::size_t shortestTypo = 4;
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
            kept.size() < mostWords)
            kept.push_back(word);
    if (kept.empty() && !words.empty())
        kept.push_back(words.front());
    return kept;
}

Releases common(const Releases& a, const Releases& b) {
    Releases out;
    std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(out));
    return out;
}

struct Variant {
    std::string word;
    std::uint32_t releases = 0;
};

/// The words of a list that begin with `prefix` and, as the list writes them, pass `fits`.
template <class Fits>
void collectVariants(IndexReader& index, KeyList list, std::string_view prefix,
                     std::vector<Variant>& out, Fits fits) {
    std::size_t scanned = 0;
    index.eachKey(list, prefix, [&](std::string_view key, const Releases& counts) {
        if (!key.starts_with(prefix) || ++scanned > mostScannedWords)
            return false;
        if (!fits(key))
            return true;
        std::string word(key);
        if (list == KeyList::reversed)
            std::reverse(word.begin(), word.end());
        out.push_back({std::move(word), counts.front()});
        return true;
    });
}

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

/// One wrong letter leaves one half of the word whole: its first half is looked up forwards, its
/// second half backwards.
std::vector<Variant> typosOf(IndexReader& index, const std::string& word) {
    std::vector<Variant> variants;
    if (word.size() < shortestTypo)
        return variants;
    const std::string reversed(word.rbegin(), word.rend());
    const auto near = [](const std::string& wanted) {
        return
            [&wanted](std::string_view key) { return key != wanted && withinOneTypo(key, wanted); };
    };
    collectVariants(index, KeyList::vocabulary, std::string_view(word).substr(0, word.size() / 2),
                    variants, near(word));
    collectVariants(index, KeyList::reversed,
                    std::string_view(reversed).substr(0, (word.size() - 1) / 2), variants,
                    near(reversed));
    keepCommonest(variants);
    return variants;
}

std::vector<Variant> endingsOf(IndexReader& index, const std::string& word) {
    std::vector<Variant> variants;
    if (word.size() >= shortestUnfinished)
        collectVariants(index, KeyList::vocabulary, word, variants,
                        [](std::string_view) { return true; });
    keepCommonest(variants);
    return variants;
}

Releases releasesOf(IndexReader& index, const std::vector<Variant>& variants) {
    Releases all;
    for (const Variant& variant : variants) {
        const Releases some =
            index.entriesOf(KeyList::word, variant.word, mostPostings / mostVariants);
        all.insert(all.end(), some.begin(), some.end());
    }
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    return all;
}

/// Releases of single words, each read once.
class Postings {
public:
    explicit Postings(IndexReader& index) : index_(index) {}
    const Releases& exact(const std::string& word) {
        const auto [at, fresh] = known_.try_emplace(word);
        if (fresh)
            at->second = index_.entriesOf(KeyList::word, word, mostPostings);
        return at->second;
    }
    /// Those of all words. A word cut off at the limit says nothing about who lacks it.
    Releases all(const Words& words) {
        Words byCount = words;
        std::sort(byCount.begin(), byCount.end(), [&](const std::string& a, const std::string& b) {
            return exact(a).size() < exact(b).size();
        });
        Releases found;
        for (const std::string& word : byCount) {
            if (&word == &byCount.front())
                found = exact(word);
            else if (exact(word).size() < mostPostings)
                found = common(found, exact(word));
        }
        return found;
    }

private:
    IndexReader& index_;
    std::map<std::string, Releases> known_;
};

Releases unfinished(IndexReader& index, Postings& postings, const Words& words) {
    Releases found = releasesOf(index, endingsOf(index, words.back()));
    const Words others(words.begin(), words.end() - 1);
    return others.empty() ? found : common(postings.all(others), found);
}

Releases withTypos(IndexReader& index, Postings& postings, const Words& words) {
    Releases found;
    for (std::size_t i = 0; i < words.size(); ++i) {
        Releases some = releasesOf(index, typosOf(index, words[i]));
        Releases either;
        std::set_union(some.begin(), some.end(), postings.exact(words[i]).begin(),
                       postings.exact(words[i]).end(), std::back_inserter(either));
        found = i == 0 ? std::move(either) : common(found, either);
        if (found.empty())
            break;
    }
    return found;
}

/// "SD 8216 aretha": some neighbouring words are a catalogue number, the rest is text.
Releases withCatno(IndexReader& index, Postings& postings, const Words& words) {
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
                 index.entriesOf(KeyList::catno, foldedKey(key), mostPostings))
                numbered.push_back(entry >> 2);
            Releases found = common(numbered, postings.all(others));
            if (!found.empty())
                return found;
        }
    return {};
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
    const auto rest = [&](std::size_t ofWord, std::size_t ofWanted) {
        if (same + ofWord > word.size() || same + ofWanted > wanted.size())
            return false;
        const std::string_view left = word.substr(same + ofWord),
                               right = wanted.substr(same + ofWanted);
        return prefix ? left.starts_with(right) : left == right;
    };
    const bool swapped = same + 1 < word.size() && same + 1 < wanted.size() &&
                         word[same] == wanted[same + 1] && word[same + 1] == wanted[same] &&
                         rest(2, 2);
    return rest(0, 0) || rest(1, 1) || rest(1, 0) || rest(0, 1) || swapped;
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
                   (word.size() < shortestTypo ? has == word : withinOneTypo(has, word));
        });
    });
}

std::vector<Hit> findByText(IndexReader& index, std::string_view text, const Keep& keep) {
    const Words words = queryWords(index, text);
    if (words.empty())
        return {};
    Postings postings(index);
    Releases found = postings.all(words);
    MatchKind match = MatchKind::exact;
    const char* why = "artist, title or label";
    if (found.empty()) {
        found = unfinished(index, postings, words);
        why = "artist, title or label; the last word goes on";
    }
    if (found.empty() && words.size() > 1) {
        found = withCatno(index, postings, words);
        why = "catalogue number and text";
    }
    if (found.empty()) {
        found = withTypos(index, postings, words);
        match = MatchKind::weak;
        why = "artist, title or label, with a typo";
    }
    auto hits = hitsOf(index, found, match, 0, why, keep);
    for (Hit& hit : hits)
        hit.distance = distanceOf(index, hit.facts.release, words);
    return hits;
}

} // namespace gatefold::catalogue
