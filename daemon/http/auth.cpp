#include "http/auth.hpp"

#include "core/error.hpp"
#include "http/parse.hpp"

namespace gatefold::http {

namespace {

constexpr std::string_view plainCookie = "gf";
constexpr std::string_view secureCookie = "__Host-gf";

std::string cookie(std::string_view value, bool secure, std::string_view max_age) {
    std::string out(secure ? secureCookie : plainCookie);
    out.append("=")
        .append(value)
        .append("; Path=/; HttpOnly; SameSite=Lax; Max-Age=")
        .append(max_age);
    return secure ? out + "; Secure" : out;
}

bool isOwnOrigin(const Request& request, std::string_view public_origin) {
    const auto origin = normalOrigin(request.header("Origin"));
    if (!origin)
        return false;
    const std::string scheme = request.secure ? "https://" : "http://";
    return *origin == normalOrigin(scheme + std::string(request.header("Host"))) ||
           (!public_origin.empty() && *origin == public_origin);
}

[[noreturn]] void refuse(const char* what) {
    throw Error(ErrorCode::forbidden, what);
}

} // namespace

bool isSafe(std::string_view method) {
    return method == "GET" || method == "HEAD";
}

std::optional<Caller> authenticate(const Request& request, Accounts& accounts) {
    if (request.console)
        return Accounts::console();
    if (request.has("Authorization")) {
        const auto token = bearerToken(request.header("Authorization"));
        return token ? accounts.byToken(*token) : std::nullopt;
    }
    const auto value =
        cookieValue(request.header("Cookie"), request.secure ? secureCookie : plainCookie);
    return value ? accounts.byCookie(*value) : std::nullopt;
}

void refuseCrossSite(const Request& request, std::string_view public_origin) {
    const bool by_cookie_or_nobody =
        !request.caller || request.caller->kind == Caller::Kind::person;
    if (isSafe(request.method) || !by_cookie_or_nobody)
        return;
    const std::string_view site = request.header("Sec-Fetch-Site");
    if (!site.empty() && site != "same-origin" && site != "none")
        refuse("This request came from another site.");
    if (request.has("Origin")) {
        if (!isOwnOrigin(request, public_origin))
            refuse("This request came from another site.");
    } else if (mediaType(request.header("Content-Type")) != "application/json" &&
               !request.has("X-Gatefold")) {
        refuse("Without an Origin, a request that changes something needs JSON or the header "
               "X-Gatefold: 1.");
    }
}

std::string signInCookie(std::string_view value, bool secure) {
    return cookie(value, secure, "2592000"); // 30 days: the store ends it earlier when it is idle
}

std::string endedCookie(bool secure) {
    return cookie("", secure, "0");
}

} // namespace gatefold::http
