#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>

namespace gatefold::test {

/// Thrown on the main thread by a test, or by what it is built on, where the machine lacks what the
/// test needs. The test ends without a failure and prints "SKIPPED: test: reason", which
/// scripts/stages/junit.py counts.
struct Skipped : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// `name` in the folder of real data, GATEFOLD_TEST_DATA (scripts/common.sh has a default).
/// Throws Skipped if it is not there.
std::filesystem::path testData(const std::string& name);

} // namespace gatefold::test
