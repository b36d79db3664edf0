/// emulated_scanners [--socket PATH] -- COMMAND [ARGUMENT...]
///
/// Starts COMMAND (the daemon, unchanged) on a USB bus of emulated scanners and takes commands, one
/// a line, from standard input or from a Unix socket. Run it under `umockdev-wrapper`. Answers, one
/// line each; the command's own output goes to standard error.
///
///   plug N keyboard|pos|people [VVVV:PPPP [PRODUCT]]   -> plugged N        device N sits in port
///   1-N unplug N [silently]                                -> unplugged N      silently: udev does
///   not tell claimed N [MS]                                     -> claimed N yes|no waits up to MS
///   (10000) scan N TEXT                                        -> sent NS N TEXT   when the report
///   that ends the code was delivered type N TEXT                                        -> typed N
///   without an end key layout N NAME                                      -> layout N NAME scans
///   are typed on this layout from now on start | signal NUMBER | stop                       ->
///   started PID | signalled | stopped STATUS   stop = SIGTERM and wait wait -> exited STATUS after
///   a signal that ends it quit                                               -> bye
///
/// NS is CLOCK_MONOTONIC in nanoseconds. In TEXT, \xNN is a byte. Wrong commands answer "error
/// REASON".
#include "tests/drivers/scanner_models.hpp"
#include "tests/support/skipped.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <map>
#include <mutex>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace gatefold::test {

namespace {

/// Writes answers whole, from several threads.
class Answers {
public:
    void to(int fd) {
        const std::lock_guard lock(mutex_);
        fd_ = fd;
    }
    void line(const std::string& text) {
        const std::lock_guard lock(mutex_);
        const std::string whole = text + "\n";
        if (fd_ >= 0 && write(fd_, whole.data(), whole.size()) < 0)
            fd_ = -1;
    }

private:
    std::mutex mutex_;
    int fd_ = 1;
};

class Child {
public:
    explicit Child(std::vector<std::string> command) : command_(std::move(command)) {}
    ~Child() {
        if (pid_ > 0)
            stop(SIGKILL);
    }

    pid_t start() {
        if (pid_ > 0)
            throw std::runtime_error("it runs already");
        pid_ = fork();
        if (pid_ == 0) {
            dup2(2, 1);
            // umockdev 0.17 aborts a program after 50 failed opens under /dev, and ALSA tries each
            // sound card there.
            setenv("ALSA_CONFIG_PATH", "/dev/null", 0);
            std::vector<char*> arguments;
            for (std::string& argument : command_)
                arguments.push_back(argument.data());
            arguments.push_back(nullptr);
            execvp(arguments[0], arguments.data());
            std::perror(arguments[0]);
            _exit(127);
        }
        return pid_;
    }

    void signal(int number) {
        if (pid_ <= 0 || kill(pid_, number) != 0)
            throw std::runtime_error("it does not run");
    }

    /// Waits for its end; the exit status, or 128 + signal.
    int wait() {
        if (pid_ <= 0)
            throw std::runtime_error("it does not run");
        int status = 0;
        while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
        }
        pid_ = -1;
        return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }

    int stop(int number) {
        signal(number);
        return wait();
    }

private:
    std::vector<std::string> command_;
    pid_t pid_ = -1;
};

std::string unescaped(const std::string& text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        unsigned value = 0;
        if (text.compare(i, 2, "\\x") == 0 && i + 4 <= text.size() &&
            std::from_chars(&text[i + 2], &text[i + 4], value, 16).ptr == &text[i + 4]) {
            out += static_cast<char>(value);
            i += 3;
        } else {
            out += text[i];
        }
    }
    return out;
}

class Bench {
public:
    Bench(Answers& answers, std::vector<std::string> command)
        : answers_(answers), child_(std::move(command)) {}

    /// Does one command; false after "quit".
    bool run(const std::string& line) {
        std::istringstream words(line);
        std::string verb;
        words >> verb;
        try {
            if (verb == "quit") {
                answers_.line("bye");
                return false;
            }
            if (const auto answer = runProcess(verb, words); !answer.empty())
                answers_.line(answer);
            else if (const auto done = runDevice(verb, words); !done.empty())
                answers_.line(done);
        } catch (const Skipped& reason) {
            answers_.line(std::string("skipped ") + reason.what());
        } catch (const std::exception& error) {
            answers_.line(std::string("error ") + error.what());
        }
        return true;
    }

    pid_t start() { return child_.start(); }

private:
    struct Scanner {
        EmulatedUsbDevice device;
        bool pos;
        std::string layout = "us";
    };

    std::string runProcess(const std::string& verb, std::istringstream& words) {
        if (verb == "start")
            return "started " + std::to_string(child_.start());
        if (verb == "stop")
            return "stopped " + std::to_string(ended(child_.stop(SIGTERM)));
        if (verb == "wait")
            return "exited " + std::to_string(ended(child_.wait()));
        if (verb != "signal")
            return {};
        int number = 0;
        words >> number;
        child_.signal(number);
        return "signalled";
    }

    int ended(int status) {
        for (auto& [number, scanner] : scanners_)
            scanner.device.forgetClients();
        return status;
    }

    std::string runDevice(const std::string& verb, std::istringstream& words) {
        int number = 0;
        if (!(words >> number))
            throw std::runtime_error("command or device number missing");
        const std::string n = std::to_string(number);
        if (verb == "plug") {
            plug(number, words);
            return "plugged " + n;
        }
        const auto found = scanners_.find(number);
        if (found == scanners_.end())
            throw std::runtime_error("nothing is plugged in there");
        Scanner& scanner = found->second;
        if (verb == "unplug") {
            std::string how;
            words >> how;
            scanner.device.unplug(how != "silently");
            scanners_.erase(found);
            return "unplugged " + n;
        }
        if (verb == "claimed") {
            int wait_ms = 10'000;
            words >> wait_ms;
            if (!scanner.device.waitClaimed(0, wait_ms))
                return "claimed " + n + " no";
            // What is typed right after a claim counts as stale (UsbScanner::settleTime).
            std::this_thread::sleep_for(std::chrono::milliseconds(200));
            return "claimed " + n + " yes";
        }
        if (verb == "layout") {
            words >> scanner.layout;
            return "layout " + n + " " + scanner.layout;
        }
        std::string text;
        std::getline(words >> std::ws, text);
        if (verb == "scan") {
            scan(number, scanner, text);
            return {};
        }
        if (verb == "type") {
            scanner.device.send(0, keyReportsOn(scanner.layout, unescaped(text)));
            return "typed " + n;
        }
        throw std::runtime_error("unknown command");
    }

    void plug(int number, std::istringstream& words) {
        std::string kind, ids, product;
        words >> kind >> ids;
        std::getline(words >> std::ws, product);
        EmulatedUsbSpec spec = kind == "pos"      ? hidPosScanner()
                               : kind == "people" ? peoplesKeyboard()
                                                  : keyboardScanner();
        if (ids.size() == 9) {
            spec.vendor = static_cast<std::uint16_t>(std::stoul(ids.substr(0, 4), nullptr, 16));
            spec.product_id = static_cast<std::uint16_t>(std::stoul(ids.substr(5), nullptr, 16));
        }
        if (!product.empty())
            spec.product = product;
        scanners_.erase(number);
        {
            const std::lock_guard lock(mutex_);
            waiting_.erase(number);
        }
        scanners_.emplace(number,
                          Scanner{bus_.plug("1-" + std::to_string(number), spec), kind == "pos"});
    }

    /// The answer comes when the code's last report was delivered; scans of one scanner may be
    /// queued.
    void scan(int number, Scanner& scanner, const std::string& text) {
        auto texts = std::make_shared<std::deque<std::string>>();
        {
            const std::lock_guard lock(mutex_);
            if (auto& waiting = waiting_[number])
                texts = waiting;
            else
                waiting = texts;
            texts->push_back(text);
        }
        scanner.device.onDelivered([this, number, texts](std::int64_t at_ns) {
            std::string sent;
            {
                const std::lock_guard lock(mutex_);
                if (texts->empty())
                    return;
                sent = texts->front();
                texts->pop_front();
            }
            answers_.line("sent " + std::to_string(at_ns) + " " + std::to_string(number) + " " +
                          sent);
        });
        const std::string code = unescaped(text);
        scanner.device.send(0, scanner.pos ? hidPosReports(aimOf(code), code)
                                           : keyReportsOn(scanner.layout, code + "\r"));
    }

    static std::string aimOf(const std::string& code) {
        const bool digits = code.find_first_not_of("0123456789") == std::string::npos;
        if (digits && (code.size() == 12 || code.size() == 13))
            return "]E0";
        return digits && code.size() == 8 ? "]E4" : "]Q1";
    }

    Answers& answers_;
    EmulatedUsbBus bus_;
    Child child_; ///< ends before the bus
    std::mutex mutex_;
    std::map<int, std::shared_ptr<std::deque<std::string>>> waiting_;
    std::map<int, Scanner> scanners_;
};

/// Commands of one peer until it closes; false when it said "quit".
bool serve(int fd, Bench& bench) {
    std::string pending;
    char buffer[4096];
    for (ssize_t got = 0; (got = read(fd, buffer, sizeof buffer)) > 0;) {
        pending.append(buffer, static_cast<std::size_t>(got));
        for (std::size_t end = 0; (end = pending.find('\n')) != std::string::npos;
             pending.erase(0, end + 1))
            if (!bench.run(pending.substr(0, end)))
                return false;
    }
    return true;
}

int listenOn(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path)
        throw std::runtime_error("socket path too long");
    std::memcpy(address.sun_path, path.data(), path.size());
    unlink(path.c_str());
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
        listen(fd, 4) != 0)
        throw std::runtime_error("cannot listen on " + path);
    return fd;
}

int serveSocket(const std::string& path, Answers& answers, Bench& bench) {
    const int listener = listenOn(path);
    for (;;) {
        const int peer = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
        if (peer < 0)
            continue;
        answers.to(peer);
        const bool go_on = serve(peer, bench);
        answers.to(-1);
        close(peer);
        if (!go_on)
            break;
    }
    close(listener);
    unlink(path.c_str());
    return 0;
}

int main(std::vector<std::string> arguments) {
    std::string socket_path;
    if (arguments.size() >= 2 && arguments[0] == "--socket") {
        socket_path = arguments[1];
        arguments.erase(arguments.begin(), arguments.begin() + 2);
    }
    if (arguments.size() < 2 || arguments[0] != "--" || !EmulatedUsbBus::possible()) {
        std::cerr << "usage: umockdev-wrapper emulated_scanners [--socket PATH] -- COMMAND "
                     "[ARGUMENT...]\n";
        return 64;
    }
    arguments.erase(arguments.begin());
    signal(SIGPIPE, SIG_IGN);
    Answers answers;
    Bench bench(answers, std::move(arguments));
    answers.line("started " + std::to_string(bench.start()));
    if (!socket_path.empty())
        return serveSocket(socket_path, answers, bench);
    serve(0, bench);
    return 0;
}

} // namespace

} // namespace gatefold::test

int main(int argc, char** argv) {
    try {
        return gatefold::test::main(std::vector<std::string>(argv + 1, argv + argc));
    } catch (const std::exception& error) {
        std::cerr << "emulated_scanners: " << error.what() << '\n';
        return 1;
    }
}
