#pragma once

#include "ports/online_source.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Answers of MusicBrainz' web service 2 (fmt=json) as rows. Each throws Error `malformed` for what
/// is no such answer; `origin` is left to the caller but for `source_url`. No state, any thread.
namespace gatefold::lookup::musicbrainz {

/// GET /ws/2/release?query=... and ?release-group=...
std::vector<OnlineCandidate> releases(std::string_view body);
/// GET /ws/2/release/{mbid}
OnlineRelease release(std::string_view body);
/// GET /ws/2/release-group/{mbid}
OnlineMaster releaseGroup(std::string_view body);
/// GET /ws/2/url?resource=...: the id of the first entity of that kind ("release",
/// "release_group") that the address is linked to.
std::optional<std::string> linked(std::string_view body, std::string_view kind);

/// True for "f4a31f0a-51dd-4fa7-986d-3095c40c5ed9".
bool isMbid(std::string_view text);

} // namespace gatefold::lookup::musicbrainz
