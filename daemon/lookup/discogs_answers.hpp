#pragma once

#include "ports/online_source.hpp"

#include <optional>
#include <string_view>
#include <vector>

/// Answers of the Discogs API v2 as rows. Each throws Error `malformed` for what is no such answer;
/// `origin` is left to the caller but for `source_url`. No state, any thread.
namespace gatefold::lookup::discogs {

/// GET /database/search: its releases; artists, labels and masters among the results are left out.
std::vector<OnlineCandidate> searchResults(std::string_view body);
/// GET /releases/{id}
OnlineRelease release(std::string_view body);
/// GET /masters/{id}
OnlineMaster master(std::string_view body);
/// GET /masters/{id}/versions; the rows have no artist.
std::vector<OnlineCandidate> versions(std::string_view body);

} // namespace gatefold::lookup::discogs
