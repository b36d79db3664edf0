#pragma once

#include "lookup/channel.hpp"
#include "lookup/waiting.hpp"
#include "store/answer_file.hpp"

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>
#include <string>

namespace gatefold {

/// A clock that the test owns; any thread. With a step, every look at it takes that long.
class TestClock final : public Clock {
public:
    explicit TestClock(Millis step = Millis{0}) : step_(step) {}
    Now now() const override {
        const Millis passed{passed_.fetch_add(step_.count())};
        return {begin() + passed, MonoTime{std::chrono::hours(1)} + passed};
    }
    void advance(Millis time) { passed_ += time.count(); }
    Millis passed() const { return Millis{passed_.load()}; }
    /// 2026-03-01T12:00:00Z
    static WallTime begin() { return WallTime{Millis{1'772'366'400'000}}; }

private:
    const Millis step_;
    mutable std::atomic<Millis::rep> passed_{0};
};

/// Sleeping is setting the clock: waits take no time at all and can be read off afterwards.
class LeapWaiting final : public lookup::Waiting {
public:
    explicit LeapWaiting(TestClock& clock) : clock_(clock) {}
    void sleep(std::unique_lock<std::mutex>&, std::condition_variable_any&, MonoTime until,
               const std::stop_token&) override {
        const MonoTime now = clock_.now().mono;
        if (until > now)
            clock_.advance(until - now);
    }

private:
    TestClock& clock_;
};

/// Time stands still: only a notification or a stop ends a wait.
class StillWaiting final : public lookup::Waiting {
public:
    void sleep(std::unique_lock<std::mutex>& lock, std::condition_variable_any& changed, MonoTime,
               const std::stop_token& stop) override {
        bool woken = false;
        changed.wait(lock, stop, [&] { return std::exchange(woken, true); });
    }
};

/// A folder of its own, removed afterwards.
class ScratchFolder {
public:
    ScratchFolder() {
        std::string name = (std::filesystem::temp_directory_path() / "lookup-XXXXXX").string();
        path_ = ::mkdtemp(name.data());
    }
    ~ScratchFolder() { std::filesystem::remove_all(path_); }
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;
    const std::filesystem::path& path() const { return path_; }
    std::filesystem::path operator/(const std::string& name) const { return path_ / name; }
    std::filesystem::path write(const std::string& name, const std::string& text) const {
        std::ofstream(path_ / name, std::ios::binary) << text;
        return path_ / name;
    }

private:
    std::filesystem::path path_;
};

/// What the sources of a test live in.
struct TestSurroundings {
    TestClock clock;
    LeapWaiting waiting{clock};
    ScratchFolder folder;
    store::AnswerFile cache{folder.path()};
    lookup::Surroundings around{clock, waiting, cache, [] { return 0.0; },
                                lookup::HttpOptions{"Gatefold/0.1.0 (+https://gatefold.test)",
                                                    std::make_shared<lookup::TrustedCertificates>(),
                                                    Millis{5'000}, Millis{15'000}, Millis{45'000},
                                                    5}};
};

inline std::string contentOf(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

/// An answer in the form of a real one, written by hand.
inline std::string fixture(const std::string& name) {
    return contentOf(std::filesystem::path(GATEFOLD_SOURCE_DIR) / "tests/fixtures/lookup" / name);
}

/// What a call threw, without the call's value.
struct Refusal {
    bool thrown = false;
    ErrorCode code = ErrorCode::internal;
    std::string message;
    std::optional<WallTime> retry_at;
};
inline Refusal refusalOf(const std::function<void()>& call) {
    try {
        call();
    } catch (const OnlineError& e) {
        return {true, e.code(), e.message(), e.retryAt()};
    }
    return {};
}

} // namespace gatefold
