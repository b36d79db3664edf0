#include "box.hpp"
#include "http/event_stream.hpp"

#include "json/write.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <sys/socket.h>
#include <unistd.h>

using namespace gatefold;
using namespace gatefold::http;

namespace {

ServerOptions quick() {
    ServerOptions options;
    options.streams.poll_every = Millis(20);
    return options;
}

/// A client that sent its request and read the reply's head.
struct Listener {
    Listener(Box& box, const std::string& token, const std::string& more = "")
        : client(box.port()) {
        client.send("GET /api/v1/events HTTP/1.1\r\nHost: box.test\r\nAuthorization: Bearer " +
                    token + "\r\n" + more + "\r\n");
        reply = client.receive();
    }
    WireClient client;
    WireReply reply;
};

/// Appends one event of the deck to the log.
std::int64_t append(Box& box, const std::string& name, const std::string& body = R"({"side":"A"})",
                    LogRow::Kind kind = LogRow::Kind::event, const std::string& deck = "main") {
    return box.use().store.write([&](Tx& tx) {
        return tx.events
            .append({kind, name, deck, body, deck.empty() ? "collection" : deck},
                    box.clock().now().wall)
            .seq;
    });
}

} // namespace

BOOST_AUTO_TEST_SUITE(events)

BOOST_AUTO_TEST_CASE(rows_of_the_log_become_frames_that_name_the_deck_and_the_permission) {
    LogRow row;
    row.seq = 8123;
    row.kind = LogRow::Kind::state;
    row.name = "now_playing";
    row.deck = "living-room";
    row.body = R"({"state":"playing"})";
    const EventFrame state = eventFrame(row).value();
    BOOST_TEST(state.text ==
               "id: 8123\nevent: now_playing\ndata: {\"deck\":\"living-room\",\"v\":1,\"seq\":8123,"
               "\"ts\":\"1970-01-01T00:00:00.000Z\",\"state\":\"playing\"}\n\n");
    BOOST_TEST((state.permission == Permission::nowPlayingRead));
    row.kind = LogRow::Kind::event;
    row.name = "copy_added";
    BOOST_TEST((eventFrame(row).value().permission == Permission::collectionRead));
    BOOST_TEST(eventFrame(row).value().text.find("event: collection\n") != std::string::npos);
    row.name = "backup_failed";
    BOOST_TEST((eventFrame(row).value().permission == Permission::systemRead));
    row.name = "no_such_event";
    BOOST_TEST(!eventFrame(row).has_value());
    row.kind = LogRow::Kind::state;
    row.name = "collection";
    BOOST_TEST(!eventFrame(row).has_value());
}

BOOST_AUTO_TEST_CASE(a_stream_says_hello_and_then_what_happens) {
    Box box(quick());
    box.adminCookie();
    Listener listener(box, box.token(Role::viewer));
    BOOST_TEST(listener.reply.status == 200);
    BOOST_TEST(listener.reply.header("content-type") == "text/event-stream");
    BOOST_TEST(listener.reply.header("cache-control") == "no-store");
    BOOST_TEST(listener.client.readUntil(": hello\n").find(": hello") != std::string::npos);
    listener.client.readUntil("\n\n");
    const auto seq = append(box, "side_started");
    const std::string frame = listener.client.readUntil("\n\n");
    BOOST_TEST(frame.starts_with("id: " + std::to_string(seq) + "\nevent: deck\ndata: {\"v\":1,"),
               frame);
    BOOST_TEST(
        frame.find("\"event_type\":\"side_started\",\"deck\":\"main\",\"data\":{\"side\":\"A\"}") !=
            frame.npos,
        frame);
}

BOOST_AUTO_TEST_CASE(a_stream_tells_that_an_item_of_the_inbox_changed) {
    Box box(quick());
    box.adminCookie();
    const json::Value scan = box.post("/api/v1/scans", R"({"code":"9780201379624"})", 201);
    const std::string id = *scan.find("inbox_id")->string();
    Listener listener(box, box.token(Role::viewer));
    listener.client.readUntil("\n\n");
    box.post("/api/v1/inbox/" + id + "/resolve", R"({"dismiss":true})", 200);
    const std::string frame = listener.client.readUntil("\n\n");
    BOOST_TEST(frame.find("\nevent: collection\n") != frame.npos, frame);
    BOOST_TEST(frame.find("\"event_type\":\"inbox_changed\",\"data\":{\"inbox_id\":\"" + id +
                          "\",\"copy_id\":null,\"settled\":true}") != frame.npos,
               frame);
}

BOOST_AUTO_TEST_CASE(a_reconnect_gets_what_it_missed_once_and_in_order) {
    Box box(quick());
    box.adminCookie();
    std::vector<std::int64_t> seqs;
    for (int i = 0; i < 450; ++i) // more than one batch
        seqs.push_back(append(box, "side_started"));
    Listener listener(box, box.token(Role::viewer),
                      "Last-Event-ID: " + std::to_string(seqs[99]) + "\r\n");
    listener.client.readUntil("\n\n");
    for (std::size_t i = 100; i < seqs.size(); ++i) {
        const std::string frame = listener.client.readUntil("\n\n");
        BOOST_TEST_REQUIRE(frame.starts_with("id: " + std::to_string(seqs[i]) + "\n"), frame);
    }
    const auto next = append(box, "flipped");
    BOOST_TEST(listener.client.readUntil("\n\n").starts_with("id: " + std::to_string(next) + "\n"));
}

BOOST_AUTO_TEST_CASE(a_place_that_the_log_does_not_have_is_told) {
    Box box(quick());
    box.adminCookie();
    const auto newest = append(box, "side_started");
    Listener ahead(box, box.token(Role::viewer),
                   "Last-Event-ID: " + std::to_string(newest + 1'000) + "\r\n");
    ahead.client.readUntil("\n\n");
    const std::string reset = ahead.client.readUntil("\n\n");
    BOOST_TEST(reset.find("event: reset\ndata: {\"v\":1,\"oldest\":") != reset.npos, reset);
    Listener bad(box, box.token(Role::viewer), "Last-Event-ID: abc\r\n");
    BOOST_TEST(bad.reply.status == 400);
}

BOOST_AUTO_TEST_CASE(a_stream_tells_only_what_its_reader_may_know) {
    Box box(quick());
    box.adminCookie();
    Listener kiosk(box, box.token(Role::kiosk));
    Listener guest(box, box.token(Role::guest));
    Listener admin(box, box.token(Role::admin));
    for (Listener* one : {&kiosk, &guest, &admin})
        one->client.readUntil("\n\n");
    append(box, "backup_failed", "{}", LogRow::Kind::event, "");
    append(box, "copy_added", "{}", LogRow::Kind::event, "");
    append(box, "flip_due");
    const std::string seen_by_kiosk = kiosk.client.readUntil("flip_due");
    BOOST_TEST(seen_by_kiosk.find("copy_added") == std::string::npos);
    const std::string seen_by_guest = guest.client.readUntil("flip_due");
    BOOST_TEST(seen_by_guest.find("copy_added") != std::string::npos);
    BOOST_TEST(seen_by_guest.find("backup_failed") == std::string::npos);
    BOOST_TEST(admin.client.readUntil("flip_due").find("backup_failed") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_comment_keeps_a_silent_stream_alive) {
    Box box(quick());
    box.adminCookie();
    Listener listener(box, box.token(Role::viewer));
    listener.client.readUntil("\n\n");
    box.clock().pass(std::chrono::seconds(16));
    BOOST_TEST(listener.client.readUntil(": still here\n\n") == ": still here\n\n");
}

BOOST_AUTO_TEST_CASE(a_revoked_sign_in_ends_its_stream) {
    Box box(quick());
    box.adminCookie();
    const std::string cookie = box.cookieOf(Role::viewer);
    WireClient client(box.port());
    client.send("GET /api/v1/events HTTP/1.1\r\nHost: box.test\r\nCookie: gf=" + cookie +
                "\r\n\r\n");
    BOOST_TEST(client.receive().status == 200);
    client.readUntil("\n\n");
    BOOST_TEST(box.ask({.method = "DELETE",
                        .path = "/api/v1/session",
                        .headers = {{"X-Gatefold", "1"}},
                        .cookie = cookie})
                   .status == 204);
    BOOST_TEST(client.closes());
}

BOOST_AUTO_TEST_CASE(a_token_that_expires_ends_its_open_stream) {
    Box box(quick());
    NewToken hour{Role::viewer, {}, {}};
    hour.expires_at = box.clock().now().wall + std::chrono::hours(1);
    Listener listener(box, box.use().accounts.addToken(Accounts::console(), hour).token);
    listener.client.readUntil("\n\n");
    box.clock().pass(std::chrono::minutes(61));
    append(box, "side_started");
    const std::string rest = listener.client.readUntil("side_started");
    BOOST_TEST(rest.find("side_started") == rest.npos, rest);
    BOOST_TEST(listener.client.closes());
}

BOOST_AUTO_TEST_CASE(streams_end_at_once_with_the_rights_they_rest_on) {
    ServerOptions options;
    options.streams.poll_every = Millis(60'000); // nobody waits for the next look
    Box box(options);
    box.adminCookie();
    const std::string cookie = box.cookieOf(Role::admin);
    const auto open = [&](const std::string& header) {
        auto client = std::make_unique<WireClient>(box.port());
        client->send("GET /api/v1/events HTTP/1.1\r\nHost: box.test\r\n" + header + "\r\n\r\n");
        BOOST_TEST(client->receive().status == 200);
        client->readUntil("\n\n");
        return client;
    };
    const auto tokenMade = [&](const std::string& scope) {
        const WireReply reply = box.ask({.method = "POST",
                                         .path = "/api/v1/tokens",
                                         .body = R"({"scope":")" + scope + "\"}",
                                         .cookie = cookie});
        BOOST_TEST_REQUIRE(reply.status == 201, reply.body);
        return *json::parse(reply.body).find("token")->string();
    };
    const std::string person = "/api/v1/users/" + [&] {
        for (const Person& one : box.use().accounts.people())
            if (one.name == "a admin")
                return one.id.text();
        return std::string();
    }();
    const auto patch = [&](const std::string& body) {
        const WireReply reply = box.ask({.method = "PATCH",
                                         .path = person,
                                         .body = body,
                                         .headers = {{"If-Match", "*"}},
                                         .token = box.token(Role::admin)});
        BOOST_TEST(reply.status == 200, reply.body);
    };
    const auto by_cookie = open("Cookie: gf=" + cookie);
    const std::string admins = tokenMade("admin"), kiosks = tokenMade("kiosk");
    const auto by_admin = open("Authorization: Bearer " + admins);
    const auto by_kiosk = open("Authorization: Bearer " + kiosks);
    const auto of_console = open("Authorization: Bearer " + box.token(Role::kiosk));

    patch(R"({"role":"viewer"})");
    BOOST_TEST(by_cookie->closes());
    BOOST_TEST(by_admin->closes());
    BOOST_TEST(box.ask({.method = "POST",
                        .path = "/api/v1/users",
                        .body = R"({"name":"eve","role":"admin","password":"velvet harbour 78"})",
                        .token = admins})
                   .status == 403);
    BOOST_TEST(box.ask({.method = "POST",
                        .path = "/api/v1/tokens",
                        .body = R"({"scope":"viewer"})",
                        .token = admins})
                   .status == 403);

    patch(R"({"role":null})"); // a viewer may still look at a deck, nobody may not
    BOOST_TEST(by_kiosk->closes());
    for (const std::string& token : {admins, kiosks})
        BOOST_TEST(box.ask({.path = "/api/v1/decks", .token = token}).status == 401);
    append(box, "flipped");
    BOOST_TEST(of_console->readUntil("flipped").find("flipped") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(beyond_the_cap_there_is_no_stream_and_a_closed_one_makes_room) {
    ServerOptions options = quick();
    options.streams.max_streams = 2;
    Box box(options);
    box.adminCookie();
    const std::string token = box.token(Role::viewer);
    auto first = std::make_unique<Listener>(box, token);
    Listener second(box, token);
    Listener third(box, token);
    BOOST_TEST(third.reply.status == 503);
    BOOST_TEST(third.reply.header("retry-after") == "30");
    BOOST_TEST(third.reply.header("content-type") == "application/problem+json");
    first.reset();
    int status = 0;
    for (int i = 0; i < 100 && status != 200; ++i) {
        ::usleep(20'000);
        Listener again(box, token);
        status = again.reply.status;
    }
    BOOST_TEST(status == 200);
}

BOOST_AUTO_TEST_CASE(one_address_does_not_take_all_streams) {
    ServerOptions options = quick();
    options.streams.per_address = 1;
    Box box(options);
    box.adminCookie();
    const std::string token = box.token(Role::viewer);
    auto first = std::make_unique<Listener>(box, token);
    BOOST_TEST(first->reply.status == 200);
    BOOST_TEST(Listener(box, token).reply.status == 503);
    first.reset();
    int status = 0;
    for (int i = 0; i < 100 && status != 200; ++i) {
        ::usleep(20'000);
        status = Listener(box, token).reply.status;
    }
    BOOST_TEST(status == 200);
}

BOOST_AUTO_TEST_CASE(who_does_not_read_is_dropped_and_the_others_do_not_notice) {
    ServerOptions options = quick();
    options.streams.buffer_bytes = 16 * 1024;
    Box box(options);
    box.adminCookie();
    Listener slow(box, box.token(Role::viewer));
    Listener good(box, box.token(Role::viewer));
    good.client.readUntil("\n\n");
    const std::string large = R"({"text":")" + std::string(60'000, 'x') + "\"}";
    std::int64_t last = 0;
    for (int i = 0; i < 120; ++i) // 7 MB: more than the kernel keeps for who does not read
        last = append(box, "side_started", large);
    const std::string all = good.client.readUntil("id: " + std::to_string(last) + "\n");
    BOOST_TEST(all.size() > 6'000'000u);
    for (int i = 0; i < 3; ++i) {
        box.clock().pass(std::chrono::seconds(21));
        ::usleep(100'000);
    }
    BOOST_TEST(box.ask({.path = "/metrics"}).body.find("gatefold_http_event_streams 1\n") !=
               std::string::npos);
    good.client.readUntil("\n\n");
    append(box, "flipped");
    BOOST_TEST(good.client.readUntil("flipped").find("flipped") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(streams_do_not_take_the_places_of_requests) {
    ServerOptions options = quick();
    options.threads = 2;
    options.per_address = 4;
    Box box(options);
    box.adminCookie();
    std::vector<std::unique_ptr<Listener>> listeners;
    for (int i = 0; i < 20; ++i) {
        listeners.push_back(std::make_unique<Listener>(box, box.token(Role::viewer)));
        BOOST_TEST(listeners.back()->reply.status == 200);
    }
    BOOST_TEST(box.ask({.path = "/healthz"}).status == 200);
}

BOOST_AUTO_TEST_CASE(head_of_the_stream_opens_none) {
    Box box(quick());
    box.adminCookie();
    const WireReply reply = box.ask({.method = "HEAD",
                                     .path = "/api/v1/events",
                                     .token = box.token(Role::viewer),
                                     .checked = false});
    BOOST_TEST(reply.status == 200);
    BOOST_TEST(box.ask({.path = "/metrics"}).body.find("gatefold_http_event_streams 0\n") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_server_ends_with_streams_open) {
    auto box = std::make_unique<Box>(quick());
    box->adminCookie();
    Listener listener(*box, box->token(Role::viewer));
    listener.client.readUntil("\n\n");
    box.reset();
    BOOST_TEST(listener.client.closes());
}

BOOST_AUTO_TEST_SUITE_END()
