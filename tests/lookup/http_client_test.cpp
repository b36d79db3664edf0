#include "lookup/http_client.hpp"
#include "tests/lookup/hostile_server.hpp"
#include "tests/lookup/surroundings.hpp"

#include <Poco/DeflatingStream.h>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <sstream>

using namespace gatefold;
using namespace gatefold::lookup;

namespace {

constexpr std::uint64_t gibibyte = std::uint64_t{1} << 30;

HttpOptions options() {
    return TestSurroundings().around.http;
}

/// One client asking one server.
struct Talk {
    explicit Talk(Millis step = Millis{0}, HttpOptions how = options())
        : clock(step), client(std::move(how), clock) {}

    HttpAnswer get(const std::string& path) {
        return client.get({server.url() + path, "application/json", secret, most_bytes},
                          Hosts(server.url(), others), stop.get_token());
    }
    Refusal refused(const std::string& path) {
        return refusalOf([&] { get(path); });
    }

    HostileServer server;
    TestClock clock;
    HttpClient client;
    std::vector<std::string> others;
    std::string secret;
    std::size_t most_bytes = 8 << 20;
    std::stop_source stop;
};

std::string gzipped(const std::string& text) {
    std::ostringstream out;
    Poco::DeflatingOutputStream packer(out, Poco::DeflatingStreamBuf::STREAM_GZIP, 9);
    packer << text;
    packer.close();
    return out.str();
}

} // namespace

BOOST_AUTO_TEST_SUITE(http_client)

BOOST_AUTO_TEST_CASE(a_plain_answer_arrives_whole_and_the_asker_says_who_it_is) {
    Talk talk;
    talk.secret = "Discogs token=secret";
    talk.server.on("/a?b=c", reply(200, R"({"a":1})", "X-Discogs-Ratelimit: 60\r\n"));
    const HttpAnswer answer = talk.get("/a?b=c");
    BOOST_TEST(answer.status == 200);
    BOOST_TEST(answer.body == R"({"a":1})");
    BOOST_TEST(answer.header("x-discogs-ratelimit") == "60");
    BOOST_TEST(answer.header("no-such-header").empty());
    const std::string request = talk.server.requests().at(0);
    BOOST_TEST(request.starts_with("GET /a?b=c HTTP/1.1\r\n"));
    BOOST_TEST(contains(request, "User-Agent: Gatefold/0.1.0 (+https://gatefold.test)\r\n"));
    BOOST_TEST(contains(request, "Authorization: Discogs token=secret\r\n"));
    BOOST_TEST(contains(request, "Host: 127.0.0.1:" + std::to_string(talk.server.port()) + "\r\n"));
}

BOOST_AUTO_TEST_CASE(a_question_is_asked_once_on_one_connection) {
    Talk talk;
    talk.server.on("/gone", "");
    BOOST_TEST((talk.refused("/gone").code == ErrorCode::unavailable));
    BOOST_REQUIRE_EQUAL(talk.server.requests().size(), 1u);
    BOOST_TEST(contains(talk.server.requests()[0], "Connection: Close\r\n"));
}

BOOST_AUTO_TEST_CASE(packed_answers_are_unpacked) {
    Talk talk;
    talk.server.on("/", reply(200, gzipped(R"({"a":1})"), "Content-Encoding: gzip\r\n"));
    BOOST_TEST(talk.get("/").body == R"({"a":1})");
}

BOOST_AUTO_TEST_CASE(a_packed_answer_is_bounded_by_what_it_unpacks_to) {
    Talk talk;
    talk.most_bytes = 1 << 20;
    const std::string bomb = gzipped(std::string(64 << 20, ' '));
    BOOST_REQUIRE_LT(bomb.size(), std::size_t{1} << 20);
    talk.server.on("/", reply(200, bomb, "Content-Encoding: gzip\r\n"));
    BOOST_TEST(talk.refused("/").message == "sends more than 1 MiB");
}

BOOST_AUTO_TEST_CASE(packed_garbage_is_an_error) {
    Talk talk;
    talk.server.on("/", reply(200, "no gzip at all", "Content-Encoding: gzip\r\n"));
    talk.server.on("/br", reply(200, "xyz", "Content-Encoding: br\r\n"));
    BOOST_TEST((talk.refused("/").code == ErrorCode::unavailable));
    BOOST_TEST(talk.refused("/br").message == "answers in an encoding that was not asked for");
}

BOOST_AUTO_TEST_CASE(an_announced_gigabyte_is_not_read) {
    Talk talk;
    talk.server.on("/", [](Peer& peer) {
        peer.send(head(200, "Content-Length: 1073741824\r\n"));
        peer.fallSilent();
    });
    BOOST_TEST(talk.refused("/").message == "announces more than 8 MiB");
}

BOOST_AUTO_TEST_CASE(an_endless_body_is_left_at_its_bound) {
    for (const bool chunked : {true, false}) {
        std::atomic<std::uint64_t> sent{0};
        {
            Talk talk;
            talk.server.on("/", [&](Peer& peer) {
                peer.send(head(200, chunked ? "Transfer-Encoding: chunked\r\n" : ""));
                sent = peer.flood(gibibyte, chunked);
            });
            BOOST_TEST(talk.refused("/").message == "sends more than 8 MiB");
        }
        BOOST_TEST(sent < gibibyte / 2);
    }
}

BOOST_AUTO_TEST_CASE(a_body_that_ends_early_is_an_error) {
    Talk talk;
    talk.server.on("/", head(200, "Content-Length: 100\r\n") + "{\"a\":");
    BOOST_TEST(talk.refused("/").message == "broke its answer off");
}

BOOST_AUTO_TEST_CASE(a_body_that_drips_ends_with_the_time_for_all_of_it) {
    Talk talk(Millis{5'000});
    talk.server.on("/", [](Peer& peer) {
        peer.send(head(200, "Content-Length: 1000000\r\n"));
        peer.dripForEver('x');
    });
    BOOST_TEST(talk.refused("/").message == "was not done after 45 s");
}

BOOST_AUTO_TEST_CASE(headers_that_drip_end_with_the_time_for_all_of_it) {
    Talk talk(Millis{5'000});
    talk.server.on("/", [](Peer& peer) {
        peer.send("HTTP/1.1 200 OK\r\nX-Slow: ");
        peer.dripForEver('x');
    });
    BOOST_TEST(talk.refused("/").message == "was not done after 45 s");
}

BOOST_AUTO_TEST_CASE(a_server_that_says_nothing_is_left) {
    Talk late(Millis{5'000});
    late.server.on("/", [](Peer& peer) { peer.fallSilent(); });
    BOOST_TEST(late.refused("/").message == "was not done after 45 s");

    HttpOptions impatient = options();
    impatient.read_timeout = Millis{20};
    Talk silent(Millis{0}, impatient);
    silent.server.on("/", [](Peer& peer) { peer.fallSilent(); });
    BOOST_TEST(silent.refused("/").message == "does not answer in time");
}

BOOST_AUTO_TEST_CASE(a_stop_ends_a_running_transfer) {
    Talk talk;
    talk.server.on("/", [&](Peer& peer) {
        talk.stop.request_stop();
        peer.fallSilent();
    });
    BOOST_TEST((talk.refused("/").code == ErrorCode::conflict));
}

BOOST_AUTO_TEST_CASE(a_stop_ends_connecting_to_a_host_that_does_not_answer) {
    const Poco::Net::SocketAddress anywhere("127.0.0.1", 0);
    Poco::Net::ServerSocket deaf;
    deaf.bind(anywhere);
    deaf.listen(0);
    // The kernel answers nobody once as many wait as may.
    std::vector<Poco::Net::StreamSocket> waiting(4);
    for (Poco::Net::StreamSocket& each : waiting)
        each.connectNB(deaf.address());
    Talk talk;
    talk.stop.request_stop();
    const std::string address = "http://" + deaf.address().toString();
    const Refusal refusal = refusalOf([&] {
        talk.client.get({address + "/", "application/json", "", 1 << 20}, Hosts(address, {}),
                        talk.stop.get_token());
    });
    BOOST_TEST((refusal.code == ErrorCode::conflict), refusal.message);
}

BOOST_AUTO_TEST_CASE(what_is_no_http_is_an_error) {
    Talk talk;
    talk.server.on("/garbage", "\x01\x02\x03 go away\r\n\r\n");
    talk.server.on("/nothing", "");
    talk.server.on("/header", "HTTP/1.1 200 OK\r\n" + std::string(100'000, 'h') + ": x\r\n\r\n");
    talk.server.on("/headers", [](Peer& peer) {
        peer.send("HTTP/1.1 200 OK\r\n");
        for (int i = 0; i < 10'000 && peer.send("X-Header: x\r\n"); ++i) {
        }
    });
    for (const std::string path : {"/garbage", "/nothing", "/header", "/headers"})
        BOOST_TEST((talk.refused(path).code == ErrorCode::unavailable), path);
}

BOOST_AUTO_TEST_CASE(nobody_listening_is_an_error) {
    Talk talk;
    int port = 0;
    {
        const HostileServer gone;
        port = gone.port();
    }
    const std::string address = "http://127.0.0.1:" + std::to_string(port);
    const Refusal refusal = refusalOf([&] {
        talk.client.get({address + "/", "*/*", {}, 1'000}, Hosts(address, {}), {});
    });
    BOOST_TEST(refusal.message == "refuses the connection");
}

BOOST_AUTO_TEST_CASE(redirects_within_the_house_are_followed) {
    Talk talk;
    talk.server.on("/a", redirect("/b"));
    talk.server.on("/b", redirect(talk.server.url() + "/c?d=e"));
    talk.server.on("/c?d=e", reply(200, "{}"));
    const HttpAnswer answer = talk.get("/a");
    BOOST_TEST(answer.body == "{}");
    BOOST_TEST(answer.address == talk.server.url() + "/c?d=e");
}

BOOST_AUTO_TEST_CASE(redirects_to_foreign_hosts_are_refused_and_nothing_is_asked_there) {
    Talk talk;
    const HostileServer other;
    const std::vector<std::string> targets{
        "http://localhost:" + std::to_string(talk.server.port()) + "/",
        other.url() + "/",
        "https://127.0.0.1:" + std::to_string(talk.server.port()) + "/",
        "http://169.254.169.254/latest/meta-data",
        "//example.com/",
        "file:///etc/passwd",
        "ftp://127.0.0.1/",
        "http://user@127.0.0.1:" + std::to_string(talk.server.port()) + "/",
        "https://archive.org.evil.example/",
    };
    for (const std::string& target : targets) {
        HostileServer fresh;
        fresh.on("/", redirect(target));
        const Refusal refusal = refusalOf([&] {
            talk.client.get({fresh.url() + "/", "*/*", {}, 1'000},
                            Hosts(fresh.url(), {".archive.org", "archive.org"}), {});
        });
        BOOST_TEST(contains(refusal.message, "leads to another host"), target);
    }
    BOOST_TEST(talk.server.requests().empty());
    BOOST_TEST(other.requests().empty());
}

BOOST_AUTO_TEST_CASE(redirects_that_never_end_are_left) {
    Talk talk;
    talk.server.on("/", redirect("/"));
    BOOST_TEST(talk.refused("/").message == "redirects again and again");
    BOOST_TEST(talk.server.requests().size() == 6u);
}

BOOST_AUTO_TEST_CASE(a_redirect_without_a_usable_target_is_handed_on_or_refused) {
    Talk talk;
    talk.server.on("/none", reply(302, ""));
    talk.server.on("/bad", redirect("http://[::zz"));
    BOOST_TEST(talk.get("/none").status == 302);
    BOOST_TEST((talk.refused("/bad").code == ErrorCode::unavailable));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(hosts)

BOOST_AUTO_TEST_CASE(only_the_own_address_and_named_hosts_over_https_are_permitted) {
    const Hosts hosts("https://coverartarchive.org", {"archive.org", ".archive.org"});
    const auto permits = [&](const std::string& address) {
        return hosts.permits(Poco::URI(address));
    };
    BOOST_TEST(permits("https://coverartarchive.org/release/x"));
    BOOST_TEST(permits("https://archive.org/download/x"));
    BOOST_TEST(permits("https://ia800100.us.archive.org/1/x.jpg"));
    BOOST_TEST(!permits("http://archive.org/download/x"));
    BOOST_TEST(!permits("https://archive.org:8443/"));
    BOOST_TEST(!permits("https://xarchive.org/"));
    BOOST_TEST(!permits("https://.archive.org/"));
    BOOST_TEST(!permits("https://archive.org.example.com/"));
    BOOST_TEST(!permits("https://archive.org@example.com/"));
    BOOST_TEST(!permits("http://coverartarchive.org/"));
}

BOOST_AUTO_TEST_CASE(addresses_of_sources_are_checked) {
    for (const std::string bad : {"", "api.discogs.com", "ftp://api.discogs.com", "https://",
                                  "https://user@api.discogs.com", "https://api.discogs.com/?a=b"})
        BOOST_TEST((refusalOf([&] { Hosts(bad, {}); }).code == ErrorCode::invalid), bad);
    BOOST_TEST(Hosts("http://127.0.0.1:8000/discogs/", {}).address("/releases/1") ==
               "http://127.0.0.1:8000/discogs/releases/1");
}

BOOST_AUTO_TEST_SUITE_END()
