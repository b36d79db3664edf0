#include "core/error.hpp"
#include "os/atomic_file.hpp"
#include "os/file_error.hpp"
#include "os/file_lock.hpp"
#include "os/read_file.hpp"
#include "tests/temp_folder.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>

#include <cerrno>
#include <fstream>
#include <set>
#include <string>

namespace gatefold::os {
namespace {

using test::TempFolder;

auto has(ErrorCode code) {
    return [code](const Error& error) { return error.code() == code; };
}

std::string namesIn(const TempFolder& folder) {
    std::set<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder.path()))
        names.insert(entry.path().filename().string());
    std::string text;
    for (const std::string& name : names)
        text += name + ' ';
    return text;
}

BOOST_AUTO_TEST_SUITE(files)

BOOST_AUTO_TEST_CASE(an_errno_of_a_file_is_a_full_disk_a_missing_file_or_one_out_of_reach) {
    for (const int full : {ENOSPC, EDQUOT, EFBIG, EIO})
        BOOST_TEST(name(fileErrorCode(full)) == "disk_full");
    for (const int out_of_reach : {EACCES, EROFS, EISDIR, ENOTDIR})
        BOOST_TEST(name(fileErrorCode(out_of_reach)) == "file_access");
    const Error missing = fileError("cannot read", "/nowhere/x", ENOENT);
    BOOST_TEST(name(missing.code()) == "not_found");
    BOOST_TEST(missing.message() == "cannot read /nowhere/x: No such file or directory");
}

BOOST_AUTO_TEST_CASE(a_file_is_replaced_whole_with_its_mode_and_no_litter) {
    const TempFolder folder;
    const auto file = folder.write("secret", "old");
    writeAtomically(file, "new bytes", 0600);
    BOOST_TEST(readFile(file, 100) == "new bytes");
    struct stat found {};
    ::stat(file.c_str(), &found);
    BOOST_TEST((found.st_mode & 0777) == 0600U);
    BOOST_TEST(namesIn(folder) == "secret ");
}

BOOST_AUTO_TEST_CASE(a_failed_replacement_leaves_the_old_file) {
    const TempFolder folder;
    std::filesystem::create_directory(folder.path() / "taken");
    std::ofstream(folder.path() / "taken" / "inside") << "kept";
    BOOST_CHECK_EXCEPTION(writeAtomically(folder.path() / "taken", "x", 0600), Error,
                          has(ErrorCode::fileAccess));
    BOOST_TEST(readFile(folder.path() / "taken" / "inside", 100) == "kept");
    BOOST_CHECK_EXCEPTION(writeAtomically(folder.path() / "none" / "x", "x", 0600), Error,
                          has(ErrorCode::notFound));
}

BOOST_AUTO_TEST_CASE(a_written_file_gets_its_name_whole) {
    const TempFolder folder;
    folder.write("old", "old");
    replaceFile(folder.write("new.part", "whole"), folder.path() / "old");
    BOOST_TEST(namesIn(folder) == "old ");
    BOOST_TEST(readFile(folder.path() / "old", 100) == "whole");
    BOOST_CHECK_EXCEPTION(replaceFile(folder.path() / "none", folder.path() / "old"), Error,
                          has(ErrorCode::notFound));
    BOOST_TEST(readFile(folder.path() / "old", 100) == "whole");
}

BOOST_AUTO_TEST_CASE(folders_are_made_with_what_is_missing_above) {
    const TempFolder folder;
    makeFolder(folder.path() / "a" / "b" / "c");
    makeFolder(folder.path() / "a" / "b" / "c");
    BOOST_TEST(std::filesystem::is_directory(folder.path() / "a" / "b" / "c"));
    folder.write("file", "");
    BOOST_CHECK_EXCEPTION(makeFolder(folder.path() / "file"), Error, has(ErrorCode::fileAccess));
    std::filesystem::create_symlink(folder.path() / "nowhere", folder.path() / "link");
    BOOST_CHECK_EXCEPTION(makeFolder(folder.path() / "link"), Error, [&](const Error& error) {
        return error.message() == (folder.path() / "link").string() +
                                      " is a link to no folder: make that one, or remove the link";
    });
    BOOST_CHECK_EXCEPTION(makeFolder(folder.path() / "file" / "x"), Error,
                          has(ErrorCode::fileAccess));
}

BOOST_AUTO_TEST_CASE(a_folder_that_cannot_be_made_is_told) {
    const TempFolder folder;
    std::filesystem::create_symlink(folder.path() / "nowhere", folder.path() / "dangling");
    for (const std::filesystem::path& path :
         {folder.path() / "dangling", folder.path() / "dangling" / "x",
          std::filesystem::path("/proc/none"), std::filesystem::path("/proc/none/x")})
        BOOST_CHECK_THROW(makeFolder(path), Error);
}

BOOST_AUTO_TEST_CASE(a_lock_is_one_holders_and_ends_with_it) {
    const TempFolder folder;
    {
        const auto lock = tryLock(folder.path() / "lock");
        BOOST_TEST(lock.has_value());
        BOOST_TEST(
            !tryLock(folder.path() / "lock").has_value()); // another open file: another holder
    }
    BOOST_TEST(tryLock(folder.path() / "lock").has_value());
    BOOST_CHECK_EXCEPTION(tryLock(folder.path() / "none" / "lock"), Error,
                          has(ErrorCode::notFound));
}

BOOST_AUTO_TEST_CASE(reading_is_bounded_and_secrets_lose_their_line_end) {
    const TempFolder folder;
    BOOST_CHECK_EXCEPTION(readFile(folder.write("large", std::string(101, 'x')), 100), Error,
                          has(ErrorCode::tooLarge));
    BOOST_CHECK_EXCEPTION(readFile(folder.path() / "none", 100), Error, has(ErrorCode::notFound));
    BOOST_REQUIRE(::mkfifo((folder.path() / "pipe").c_str(), 0600) == 0);
    BOOST_CHECK_EXCEPTION(readFile(folder.path() / "pipe", 100), Error, has(ErrorCode::fileAccess));
    int ends[2];
    BOOST_REQUIRE(::pipe(ends) == 0 && ::write(ends[1], "a picture", 9) == 9);
    ::close(ends[1]);
    BOOST_TEST(readInput("/dev/fd/" + std::to_string(ends[0]), 100) == "a picture");
    ::close(ends[0]);
    BOOST_TEST(readSecret(folder.write("secret", "hunter2\n")) == "hunter2");
    BOOST_CHECK_EXCEPTION(readSecret(folder.write("empty", "\n")), Error,
                          has(ErrorCode::configuration));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace gatefold::os
