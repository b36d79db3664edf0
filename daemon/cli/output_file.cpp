#include "cli/output_file.hpp"

#include "core/error.hpp"
#include "os/atomic_file.hpp"
#include "os/file_error.hpp"
#include "os/owner.hpp"
#include "os/write_bytes.hpp"

#include <fcntl.h>
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

/// The other process: waits for the command to go on, or for the end of the one that would send it.
[[noreturn]] void keepRights(int command, int answer, const std::string& temporary,
                             const fs::path& file) {
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGPIPE})
        ::signal(signal, SIG_IGN); // meant for the other one, whose end is seen here
    char word = 0;
    if (::read(command, &word, 1) == 1) {
        std::string said(placed);
        try {
            os::replaceFile(temporary, file);
        } catch (const Error& error) {
            said = error.message();
        }
        [[maybe_unused]] const auto told = ::write(answer, said.data(), said.size());
    }
    ::unlink(temporary.c_str());
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
    std::string name = (folder / ("." + file.filename().string() + ".XXXXXX")).string();
    temporary_ = os::FileDescriptor(::mkostemp(name.data(), O_CLOEXEC));
    if (!temporary_)
        throw os::fileError("cannot write", file, errno);
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
        keepRights(command.read.get(), answer.write.get(), name, fs::absolute(file));
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
