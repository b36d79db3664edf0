#include "box.hpp"

#include "app/identification.hpp"
#include "http/openapi.hpp"
#include "platform/passwords.hpp"
#include "schema_check.hpp"
#include "store/cover_folder.hpp"
#include "store/store.hpp"
#include "json/write.hpp"

#include <boost/test/unit_test.hpp>

#include <stdlib.h>

using namespace gatefold;
using namespace gatefold::http;

namespace {

std::filesystem::path tempFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "gatefold-http-XXXXXX").string();
    if (!::mkdtemp(name.data()))
        throw std::runtime_error("no temporary folder");
    return name;
}

bool hasHeader(const Box::Ask& ask, std::string_view name) {
    for (const auto& [key, value] : ask.headers)
        if (key == name)
            return true;
    return false;
}

const json::Value& document() {
    static const json::Value made = apiDocument();
    return made;
}

const std::string password = "velvet harbour 77";

} // namespace

/// Everything behind the routes, in the order it needs each other.
struct Box::Parts {
    Parts(const std::filesystem::path& folder, const ServerOptions& options)
        : store(folder, clock, {"mqtt"}), cover_files(folder) {
        store.write([](Tx& tx) { tx.decks.configure({{"main", "Main"}}); });
        listening.restore();
        server = std::make_unique<Server>(services, options);
        store.onCommit([this] {
            if (server)
                server->wake();
        });
    }
    ~Parts() {
        store.onCommit([] {});
        server.reset();
    }

    FakeClock clock;
    FakeHasher hasher;
    platform::SodiumSecrets secrets;
    FakeFeedback feedback;
    FakeCatalogue catalogue;
    FakePhotos photos;
    FakeShrinker shrinker;
    FakeCards cards;
    FakeBackups backups;
    FakeUpdater updater;
    FakeBox facts;
    store::Store store;
    Accounts accounts{store, clock, hasher, secrets};
    Identification identification{catalogue};
    Listening listening{store, clock, catalogue, facts.baseUrl()};
    Scanning scanning{store,     clock,    identification,
                      listening, feedback, [](const std::string&) { return std::nullopt; }};
    Collection collection{store, clock, identification};
    store::CoverFolder cover_files;
    Covers covers{store, clock, shrinker, cover_files, secrets, listening};
    FakeReleaseSource discogs;
    Enrichment enrichment{store, clock, catalogue, covers, {{&discogs}, nullptr}};
    OnlineSearch online_search{store, catalogue, {{&discogs}, nullptr}};
    InboxDesk inbox{store, clock, identification, listening};
    Devices devices{store, clock, feedback, {}};
    System system{store,
                  clock,
                  backups,
                  facts,
                  catalogue,
                  updater,
                  [] { return LinkStatus{}; },
                  {{"mqtt.host", "127.0.0.1", "default", true}}};
    Services services{accounts,      scanning, collection, covers,  enrichment,
                      online_search, inbox,    listening,  devices, system,
                      photos,        cards,    store,      clock,   store};
    std::unique_ptr<Server> server;
};

Box::Box(ServerOptions options) : folder_(tempFolder()), options_(std::move(options)) {
    options_.listen = "127.0.0.1";
    options_.port = 0;
    options_.control_socket = controlPath();
    if (options_.covers_folder.empty())
        options_.covers_folder = folder_ / "covers";
    parts_ = std::make_unique<Parts>(folder_, options_);
}

Box::~Box() {
    parts_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

int Box::port() const {
    return parts_->server->port();
}
FakeClock& Box::clock() {
    return parts_->clock;
}
Services& Box::use() {
    return parts_->services;
}
FakeShrinker& Box::shrinker() {
    return parts_->shrinker;
}
FakeReleaseSource& Box::source() {
    return parts_->discogs;
}

std::string requestText(const Box::Ask& ask) {
    std::string out =
        ask.method + " " + ask.path + " HTTP/1.1\r\nHost: box.test\r\nConnection: close\r\n";
    for (const auto& [name, value] : ask.headers)
        out += name + ": " + value + "\r\n";
    if (!ask.body.empty() && !hasHeader(ask, "Content-Type"))
        out += "Content-Type: application/json\r\n";
    if (!ask.body.empty())
        out += "Content-Length: " + std::to_string(ask.body.size()) + "\r\n";
    if (!ask.token.empty())
        out += "Authorization: Bearer " + ask.token + "\r\n";
    if (!ask.cookie.empty())
        out += "Cookie: gf=" + ask.cookie + "\r\n";
    return out + "\r\n" + ask.body;
}

WireReply Box::ask(const Ask& ask) {
    const auto client = ask.control ? std::make_unique<WireClient>(controlPath())
                                    : std::make_unique<WireClient>(port());
    client->send(requestText(ask));
    WireReply reply = client->receive(ask.method == "HEAD");
    BOOST_TEST(reply.status != 0, ask.method << " " << ask.path << " got no reply");
    if (ask.checked)
        for (const std::string& violation :
             replyViolations(document(), ask.method, ask.path, reply.status,
                             reply.header("content-type"), reply.body))
            BOOST_ERROR(ask.method + " " + ask.path + " answered " + std::to_string(reply.status) +
                        ": " + violation);
    return reply;
}

json::Value Box::get(const std::string& path, int expected) {
    const WireReply reply = ask({.path = path, .token = token(Role::admin)});
    BOOST_TEST(reply.status == expected,
               "GET " << path << " answered " << reply.status << " " << reply.body);
    return json::parse(reply.body);
}

json::Value Box::post(const std::string& path, const std::string& body, int expected) {
    const WireReply reply =
        ask({.method = "POST", .path = path, .body = body, .token = token(Role::admin)});
    BOOST_TEST(reply.status == expected,
               "POST " << path << " answered " << reply.status << " " << reply.body);
    return json::parse(reply.body);
}

std::string Box::adminCookie() {
    if (!admin_cookie_.empty())
        return admin_cookie_;
    const std::string code = use().accounts.freshSetupCode().value();
    const WireReply reply =
        ask({.method = "POST",
             .path = "/api/v1/setup",
             .body = R"({"code":")" + code + R"(","name":"anna","password":")" + password + "\"}"});
    BOOST_TEST_REQUIRE(reply.status == 201, reply.body);
    const std::string set = reply.header("set-cookie");
    return admin_cookie_ = set.substr(3, set.find(';') - 3);
}

std::string Box::token(Role scope) {
    std::string& token = tokens_[scope];
    if (token.empty()) {
        NewToken wanted;
        wanted.scope = scope;
        token = use().accounts.addToken(Accounts::console(), wanted).token;
    }
    return token;
}

std::string Box::cookieOf(Role role) {
    std::string& cookie = cookies_[role];
    if (cookie.empty()) {
        NewPerson person;
        person.name = "a " + std::string(nameOf(role));
        person.role = role;
        person.password = password;
        use().accounts.addPerson(Accounts::console(), person);
        cookie = use().accounts.signIn({person.name, password}).cookie;
    }
    return cookie;
}
