#include "catalogue/download.hpp"

#include "core/error.hpp"
#include "core/stoppable_sleep.hpp"
#include "core/text.hpp"
#include "os/atomic_file.hpp"
#include "os/file_descriptor.hpp"
#include "os/file_error.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/Context.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Net/HTTPSClientSession.h>
#include <Poco/Net/SSLException.h>
#include <Poco/URI.h>
#include <sodium.h>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <istream>
#include <memory>
#include <optional>
#include <random>
#include <vector>

namespace gatefold::catalogue {

namespace net = Poco::Net;

namespace {

constexpr Millis longestPause{600'000};
constexpr std::uint64_t longestFile = 1ULL << 40;
constexpr std::size_t pieceBytes = 256 * 1024;

/// A failure that may pass.
struct Transient {
    std::string what;
};

[[noreturn]] void stopped() {
    throw Error(ErrorCode::conflict, "the download was stopped; it goes on where it ended");
}

Poco::Timespan timespan(Millis time) {
    return Poco::Timespan(time.count() * 1000);
}

/// Waits longer after each failure in a row, with jitter so that boxes do not come in step.
class BackOff {
public:
    BackOff(const DownloadOptions& options, const std::stop_token& stop)
        : options_(options), stop_(stop), pause_(options.first_pause) {}
    void succeeded() {
        failures_ = 0;
        pause_ = options_.first_pause;
    }
    /// Throws `unavailable` when it is enough.
    void failed(const std::string& what) {
        if (++failures_ >= options_.most_tries)
            throw Error(ErrorCode::unavailable,
                        "The store of dumps " + what + ". What is there is kept; try again later.");
        std::uniform_real_distribution<double> spread(0.5, 1.0);
        const Millis wait(
            static_cast<std::int64_t>(static_cast<double>(pause_.count()) * spread(random_)));
        if (sleepUnlessStopped(stop_, wait))
            stopped();
        pause_ = std::min(pause_ * 2, longestPause);
    }

private:
    const DownloadOptions& options_;
    std::stop_token stop_;
    Millis pause_;
    int failures_ = 0;
    std::minstd_rand random_{std::random_device()()};
};

/// One exchange: the request is out and the answer's head is here.
class Exchange {
public:
    Exchange(const Poco::URI& address, std::uint64_t from, const DownloadOptions& options,
             const std::stop_token& stop) {
        if (address.getScheme() == "https") {
            net::Context::Ptr context =
                new net::Context(net::Context::TLS_CLIENT_USE, options.ca_file,
                                 net::Context::VERIFY_STRICT, 9, options.ca_file.empty());
            context->requireMinimumProtocol(net::Context::PROTO_TLSV1_2);
            context->enableExtendedCertificateVerification(true);
            session_ = std::make_unique<net::HTTPSClientSession>(address.getHost(),
                                                                 address.getPort(), context);
        } else {
            session_ =
                std::make_unique<net::HTTPClientSession>(address.getHost(), address.getPort());
        }
        session_->setTimeout(timespan(options.connect_timeout), timespan(options.read_timeout),
                             timespan(options.read_timeout));
        net::HTTPRequest request(net::HTTPRequest::HTTP_GET, address.getPathAndQuery(),
                                 net::HTTPMessage::HTTP_1_1);
        request.set("User-Agent", options.user_agent);
        request.set("Accept-Encoding", "identity");
        if (from > 0)
            request.set("Range", "bytes=" + std::to_string(from) + "-");
        session_->sendRequest(request);
        const int socket = session_->socket().impl()->sockfd();
        os::closeOnExec(socket);
        // A stop ends a read that waits.
        shut_.emplace(stop, Shut{socket});
        body_ = &session_->receiveResponse(response_);
        body_->exceptions(std::ios::badbit); // else the library's stream simply ends
    }
    ~Exchange() { shut_.reset(); }
    Exchange(const Exchange&) = delete;
    Exchange& operator=(const Exchange&) = delete;

    const net::HTTPResponse& head() const { return response_; }
    int status() const { return response_.getStatus(); }
    /// Up to as many bytes as fit; 0 at the end.
    std::size_t read(std::vector<char>& room) {
        body_->read(room.data(), static_cast<std::streamsize>(room.size()));
        return static_cast<std::size_t>(body_->gcount());
    }

private:
    struct Shut {
        int fd;
        void operator()() const noexcept { ::shutdown(fd, SHUT_RDWR); }
    };
    std::unique_ptr<net::HTTPClientSession> session_;
    net::HTTPResponse response_;
    std::optional<std::stop_callback<Shut>> shut_;
    std::istream* body_ = nullptr;
};

/// Throws what a status other than 200 and 206 means.
void checkStatus(int status) {
    if (status == 200 || status == 206)
        return;
    const std::string said = "answers with status " + std::to_string(status);
    if (status == 408 || status == 429 || status >= 500)
        throw Transient{said};
    if (status == 401 || status == 403)
        throw Error(ErrorCode::unavailable,
                    "The store of dumps refuses this address (" + std::to_string(status) +
                        "). Fetch the file with a browser and give it with --file.");
    if (status == 404)
        throw Error(ErrorCode::unavailable, "The store of dumps does not have the file (404).");
    throw Error(ErrorCode::unavailable, "The store of dumps " + said + ".");
}

/// Whether the other side could not prove its name. OpenSSL says so in words only.
bool aboutCertificate(const net::SSLException& error) {
    return dynamic_cast<const net::CertificateValidationException*>(&error) != nullptr ||
           dynamic_cast<const net::InvalidCertificateException*>(&error) != nullptr ||
           error.message().find("certificate verify failed") != std::string::npos;
}

/// Runs `attempt` until it is done; failures that may pass are tried again.
template <class Attempt>
void untilDone(const DownloadOptions& options, const std::stop_token& stop, Attempt attempt) {
    BackOff back_off(options, stop);
    for (;;) {
        std::string what;
        try {
            if (attempt(back_off))
                return;
            continue;
        } catch (const Transient& failure) {
            what = failure.what;
        } catch (const net::SSLException& error) {
            if (aboutCertificate(error))
                throw Error(ErrorCode::unavailable,
                            "The store of dumps does not prove who it is: its certificate is not "
                            "one that this box trusts for that name. Is the box's clock right?");
            what = "broke the secure connection off"; // as others do with a plain one
        } catch (const Poco::TimeoutException&) {
            what = "does not answer in time";
        } catch (const Poco::Exception& error) {
            what = "cannot be reached (" + std::string(error.name()) + ")";
        } catch (const std::ios_base::failure&) {
            what = "broke its answer off";
        }
        if (stop.stop_requested())
            stopped();
        back_off.failed(what);
    }
}

/// The file in work, locked against a second download, with the sum of what it holds.
class PartFile {
public:
    explicit PartFile(const std::filesystem::path& path) : path_(path) {
        fd_ = ::open(path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0644);
        if (fd_ < 0)
            fail();
        if (::flock(fd_, LOCK_EX | LOCK_NB) != 0) {
            ::close(fd_);
            throw Error(ErrorCode::conflict, "another download of the dump is at work");
        }
        crypto_hash_sha256_init(&sum_);
        std::vector<char> piece(pieceBytes);
        for (;;) {
            const ssize_t count = ::read(fd_, piece.data(), piece.size());
            if (count <= 0)
                break;
            add(piece.data(), static_cast<std::size_t>(count));
        }
    }
    ~PartFile() {
        if (size_ == 0)
            ::unlink(path_.c_str());
        ::close(fd_);
    }
    PartFile(const PartFile&) = delete;
    PartFile& operator=(const PartFile&) = delete;

    std::uint64_t size() const { return size_; }
    void append(const char* bytes, std::size_t count) {
        for (std::size_t done = 0; done < count;) {
            const ssize_t written = ::write(fd_, bytes + done, count - done);
            if (written < 0)
                fail();
            done += static_cast<std::size_t>(written);
        }
        add(bytes, count);
    }
    void startAnew() {
        if (::ftruncate(fd_, 0) != 0 || ::lseek(fd_, 0, SEEK_SET) != 0)
            fail();
        size_ = 0;
        crypto_hash_sha256_init(&sum_);
    }
    /// The sum; nothing may be appended afterwards.
    std::string sha256() {
        std::array<unsigned char, crypto_hash_sha256_BYTES> bytes{};
        crypto_hash_sha256_final(&sum_, bytes.data());
        std::array<char, 2 * crypto_hash_sha256_BYTES + 1> hex{};
        sodium_bin2hex(hex.data(), hex.size(), bytes.data(), bytes.size());
        return hex.data();
    }

private:
    void add(const char* bytes, std::size_t count) {
        crypto_hash_sha256_update(&sum_, reinterpret_cast<const unsigned char*>(bytes), count);
        size_ += count;
    }
    [[noreturn]] void fail() const { throw os::fileError("cannot write", path_, errno); }

    std::filesystem::path path_;
    int fd_ = -1;
    std::uint64_t size_ = 0;
    crypto_hash_sha256_state sum_{};
};

/// Where the answer's body begins and how long the whole file is ("bytes 5-9/10").
struct Span {
    std::uint64_t from = 0, total = 0;
};

Span spanOf(const Exchange& answer) {
    Span span;
    if (answer.status() == 206) {
        const std::string range = answer.head().get("Content-Range", "");
        unsigned long long from = 0, last = 0, total = 0;
        if (std::sscanf(range.c_str(), "bytes %llu-%llu/%llu", &from, &last, &total) != 3)
            throw Transient{"sends a part without saying which"};
        span = {from, total};
    } else if (answer.head().hasContentLength()) {
        span.total = static_cast<std::uint64_t>(answer.head().getContentLength64());
    }
    if (span.total == 0 || span.total > longestFile)
        throw Error(ErrorCode::unavailable,
                    "The store of dumps does not say how long the file is.");
    return span;
}

void refuseWebPage(const Exchange& answer) {
    if (asciiLower(answer.head().getContentType()).find("html") != std::string::npos)
        throw Error(ErrorCode::malformed,
                    "The store of dumps answers with a web page instead of the file. Fetch it "
                    "with a browser and give it with --file.");
}

class Fetch {
public:
    Fetch(const FileDownload& file, const DownloadOptions& options, const std::stop_token& stop,
          PartFile& part)
        : file_(file), options_(options), stop_(stop), part_(part), address_(file.address) {}

    /// True when the file is whole.
    bool attempt(BackOff& back_off) {
        Exchange answer(address_, part_.size(), options_, stop_);
        if (answer.status() == 416) { // longer than the file is
            part_.startAnew();
            throw Transient{"has another file than before"};
        }
        checkStatus(answer.status());
        refuseWebPage(answer);
        const Span span = spanOf(answer);
        if (span.from != part_.size())
            part_.startAnew();
        if (span.from != part_.size())
            throw Transient{"sends another part than asked for"};
        if (file_.makeRoom)
            file_.makeRoom(span.total - part_.size(), span.total);
        take(answer, span.total, back_off);
        return true;
    }

private:
    void take(Exchange& answer, std::uint64_t total, BackOff& back_off) {
        std::vector<char> piece(pieceBytes);
        while (part_.size() < total) {
            const std::size_t count = answer.read(piece);
            if (stop_.stop_requested())
                stopped();
            if (count == 0)
                throw Transient{"broke its answer off"};
            if (count > total - part_.size())
                throw Transient{"sends more than it announced"};
            part_.append(piece.data(), count);
            back_off.succeeded();
            if (file_.progress)
                file_.progress(part_.size(), total);
        }
    }

    const FileDownload& file_;
    const DownloadOptions& options_;
    const std::stop_token& stop_;
    PartFile& part_;
    Poco::URI address_;
};

} // namespace

std::string downloadText(const std::string& address, std::size_t mostBytes,
                         const DownloadOptions& options, const std::stop_token& stop) {
    std::string text;
    untilDone(options, stop, [&](BackOff&) {
        text.clear();
        Exchange answer(Poco::URI(address), 0, options, stop);
        checkStatus(answer.status());
        std::vector<char> piece(pieceBytes);
        while (const std::size_t count = answer.read(piece)) {
            if (count > mostBytes - text.size())
                throw Error(ErrorCode::unavailable,
                            "The store of dumps sends more than a list of files can be.");
            text.append(piece.data(), count);
        }
        if (answer.head().hasContentLength() &&
            text.size() != static_cast<std::size_t>(answer.head().getContentLength64()))
            throw Transient{"broke its answer off"};
        return true;
    });
    return text;
}

void downloadFile(const FileDownload& file, const DownloadOptions& options,
                  const std::stop_token& stop) {
    std::filesystem::path path = file.target;
    path += ".part";
    bool resumed = false, right = false;
    {
        PartFile part(path);
        resumed = part.size() > 0;
        Fetch fetch(file, options, stop, part);
        untilDone(options, stop, [&](BackOff& back_off) { return fetch.attempt(back_off); });
        right = part.sha256() == file.sha256;
        if (right)
            os::replaceFile(path, file.target);
        else
            std::filesystem::remove(path);
    }
    if (right)
        return;
    if (!resumed)
        throw Error(ErrorCode::malformed,
                    "The dump that was fetched is damaged: its SHA-256 is not the one of the "
                    "store's list.");
    downloadFile(file, options, stop); // perhaps the older part was damaged, or of another file
}

} // namespace gatefold::catalogue
