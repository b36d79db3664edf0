#pragma once

#include "client.hpp"
#include "fake_source.hpp"
#include "fakes.hpp"
#include "http/server.hpp"
#include "json/value.hpp"

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

/// A daemon's HTTP side on free ports over a real store in a folder of its own.
class Box {
public:
    explicit Box(gatefold::http::ServerOptions options = {});
    ~Box();

    int port() const;
    std::string controlPath() const { return (folder_ / "control.sock").string(); }
    FakeClock& clock();
    gatefold::http::Services& use();
    FakeShrinker& shrinker();
    FakeReleaseSource& source();

    /// One request on a connection of its own. Every JSON reply is held against the API document;
    /// what it does not allow fails the test.
    struct Ask {
        std::string method = "GET";
        std::string path;
        std::string body = {}; ///< JSON unless `headers` name another type
        std::vector<std::pair<std::string, std::string>> headers = {};
        std::string token = {};  ///< Authorization: Bearer
        std::string cookie = {}; ///< the value of gf
        bool control = false;    ///< over the control socket
        bool checked = true;     ///< against the API document
    };
    WireReply ask(const Ask& ask);
    /// GET with the admin's token.
    gatefold::json::Value get(const std::string& path, int expected = 200);
    /// POST with the admin's token.
    gatefold::json::Value post(const std::string& path, const std::string& body, int expected);

    /// Makes the first admin (anna) once; the value of her cookie.
    std::string adminCookie();
    /// A token of this scope, made once.
    std::string token(gatefold::Role scope);
    /// The cookie of a person with this role, made once.
    std::string cookieOf(gatefold::Role role);

private:
    struct Parts;

    std::filesystem::path folder_;
    gatefold::http::ServerOptions options_;
    std::unique_ptr<Parts> parts_;
    std::string admin_cookie_;
    std::map<gatefold::Role, std::string> tokens_, cookies_;
};

/// The text of a request, as a client writes it.
std::string requestText(const Box::Ask& ask);
