#include "http/dispatcher.hpp"

#include "core/retry_later.hpp"
#include "core/text.hpp"
#include "http/auth.hpp"
#include "http/problem.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>

namespace gatefold::http {

namespace {

constexpr std::int64_t largeBody = 1024 * 1024;

bool isApi(const Target& target) {
    static constexpr std::array<std::string_view, 4> first{"api", "covers", "healthz", "metrics"};
    return !target.segments.empty() &&
           std::find(first.begin(), first.end(), target.segments.front()) != first.end();
}

/// HEAD is GET without the body.
std::string_view routed(const Request& request) {
    const std::string_view method = request.method;
    return method == "HEAD" ? "GET" : method;
}

[[noreturn]] void refuse(ErrorCode code, const char* what) {
    throw Error(code, what);
}

void checkLength(const Route& route, const Request& request) {
    if (request.chunked)
        refuse(ErrorCode::lengthRequired, "A body needs Content-Length; chunks are not taken.");
    if (route.endpoint.body != BodyKind::none && !request.content_length)
        refuse(ErrorCode::lengthRequired, "This needs a body with Content-Length.");
    if (request.content_length.value_or(0) > static_cast<std::int64_t>(route.max_body))
        throw Error(ErrorCode::tooLarge,
                    "The body may have at most " + std::to_string(route.max_body) + " bytes.");
}

void checkMedia(BodyKind kind, const Request& request) {
    const std::string media = mediaType(request.header("Content-Type"));
    if (kind == BodyKind::json && media != "application/json")
        refuse(ErrorCode::unsupportedMedia, "This needs Content-Type: application/json.");
    if (kind == BodyKind::image && media != "image/jpeg" && media != "image/png")
        refuse(ErrorCode::unsupportedMedia, "This needs Content-Type: image/jpeg or image/png.");
}

/// Path and query in one form, whatever order the query was written in.
std::string questionOf(const Target& target) {
    std::string out = target.path();
    for (const auto& [name, value] : target.query)
        out.append(1, '\0').append(name).append(1, '\0').append(value); // neither holds one
    return out;
}

/// Holds one of the places for large bodies.
class Place {
public:
    explicit Place(std::counting_semaphore<2>* places) : places_(places) {}
    ~Place() {
        if (places_)
            places_->release();
    }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

private:
    std::counting_semaphore<2>* places_;
};

} // namespace

Dispatcher::Dispatcher(const Services& services, const StaticFiles& files, Metrics& metrics,
                       const std::string& public_url)
    : services_(services),
      files_(files),
      metrics_(metrics),
      public_origin_(normalOrigin(public_url).value_or("")),
      guard_(services.clock) {}

Reply Dispatcher::handle(Request& request) noexcept {
    Reply reply;
    try {
        try {
            reply = dispatch(request);
        } catch (const Error& error) {
            reply = problem(error, request);
        } catch (const std::exception& error) {
            reply = problem(Error(ErrorCode::internal, error.what()), request);
        }
        finish(reply, request);
    } catch (...) { // no memory even for the problem document
        reply = Reply();
        reply.status = 500;
    }
    ++metrics_.replies[static_cast<std::size_t>(std::clamp(reply.status / 100, 0, 5))];
    return reply;
}

Reply Dispatcher::dispatch(Request& request) {
    std::string allowed;
    for (const Route& route : routes()) {
        if (!matches(route.path, request.target, request.parameters))
            continue;
        if (routed(request) == nameOfMethod(route.method))
            return run(route, request);
        allowed.append(allowed.empty() ? "" : ", ").append(nameOfMethod(route.method));
        if (route.method == Method::get)
            allowed += ", HEAD";
    }
    if (!allowed.empty()) {
        Reply reply = problem(
            Error(ErrorCode::methodNotAllowed, "This path takes " + allowed + "."), request);
        return reply.with("Allow", allowed);
    }
    if (isApi(request.target))
        refuse(ErrorCode::notFound, "There is no such path.");
    if (routed(request) != "GET") {
        Reply reply =
            problem(Error(ErrorCode::methodNotAllowed, "The page can only be read."), request);
        return reply.with("Allow", "GET, HEAD");
    }
    return files_.page(request);
}

Reply Dispatcher::run(const Route& route, Request& request) {
    checkLength(route, request);
    authorise(route, request);
    if (route.endpoint.body != BodyKind::none)
        checkMedia(route.endpoint.body, request);

    const bool large = request.content_length.value_or(0) > largeBody;
    if (large && !large_bodies_.try_acquire())
        throw RetryLater(ErrorCode::unavailable, "The box reads other photos just now; try again.",
                         std::chrono::seconds(2));
    const Place place(large ? &large_bodies_ : nullptr);

    const std::string body = bodyOf(route, request);
    if (!body.empty()) // it may have taken its time to come
        authorise(route, request);
    return route.same_for_all ? answerForAll(route, request) : answer(route, request, body);
}

Reply Dispatcher::answer(const Route& route, Request& request, const std::string& body) {
    Reply reply =
        route.endpoint.run({services_, request, guard_, files_, metrics_}, body, route.status);
    if (!route.endpoint.raw)
        reply.media = route.media;
    return reply;
}

/// Asked before reading: what is committed meanwhile makes the kept reply one that nobody gets.
Reply Dispatcher::answerForAll(const Route& route, Request& request) {
    const std::uint64_t revision = services_.revision.revision();
    const std::string question = questionOf(request.target);
    Reply reply;
    reply.status = route.status;
    reply.media = route.media;
    if (auto kept = replies_.find(revision, question)) {
        reply.body = *std::move(kept);
        return reply;
    }
    reply = answer(route, request, {});
    replies_.keep(revision, question, reply.body);
    return reply;
}

/// Says who asks and whether they may do it now.
void Dispatcher::authorise(const Route& route, Request& request) const {
    request.caller = authenticate(request, services_.accounts);
    const Permission permission = *route.permission;
    const bool from_here = permission == Permission::loopbackOrToken && request.loopback;
    if (permission != Permission::open && !from_here && !request.caller)
        refuse(ErrorCode::unauthenticated, "Sign in first.");
    refuseCrossSite(request, public_origin_);
    const Rights rights = request.caller ? request.caller->rights : Rights();
    if (!from_here && !rights.allow(permission))
        throw Error(ErrorCode::forbidden,
                    "The role " + std::string(nameOf(request.caller->role)) + " may not do this.");
}

std::string Dispatcher::bodyOf(const Route& route, const Request& request) {
    const auto length = static_cast<std::size_t>(request.content_length.value_or(0));
    std::string body = length == 0 ? std::string() : request.read_body(length);
    if (route.endpoint.body == BodyKind::none && !body.empty() && trimmed(body) != "{}")
        refuse(ErrorCode::malformed, "This takes no body.");
    return body;
}

Reply Dispatcher::problem(const Error& error, const Request& request) const {
    if (statusOf(error.code()) >= 500)
        spdlog::error("http: failed method={} path={} what={}", printable(request.method, 10),
                      printable(request.target.path(), 120), printable(error.message(), 300));
    return problemReply(error, request.target.path());
}

void Dispatcher::finish(Reply& reply, const Request& request) const {
    const auto has = [&](std::string_view name) {
        return std::any_of(reply.headers.begin(), reply.headers.end(),
                           [&](const Header& header) { return header.first == name; });
    };
    reply.with("Content-Security-Policy", files_.contentPolicy());
    reply.with("X-Content-Type-Options", "nosniff");
    reply.with("Referrer-Policy", "same-origin");
    reply.with("Permissions-Policy", "camera=(self), microphone=(), geolocation=()");
    if (!has("Cross-Origin-Resource-Policy"))
        reply.with("Cross-Origin-Resource-Policy", "same-origin");
    if (!has("Cache-Control"))
        reply.with("Cache-Control", has("ETag") ? "private, no-cache" : "no-store");
    if (request.method == "HEAD")
        reply.stream.reset();
}

} // namespace gatefold::http
