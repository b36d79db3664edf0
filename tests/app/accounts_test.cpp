#include "app/accounts.hpp"
#include "app/common_passwords.hpp"
#include "platform/passwords.hpp"
#include "tests/app/household.hpp"

#include <boost/test/unit_test.hpp>

using namespace gatefold;
using namespace gatefold::test;
using namespace std::chrono_literals;

namespace {

/// Accounts with cheap hashes over a real store.
struct Doors {
    TempFolder folder;
    FakeClock clock;
    std::unique_ptr<RealStore> real = openStore(folder.path(), clock);
    UnitOfWork& store = real->unitOfWork();
    platform::Argon2Hasher hasher{{1, 8192 * 8}};
    platform::SodiumSecrets secrets;
    Accounts accounts{store, clock, hasher, secrets};

    Accounts::SignedIn setUp() {
        return accounts.finishSetup({*accounts.freshSetupCode(), "Anna", "correct horse battery"});
    }
};

auto is(ErrorCode code) {
    return [code](const Error& error) { return error.code() == code; };
}

} // namespace

BOOST_AUTO_TEST_SUITE(accounts)

BOOST_AUTO_TEST_CASE(setup_needs_the_code_and_happens_once) {
    Doors doors;
    BOOST_TEST(doors.accounts.setup().open);
    const std::string code = *doors.accounts.freshSetupCode();
    BOOST_CHECK_EXCEPTION(
        doors.accounts.finishSetup({"AAAA-BBBB-CCCC", "Anna", "correct horse battery"}), Error,
        is(ErrorCode::forbidden));
    const auto signed_in = doors.accounts.finishSetup({code, "Anna", "correct horse battery"});
    BOOST_TEST(nameOf(signed_in.caller.role) == "admin");
    BOOST_TEST(!doors.accounts.setup().open);
    BOOST_TEST(!doors.accounts.freshSetupCode().has_value());
    BOOST_CHECK_EXCEPTION(doors.accounts.finishSetup({code, "Eve", "correct horse battery"}), Error,
                          is(ErrorCode::conflict));
}

BOOST_AUTO_TEST_CASE(a_code_is_good_for_an_hour_and_only_the_newest_one) {
    Doors doors;
    const std::string first = *doors.accounts.freshSetupCode();
    const std::string second = *doors.accounts.freshSetupCode();
    BOOST_CHECK_EXCEPTION(doors.accounts.finishSetup({first, "Anna", "correct horse battery"}),
                          Error, is(ErrorCode::forbidden));
    doors.clock.advance(61min);
    BOOST_CHECK_EXCEPTION(doors.accounts.finishSetup({second, "Anna", "correct horse battery"}),
                          Error, is(ErrorCode::forbidden));
}

BOOST_AUTO_TEST_CASE(sign_in_gives_a_cookie_and_says_the_same_for_every_failure) {
    Doors doors;
    doors.setUp();
    doors.accounts.addPerson({"Ben", {}, {}});
    const auto signed_in = doors.accounts.signIn({"anna", "correct horse battery"});
    const auto caller = doors.accounts.byCookie(signed_in.cookie);
    BOOST_REQUIRE(caller.has_value());
    BOOST_TEST(caller->name == "Anna");
    std::string words;
    for (const SignInRequest& wrong :
         {SignInRequest{"anna", "wrong"}, SignInRequest{"nobody", "wrong"},
          SignInRequest{"Ben", ""}}) {
        try {
            doors.accounts.signIn(wrong);
            BOOST_ERROR("signed in as " + wrong.name);
        } catch (const Error& error) {
            BOOST_TEST((error.code() == ErrorCode::unauthenticated));
            BOOST_TEST((words.empty() || words == error.message()));
            words = error.message();
        }
    }
}

BOOST_AUTO_TEST_CASE(sign_ins_end_by_sign_out_idleness_and_age) {
    Doors doors;
    const auto signed_in = doors.setUp();
    BOOST_TEST(!doors.accounts.byCookie(std::string(64, '0')).has_value());
    doors.clock.advance(std::chrono::hours(24 * 6));
    BOOST_TEST(doors.accounts.byCookie(signed_in.cookie).has_value());
    doors.clock.advance(std::chrono::hours(24 * 8));
    BOOST_TEST(!doors.accounts.byCookie(signed_in.cookie).has_value());

    const auto again = doors.accounts.signIn({"Anna", "correct horse battery"});
    doors.accounts.signOut(again.caller, false);
    BOOST_TEST(!doors.accounts.byCookie(again.cookie).has_value());
    BOOST_TEST(!doors.accounts.stillGood(again.caller));
}

BOOST_AUTO_TEST_CASE(tokens_carry_their_scope_and_can_be_revoked) {
    Doors doors;
    const auto admin = doors.setUp();
    const CreatedToken token = doors.accounts.addToken(admin.caller, {Role::scanner, {}, {}});
    BOOST_TEST(token.token.starts_with("gf_t_"));
    const auto caller = doors.accounts.byToken(token.token);
    BOOST_REQUIRE(caller.has_value());
    BOOST_TEST(nameOf(caller->role) == "scanner");
    for (const std::string& bad :
         {token.token + "0", std::string("gf_t_1_"), std::string("gf_"), std::string("x")})
        BOOST_TEST(!doors.accounts.byToken(bad).has_value(), bad);
    Caller editor = admin.caller;
    editor.role = Role::editor;
    BOOST_CHECK_EXCEPTION(doors.accounts.addToken(editor, {Role::admin, {}, {}}), Error,
                          is(ErrorCode::forbidden));
    doors.accounts.revokeToken(token.id);
    BOOST_TEST(!doors.accounts.byToken(token.token).has_value());
}

BOOST_AUTO_TEST_CASE(the_last_admin_cannot_be_taken_away) {
    Doors doors;
    const auto admin = doors.setUp();
    PersonPatch demote;
    demote.role = Role::viewer;
    BOOST_CHECK_EXCEPTION(doors.accounts.editPerson(*admin.caller.person, demote, {}), Error,
                          is(ErrorCode::conflict));
    NewPerson ben{"Ben", {}, {}};
    ben.role = Role::admin;
    ben.password = "another long password";
    doors.accounts.addPerson(ben);
    doors.accounts.editPerson(*admin.caller.person, demote, {});
    BOOST_TEST(!doors.accounts.byCookie(admin.cookie).has_value()); // a new role ends the sign-ins
}

BOOST_AUTO_TEST_CASE(passwords_that_anybody_would_try_are_refused) {
    for (const char* common : {"password", "Password1!", "12345678", "87654321", "11111111",
                               "qwertzuiop", "iloveyou123", "vinyl2024", "20010911"})
        BOOST_TEST(isCommonPassword(common), common);
    for (const char* good : {"correct horse battery", "tr0ub4dor&3x", "meine rillen sind rund"})
        BOOST_TEST(!isCommonPassword(good), good);
    Doors doors;
    const std::string code = *doors.accounts.freshSetupCode();
    for (const char* bad : {"short", "password1"})
        BOOST_CHECK_EXCEPTION(doors.accounts.finishSetup({code, "Anna", bad}), Error,
                              is(ErrorCode::invalid));
}

BOOST_AUTO_TEST_SUITE_END()
