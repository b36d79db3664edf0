// A dump of any bytes, plain or gzip: read, cut into releases, parsed and indexed, or refused with
// an Error.
#include "catalogue/batch_indexer.hpp"
#include "catalogue/byte_source.hpp"
#include "catalogue/dump_reader.hpp"
#include "catalogue/masters.hpp"
#include "core/error.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace gatefold;
    static catalogue::SpillFile spill("/tmp");
    static const std::vector<bool> noMasters;
    static catalogue::BatchIndexer indexer(spill, 1 << 20, true, noMasters);
    const auto master = catalogue::parsedMaster({reinterpret_cast<const char*>(data), size});
    if (master.title.size() > 1024 || (master.year != 0 && master.year < 1850))
        std::abort();
    const int fd = ::memfd_create("dump", MFD_CLOEXEC);
    if (fd < 0 || ::write(fd, data, size) != static_cast<ssize_t>(size))
        std::abort();
    try {
        catalogue::ByteSource source("/proc/self/fd/" + std::to_string(fd));
        catalogue::DumpReader reader(source);
        catalogue::DumpBatch batch;
        while (reader.next(batch)) {
            const auto indexed = indexer.index(batch);
            if (indexed.kept + indexed.skipped.size() != indexed.read)
                std::abort();
            for (const auto& block : indexed.blocks)
                if (!catalogue::factsOf(catalogue::unpacked(block.facts), block.first))
                    std::abort();
        }
    } catch (const Error&) {
        // refused
    }
    ::close(fd);
    return 0;
}
