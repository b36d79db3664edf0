#include "cli/output_file.hpp"

#include "core/error.hpp"
#include "os/atomic_file.hpp"
#include "os/file_error.hpp"
#include "os/owner.hpp"
#include "os/write_bytes.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <utility>

namespace gatefold::cli {

namespace {

namespace fs = std::filesystem;

struct Pipe {
    os::FileDescriptor read, write;
};

Pipe makePipe(const fs::path& file) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
        throw os::fileError("cannot write", file, errno);
    return {os::FileDescriptor(ends[0]), os::FileDescriptor(ends[1])};
}

/// What the other process answers: `placed`, or the message of what went wrong.
constexpr std::string_view placed = "placed";

void refuseOtherThanFile(const fs::path& file) {
    struct ::stat status {};
    if (::stat(file.c_str(), &status) == 0 && !S_ISREG(status.st_mode))
        throw Error(ErrorCode::invalid,
                    file.string() + " is no regular file; nothing was written.");
}

/// Removes the open file while `name` is its name: once it has another one, that is a file of
/// somebody else.
void removeNamed(int open_file, const std::string& name) {
    struct ::stat opened {};
    struct ::stat named {};
    if (::fstat(open_file, &opened) == 0 && ::lstat(name.c_str(), &named) == 0 &&
        opened.st_dev == named.st_dev && opened.st_ino == named.st_ino)
        ::unlink(name.c_str());
}

/// No two commands write the same file at once. A file system without locks has to do without.
void lockUnfinished(const os::FileDescriptor& unfinished, const fs::path& file) {
    if (::flock(unfinished.get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
        throw Error(ErrorCode::conflict, "Another command writes " + file.string() + " now.");
}

/// What a command that was killed left. What another one has at work is locked.
void removeUnfinished(const std::string& name, const fs::path& file) {
    const os::FileDescriptor left(
        ::open(name.c_str(), O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (!left)
        return; // what is there and cannot be opened is told when the file is made
    lockUnfinished(left, file);
    removeNamed(left.get(), name);
}

/// Makes the file anew: one that is there already may be open elsewhere.
os::FileDescriptor makeUnfinished(const std::string& name, const fs::path& file) {
    removeUnfinished(name, file);
    os::FileDescriptor made(
        ::open(name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!made)
        throw os::fileError("cannot write", name, errno);
    lockUnfinished(made, file);
    return made;
}

/// The other process: waits for the command to go on, or for the end of the one that would send it.
[[noreturn]] void keepRights(int command, int answer, int unfinished, const std::string& name,
                             const fs::path& file) {
    for (const int signal : {SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGPIPE})
        ::signal(signal, SIG_IGN); // meant for the other one, whose end is seen here
    char word = 0;
    if (::read(command, &word, 1) == 1) {
        std::string said(placed);
        try {
            os::replaceFile(name, file);
        } catch (const Error& error) {
            said = error.message();
        }
        [[maybe_unused]] const auto told = ::write(answer, said.data(), said.size());
    }
    removeNamed(unfinished, name);
    ::_exit(0);
}

/// Removes the file under its temporary name, unless the other process has taken that over.
struct RemovedUnlessTaken {
    const std::string& name;
    bool taken = false;
    ~RemovedUnlessTaken() {
        if (!taken)
            ::unlink(name.c_str());
    }
};

} // namespace

OutputFile::OutputFile(const fs::path& file, mode_t mode) : file_(file) {
    refuseOtherThanFile(file);
    Pipe command = makePipe(file), answer = makePipe(file);
    const fs::path folder = fs::absolute(file).parent_path();
    os::makeFolder(folder);
    const std::string name = os::unfinishedName(fs::absolute(file)).string();
    temporary_ = makeUnfinished(name, file);
    RemovedUnlessTaken removed{name};
    if (::fchmod(temporary_.get(), mode) != 0)
        throw os::fileError("cannot write", file, errno);
    os::giveToOwner(temporary_.get(), folder);
    process_ = ::fork();
    if (process_ < 0)
        throw os::fileError("cannot write", file, errno);
    removed.taken = true;
    if (process_ == 0) {
        command.write = os::FileDescriptor(); // so that the other's end is seen
        keepRights(command.read.get(), answer.write.get(), temporary_.get(), name,
                   fs::absolute(file));
    }
    command_ = std::move(command.write);
    answer_ = std::move(answer.read);
}

OutputFile::~OutputFile() {
    command_ = os::FileDescriptor();
    ::waitpid(process_, nullptr, 0);
}

void OutputFile::write(std::string_view bytes) {
    os::writeBytes(temporary_, bytes, file_);
}

void OutputFile::copy(const fs::path& file) {
    const os::FileDescriptor source(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (!source)
        throw os::fileError("cannot read", file, errno);
    os::copyBytes(source, file, temporary_, file_);
}

void OutputFile::putInPlace() {
    const char word = 1;
    std::array<char, 4096> answer{};
    if (::write(command_.get(), &word, 1) != 1)
        throw os::fileError("cannot write", file_, errno);
    const ssize_t length = ::read(answer_.get(), answer.data(), answer.size());
    if (length <= 0) // the other process ended before it was done
        throw Error(ErrorCode::fileAccess, "cannot write " + file_.string());
    const std::string_view said(answer.data(), static_cast<std::size_t>(length));
    if (said != placed)
        throw Error(ErrorCode::fileAccess, std::string(said));
}

} // namespace gatefold::cli
