#include "app/common_passwords.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace gatefold {

namespace {

/// Stems: lists of leaked passwords are these with digits and signs around them, so that one stem
/// stands for hundreds of entries.
constexpr std::array<std::string_view, 96> stems{
    "password",   "passwort",   "passw0rd",     "p@ssword",      "p@ssw0rd",  "letmein",
    "welcome",    "willkommen", "admin",        "administrator", "root",      "user",
    "guest",      "test",       "testtest",     "changeme",      "default",   "secret",
    "geheim",     "master",     "qwerty",       "qwertz",        "azerty",    "qwertyuiop",
    "qwertzuiop", "asdfgh",     "asdfghjkl",    "yxcvbnm",       "zxcvbnm",   "qazwsx",
    "qazwsxedc",  "iloveyou",   "ichliebedich", "princess",      "sunshine",  "dragon",
    "monkey",     "football",   "fussball",     "baseball",      "superman",  "batman",
    "starwars",   "pokemon",    "trustno",      "whatever",      "freedom",   "shadow",
    "michael",    "jennifer",   "jordan",       "hunter",        "ashley",    "charlie",
    "jessica",    "daniel",     "thomas",       "andreas",       "computer",  "internet",
    "samsung",    "google",     "facebook",     "hallo",         "hello",     "hallohallo",
    "helloworld", "schatz",     "summer",       "winter",        "sommer",    "flower",
    "chocolate",  "cookie",     "cheese",       "killer",        "pepper",    "ginger",
    "soccer",     "hockey",     "mustang",      "ferrari",       "mercedes",  "liverpool",
    "arsenal",    "chelsea",    "barcelona",    "bayern",        "dortmund",  "gatefold",
    "vinyl",      "record",     "turntable",    "discogs",       "raspberry", "raspberrypi",
};

bool isLetter(char c) {
    return (c >= 'a' && c <= 'z') || c == '@';
}

/// The password without digits and signs at either end.
std::string_view stemOf(std::string_view text) {
    while (!text.empty() && !isLetter(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && !isLetter(text.back()))
        text.remove_suffix(1);
    return text;
}

/// "12345678", "87654321", "11111111": each character follows from the one before by the same step.
bool isRun(std::string_view text) {
    const int step = text[1] - text[0];
    if (step < -1 || step > 1)
        return false;
    for (std::size_t i = 2; i < text.size(); ++i)
        if (text[i] - text[i - 1] != step && !(step == 1 && text[i] == '0' && text[i - 1] == '9'))
            return false;
    return true;
}

} // namespace

bool isCommonPassword(std::string_view password) {
    const std::string text = asciiLower(password);
    if (text.size() < 2 || isRun(text))
        return true;
    const bool digits_only = std::all_of(text.begin(), text.end(), isAsciiDigit);
    if (digits_only && text.size() <= 10)
        return true;
    const std::string_view stem = stemOf(text);
    return text.size() - stem.size() <= 6 &&
           std::find(stems.begin(), stems.end(), stem) != stems.end();
}

} // namespace gatefold
