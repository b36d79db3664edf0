#include "platform/passwords.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

namespace gatefold::platform {
namespace {

BOOST_AUTO_TEST_SUITE(passwords)

BOOST_AUTO_TEST_CASE(a_password_is_recognised_and_another_is_not) {
    Argon2Hasher hasher;
    const std::string encoded = hasher.hash("correct horse");
    BOOST_TEST(encoded.starts_with("$argon2id$v=19$m=47104,t=1,p=1$"));
    BOOST_TEST(hasher.verify(encoded, "correct horse"));
    BOOST_TEST(!hasher.verify(encoded, "correct horsf"));
    BOOST_TEST(!hasher.verify(encoded, ""));
    BOOST_TEST(hasher.hash("correct horse") != encoded);
}

BOOST_AUTO_TEST_CASE(a_hash_made_elsewhere_is_understood) {
    // Made with the reference program: echo -n "password" | argon2 somesaltsomesalt -id -t 1 -k
    // 47104 -p 1 -v 13 -e
    Argon2Hasher hasher;
    const std::string encoded = "$argon2id$v=19$m=47104,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$solcKXPqo/"
                                "k72wW8vlFo7jH75gSNy5Db+HFabH7C44Y";
    BOOST_TEST(hasher.verify(encoded, "password"));
    BOOST_TEST(!hasher.verify(encoded, "Password"));
}

BOOST_AUTO_TEST_CASE(unknown_users_and_broken_hashes_are_just_wrong) {
    Argon2Hasher hasher;
    for (const char* encoded : {"", "plain", "$argon2id$", "$argon2id$v=19$m=47104,t=1,p=1$",
                                "$argon2i$v=19$m=8,t=1,p=1$x$y"})
        BOOST_TEST(!hasher.verify(encoded, "password"), encoded);
    BOOST_TEST(!hasher.verify(std::string(5000, 'x'), "password"));
}

BOOST_AUTO_TEST_CASE(only_weaker_hashes_are_made_anew) {
    Argon2Hasher hasher(Argon2Cost{.passes = 2});
    BOOST_TEST(hasher.needsRehash("$argon2id$v=19$m=47104,t=1,p=1$c29tZXNhbHQ$x"));
    BOOST_TEST(hasher.needsRehash("$argon2id$v=19$m=8192,t=2,p=1$c29tZXNhbHQ$x"));
    BOOST_TEST(!hasher.needsRehash("$argon2id$v=19$m=47104,t=2,p=1$c29tZXNhbHQ$x"));
    BOOST_TEST(!hasher.needsRehash("$argon2id$v=19$m=65536,t=3,p=1$c29tZXNhbHQ$x"));
    BOOST_TEST(hasher.needsRehash("$2b$12$whatever"));
}

BOOST_AUTO_TEST_CASE(calibration_takes_the_passes_that_fit_from_one_to_four) {
    const auto passes = [](int one_pass_ms) {
        return calibrated(std::chrono::milliseconds(200),
                          [&] { return std::chrono::milliseconds(one_pass_ms); })
            .passes;
    };
    BOOST_TEST(passes(500) == 1U);
    BOOST_TEST(passes(90) == 2U);
    BOOST_TEST(passes(60) == 3U);
    BOOST_TEST(passes(1) == 4U);
    BOOST_TEST(passes(0) == 4U);
}

BOOST_AUTO_TEST_CASE(secrets_are_random_and_digests_are_sha256) {
    SodiumSecrets secrets;
    std::set<std::string> seen;
    for (int i = 0; i < 100; ++i)
        seen.insert(secrets.random(32));
    BOOST_TEST(seen.size() == 100U);
    BOOST_TEST(seen.begin()->size() == 32U);
    // FIPS 180-2, appendix B.1
    using namespace std::string_literals;
    BOOST_TEST(secrets.sha256("abc") ==
               "\xba\x78\x16\xbf\x8f\x01\xcf\xea\x41\x41\x40\xde\x5d\xae\x22\x23"
               "\xb0\x03\x61\xa3\x96\x17\x7a\x9c\xb4\x10\xff\x61\xf2\x00\x15\xad"s);
    BOOST_TEST(secrets.equal("abc", "abc"));
    BOOST_TEST(!secrets.equal("abc", "abd"));
    BOOST_TEST(!secrets.equal("abc", "abcd"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace gatefold::platform
