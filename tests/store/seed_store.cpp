// seed_store DIR N: makes a data folder with N copies, for measurements and end-to-end runs.
#include "platform/system_clock.hpp"
#include "store/store.hpp"
#include "tests/store/seed.hpp"

#include <cstdio>
#include <cstdlib>
#include <exception>

int main(int argc, char** argv) {
    const int copies = argc == 3 ? std::atoi(argv[2]) : 0;
    if (copies <= 0) {
        std::fprintf(stderr, "usage: seed_store DIR N\n");
        return 64;
    }
    try {
        const gatefold::platform::SystemClock clock;
        gatefold::store::Store store(argv[1], clock, {"mqtt"});
        gatefold::test::seed(store, copies);
        std::printf("%d copies in %s\n", copies, argv[1]);
        return 0;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "seed_store: %s\n", error.what());
        return 1;
    }
}
