#include "platform/disk.hpp"
#include "platform/locations.hpp"
#include "platform/store_lock.hpp"

#include "core/error.hpp"
#include "tests/temp_folder.hpp"

#include <sys/wait.h>

#include <boost/test/unit_test.hpp>

#include <functional>

namespace gatefold::platform {
namespace {

using test::TempFolder;

/// Runs `body` in a process of its own; its exit status.
int inChild(const std::function<int()>& body) {
    const pid_t child = ::fork();
    if (child == 0)
        ::_exit(body());
    int status = 0;
    ::waitpid(child, &status, 0);
    return WEXITSTATUS(status);
}

auto has(ErrorCode code) {
    return [code](const Error& error) { return error.code() == code; };
}

BOOST_AUTO_TEST_SUITE(files)

BOOST_AUTO_TEST_CASE(free_space_is_told) {
    const TempFolder folder;
    BOOST_TEST(freeBytes(folder.path()) > 0U);
    BOOST_CHECK_EXCEPTION(freeBytes(folder.path() / "none"), Error, has(ErrorCode::fileAccess));
}

BOOST_AUTO_TEST_CASE(a_second_process_is_told_who_holds_the_store) {
    const TempFolder folder;
    const auto store = folder.path() / "new" / "store";
    const StoreLock lock(store);
    const std::string expected = "the data folder " + store.string() + " is in use: held by pid " +
                                 std::to_string(::getpid()) + "; stop that one first";
    BOOST_TEST(inChild([&] {
                   try {
                       const StoreLock second(store);
                       return 1;
                   } catch (const Error& error) {
                       return error.code() == ErrorCode::conflict && error.message() == expected
                                  ? 0
                                  : 2;
                   }
               }) == 0);
    BOOST_TEST(inChild([&] { return StoreLock::tryTake(store) ? 1 : 0; }) == 0);
    BOOST_TEST(StoreLock::isTaken(store));
    BOOST_TEST(StoreLock::holder(store).value() == ::getpid());
}

BOOST_AUTO_TEST_CASE(the_lock_of_a_process_that_ended_is_free) {
    const TempFolder folder;
    BOOST_TEST(!StoreLock::isTaken(folder.path()));
    BOOST_TEST(inChild([&] { return StoreLock::tryTake(folder.path()) ? 0 : 1; }) == 0);
    BOOST_TEST(!StoreLock::isTaken(folder.path()));
    BOOST_TEST(StoreLock::tryTake(folder.path()).has_value());
}

BOOST_AUTO_TEST_CASE(a_data_folder_that_cannot_be_made_says_what_to_do) {
    const TempFolder folder;
    const auto file = folder.write("file", "");
    const auto says = [&](const Error& error) {
        return error.code() == ErrorCode::fileAccess &&
               error.message() ==
                   "the data folder " + (file / "store").string() +
                       " cannot be written (Not a directory): it or a folder above it is a file, "
                       "name the folder in which gatefold.db lies";
    };
    BOOST_CHECK_EXCEPTION(StoreLock(file / "store"), Error, says);
}

BOOST_AUTO_TEST_CASE(parts_are_found_from_the_programs_own_place) {
    BOOST_TEST(prefixOf("/usr/sbin/gatefoldd") == "/usr");
    BOOST_TEST(prefixOf("/usr/bin/gatefold") == "/usr");
    BOOST_TEST(prefixOf("/usr/libexec/gatefold/gatefold-vision") == "/usr");
    BOOST_TEST(pageFolder() == ownPrefix() / "share/gatefold/webui");
    BOOST_TEST(visionProgram() == ownPrefix() / "libexec/gatefold/gatefold-vision");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace gatefold::platform
