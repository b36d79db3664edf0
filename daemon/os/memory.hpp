#pragma once

#include <malloc.h>

namespace gatefold::os {

/// Gives blocks of a megabyte and more back to the system as soon as they are freed. The C library
/// raises that bound to the largest block it has seen freed, so one photo of 23 MB would leave the
/// process larger by several times its size. To be called once, before the first thread.
inline void returnLargeBlocks() noexcept {
    constexpr int bound = 1024 * 1024;
    ::mallopt(M_MMAP_THRESHOLD, bound);
    ::mallopt(M_TRIM_THRESHOLD, 2 * bound);
}

} // namespace gatefold::os
