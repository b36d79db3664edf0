#include "lookup/countries.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace gatefold::lookup {

namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 62> countries{{
    {"AR", "Argentina"},   {"AT", "Austria"},        {"AU", "Australia"},
    {"BE", "Belgium"},     {"BG", "Bulgaria"},       {"BR", "Brazil"},
    {"CA", "Canada"},      {"CH", "Switzerland"},    {"CL", "Chile"},
    {"CN", "China"},       {"CO", "Colombia"},       {"CS", "Serbia and Montenegro"},
    {"CU", "Cuba"},        {"CZ", "Czech Republic"}, {"DE", "Germany"},
    {"DK", "Denmark"},     {"EE", "Estonia"},        {"EG", "Egypt"},
    {"ES", "Spain"},       {"FI", "Finland"},        {"FR", "France"},
    {"GB", "UK"},          {"GR", "Greece"},         {"HK", "Hong Kong"},
    {"HR", "Croatia"},     {"HU", "Hungary"},        {"ID", "Indonesia"},
    {"IE", "Ireland"},     {"IL", "Israel"},         {"IN", "India"},
    {"IS", "Iceland"},     {"IT", "Italy"},          {"JM", "Jamaica"},
    {"JP", "Japan"},       {"KR", "South Korea"},    {"LT", "Lithuania"},
    {"LU", "Luxembourg"},  {"LV", "Latvia"},         {"MX", "Mexico"},
    {"MY", "Malaysia"},    {"NG", "Nigeria"},        {"NL", "Netherlands"},
    {"NO", "Norway"},      {"NZ", "New Zealand"},    {"PE", "Peru"},
    {"PH", "Philippines"}, {"PL", "Poland"},         {"PT", "Portugal"},
    {"RO", "Romania"},     {"RS", "Serbia"},         {"RU", "Russia"},
    {"SE", "Sweden"},      {"SG", "Singapore"},      {"SI", "Slovenia"},
    {"SK", "Slovakia"},    {"SU", "USSR"},           {"TR", "Turkey"},
    {"US", "US"},          {"XC", "Czechoslovakia"}, {"XE", "Europe"},
    {"XW", "Worldwide"},   {"YU", "Yugoslavia"},
}};

} // namespace

std::optional<std::string> countryName(std::string_view code) {
    if (code.empty())
        return std::nullopt;
    const auto* found = std::find_if(countries.begin(), countries.end(),
                                     [&](const auto& row) { return row.first == code; });
    return std::string(found == countries.end() ? code : found->second);
}

} // namespace gatefold::lookup
