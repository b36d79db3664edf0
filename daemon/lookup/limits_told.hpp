#pragma once

#include "lookup/http_client.hpp"
#include "lookup/pace.hpp"

namespace gatefold::lookup {

/// What the headers say: X-Discogs-Ratelimit, X-Discogs-Ratelimit-Remaining and Retry-After in
/// seconds or as a date (RFC 9110, 10.2.3). Nonsense counts as nothing said.
LimitsTold limitsTold(const HttpAnswer& answer, WallTime now);

} // namespace gatefold::lookup
