#include "tests/store/seed.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <random>
#include <vector>

namespace gatefold::test {

namespace {

constexpr int firstRelease = 50'000'000;
constexpr int recordsOfArtist = 6;
constexpr int everyCyrillicArtist = 25;
constexpr int copiesOfTransaction = 1'000;
constexpr WallTime firstDay{Millis(1'700'000'000'000)};

constexpr std::array<std::string_view, 40> syllables{
    "ba",  "ri", "no",   "le", "ta",  "mü",  "so", "ka",  "del", "vin", "or",  "a",  "lu", "mes",
    "tor", "hé", "il",   "an", "ce",  "gra", "du", "fe",  "win", "sta", "mo",  "ro", "jø", "pen",
    "li",  "ko", "cher", "ya", "bel", "ton", "si", "ver", "na",  "ge",  "quo", "zu"};
constexpr std::array<std::string_view, 12> cyrillic{"ки", "но", "гр", "уп", "ма", "ри",
                                                    "зе", "ле", "та", "во", "лу", "на"};
constexpr std::array<std::string_view, 24> words{
    "Blue",  "Night", "Train", "Live",  "River", "Songs", "Golden", "Heart",
    "Dance", "Moon",  "Fire",  "House", "Road",  "Love",  "Silent", "Ocean",
    "Sun",   "Black", "Dream", "City",  "Rain",  "Stone", "Wild",   "Time"};
constexpr std::array<std::string_view, 6> countries{"US",     "UK",    "Germany",
                                                    "France", "Japan", "Italy"};

/// std::mt19937 is the same everywhere; the distributions of <random> are not.
class Dice {
public:
    explicit Dice(int seed) : engine_(static_cast<unsigned>(seed)) {}
    int below(int limit) { return static_cast<int>(engine_() % static_cast<unsigned>(limit)); }
    template <class Table>
    auto of(const Table& table) {
        return table[static_cast<std::size_t>(below(static_cast<int>(table.size())))];
    }

private:
    std::mt19937 engine_;
};

std::string name(Dice& dice) {
    std::string name;
    for (int i = 2 + dice.below(3); i > 0; --i)
        name += dice.of(syllables);
    if (name[0] >= 'a' && name[0] <= 'z')
        name[0] = static_cast<char>(name[0] - 'a' + 'A');
    return name;
}

std::string artistOf(int index) {
    const int artist = index / recordsOfArtist;
    Dice dice(1'000'003 + artist);
    if (artist % everyCyrillicArtist == everyCyrillicArtist - 1) {
        std::string name;
        for (int i = 2 + dice.below(3); i > 0; --i)
            name += dice.of(cyrillic);
        return name;
    }
    const bool band = dice.below(4) == 0;
    return band ? "The " + name(dice) + 's' : name(dice) + ' ' + name(dice);
}

std::string titleOf(Dice& dice) {
    std::string title(dice.of(words));
    title += ' ' + (dice.below(2) == 0 ? std::string(dice.of(words)) : name(dice));
    return title;
}

std::vector<Track> tracksOf(Dice& dice) {
    std::vector<Track> tracks;
    for (const char side : {'A', 'B'})
        for (int number = 1; number <= 5; ++number)
            tracks.push_back(
                {side + std::to_string(number), titleOf(dice),
                 std::to_string(2 + dice.below(4)) + ':' + std::to_string(10 + dice.below(50))});
    return tracks;
}

} // namespace

std::string seededBarcode(int index) {
    // 20-29 as the first two digits are for use inside a company: no real record has them.
    std::string digits = "20" + std::to_string(1'000'000'000 + index).substr(0, 10);
    int sum = 0;
    for (std::size_t i = 0; i < digits.size(); ++i)
        sum += (digits[i] - '0') * (i % 2 == 0 ? 1 : 3);
    return digits + static_cast<char>('0' + (10 - sum % 10) % 10);
}

Release seededRelease(int index) {
    Dice dice(index);
    Release release;
    release.release_id = firstRelease + index;
    release.artist = artistOf(index);
    release.title = titleOf(dice);
    release.year = 1955 + dice.below(70);
    release.released = std::to_string(*release.year);
    release.country = dice.of(countries);
    release.labels = {{name(dice) + " Records",
                       name(dice).substr(0, 2) + ' ' + std::to_string(1'000 + dice.below(90'000))}};
    release.formats = {{"Vinyl", 1, "", {"LP", "Album"}}};
    release.identifiers = {{IdentifierType::barcode, seededBarcode(index), std::nullopt}};
    release.tracklist = tracksOf(dice);
    release.genres = {"Rock"};
    return release;
}

void seed(UnitOfWork& store, int copies) {
    struct Household {
        PersonId anna, ben;
        std::vector<LocationId> shelves;
    };
    const auto household = store.write([](Tx& tx) {
        Household made;
        Person anna, ben;
        anna.name = "Anna";
        ben.name = "Ben";
        anna.created_at = ben.created_at = firstDay;
        made.anna = tx.people.insert(anna);
        made.ben = tx.people.insert(ben);
        for (const char* room : {"Living room", "Study"}) {
            const LocationId parent = tx.locations.insert(room, std::nullopt);
            for (const char* shelf : {"A", "B", "C", "D", "E"})
                made.shelves.push_back(tx.locations.insert(shelf, parent));
        }
        return made;
    });
    for (int begin = 0; begin < copies; begin += copiesOfTransaction)
        store.write([&](Tx& tx) {
            for (int i = begin; i < std::min(copies, begin + copiesOfTransaction); ++i) {
                const Release release = seededRelease(i);
                tx.releases.keep(release);
                Copy copy;
                copy.release_id = release.release_id;
                copy.owner = i % 3 == 0 ? household.ben : household.anna;
                copy.location =
                    household.shelves[static_cast<std::size_t>(i) % household.shelves.size()];
                copy.media_grade = Grade::vgPlus;
                copy.added_at = firstDay + std::chrono::minutes(i);
                tx.copies.insert(copy);
            }
        });
}

} // namespace gatefold::test
