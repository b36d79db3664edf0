#include "catalogue/low_priority.hpp"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace gatefold::catalogue {

namespace {
// linux/ioprio.h is not installed everywhere: class 3 (idle) in the upper bits, "who" 1 a thread.
constexpr int idleClass = 3 << 13;
constexpr int whoThread = 1;
constexpr int niceness = 15;
} // namespace

void yieldToOthers() noexcept {
    const auto thread = static_cast<id_t>(::syscall(SYS_gettid));
    ::setpriority(PRIO_PROCESS, thread, niceness);
    ::syscall(SYS_ioprio_set, whoThread, 0, idleClass);
}

} // namespace gatefold::catalogue
