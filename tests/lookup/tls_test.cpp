#include "lookup/http_client.hpp"
#include "tests/lookup/hostile_server.hpp"
#include "tests/lookup/surroundings.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>

using namespace gatefold;
using namespace gatefold::lookup;

namespace {

/// An authority of the test's own and what it signed.
class Authority {
public:
    explicit Authority(const std::string& name) : name_(name) {
        run("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 "
            "-subj '/CN=" +
            name + "' -keyout " + file("ca.key") + " -out " + certificate());
    }
    std::string certificate() const { return file("ca.pem"); }
    /// A certificate (and its key) for a host, "DNS:localhost".
    std::pair<std::string, std::string> issue(const std::string& host) const {
        const std::string key = file("server.key");
        const std::string request = file("server.csr");
        const std::string issued = file("server.pem");
        folder_.write("names", "subjectAltName=" + host + "\n");
        run("req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj '/CN=server' "
            "-keyout " +
            key + " -out " + request);
        run("x509 -req -in " + request + " -CA " + certificate() + " -CAkey " + file("ca.key") +
            " -CAcreateserial -days 3650 -extfile " + file("names") + " -out " + issued);
        return {issued, key};
    }

private:
    std::string file(const std::string& name) const { return (folder_ / name).string(); }
    static void run(const std::string& arguments) {
        // NOLINTNEXTLINE(cert-env33-c): words of this test only
        if (std::system(("openssl " + arguments + " >/dev/null 2>&1").c_str()) != 0)
            throw std::runtime_error("openssl " + arguments);
    }

    ScratchFolder folder_;
    std::string name_;
};

/// What a client that trusts `trusted` gets from a server with that certificate.
Refusal asked(const std::pair<std::string, std::string>& shown, const std::string& trusted,
              HttpAnswer& answer, std::size_t& requests) {
    HostileServer server(shown.first, shown.second);
    server.on("/", reply(200, "{}"));
    HttpOptions options = TestSurroundings().around.http;
    options.trusted = std::make_shared<TrustedCertificates>(trusted);
    const TestClock clock;
    HttpClient client(options, clock);
    const std::string base = "https://localhost:" + std::to_string(server.port());
    const Refusal refusal = refusalOf([&] {
        answer =
            client.get({base + "/", "*/*", "Discogs token=secret", 1'000}, Hosts(base, {}), {});
    });
    requests = server.requests().size();
    return refusal;
}

} // namespace

BOOST_AUTO_TEST_SUITE(tls)

BOOST_AUTO_TEST_CASE(a_certificate_of_a_trusted_authority_for_this_host_is_accepted) {
    const Authority authority("Ours");
    HttpAnswer answer;
    std::size_t requests = 0;
    const Refusal refusal =
        asked(authority.issue("DNS:localhost"), authority.certificate(), answer, requests);
    BOOST_TEST(refusal.message == "");
    BOOST_TEST(answer.body == "{}");
    BOOST_TEST(requests == 1u);
}

BOOST_AUTO_TEST_CASE(a_certificate_of_an_unknown_authority_is_refused_before_anything_is_said) {
    const Authority ours("Ours");
    const Authority theirs("Theirs");
    HttpAnswer answer;
    std::size_t requests = 0;
    const Refusal refusal =
        asked(theirs.issue("DNS:localhost"), ours.certificate(), answer, requests);
    BOOST_TEST((refusal.code == ErrorCode::unavailable));
    BOOST_TEST(refusal.message == "has a certificate that does not prove who it is");
    BOOST_TEST(requests == 0u);
}

BOOST_AUTO_TEST_CASE(a_certificate_for_another_host_is_refused_before_anything_is_said) {
    const Authority authority("Ours");
    HttpAnswer answer;
    std::size_t requests = 0;
    const Refusal refusal =
        asked(authority.issue("DNS:api.discogs.com"), authority.certificate(), answer, requests);
    BOOST_TEST(refusal.message == "has a certificate that does not prove who it is");
    BOOST_TEST(requests == 0u);
}

BOOST_AUTO_TEST_CASE(a_test_authority_is_not_trusted_by_the_systems_list) {
    const Authority authority("Ours");
    HttpAnswer answer;
    std::size_t requests = 0;
    const Refusal refusal = asked(authority.issue("DNS:localhost"), "", answer, requests);
    BOOST_TEST(refusal.thrown);
    BOOST_TEST(requests == 0u);
}

BOOST_AUTO_TEST_CASE(a_plain_server_on_a_secure_address_is_an_error) {
    HostileServer server;
    server.on("/", reply(200, "{}"));
    const TestClock clock;
    HttpOptions options = TestSurroundings().around.http;
    options.read_timeout = Millis{20}; // both sides wait for the other
    HttpClient client(options, clock);
    const std::string base = "https://localhost:" + std::to_string(server.port());
    BOOST_TEST(refusalOf([&] {
                   client.get({base + "/", "*/*", {}, 1'000}, Hosts(base, {}), {});
               }).thrown);
}

BOOST_AUTO_TEST_SUITE_END()
