#include "box.hpp"

#include "json/write.hpp"

#include <boost/test/unit_test.hpp>

#include <fcntl.h>
#include <fstream>
#include <netinet/in.h>
#include <optional>
#include <string>
#include <sys/socket.h>
#include <unistd.h>

using namespace gatefold;
using namespace gatefold::http;

namespace {

/// The status that raw bytes are answered with; the box lives on.
int answered(Box& box, const std::string& bytes) {
    WireClient client(box.port());
    client.send(bytes);
    return client.receive().status;
}

std::string codeOf(const WireReply& reply) {
    return *json::parse(reply.body).find("code")->string();
}

void write(const std::filesystem::path& file, const std::string& text) {
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
}

/// A page folder as the page's build leaves it.
std::filesystem::path pageFolder(const std::filesystem::path& folder) {
    write(folder / "page/index.html", "<html><style>body{color:red}</style></html>");
    write(folder / "page/index.html.br", "BROTLI");
    write(folder / "page/assets/index-4f2a.js", "let a");
    write(folder / "page/assets/index-4f2a.js.gz", "GZIP");
    write(folder / "page/favicon.ico", "icon");
    write(folder / "secret.txt", "secret");
    write(folder / "covers/9f2c-512.jpg", "JPEG");
    return folder / "page";
}

struct TempFolder {
    TempFolder() {
        std::string name = std::filesystem::temp_directory_path() / "gatefold-page-XXXXXX";
        path = ::mkdtemp(name.data());
    }
    ~TempFolder() { std::filesystem::remove_all(path); }
    std::filesystem::path path;
};

} // namespace

BOOST_AUTO_TEST_SUITE(wire)

BOOST_AUTO_TEST_CASE(problems_are_documents_that_say_what_and_where) {
    Box box;
    const WireReply reply = box.ask({.method = "POST",
                                     .path = "/api/v1/locations",
                                     .body = R"({"name":7})",
                                     .token = (box.adminCookie(), box.token(Role::editor))});
    BOOST_TEST(reply.status == 422);
    BOOST_TEST(reply.header("content-type") == "application/problem+json");
    BOOST_TEST(
        reply.body ==
        R"({"type":"about:blank","title":"Unprocessable Content","status":422,"detail":"name must be a string",)"
        R"("code":"invalid","field":"name","instance":"/api/v1/locations"})");
}

BOOST_AUTO_TEST_CASE(a_request_that_a_stop_cuts_short_may_be_sent_again) {
    std::optional<Box> box(std::in_place);
    box->adminCookie();
    WireClient client(box->port());
    client.send("POST /api/v1/scans HTTP/1.1\r\nHost: box\r\nAuthorization: Bearer " +
                box->token(Role::scanner) +
                "\r\nContent-Type: application/json\r\nContent-Length: 100\r\n"
                "Expect: 100-continue\r\n\r\n");
    client.readUntil("100 Continue\r\n\r\n"); // the body is waited for
    box.reset();
    const WireReply reply = client.receive();
    BOOST_TEST(reply.status == 503);
    BOOST_TEST(reply.has("retry-after"));
}

BOOST_AUTO_TEST_CASE(every_reply_carries_the_security_headers) {
    Box box;
    for (const char* path : {"/healthz", "/api/v1/copies", "/api/v1/nothing", "/"}) {
        const WireReply reply = box.ask({.path = path, .checked = false});
        BOOST_TEST(reply.header("content-security-policy").starts_with("default-src 'self';"),
                   path);
        BOOST_TEST(reply.header("content-security-policy").ends_with("frame-ancestors 'none'"),
                   path);
        BOOST_TEST(reply.header("x-content-type-options") == "nosniff", path);
        BOOST_TEST(reply.header("referrer-policy") == "same-origin", path);
        BOOST_TEST(reply.header("cache-control") == "no-store", path);
        BOOST_TEST(!reply.has("access-control-allow-origin"), path);
    }
}

BOOST_AUTO_TEST_CASE(methods_that_a_path_does_not_take_are_told_which_it_does) {
    Box box;
    const WireReply reply =
        box.ask({.method = "PUT", .path = "/api/v1/copies", .body = "{}", .checked = false});
    BOOST_TEST(reply.status == 405);
    BOOST_TEST(reply.header("allow") == "GET, HEAD, POST");
    BOOST_TEST(box.ask({.method = "OPTIONS", .path = "/api/v1/copies/c_1", .checked = false})
                   .header("allow") == "GET, HEAD, PATCH, DELETE");
    BOOST_TEST(box.ask({.method = "POST", .path = "/shelf", .body = "{}", .checked = false})
                   .header("allow") == "GET, HEAD");
    BOOST_TEST(box.ask({.path = "/api/v1/nothing", .checked = false}).status == 404);
    BOOST_TEST(box.ask({.path = "/api", .checked = false}).status == 404);
}

BOOST_AUTO_TEST_CASE(head_is_get_without_the_body) {
    Box box;
    WireClient client(box.port());
    client.send("HEAD /healthz HTTP/1.1\r\nHost: box.test\r\n\r\nGET /healthz HTTP/1.1\r\nHost: "
                "box.test\r\n\r\n");
    const WireReply head = client.receive(true);
    const WireReply get = client.receive();
    BOOST_TEST(head.status == 200);
    BOOST_TEST(head.header("content-length") == get.header("content-length"));
    BOOST_TEST(get.body == R"({"status":"ok","version":")" GATEFOLD_VERSION R"("})");
}

BOOST_AUTO_TEST_CASE(bodies_need_a_length_a_type_and_a_size) {
    Box box;
    box.adminCookie();
    const std::string token = box.token(Role::editor);
    const std::string head =
        "POST /api/v1/scans HTTP/1.1\r\nHost: box.test\r\nAuthorization: Bearer " + token + "\r\n";
    const std::string type = "Content-Type: application/json\r\n";
    BOOST_TEST(answered(box, head + type + "\r\n") == 411);
    BOOST_TEST(answered(box, head + type +
                                 "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n") == 411);
    BOOST_TEST(
        answered(box, head + type + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}") ==
        411);
    BOOST_TEST(answered(box, head + type + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}}") ==
               400);
    BOOST_TEST(answered(box, head + type + "Content-Length: -2\r\n\r\n{}") == 400);
    BOOST_TEST(answered(box, head + type + "Content-Length: two\r\n\r\n{}") == 400);
    BOOST_TEST(answered(box, head + type + "Content-Length: 262145\r\n\r\n{}") == 413);
    BOOST_TEST(answered(box, head + type + "Content-Length: 99999999999999999999\r\n\r\n{}") ==
               400);
    BOOST_TEST(answered(box, head + "Content-Length: 2\r\n\r\n{}") == 415);
    BOOST_TEST(answered(box, head + "Content-Type: text/xml\r\nContent-Length: 2\r\n\r\n{}") ==
               415);
    BOOST_TEST(box.ask({
                           .method = "POST",
                           .path = "/api/v1/photos/decode",
                           .body = "GIF",
                           .token = token,
                       })
                   .status == 415);
    BOOST_TEST(
        box.ask(
               {.method = "POST", .path = "/api/v1/decks/main/flip", .body = "[1]", .token = token})
            .status == 400);
}

BOOST_AUTO_TEST_CASE(malformed_json_is_told_its_place) {
    Box box;
    box.adminCookie();
    const std::string token = box.token(Role::editor);
    for (const char* body :
         {"{", "[]x", "{\"code\":}", "\xff\xfe", "{\"code\":\"1\",\"code\":\"2\"}", "nul"}) {
        const WireReply reply =
            box.ask({.method = "POST", .path = "/api/v1/scans", .body = body, .token = token});
        BOOST_TEST(reply.status == 400, body);
        BOOST_TEST(codeOf(reply) == "malformed", body);
    }
    const WireReply deep = box.ask({.method = "POST",
                                    .path = "/api/v1/scans",
                                    .body = std::string(100'000, '['),
                                    .token = token});
    BOOST_TEST(deep.status == 400);
    const WireReply unknown = box.ask({.method = "POST",
                                       .path = "/api/v1/scans",
                                       .body = R"({"code":"1","colour":"red"})",
                                       .token = token});
    BOOST_TEST(unknown.status == 422);
    BOOST_TEST(*json::parse(unknown.body).find("field")->string() == "colour");
}

BOOST_AUTO_TEST_CASE(what_is_no_http_is_refused_and_the_box_lives_on) {
    Box box;
    const std::string host = "Host: box.test\r\n";
    BOOST_TEST(answered(box, "hello\r\n\r\n") == 400);
    BOOST_TEST(answered(box, "GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n") == 400);
    BOOST_TEST(answered(box, "GET /../etc/passwd HTTP/1.1\r\n" + host + "\r\n") == 400);
    BOOST_TEST(answered(box, "GET /%2e%2e/etc/passwd HTTP/1.1\r\n" + host + "\r\n") == 400);
    BOOST_TEST(answered(box, "GET /..%2fsecret.txt HTTP/1.1\r\n" + host + "\r\n") == 400);
    BOOST_TEST(answered(box, "GET http://elsewhere/ HTTP/1.1\r\n" + host + "\r\n") == 400);
    BOOST_TEST(answered(box, "GET /healthz?%zz HTTP/1.1\r\n" + host + "\r\n") == 400);
    BOOST_TEST(answered(box, "GET /" + std::string(9'000, 'a') + " HTTP/1.1\r\n" + host + "\r\n") ==
               413);
    BOOST_TEST(answered(box, "GET /healthz HTTP/1.1\r\n" + host + "X: " + std::string(10'000, 'a') +
                                 "\r\n\r\n") == 400);
    WireClient blanks(box.port());
    blanks.send("GET /a b c HTTP/1.1\r\n" + host + "\r\n");
    BOOST_TEST(codeOf(blanks.receive()) == "malformed");
    std::string many = "GET /healthz HTTP/1.1\r\n" + host;
    for (int i = 0; i < 200; ++i)
        many += "X" + std::to_string(i) + ": 1\r\n";
    BOOST_TEST(answered(box, many + "\r\n") == 400);
    WireClient silent(box.port());
    silent.send(std::string("\0\0\0\0\r\n\r\n", 8));
    BOOST_TEST(codeOf(silent.receive()) == "malformed");
    BOOST_TEST(answered(box, "GET /healthz HTTP/1.1\r\n" + host + "\r\n") == 200);
}

BOOST_AUTO_TEST_CASE(line_ends_in_values_never_reach_a_header) {
    Box box;
    const WireReply reply =
        box.ask({.path = "/api/v1/copies%0d%0aSet-Cookie:%20gf=evil", .checked = false});
    BOOST_TEST(reply.status == 400);
    BOOST_TEST(!reply.has("set-cookie"));
    const WireReply instance =
        box.ask({.path = "/api/v1/scans?cursor=a%0d%0aX-Evil:%201", .checked = false});
    BOOST_TEST(!instance.has("x-evil"));
}

BOOST_AUTO_TEST_CASE(who_drips_a_request_is_cut_off) {
    Box box;
    WireClient head(box.port());
    head.send("GET /healthz HTTP/1.1\r\nHost:");
    WireClient body(box.port());
    box.adminCookie();
    body.send("POST /api/v1/scans HTTP/1.1\r\nHost: box.test\r\nContent-Type: "
              "application/json\r\nContent-Length: 100\r\n"
              "Authorization: Bearer " +
              box.token(Role::editor) + "\r\n\r\n{");
    // Until both are seen by their threads the clock has nothing to cut off: time goes on in steps.
    for (int i = 0; i < 20; ++i) {
        box.clock().pass(std::chrono::seconds(20));
        ::usleep(100'000);
    }
    BOOST_TEST(head.closes());
    BOOST_TEST(body.closes());
    BOOST_TEST(box.ask({.path = "/healthz"}).status == 200);
}

BOOST_AUTO_TEST_CASE(one_address_does_not_take_all_places) {
    ServerOptions options;
    options.per_address = 3;
    Box box(options);
    const std::string request = "GET /healthz HTTP/1.1\r\nHost: box.test\r\n\r\n";
    const auto becomes = [&](int expected) {
        int status = 0;
        for (int i = 0; i < 100 && status != expected; ++i) {
            status = answered(box, request);
            ::usleep(20'000);
        }
        return status;
    };
    std::vector<std::unique_ptr<WireClient>> held;
    for (int i = 0; i < 3; ++i) {
        held.push_back(std::make_unique<WireClient>(box.port()));
        held.back()->send(request.substr(0, request.size() - 2)); // its end never comes
    }
    BOOST_TEST(becomes(503) == 503);
    WireClient refused(box.port());
    refused.send(request);
    BOOST_TEST(refused.receive().header("retry-after") == "1");
    BOOST_TEST(box.ask({.path = "/healthz", .control = true}).status == 200);
    held.clear();
    BOOST_TEST(becomes(200) == 200);
}

BOOST_AUTO_TEST_CASE(connections_wait_for_more_only_while_others_find_room) {
    ServerOptions options;
    options.per_address = 4;
    Box box(options);
    std::vector<std::unique_ptr<WireClient>> held;
    const auto connection = [&] {
        held.push_back(std::make_unique<WireClient>(box.port()));
        held.back()->send("GET /healthz HTTP/1.1\r\nHost: box.test\r\n\r\n");
        return held.back()->receive().header("connection");
    };
    BOOST_TEST(connection() == "Keep-Alive");
    BOOST_TEST(connection() == "Keep-Alive");
    BOOST_TEST(connection() == "Close"); // the third of four
}

BOOST_AUTO_TEST_CASE(six_browsers_behind_one_proxy_load_the_page_at_once) {
    TempFolder folder;
    ServerOptions options;
    options.page_folder = pageFolder(folder.path);
    Box box(options);
    std::vector<std::unique_ptr<WireClient>> browsers;
    for (int i = 0; i < 36; ++i) { // a browser opens six connections
        browsers.push_back(std::make_unique<WireClient>(box.port()));
        browsers.back()->send("GET /assets/index-4f2a.js HTTP/1.1\r\nHost: box.test\r\n\r\n");
    }
    for (const auto& browser : browsers)
        BOOST_TEST(browser->receive().body == "let a");
}

BOOST_AUTO_TEST_CASE(the_page_is_sent_compressed_cached_and_for_its_own_routes) {
    TempFolder folder;
    ServerOptions options;
    options.page_folder = pageFolder(folder.path);
    options.covers_folder = folder.path / "covers";
    Box box(options);
    const auto page = [&](const std::string& path,
                          std::vector<std::pair<std::string, std::string>> headers = {}) {
        return box.ask({.path = path, .headers = std::move(headers), .checked = false});
    };
    const WireReply index = page("/");
    BOOST_TEST(index.status == 200);
    BOOST_TEST(index.header("content-type") == "text/html; charset=utf-8");
    BOOST_TEST(index.header("cache-control") == "no-cache");
    BOOST_TEST(index.header("vary") == "Accept-Encoding");
    BOOST_TEST(index.header("content-security-policy").find("style-src 'self' 'sha256-") !=
               std::string::npos);
    BOOST_TEST(page("/copies/c_1").body == index.body);
    BOOST_TEST(page("/missing.js").status == 404);
    BOOST_TEST(page("/assets/missing").body == index.body);
    const WireReply packed = page("/", {{"Accept-Encoding", "gzip, br"}});
    BOOST_TEST(packed.body == "BROTLI");
    BOOST_TEST(packed.header("content-encoding") == "br");
    BOOST_TEST(packed.header("etag") != index.header("etag"));
    const WireReply script = page("/assets/index-4f2a.js", {{"Accept-Encoding", "gzip, br;q=0"}});
    BOOST_TEST(script.body == "GZIP");
    BOOST_TEST(script.header("content-type") == "text/javascript; charset=utf-8");
    BOOST_TEST(script.header("cache-control") == "public, max-age=31536000, immutable");
    BOOST_TEST(page("/favicon.ico").header("content-type") == "image/x-icon");
    const WireReply known = page("/", {{"If-None-Match", index.header("etag")}});
    BOOST_TEST(known.status == 304);
    BOOST_TEST(known.body.empty());
    for (const char* path :
         {"/secret.txt", "/page/index.html", "/assets/..%2f..%2fsecret.txt", "/%2e%2e/secret.txt"})
        BOOST_TEST(page(path).status >= 400, path);
    const WireReply cover = page("/covers/9f2c-512.jpg");
    BOOST_TEST(cover.body == "JPEG");
    BOOST_TEST(cover.header("cache-control") == "public, max-age=31536000, immutable");
    for (const char* path :
         {"/covers/none.jpg", "/covers/..%2fsecret.txt", "/covers/secret.txt", "/covers/.jpg"})
        BOOST_TEST(page(path).status >= 400, path);
}

BOOST_AUTO_TEST_CASE(without_a_page_the_api_works_and_says_what_is_missing) {
    Box box;
    const WireReply reply = box.ask({.path = "/", .checked = false});
    BOOST_TEST(reply.status == 404);
    BOOST_TEST(reply.body.find("not installed") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_busy_port_is_told_with_what_to_do) {
    Box box;
    ServerOptions options;
    options.listen = "127.0.0.1";
    options.port = box.port();
    try {
        const Server second(box.use(), options);
        BOOST_FAIL("two servers on one port");
    } catch (const Error& error) {
        BOOST_TEST(std::string(name(error.code())) == "unavailable");
        BOOST_TEST(error.message().ends_with("choose another [http] port"), error.message());
    }
}

BOOST_AUTO_TEST_CASE(a_descriptor_of_the_service_manager_is_served) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    BOOST_REQUIRE(::bind(fd, reinterpret_cast<const sockaddr*>(&address), size) == 0);
    BOOST_REQUIRE(::listen(fd, 8) == 0);
    ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
    ServerOptions options;
    options.adopted = {fd};
    Box box(options);
    for (const int port : {static_cast<int>(ntohs(address.sin_port)), box.port()}) {
        WireClient client(port);
        client.send("GET /healthz HTTP/1.1\r\nHost: box.test\r\n\r\n");
        BOOST_TEST(client.receive().status == 200);
    }
}

BOOST_AUTO_TEST_SUITE_END()
