#pragma once

#include "app/accounts.hpp"
#include "http/parse.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gatefold::http {

enum class Method { get, post, put, patch, remove };
/// "GET", "POST", "PUT", "PATCH", "DELETE".
std::string_view nameOfMethod(Method method);

using Header = std::pair<std::string, std::string>;

/// A request as the dispatcher sees it: no library's type, so that it can be made up in a test.
struct Request {
    std::string method; ///< as sent: "GET", "HEAD", ...
    Target target;
    std::vector<Header> headers;
    std::optional<std::int64_t> content_length;
    bool chunked = false;  ///< Transfer-Encoding of any kind
    std::string address;   ///< the peer's, without its port; empty over the control socket
    bool loopback = false; ///< the peer is this machine
    bool secure = false;   ///< came over TLS
    bool console = false;  ///< root or the daemon's own user over the control socket
    std::function<std::string(std::size_t)> read_body; ///< exactly that many bytes, or Error

    std::optional<Caller> caller;                                     ///< set by authentication
    std::vector<std::pair<std::string_view, std::string>> parameters; ///< of the path, by name

    /// The header of that name (any case), or "".
    std::string_view header(std::string_view name) const;
    bool has(std::string_view name) const;
    /// A parameter of the path.
    const std::string& parameter(std::string_view name) const;
    /// A parameter of the query, when it is there and not empty.
    std::optional<std::string> query(std::string_view name) const;
};

/// What a client that wants the event stream gets instead of a body.
struct StreamStart {
    Caller caller;
    std::optional<std::int64_t> last_id;
};

struct Reply {
    int status = 200;
    std::string media = "application/json";
    std::string body;
    std::vector<Header> headers;
    std::optional<StreamStart> stream;

    Reply& with(std::string name, std::string value) {
        headers.emplace_back(std::move(name), std::move(value));
        return *this;
    }
};

} // namespace gatefold::http
