#include <boost/test/unit_test.hpp>

#include <filesystem>

/// Boost.Test's main function for every test program; the master suite is named like the program.
int main(int argc, char** argv) {
    const auto named = [] {
        auto& suite = boost::unit_test::framework::master_test_suite();
        suite.p_name.value = std::filesystem::path(suite.argv[0]).filename().string();
        return true;
    };
    return boost::unit_test::unit_test_main(+named, argc, argv);
}
