#include "core/artist_name.hpp"

#include <cstddef>

namespace gatefold {

namespace {

/// Length of " (12)" at the start of `rest`, when it ends a name; 0 = it is none. Years in names
/// have four digits.
std::size_t numberAt(std::string_view rest) {
    if (!rest.starts_with(" ("))
        return 0;
    std::size_t end = 2;
    while (end < rest.size() && rest[end] >= '0' && rest[end] <= '9')
        ++end;
    const std::size_t digits = end - 2;
    if (digits < 1 || digits > 3 || end >= rest.size() || rest[end] != ')')
        return 0;
    ++end;
    return end == rest.size() || rest[end] == ' ' || rest[end] == ',' ? end : 0;
}

} // namespace

std::string shownArtist(std::string_view line) {
    std::string shown;
    while (!line.empty()) {
        const std::size_t number = shown.empty() ? 0 : numberAt(line);
        if (number == 0)
            shown += line.front();
        line.remove_prefix(number == 0 ? 1 : number);
    }
    return shown;
}

} // namespace gatefold
