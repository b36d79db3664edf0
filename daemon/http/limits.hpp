#pragma once

#include "core/time.hpp"

#include <cstddef>

namespace gatefold::http {

/// How long a connection may take for what it does.
struct Patience {
    Millis head{10'000};  ///< from the first byte of a request to the end of its head
    Millis body{10'000};  ///< for a body, and 1 s more for every 32 KiB
    Millis reply{60'000}; ///< handler and sending
    Millis keep_alive{2'500};
    Millis stop{2'000}; ///< for replies that are under way when the server ends
};

/// Bounds of the event stream.
struct StreamLimits {
    int max_streams = 96;
    int per_address = 64; ///< all of a household may come through one proxy
    std::size_t buffer_bytes =
        64 * 1024; ///< a client's text waiting to be sent, at most (and one frame)
    Millis comment_every{15'000};
    Millis poll_every{2'000}; ///< a lost wake, and a stream past its end by time, last no longer
    Millis stalled_after{20'000};
};

} // namespace gatefold::http
