#pragma once

#include "app/accounts.hpp"
#include "http/message.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace gatefold::http {

/// Who sends this request: the control socket's peer, a bearer token, or a cookie, in this order. A
/// token that is not good is nobody, whatever cookie comes with it. Nothing when it is nobody.
std::optional<Caller> authenticate(const Request& request, Accounts& accounts);

/// Whether a request of this method changes nothing.
bool isSafe(std::string_view method);

/// Refuses requests that another site made a browser send: unsafe methods with a cookie or without
/// any sign-in need our own origin where an Origin is named, and JSON or the header X-Gatefold
/// where none is (no browser sends these across sites without asking). Throws `forbidden`.
/// `public_origin`: the configured public_url, normalised, or empty.
void refuseCrossSite(const Request& request, std::string_view public_origin);

/// Set-Cookie of a new sign-in: `__Host-gf` over TLS, `gf` over plain http.
std::string signInCookie(std::string_view value, bool secure);
/// Set-Cookie that takes the cookie away.
std::string endedCookie(bool secure);

} // namespace gatefold::http
