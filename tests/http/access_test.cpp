#include "box.hpp"

#include "http/dispatcher.hpp"
#include "http/routes.hpp"
#include "tests/support/skipped.hpp"
#include "json/write.hpp"

#include <boost/test/unit_test.hpp>

#include <functional>
#include <map>
#include <string>
#include <sys/syscall.h>
#include <unistd.h>
#include <vector>

using namespace gatefold;
using namespace gatefold::http;

namespace {

/// Who gets past the door: n nobody, then guest, viewer, editor, admin, scanner, automation, kiosk.
/// Written out, not computed.
const std::map<std::string, std::string> doors{
    {"GET /healthz", "nGVEAsak"},
    {"GET /metrics", "nGVEAsak"}, // the tests come from this machine
    {"GET /api/openapi.json", "nGVEAsak"},
    {"GET /covers/{name}.jpg", "nGVEAsak"},
    {"GET /api/v1/setup", "nGVEAsak"},
    {"POST /api/v1/setup", "nGVEAsak"},
    {"POST /api/v1/setup/code", "----A---"},
    {"GET /api/v1/session", "-GVEAsak"},
    {"POST /api/v1/session", "nGVEAsak"},
    {"DELETE /api/v1/session", "-GVEAsak"},
    {"GET /api/v1/users", "----A---"},
    {"POST /api/v1/users", "----A---"},
    {"GET /api/v1/users/{id}", "----A---"},
    {"PATCH /api/v1/users/{id}", "----A---"},
    {"GET /api/v1/tokens", "----A---"},
    {"POST /api/v1/tokens", "----A---"},
    {"DELETE /api/v1/tokens/{id}", "----A---"},
    {"GET /api/v1/scans", "-GVEA-a-"},
    {"POST /api/v1/scans", "---EAsa-"},
    {"POST /api/v1/scans/{id}/undo", "---EA---"},
    {"GET /api/v1/inbox", "-GVEA-a-"},
    {"GET /api/v1/inbox/{id}", "-GVEA-a-"},
    {"POST /api/v1/inbox/{id}/resolve", "---EA---"},
    {"POST /api/v1/photos/decode", "---EAsa-"},
    {"GET /api/v1/devices", "--VEA---"},
    {"GET /api/v1/devices/{id}", "--VEA---"},
    {"PATCH /api/v1/devices/{id}", "----A---"},
    {"POST /api/v1/devices/{id}/layout-test", "----A---"},
    {"GET /api/v1/copies", "-GVEA-a-"},
    {"POST /api/v1/copies", "---EA---"},
    {"GET /api/v1/copies/{id}", "-GVEA-a-"},
    {"PATCH /api/v1/copies/{id}", "---EA---"},
    {"DELETE /api/v1/copies/{id}", "---EA---"},
    {"POST /api/v1/copies/{id}/restore", "---EA---"},
    {"PUT /api/v1/copies/{id}/cover", "---EA---"},
    {"DELETE /api/v1/copies/{id}/cover", "---EA---"},
    {"GET /api/v1/sources", "--VEA---"},
    {"GET /api/v1/sources/search", "---EA---"},
    {"POST /api/v1/sources/releases", "---EA---"},
    {"GET /api/v1/releases/{id}", "-GVEA-a-"},
    {"GET /api/v1/catalogue", "-GVEA-a-"},
    {"GET /api/v1/catalogue/search", "-GVEA-a-"},
    {"POST /api/v1/catalogue/update", "----A---"},
    {"GET /api/v1/locations", "-GVEA-a-"},
    {"POST /api/v1/locations", "---EA---"},
    {"GET /api/v1/locations/{id}", "-GVEA-a-"},
    {"PATCH /api/v1/locations/{id}", "---EA---"},
    {"GET /api/v1/decks", "-GVEA-ak"},
    {"GET /api/v1/decks/{id}/now-playing", "-GVEA-ak"},
    {"POST /api/v1/decks/{id}/play", "--VEA-a-"},
    {"POST /api/v1/decks/{id}/flip", "--VEA-a-"},
    {"POST /api/v1/decks/{id}/stop", "--VEA-a-"},
    {"POST /api/v1/decks/{id}/seek", "--VEA-a-"},
    {"GET /api/v1/plays", "-GVEA-a-"},
    {"GET /api/v1/events", "-GVEA-ak"},
    {"GET /api/v1/cards.pdf", "-GVEA-a-"},
    {"GET /api/v1/jobs", "----A---"},
    {"GET /api/v1/settings", "----A---"},
    {"GET /api/v1/backups", "----A---"},
    {"POST /api/v1/backups", "----A---"},
};

std::string keyOf(const Route& route) {
    return std::string(nameOfMethod(route.method)) + " " + std::string(route.path);
}

/// The route's path with things in it that do not exist.
std::string pathOf(const Route& route) {
    std::string path(route.path);
    for (auto at = path.find('{'); at != path.npos; at = path.find('{'))
        path.replace(at, path.find('}') - at + 1,
                     route.path.starts_with("/api/v1/releases") ? "999" : "x1");
    return path;
}

/// A request that gets through every door, and no further than it must.
Box::Ask knock(const Route& route) {
    Box::Ask ask;
    ask.method = nameOfMethod(route.method);
    ask.path = pathOf(route);
    if (route.endpoint.body == BodyKind::json)
        ask.body = "{}";
    if (route.endpoint.body == BodyKind::image) {
        ask.body = "none";
        ask.headers = {{"Content-Type", "image/jpeg"}};
    }
    ask.headers.emplace_back("X-Gatefold", "1");
    return ask;
}

bool letIn(int status) {
    return status != 401 && status != 403;
}

} // namespace

BOOST_AUTO_TEST_SUITE(doors_and_keys)

BOOST_AUTO_TEST_CASE(a_body_that_comes_after_its_senders_rights_have_ended_changes_nothing) {
    Box box;
    box.adminCookie();
    const CreatedToken token =
        box.use().accounts.addToken(Accounts::console(), {Role::admin, {}, {}});
    const std::string body = R"({"name":"eve"})";
    WireClient client(box.port());
    client.send("POST /api/v1/users HTTP/1.1\r\nHost: box.test\r\nAuthorization: Bearer " +
                token.token + "\r\nContent-Type: application/json\r\nContent-Length: " +
                std::to_string(body.size()) + "\r\nExpect: 100-continue\r\n\r\n");
    BOOST_TEST(client.readUntil("\r\n\r\n").find(" 100 Continue") != std::string::npos);
    box.use().accounts.revokeToken(token.id);
    client.send(body);
    BOOST_TEST(client.receive().status == 401);
    BOOST_TEST(box.use().accounts.people().size() == 1u);
}

BOOST_AUTO_TEST_CASE(rights_that_end_while_a_request_is_worked_on_store_nothing) {
    Box box;
    box.adminCookie();
    Accounts& accounts = box.use().accounts;
    const std::string copy =
        *box.post("/api/v1/copies", R"({"release_id":2001})", 201).find("id")->string();
    const Box::Ask cover{.method = "PUT",
                         .path = "/api/v1/copies/" + copy + "/cover",
                         .body = "\xff\xd8\xff the sleeve",
                         .headers = {{"Content-Type", "image/jpeg"}, {"X-Gatefold", "1"}}};
    const Box::Ask release{.method = "POST",
                           .path = "/api/v1/sources/releases",
                           .body = R"({"source":"discogs","release_id":7000001})"};
    struct Asker {
        PersonId id;
        Caller caller;
        std::string cookie;
    };
    int made = 0;
    const auto signedIn = [&] {
        NewPerson person{"editor " + std::to_string(++made), Role::editor, "velvet harbour 77"};
        const PersonId id = accounts.addPerson(Accounts::console(), person).id;
        const auto in = accounts.signIn({person.name, *person.password});
        return Asker{id, in.caller, in.cookie};
    };
    const auto give = [&](PersonId id, std::optional<Role> role) {
        PersonPatch patch;
        patch.role.given = true;
        patch.role.value = role;
        accounts.editPerson(Accounts::console(), id, patch, {});
    };
    const std::vector<std::function<void(const Asker&)>> endings{
        [&](const Asker& asker) { give(asker.id, std::nullopt); },
        [&](const Asker& asker) { give(asker.id, Role::viewer); },
        [&](const Asker& asker) { accounts.signOut(asker.caller, false); },
    };
    for (Box::Ask ask : {cover, release})
        for (const auto& end : endings) {
            const Asker asker = signedIn();
            ask.cookie = asker.cookie;
            box.shrinker().meanwhile = box.source().meanwhile = [&] { end(asker); };
            BOOST_TEST(box.ask(ask).status == 401, ask.path);
        }
    for (Box::Ask ask : {cover, release}) {
        const CreatedToken token = accounts.addToken(Accounts::console(), {Role::editor, {}, {}});
        ask.token = token.token;
        box.shrinker().meanwhile = box.source().meanwhile = [&] { accounts.revokeToken(token.id); };
        BOOST_TEST(box.ask(ask).status == 401, ask.path);
    }
    BOOST_TEST(box.get("/api/v1/copies/" + copy).find("cover_url")->isNull());
    box.get("/api/v1/releases/7000001", 404);

    box.shrinker().meanwhile = box.source().meanwhile = [] {};
    for (Box::Ask ask : {cover, release}) {
        ask.token = box.token(Role::editor);
        BOOST_TEST(box.ask(ask).status / 100 == 2, ask.path); // nothing else was wrong with them
    }
}

BOOST_AUTO_TEST_CASE(every_route_has_a_door_and_every_door_a_route) {
    std::size_t count = 0;
    for (const Route& route : routes()) {
        ++count;
        BOOST_TEST(doors.contains(keyOf(route)), keyOf(route));
    }
    BOOST_TEST(count == doors.size());
}

BOOST_AUTO_TEST_CASE(every_route_with_every_token_and_without_any) {
    Box box;
    const std::string admin = box.adminCookie();
    for (const Route& route : routes()) {
        const std::string& door = doors.at(keyOf(route));
        const int nobody = box.ask(knock(route)).status;
        BOOST_TEST(letIn(nobody) == (door[0] != '-'), keyOf(route)
                                                          << " answers nobody with " << nobody);
        if (door[0] == '-')
            BOOST_TEST(nobody == 401, keyOf(route));
        for (const auto& [role, name] : EnumNames<Role>::names) {
            Box::Ask ask = knock(route);
            ask.token = box.token(role);
            const int status = box.ask(ask).status;
            const bool open = door[1 + static_cast<std::size_t>(role)] != '-';
            BOOST_TEST(letIn(status) == open, keyOf(route)
                                                  << " answers " << name << " with " << status);
            if (!open)
                BOOST_TEST(status == 403, keyOf(route) << " " << name);
        }
    }
}

BOOST_AUTO_TEST_CASE(every_route_with_every_person_signed_in) {
    Box box;
    const std::string admin = box.adminCookie();
    for (const Route& route : routes()) {
        if (keyOf(route) == "DELETE /api/v1/session")
            continue; // ends the sign-in that the others need
        for (const Role role : {Role::guest, Role::viewer, Role::editor, Role::admin}) {
            Box::Ask ask = knock(route);
            ask.cookie = box.cookieOf(role);
            const int status = box.ask(ask).status;
            const bool open = doors.at(keyOf(route))[1 + static_cast<std::size_t>(role)] != '-';
            BOOST_TEST(letIn(status) == open,
                       keyOf(route) << " answers " << nameOf(role) << " with " << status);
        }
    }
}

BOOST_AUTO_TEST_CASE(the_console_is_an_admin_without_signing_in) {
    Box box;
    const WireReply reply = box.ask({.path = "/api/v1/session", .control = true});
    BOOST_TEST(reply.status == 200);
    const json::Value session = json::parse(reply.body);
    BOOST_TEST(*session.find("role")->string() == "admin");
    BOOST_TEST(*session.find("via")->string() == "console");
    BOOST_TEST(box.ask({.method = "POST", .path = "/api/v1/backups", .control = true}).status ==
               202);
    const auto mode = std::filesystem::status(box.controlPath()).permissions();
    BOOST_TEST(
        (mode == (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write)));
}

BOOST_AUTO_TEST_CASE(another_user_of_the_machine_is_nobody_on_the_control_socket) {
    if (::geteuid() != 0)
        throw test::Skipped("only root can connect as another user");
    Box box;
    namespace fs = std::filesystem;
    fs::permissions(fs::path(box.controlPath()).parent_path(), fs::perms::all);
    fs::permissions(box.controlPath(), fs::perms::all);
    // The raw call changes this thread alone, and the socket remembers who connected.
    BOOST_REQUIRE(::syscall(SYS_setresuid, -1, 65534, -1) == 0);
    WireClient client(box.controlPath());
    BOOST_REQUIRE(::syscall(SYS_setresuid, -1, 0, -1) == 0);
    client.send("GET /api/v1/session HTTP/1.1\r\nHost: box.test\r\n\r\n");
    BOOST_TEST(client.receive().status == 401);
}

BOOST_AUTO_TEST_CASE(wrong_and_revoked_credentials_are_nobody) {
    Box box;
    const std::string admin = box.adminCookie();
    for (const char* token : {"gf_t_1_x", "gf_", "x", "gf_t_999_AAAA"})
        BOOST_TEST(box.ask({.path = "/api/v1/copies", .token = token}).status == 401, token);
    BOOST_TEST(box.ask({.path = "/api/v1/copies", .cookie = "AAAA"}).status == 401);
    // A bad token is not helped by a good cookie.
    BOOST_TEST(box.ask({.path = "/api/v1/copies", .token = "gf_bad", .cookie = admin}).status ==
               401);
    BOOST_TEST(
        box.ask({.path = "/api/v1/copies", .headers = {{"Authorization", "Basic YTpi"}}}).status ==
        401);
    BOOST_TEST(box.ask({.path = "/api/v1/copies"}).header("www-authenticate") ==
               "Bearer realm=\"gatefold\"");

    const std::string mine = box.token(Role::viewer);
    BOOST_TEST(box.ask({.path = "/api/v1/copies", .token = mine}).status == 200);
    const json::Value tokens = box.get("/api/v1/tokens");
    for (const json::Value& token : *tokens.find("items")->array())
        if (*token.find("scope")->string() == "viewer")
            BOOST_TEST(box.ask({.method = "DELETE",
                                .path = "/api/v1/tokens/" + *token.find("id")->string(),
                                .token = box.token(Role::admin)})
                           .status == 204);
    BOOST_TEST(box.ask({.path = "/api/v1/copies", .token = mine}).status == 401);
}

BOOST_AUTO_TEST_CASE(setup_makes_one_admin_and_closes) {
    Box box;
    BOOST_TEST(*json::parse(box.ask({.path = "/api/v1/setup"}).body).find("open")->boolean() ==
               true);
    BOOST_TEST(
        box.ask({.method = "POST",
                 .path = "/api/v1/setup",
                 .body = R"({"code":"AAAA-BBBB","name":"eve","password":"long enough words"})"})
            .status == 403);
    const std::string cookie = box.adminCookie();
    BOOST_TEST(box.ask({.path = "/api/v1/session", .cookie = cookie}).status == 200);
    BOOST_TEST(*json::parse(box.ask({.path = "/api/v1/setup"}).body).find("open")->boolean() ==
               false);
    BOOST_TEST(
        box.ask({.method = "POST",
                 .path = "/api/v1/setup",
                 .body = R"({"code":"AAAA-BBBB","name":"eve","password":"long enough words"})"})
            .status == 409);
}

BOOST_AUTO_TEST_CASE(signing_in_gives_a_closed_cookie_and_signing_out_ends_it) {
    Box box;
    box.adminCookie();
    const WireReply in = box.ask({.method = "POST",
                                  .path = "/api/v1/session",
                                  .body = R"({"name":"anna","password":"velvet harbour 77"})"});
    BOOST_TEST(in.status == 201);
    const std::string set = in.header("set-cookie");
    BOOST_TEST(set.starts_with("gf="));
    for (const char* part : {"; Path=/", "; HttpOnly", "; SameSite=Lax"})
        BOOST_TEST(set.find(part) != set.npos, set);
    BOOST_TEST(set.find("Secure") == set.npos);
    const std::string cookie = set.substr(3, set.find(';') - 3);
    BOOST_TEST(cookie.size() >= 43u); // 256 bits
    BOOST_TEST(box.ask({.path = "/api/v1/session", .cookie = cookie}).status == 200);
    const WireReply out = box.ask({.method = "DELETE",
                                   .path = "/api/v1/session",
                                   .headers = {{"X-Gatefold", "1"}},
                                   .cookie = cookie});
    BOOST_TEST(out.status == 204);
    BOOST_TEST(out.header("set-cookie").find("Max-Age=0") != std::string::npos);
    BOOST_TEST(box.ask({.path = "/api/v1/session", .cookie = cookie}).status == 401);
}

BOOST_AUTO_TEST_CASE(guessing_is_slowed_down_and_told_how_long) {
    Box box;
    box.adminCookie();
    const Box::Ask guess{.method = "POST",
                         .path = "/api/v1/session",
                         .body = R"({"name":"anna","password":"wrong"})"};
    std::string words;
    for (int i = 0; i < 6; ++i) {
        const WireReply reply = box.ask(guess);
        BOOST_TEST(reply.status == 401);
        words = reply.body;
    }
    const WireReply slowed = box.ask(guess);
    BOOST_TEST(slowed.status == 429);
    BOOST_TEST(slowed.header("retry-after") == "1");
    box.clock().pass(std::chrono::seconds(2));
    const WireReply unknown = box.ask({.method = "POST",
                                       .path = "/api/v1/session",
                                       .body = R"({"name":"nobody","password":"wrong"})"});
    BOOST_TEST(unknown.status == 401);
    BOOST_TEST(unknown.body == words); // the same words for a name that does not exist
}

BOOST_AUTO_TEST_CASE(guessing_is_slowed_down_however_the_name_is_written) {
    Box box;
    box.adminCookie();
    const StaticFiles files({}, {});
    Metrics metrics;
    Dispatcher dispatcher(box.use(), files, metrics, "");
    int address = 0;
    // From another address each time, so that only the account counts.
    const auto signIn = [&](const std::string& name, const std::string& password) {
        const std::string body = R"({"name":")" + name + R"(","password":")" + password + "\"}";
        Request request;
        request.method = "POST";
        request.target = parseTarget("/api/v1/session");
        request.headers = {{"Content-Type", "application/json"}};
        request.content_length = static_cast<std::int64_t>(body.size());
        request.address = "10.0.0." + std::to_string(++address);
        request.read_body = [&](std::size_t) { return body; };
        return dispatcher.handle(request).status;
    };
    for (const char* name : {"anna", " anna", "anna   ", R"(\tanna)", R"(Anna\r\n)", "ANNA "})
        BOOST_TEST(signIn(name, "wrong") == 401);
    for (const char* name : {"anna", "  anna", "anna          ", R"(\nANNA)"})
        BOOST_TEST(signIn(name, "velvet harbour 77") == 429);
    box.clock().pass(std::chrono::seconds(2));
    BOOST_TEST(signIn(" Anna ", "velvet harbour 77") == 201);
    BOOST_TEST(signIn("anna", "wrong") == 401); // forgotten under every spelling
}

BOOST_AUTO_TEST_CASE(requests_from_other_sites_are_refused) {
    Box box;
    const std::string cookie = box.adminCookie();
    struct Case {
        std::vector<std::pair<std::string, std::string>> headers;
        bool allowed;
    };
    const std::vector<Case> cases{
        {{{"Origin", "http://box.test"}}, true},
        {{{"Origin", "http://BOX.test:80"}}, true},
        {{{"Origin", "http://box.test"}, {"Sec-Fetch-Site", "same-origin"}}, true},
        {{{"Origin", "http://evil.test"}}, false},
        {{{"Origin", "http://box.test.evil.test"}}, false},
        {{{"Origin", "http://box.test:81"}}, false},
        {{{"Origin", "https://box.test"}}, false},
        {{{"Origin", "null"}}, false},
        {{{"Origin", ""}}, false},
        {{{"Origin", "http://evil.test"}, {"X-Gatefold", "1"}}, false},
        {{{"Origin", "http://box.test"}, {"Sec-Fetch-Site", "cross-site"}}, false},
        {{{"Sec-Fetch-Site", "same-site"}, {"X-Gatefold", "1"}}, false},
        {{{"X-Gatefold", "1"}}, true},
        {{{"Content-Type", "application/json; charset=utf-8"}}, true},
        {{{"Content-Type", "text/plain"}}, false},
        {{{"Content-Type", "application/x-www-form-urlencoded"}}, false},
        {{}, false},
    };
    for (const Case& one : cases) {
        // Allowed it finds no such device, refused it does not look.
        Box::Ask ask{.method = "POST",
                     .path = "/api/v1/devices/x/layout-test",
                     .headers = one.headers,
                     .cookie = cookie};
        const int status = box.ask(ask).status;
        std::string what;
        for (const auto& [name, value] : one.headers)
            what += name + ": " + value + "; ";
        BOOST_TEST(status == (one.allowed ? 404 : 403), what << "answered " << status);
        // A token is not sent by a browser on its own: where the request comes from does not
        // matter.
        ask.cookie.clear();
        ask.token = box.token(Role::admin);
        BOOST_TEST(box.ask(ask).status == 404, what);
    }
    // Signing in from another site is refused too, and so is JSON dressed as a form.
    BOOST_TEST(box.ask({.method = "POST",
                        .path = "/api/v1/session",
                        .body = "{}",
                        .headers = {{"Origin", "http://evil.test"}}})
                   .status == 403);
    BOOST_TEST(box.ask({.method = "POST",
                        .path = "/api/v1/session",
                        .body = "{}",
                        .headers = {{"Content-Type", "text/plain"}}})
                   .status == 403);
    BOOST_TEST(box.ask({.method = "POST",
                        .path = "/api/v1/session",
                        .body = "{}",
                        .headers = {{"Content-Type", "text/plain"}, {"Origin", "http://box.test"}}})
                   .status == 415);
}

BOOST_AUTO_TEST_CASE(metrics_are_for_this_machine_and_for_tokens) {
    Box box;
    box.adminCookie();
    const WireReply here = box.ask({.path = "/metrics"});
    BOOST_TEST(here.status == 200);
    BOOST_TEST(here.header("content-type") == "text/plain; version=0.0.4; charset=utf-8");
    BOOST_TEST(here.body.find("\ngatefold_records 0\n") != std::string::npos, here.body);
    const std::vector<std::pair<std::string, std::string>> proxied{
        {"X-Forwarded-For", "192.168.1.7"}};
    BOOST_TEST(box.ask({.path = "/metrics", .headers = proxied}).status == 401);
    BOOST_TEST(
        box.ask({.path = "/metrics", .headers = proxied, .token = box.token(Role::kiosk)}).status ==
        200);
}

BOOST_AUTO_TEST_CASE(secrets_never_leave_again) {
    Box box;
    const std::string cookie = box.adminCookie();
    box.token(Role::viewer);
    for (const char* path :
         {"/api/v1/users", "/api/v1/tokens", "/api/v1/settings", "/api/v1/session"}) {
        const std::string body = box.ask({.path = path, .token = box.token(Role::admin)}).body;
        for (const std::string& secret :
             {std::string("velvet harbour 77"), std::string("plain:"), std::string("gf_"), cookie})
            BOOST_TEST(body.find(secret) == body.npos, path << " tells " << secret);
    }
}

BOOST_AUTO_TEST_SUITE_END()
