// A write-ahead log of any bytes, as it may lie beside a database that somebody restores.
#include "store/write_ahead_log.hpp"

#include <cstdint>
#include <cstdlib>
#include <sys/mman.h>
#include <unistd.h>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace gatefold;
    const os::FileDescriptor log(::memfd_create("log", MFD_CLOEXEC));
    if (!log || ::write(log.get(), data, size) != static_cast<ssize_t>(size))
        std::abort();
    store::losesCommits(log, "log");
    return 0;
}
