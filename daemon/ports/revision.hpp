#pragma once

#include <cstdint>

namespace gatefold {

/// How often the store was written to: what was read under a number holds while it stays. Any
/// thread.
class Revision {
public:
    virtual ~Revision() = default;
    /// Counts every commit, before the writer is told that it is done.
    virtual std::uint64_t revision() const noexcept = 0;
};

} // namespace gatefold
