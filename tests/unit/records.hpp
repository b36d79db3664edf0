#pragma once

#include "core/release.hpp"

#include <initializer_list>
#include <string>
#include <utility>

namespace gatefold::test {

/// A release whose tracklist is given as {position, duration} with the position as title.
inline Release record(std::initializer_list<std::pair<const char*, const char*>> tracks) {
    Release release;
    release.release_id = 1;
    release.artist = "Nina Simone";
    release.title = "Pastel Blues";
    release.formats = {{"Vinyl", 1, "", {"LP"}}};
    for (const auto& [position, duration] : tracks)
        release.tracklist.push_back(
            {position, std::string("Track ") + position, std::string(duration)});
    return release;
}

} // namespace gatefold::test
