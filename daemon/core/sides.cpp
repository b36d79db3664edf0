#include "core/sides.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace gatefold {

namespace {

constexpr double averageTrack_s = 240;
constexpr int longest_s = 24 * 3600;

/// Prefixes of positions that are not on the record itself but on what came with it.
constexpr std::array<std::string_view, 7> otherMedia{"CD", "DVD", "BD", "DL", "MP", "USB", "VIDEO"};

std::string_view leading(std::string_view text, bool (*belongs)(char)) {
    const auto end = std::find_if_not(text.begin(), text.end(), belongs);
    return text.substr(0, static_cast<std::size_t>(end - text.begin()));
}

std::string upper(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return out;
}

struct Place {
    enum class Kind { side, numberOnly, otherMedium, none } kind = Kind::none;
    std::string side;
};

/// "A1" -> A, "AA" -> AA, "2-3" -> 2, "1-A2" -> 1A, "5" -> numberOnly, "CD1-2" -> otherMedium.
Place placeOf(std::string_view position) {
    position = trimmed(position);
    if (position.empty())
        return {};
    const std::string_view letters = leading(position, isAsciiLetter);
    if (!letters.empty()) {
        std::string side = upper(letters);
        if (std::find(otherMedia.begin(), otherMedia.end(), side) != otherMedia.end())
            return {Place::Kind::otherMedium, {}};
        return {Place::Kind::side, std::move(side)};
    }
    const std::string_view digits = leading(position, isAsciiDigit);
    if (digits.empty())
        return {Place::Kind::numberOnly, {}};
    const std::string_view rest = position.substr(digits.size());
    if (rest.empty() || (rest[0] != '-' && rest[0] != '.'))
        return {Place::Kind::numberOnly, {}};
    const std::string_view inner = leading(rest.substr(1), isAsciiLetter);
    return {Place::Kind::side, std::string(digits) + upper(inner)};
}

Side& sideNamed(std::vector<Side>& sides, const std::string& name) {
    for (Side& side : sides)
        if (side.name == name)
            return side;
    sides.push_back({name, {}, 0, false});
    return sides.back();
}

/// A track in its place, duration -1 where none is printed.
void put(std::vector<Side>& sides, const std::string& side, const Track& track) {
    const auto printed = track.duration ? parseDuration(*track.duration) : std::nullopt;
    const double duration_s = printed && *printed > 0 ? *printed : -1;
    sideNamed(sides, side).tracks.push_back({track.position, track.title, 0, duration_s});
}

/// Fills in what is not printed with the average, then lays the tracks end to end.
void layOut(std::vector<Side>& sides) {
    double known_s = 0;
    int known = 0;
    for (const Side& side : sides)
        for (const SideTrack& track : side.tracks)
            if (track.duration_s > 0) {
                known_s += track.duration_s;
                ++known;
            }
    const double average_s = known > 0 ? known_s / known : averageTrack_s;
    for (Side& side : sides) {
        double at_s = 0;
        for (SideTrack& track : side.tracks) {
            if (track.duration_s < 0) {
                track.duration_s = average_s;
                side.estimated = true;
            }
            track.start_s = at_s;
            at_s += track.duration_s;
        }
        side.duration_s = at_s;
    }
}

/// Records numbered straight through do not say where to flip: half of the running time is the best
/// guess.
std::vector<Side> splitInHalves(const Side& all) {
    Side a{"A", {}, 0, true};
    Side b{"B", {}, 0, true};
    for (const SideTrack& track : all.tracks) {
        const double middle_s = track.start_s + track.duration_s / 2;
        Side& side = middle_s * 2 <= all.duration_s || a.tracks.empty() ? a : b;
        side.tracks.push_back({track.position, track.title, side.duration_s, track.duration_s});
        side.duration_s += track.duration_s;
    }
    std::vector<Side> sides{std::move(a)};
    if (!b.tracks.empty())
        sides.push_back(std::move(b));
    return sides;
}

/// Usual running time of one side: 7" 4 min, 10" 10 min, else 20 min.
double usualSideSeconds(const Format& format) {
    for (const std::string& description : format.descriptions) {
        if (description == "7\"")
            return 240;
        if (description == "10\"")
            return 600;
    }
    return 1200;
}

std::vector<Side> sidesOfFormats(const std::vector<Format>& formats) {
    std::vector<Side> sides;
    constexpr int mostDiscs = 12;
    for (const Format& format : formats) {
        if (format.name != "Vinyl" && format.name != "Shellac")
            continue;
        const int discs = std::clamp(format.quantity, 1, mostDiscs);
        for (int i = 0; i < discs * 2 && sides.size() < 26; ++i)
            sides.push_back(
                {std::string(1, static_cast<char>('A' + static_cast<int>(sides.size()))),
                 {},
                 usualSideSeconds(format),
                 true});
    }
    if (sides.empty())
        sides = {{"A", {}, 1200, true}, {"B", {}, 1200, true}};
    return sides;
}

} // namespace

std::optional<int> parseDuration(std::string_view text) {
    text = trimmed(text);
    int total_s = 0;
    int parts = 0;
    for (;;) {
        const std::string_view digits = leading(text, isAsciiDigit);
        if (digits.empty() || digits.size() > 5 || ++parts > 3)
            return std::nullopt;
        int value = 0;
        for (const char c : digits)
            value = value * 10 + (c - '0');
        if (parts > 1 && (digits.size() != 2 || value > 59))
            return std::nullopt;
        total_s = total_s * 60 + value;
        if (total_s > longest_s)
            return std::nullopt;
        text.remove_prefix(digits.size());
        if (text.empty())
            break;
        if (text.front() != ':')
            return std::nullopt;
        text.remove_prefix(1);
    }
    if (parts < 2)
        return std::nullopt;
    return total_s;
}

std::vector<Side> sidesOf(const Release& release) {
    std::vector<Side> sides;
    std::vector<Side> numbered;
    for (const Track& track : release.tracklist) {
        const Place place = placeOf(track.position);
        if (place.kind == Place::Kind::side)
            put(sides, place.side, track);
        else if (place.kind == Place::Kind::numberOnly)
            put(numbered, "", track);
    }
    if (!sides.empty()) {
        layOut(sides);
        return sides;
    }
    if (!numbered.empty()) {
        layOut(numbered);
        return splitInHalves(numbered.front());
    }
    return sidesOfFormats(release.formats);
}

std::optional<std::size_t> trackAt(const Side& side, double position_s) {
    if (side.tracks.empty())
        return std::nullopt;
    std::size_t index = 0;
    for (std::size_t i = 1; i < side.tracks.size(); ++i)
        if (side.tracks[i].start_s <= position_s)
            index = i;
    return index;
}

} // namespace gatefold
