#include "lookup/channel.hpp"

#include "core/text.hpp"
#include "lookup/token_file.hpp"

#include <spdlog/spdlog.h>

#include <utility>

namespace gatefold::lookup {

namespace {

constexpr Millis worthMentioning{3'000};

ErrorCode codeOf(FailureKind kind) {
    switch (kind) {
    case FailureKind::busy: return ErrorCode::rateLimited;
    case FailureKind::refused: return ErrorCode::unauthenticated;
    case FailureKind::unreachable:
    case FailureKind::none: break;
    }
    return ErrorCode::unavailable;
}

/// What a status other than 200 and 404 says about the source; nothing: it works, but not with
/// this question.
std::optional<Failure> failureOf(int status, const LimitsTold& told) {
    const Millis at_least = told.retry_after.value_or(Millis{0});
    if (status == 401)
        return Failure{FailureKind::refused, "the token is missing or not accepted", at_least};
    if (status == 403)
        return Failure{FailureKind::refused, "it refuses this box (HTTP 403)", at_least};
    if (status == 429 || (status == 503 && told.retry_after))
        return Failure{FailureKind::busy, "too many requests", at_least};
    if (status >= 400 && status < 500)
        return std::nullopt;
    return Failure{FailureKind::unreachable, "HTTP " + std::to_string(status), at_least};
}

/// What is wrong with an answer without the piece of it that the JSON reader quotes behind ';': no
/// payload goes into logs.
std::string withoutQuote(const Error& error) {
    return printable(error.message().substr(0, error.message().find(';')), 120);
}

std::vector<std::string> hostsBeside(const SourceRules& rules, std::string_view base_url) {
    while (base_url.ends_with('/'))
        base_url.remove_suffix(1);
    return base_url == rules.default_url ? rules.other_hosts : std::vector<std::string>();
}

} // namespace

Channel::Channel(SourceRules rules, SourceSettings settings, const Surroundings& around)
    : rules_(std::move(rules)),
      settings_(std::move(settings)),
      clock_(around.clock),
      cache_(around.cache),
      hosts_(settings_.base_url, hostsBeside(rules_, settings_.base_url)),
      gate_(rules_.title, rules_.gate, around.clock, around.waiting, around.jitter),
      http_(around.http, around.clock) {}

OnlineOrigin Channel::origin(std::string source_url, WallTime fetched_at) const {
    OnlineOrigin origin{rules_.name, std::move(source_url), fetched_at, {}};
    if (!rules_.show_kept)
        origin.show_until = fetched_at + rules_.kept_for;
    return origin;
}

std::string Channel::authorization() {
    if (!rules_.wants_token)
        return {};
    std::string token = tokenIn(settings_.token_file);
    const std::lock_guard lock(token_mutex_);
    // A new token is a new chance.
    if (token != std::exchange(last_token_, token))
        gate_.forgive();
    return token.empty() ? std::string() : "Discogs token=" + token;
}

void Channel::requireToken() const {
    if (settings_.enabled && rules_.wants_token && tokenIn(settings_.token_file).empty())
        throw OnlineError(ErrorCode::unauthenticated,
                          rules_.title + " answers searches only with a personal token");
}

bool Channel::takeKept(const Question& question, const Read& read) {
    const auto kept = cache_.find(rules_.name, question.path);
    const WallTime now = clock_.now().wall;
    // An answer from the future was kept under a wrong clock: its age is unknown.
    if (!kept || kept->fetched_at > now || now - kept->fetched_at >= rules_.kept_for)
        return false;
    try {
        HttpAnswer answer;
        answer.status = 200;
        answer.body = kept->body;
        read(answer, kept->fetched_at);
        return true;
    } catch (const Error&) { // kept by another version of ours, or damaged
        return false;
    }
}

bool Channel::ask(const Question& question, const OnlineCall& call, const Read& read) {
    if (!settings_.enabled)
        throw OnlineError(ErrorCode::unavailable, rules_.title + " is switched off");
    if (question.keep && !call.refresh && takeKept(question, read))
        return true;
    // Before the queue, because a new token ends the pause that a refusal brought.
    authorization();
    gate_.enter(call);
    Gate::Turn turn(gate_);
    return exchange(turn, question, call, read);
}

void Channel::fail(Gate::Turn& turn, Failure failure, const LimitsTold& told) {
    // A box without internet asks again and again: the same failure is logged as a warning once.
    const bool known = gate_.view().last_failure.detail == failure.detail;
    spdlog::log(known ? spdlog::level::debug : spdlog::level::warn,
                "lookup: question failed source={} reason=\"{}\"", rules_.name, failure.detail);
    const std::string message = rules_.title + ": " + failure.detail;
    const ErrorCode code = codeOf(failure.kind);
    const WallTime again = turn.failed(std::move(failure), told);
    throw OnlineError(code, message, again);
}

bool Channel::exchange(Gate::Turn& turn, const Question& question, const OnlineCall& call,
                       const Read& read) {
    HttpAnswer answer;
    try {
        answer = http_.get(
            {hosts_.address(question.path), question.accept, authorization(), question.most_bytes},
            hosts_, call.stop);
    } catch (const OnlineError& e) {
        if (e.code() == ErrorCode::conflict)
            throw OnlineError(e.code(), "the question to " + rules_.title + " was stopped");
        fail(turn, {FailureKind::unreachable, "it " + e.message(), Millis{0}}, {});
    }
    const WallTime now = clock_.now().wall;
    const LimitsTold told = limitsTold(answer, now);
    if (answer.status == 404) {
        turn.succeeded(told);
        return false;
    }
    if (answer.status != 200) {
        if (auto failure = failureOf(answer.status, told))
            fail(turn, std::move(*failure), told);
        turn.succeeded(told);
        throw OnlineError(ErrorCode::invalid, rules_.title + " does not take this question (HTTP " +
                                                  std::to_string(answer.status) + ")");
    }
    try {
        read(answer, now);
    } catch (const Error& e) {
        fail(turn, {FailureKind::unreachable, "its answer is not readable: " + withoutQuote(e), {}},
             told);
    }
    turn.succeeded(told);
    if (question.keep)
        cache_.keep(rules_.name, question.path,
                    {std::move(answer.body), now, now + rules_.kept_for});
    return true;
}

void Channel::describe(OnlineSourceStatus& status) const {
    const Gate::View view = gate_.view();
    status.requests_waiting = static_cast<std::int64_t>(view.waiting);
    status.last_success_at = view.last_success_at;
    status.until = view.until;
    switch (view.last_failure.kind) {
    case FailureKind::none:
        // The gap that every request leaves behind is nothing to speak of.
        if (view.until && *view.until > clock_.now().wall + worthMentioning) {
            status.state = OnlineState::waiting;
            status.detail = "its limit of requests is reached";
        } else {
            status.until.reset();
        }
        break;
    case FailureKind::busy: status.state = OnlineState::waiting; break;
    case FailureKind::refused: status.state = OnlineState::unauthorised; break;
    case FailureKind::unreachable: status.state = OnlineState::unreachable; break;
    }
    if (view.last_failure.kind != FailureKind::none)
        status.detail = view.last_failure.detail;
    if (status.state == OnlineState::ready && rules_.wants_token &&
        tokenIn(settings_.token_file).empty()) {
        status.state = OnlineState::unauthorised;
        status.detail = "no personal token: searches are not possible";
    }
}

OnlineSourceStatus Channel::status() const noexcept {
    OnlineSourceStatus status;
    status.name = rules_.name;
    status.notice = rules_.notice;
    status.notice_url = rules_.notice_url;
    if (settings_.enabled)
        describe(status);
    else
        status.state = OnlineState::off;
    return status;
}

} // namespace gatefold::lookup
