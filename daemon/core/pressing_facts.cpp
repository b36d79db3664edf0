#include "core/pressing_facts.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace gatefold {

namespace {

/// Words by which Discogs' contributors say what the record itself looks like.
constexpr std::array<std::string_view, 74> colourWords{
    "amber",       "aqua",       "beige",         "black",        "blue",      "bone",
    "bronze",      "brown",      "burgundy",      "clear",        "cobalt",    "copper",
    "coral",       "cream",      "crimson",       "crystal",      "cyan",      "emerald",
    "fluorescent", "galaxy",     "glitter",       "gold",         "golden",    "gray",
    "green",       "grey",       "indigo",        "ivory",        "lavender",  "lilac",
    "lime",        "magenta",    "marble",        "marbled",      "maroon",    "mint",
    "multicolour", "multicolor", "multicoloured", "multicolored", "mustard",   "navy",
    "neon",        "ochre",      "olive",         "orange",       "oxblood",   "peach",
    "pink",        "plum",       "purple",        "rainbow",      "red",       "rose",
    "ruby",        "salmon",     "sand",          "scarlet",      "sepia",     "silver",
    "smoke",       "smokey",     "splatter",      "splattered",   "swirl",     "swirled",
    "tan",         "teal",       "translucent",   "transparent",  "turquoise", "violet",
    "white",       "yellow"};

/// Words that say that the colour is something else's.
constexpr std::array<std::string_view, 13> otherThings{
    "box",       "cover", "covers", "insert", "jacket",  "label",  "labels",
    "lettering", "obi",   "print",  "sleeve", "sleeves", "sticker"};

/// What may stand behind the colour without saying more.
constexpr std::array<std::string_view, 6> fillers{"vinyl", "wax",    "disc",
                                                  "discs", "record", "records"};

bool isLetter(char c) {
    return isAsciiLetter(c) || static_cast<unsigned char>(c) > 127;
}

template <std::size_t N>
bool isOneOf(const std::array<std::string_view, N>& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

template <class Each>
void eachWord(std::string_view text, Each each) {
    for (std::size_t at = 0; at < text.size();) {
        if (!isLetter(text[at])) {
            ++at;
            continue;
        }
        std::size_t end = at;
        while (end < text.size() && isLetter(text[end]))
            ++end;
        each(asciiLower(text.substr(at, end - at)));
        at = end;
    }
}

bool namesColour(std::string_view part) {
    bool colour = false;
    bool other = false;
    eachWord(part, [&](const std::string& word) {
        colour = colour || isOneOf(colourWords, word);
        other = other || isOneOf(otherThings, word);
    });
    return colour && !other;
}

std::string_view withoutFiller(std::string_view part) {
    for (const std::string_view filler : fillers) {
        if (part.size() <= filler.size() + 1 ||
            asciiLower(part.substr(part.size() - filler.size())) != filler ||
            isLetter(part[part.size() - filler.size() - 1]))
            continue;
        return trimmed(part.substr(0, part.size() - filler.size()));
    }
    return part;
}

void addOnce(std::vector<std::string>& list, std::string_view text) {
    if (!text.empty() && std::find(list.begin(), list.end(), text) == list.end())
        list.emplace_back(text);
}

} // namespace

std::optional<std::string> colourOf(const std::vector<Format>& formats) {
    std::vector<std::string> colours;
    for (const Format& format : formats) {
        std::string_view rest = format.text;
        while (!rest.empty()) {
            const std::size_t end = std::min(rest.find_first_of(",;+"), rest.size());
            const std::string_view part = trimmed(rest.substr(0, end));
            if (namesColour(part))
                addOnce(colours, withoutFiller(part));
            rest.remove_prefix(std::min(end + 1, rest.size()));
        }
    }
    if (colours.empty())
        return std::nullopt;
    std::string out = colours.front();
    for (std::size_t i = 1; i < colours.size(); ++i)
        out += " / " + colours[i];
    return out;
}

std::vector<std::string> runoutsOf(const std::vector<Identifier>& identifiers) {
    std::vector<std::string> runouts;
    for (const Identifier& identifier : identifiers)
        if (identifier.type == IdentifierType::runout)
            addOnce(runouts, trimmed(identifier.value));
    return runouts;
}

Candidate candidateOf(const Release& release, MatchKind match, std::string why) {
    Candidate candidate;
    candidate.release_id = release.release_id;
    candidate.master_id = release.master_id;
    candidate.main_release = release.main_release;
    candidate.title = release.title;
    candidate.artist = release.artist;
    candidate.year = release.year;
    candidate.country = release.country;
    candidate.labels = release.labels;
    candidate.formats = release.formats;
    candidate.colour = colourOf(release.formats);
    candidate.master_title = release.master_title;
    candidate.master_year = release.master_year;
    candidate.match = match;
    candidate.why = std::move(why);
    return candidate;
}

} // namespace gatefold
