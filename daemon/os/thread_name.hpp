#pragma once

#include <pthread.h>

#include <string>

namespace gatefold::os {

/// Names the calling thread as debuggers, `top -H` and crash reports show it; the kernel keeps 15
/// bytes.
inline void nameThread(const std::string& name) noexcept {
    char kept[16] = {};
    name.copy(kept, sizeof kept - 1);
    pthread_setname_np(pthread_self(), kept);
}

} // namespace gatefold::os
