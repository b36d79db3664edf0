/// Part of every test program: ends tests that throw Skipped.
#include "tests/support/skipped.hpp"

#include <boost/test/unit_test.hpp>
#include <boost/test/unit_test_monitor.hpp>

#include <cstdlib>
#include <iostream>

namespace gatefold::test {

namespace {

void printSkipped(const Skipped& skipped) {
    std::cout << "SKIPPED: " << boost::unit_test::framework::current_test_unit().full_name() << ": "
              << skipped.what() << std::endl;
}

const bool registered = [] {
    boost::unit_test::unit_test_monitor.register_exception_translator<Skipped>(&printSkipped);
    return true;
}();

} // namespace

std::filesystem::path testData(const std::string& name) {
    const char* set = std::getenv("GATEFOLD_TEST_DATA");
    const std::filesystem::path folder = set != nullptr ? set : "";
    if (!std::filesystem::exists(folder / name) || folder.empty())
        throw Skipped(name + " is not in GATEFOLD_TEST_DATA");
    return folder / name;
}

} // namespace gatefold::test
