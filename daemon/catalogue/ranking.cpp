#include "catalogue/ranking.hpp"

#include "core/pressing_facts.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <tuple>

namespace gatefold::catalogue {

namespace {

/// Discogs' names of countries by the codes that settings may hold.
constexpr std::array<std::pair<std::string_view, std::string_view>, 24> countryCodes{
    {{"at", "Austria"},
     {"au", "Australia"},
     {"be", "Belgium"},
     {"br", "Brazil"},
     {"ca", "Canada"},
     {"ch", "Switzerland"},
     {"cz", "Czech Republic"},
     {"de", "Germany"},
     {"dk", "Denmark"},
     {"es", "Spain"},
     {"fi", "Finland"},
     {"fr", "France"},
     {"gb", "UK"},
     {"gr", "Greece"},
     {"ie", "Ireland"},
     {"it", "Italy"},
     {"jp", "Japan"},
     {"nl", "Netherlands"},
     {"no", "Norway"},
     {"pl", "Poland"},
     {"pt", "Portugal"},
     {"se", "Sweden"},
     {"uk", "UK"},
     {"us", "US"}}};

std::string countryName(std::string_view country) {
    std::string home = asciiLower(country);
    for (const auto& [code, name] : countryCodes)
        if (home == code)
            return asciiLower(name);
    return home;
}

/// 0 = pressed for the household's country, 1 = for several with it ("UK & Europe"), 2 = elsewhere.
int strangeness(const Release& release, const std::string& home) {
    if (home.empty() || !release.country)
        return 2;
    const std::string country = asciiLower(*release.country);
    if (country == home)
        return 0;
    const auto at = country.find(home);
    if (at == std::string::npos)
        return 2;
    const auto isLetter = [&](std::size_t i) {
        return i < country.size() && country[i] >= 'a' && country[i] <= 'z';
    };
    return (at > 0 && isLetter(at - 1)) || isLetter(at + home.size()) ? 2 : 1;
}

bool onVinyl(const Release& release) {
    return std::any_of(release.formats.begin(), release.formats.end(), [](const Format& format) {
        return format.name == "Vinyl" || format.name == "Shellac";
    });
}

auto orderOf(const Hit& hit, const std::string& home) {
    const Release& release = hit.facts.release;
    return std::make_tuple(
        hit.match == MatchKind::weak, hit.distance, !hit.owned, strangeness(release, home),
        !onVinyl(release), !release.main_release, -hit.facts.completeness,
        release.year.value_or(std::numeric_limits<int>::max()), release.release_id);
}

Candidate candidateOf(Hit& hit, const std::string& home) {
    const Release& release = hit.facts.release;
    if (hit.owned)
        hit.why += "; you own it";
    if (strangeness(release, home) < 2)
        hit.why += "; pressed for " + *release.country;
    return gatefold::candidateOf(release, hit.match, std::move(hit.why));
}

} // namespace

bool pressedFor(const Release& release, std::string_view country) {
    return strangeness(release, countryName(country)) < 2;
}

std::vector<Candidate> ranked(std::vector<Hit> hits, const RankBy& rank, std::size_t limit) {
    const std::string home = countryName(rank.country.value_or(""));
    if (rank.owned)
        for (Hit& hit : hits)
            hit.owned = rank.owned(hit.facts.release.release_id);
    std::sort(hits.begin(), hits.end(),
              [&](const Hit& a, const Hit& b) { return orderOf(a, home) < orderOf(b, home); });
    std::vector<Candidate> candidates;
    for (Hit& hit : hits) {
        if (candidates.size() == limit)
            break;
        candidates.push_back(candidateOf(hit, home));
    }
    return candidates;
}

} // namespace gatefold::catalogue
