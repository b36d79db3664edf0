#pragma once

#include "lookup/gate.hpp"
#include "lookup/http_client.hpp"
#include "lookup/limits_told.hpp"
#include "ports/answer_cache.hpp"
#include "ports/online_source.hpp"

#include <filesystem>
#include <functional>
#include <mutex>
#include <string>

namespace gatefold::lookup {

/// What makes one source different from another.
struct SourceRules {
    std::string name;  ///< "discogs"
    std::string title; ///< "Discogs"
    std::string notice, notice_url;
    std::string default_url;              ///< its address in the world
    std::vector<std::string> other_hosts; ///< where its redirects lead; only with the default_url
    GateRules gate;
    Millis kept_for{0};    ///< how old a kept answer may be when it is used
    bool show_kept = true; ///< false: rows may not be shown when older than `kept_for`
    bool wants_token = false;
};

/// What a household sets for one source.
struct SourceSettings {
    bool enabled = true;
    std::string base_url;
    std::filesystem::path token_file; ///< empty: none
};

/// What all sources share; must outlive them.
struct Surroundings {
    const Clock& clock;
    Waiting& waiting;
    AnswerCache& cache;
    Jitter jitter;
    HttpOptions http;
};

/// The way to one source: cache, gate, HTTPS, and what its answers mean for the next question. Any
/// thread.
class Channel {
public:
    Channel(SourceRules rules, SourceSettings settings, const Surroundings& around);

    /// Reads an answer; throws Error for one that is not what the source documents.
    using Read = std::function<void(const HttpAnswer& answer, WallTime fetched_at)>;
    struct Question {
        std::string path; ///< with its query
        std::string accept = "application/json";
        std::size_t most_bytes = 8 << 20;
        bool keep = true; ///< false: too large to be kept here
    };
    /// Asks, or takes a kept answer that is young enough, and hands it to `read`. False when the
    /// source does not know such a thing (404). Throws OnlineError.
    bool ask(const Question& question, const OnlineCall& call, const Read& read);

    OnlineSourceStatus status() const noexcept;
    OnlineOrigin origin(std::string source_url, WallTime fetched_at) const;
    /// Throws OnlineError `unauthenticated` when the source has no token to show.
    void requireToken() const;
    const std::string& name() const { return rules_.name; }

private:
    bool takeKept(const Question& question, const Read& read);
    bool exchange(Gate::Turn& turn, const Question& question, const OnlineCall& call,
                  const Read& read);
    [[noreturn]] void fail(Gate::Turn& turn, Failure failure, const LimitsTold& told);
    std::string authorization();
    void describe(OnlineSourceStatus& status) const;

    const SourceRules rules_;
    const SourceSettings settings_;
    const Clock& clock_;
    AnswerCache& cache_;
    const Hosts hosts_;
    Gate gate_;
    HttpClient http_;
    std::mutex token_mutex_;
    std::string last_token_;
};

} // namespace gatefold::lookup
