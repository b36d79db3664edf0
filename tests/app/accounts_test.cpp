#include "app/accounts.hpp"
#include "app/common_passwords.hpp"
#include "platform/passwords.hpp"
#include "tests/app/household.hpp"

#include <boost/test/unit_test.hpp>

#include <functional>
#include <utility>

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

/// Hashes "weak:…" and "plain:…"; a weak one is to be made anew. Does what a test says while it
/// hashes, once: that is the moment in which somebody else may write.
struct InterruptedHasher final : PasswordHasher {
    std::function<void()> meanwhile;

    std::string hash(std::string_view password) override {
        interrupt();
        return "plain:" + std::string(password);
    }
    bool verify(std::string_view encoded, std::string_view password) override {
        interrupt();
        return encoded == "plain:" + std::string(password) ||
               encoded == "weak:" + std::string(password);
    }
    bool needsRehash(std::string_view encoded) override { return encoded.starts_with("weak:"); }

private:
    void interrupt() {
        if (const auto now = std::exchange(meanwhile, {}))
            now();
    }
};

/// Anna and Ben are admins, Ben's password has a weak hash; what Ben signs in with is interrupted.
struct TwoAdmins {
    TempFolder folder;
    FakeClock clock;
    std::unique_ptr<RealStore> real = openStore(folder.path(), clock);
    UnitOfWork& store = real->unitOfWork();
    InterruptedHasher hasher;
    platform::SodiumSecrets secrets;
    Accounts accounts{store, clock, hasher, secrets};
    Caller anna = accounts.finishSetup({*accounts.freshSetupCode(), "Anna", annas}).caller;
    PersonId ben = store.write([](Tx& tx) {
        Person person;
        person.name = "Ben";
        person.role = Role::admin;
        person.password_hash = "weak:" + bens;
        return tx.people.insert(person);
    });

    inline static const std::string annas = "correct horse battery", bens = "another long password";

    Accounts::SignedIn signBenIn() { return accounts.signIn({"Ben", bens}); }
    void edit(PersonId id, const PersonPatch& patch) {
        accounts.editPerson(Accounts::console(), id, patch, {});
    }
    void giveBen(std::optional<Role> role) {
        PersonPatch patch;
        patch.role.given = true;
        patch.role.value = role;
        edit(ben, patch);
    }
    void newPassword(const Caller& by, PersonId id) {
        PersonPatch patch;
        patch.password = std::string("an even longer password");
        accounts.editPerson(by, id, patch, {});
    }
    std::string tokenOf(const Caller& maker, Role scope) {
        return accounts.addToken(maker, {scope, {}, {}}).token;
    }
    Rights rightsNow(const std::string& token) {
        const auto caller = accounts.byToken(token);
        return caller ? caller->rights : Rights();
    }
};

auto is(ErrorCode code) {
    return [code](const Error& error) { return error.code() == code; };
}

} // namespace

BOOST_AUTO_TEST_SUITE(accounts)

BOOST_AUTO_TEST_CASE(a_setup_code_that_is_replaced_while_the_password_is_hashed_makes_no_admin) {
    TempFolder folder;
    FakeClock clock;
    const std::unique_ptr<RealStore> real = openStore(folder.path(), clock);
    InterruptedHasher hasher;
    platform::SodiumSecrets secrets;
    Accounts accounts(real->unitOfWork(), clock, hasher, secrets);
    const std::string code = *accounts.freshSetupCode();
    hasher.meanwhile = [&] { accounts.freshSetupCode(); };
    BOOST_CHECK_EXCEPTION(accounts.finishSetup({code, "Eve", "correct horse battery"}), Error,
                          is(ErrorCode::forbidden));
    BOOST_TEST(accounts.setup().open);
}

BOOST_AUTO_TEST_CASE(a_password_is_not_the_name_with_blanks_around_either) {
    Doors doors;
    const std::string code = *doors.accounts.freshSetupCode();
    for (const auto& [name, password] :
         {std::pair{" Groove Anna ", "groove anna"}, std::pair{"Groove Anna", "  Groove ANNA "}})
        BOOST_CHECK_EXCEPTION(doors.accounts.finishSetup({code, name, password}), Error,
                              is(ErrorCode::invalid));
}

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
    doors.accounts.addPerson(Accounts::console(), {"Ben", {}, {}});
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
    const std::string editors = doors.accounts.addToken(admin.caller, {Role::editor, {}, {}}).token;
    const Caller editor = *doors.accounts.byToken(editors);
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
    BOOST_CHECK_EXCEPTION(doors.accounts.editPerson(admin.caller, *admin.caller.person, demote, {}),
                          Error, is(ErrorCode::conflict));
    NewPerson ben{"Ben", {}, {}};
    ben.role = Role::admin;
    ben.password = "another long password";
    doors.accounts.addPerson(admin.caller, ben);
    doors.accounts.editPerson(admin.caller, *admin.caller.person, demote, {});
    BOOST_TEST(!doors.accounts.byCookie(admin.cookie).has_value()); // a new role ends the sign-ins
}

BOOST_AUTO_TEST_CASE(the_last_admin_keeps_role_and_password) {
    Doors doors;
    const auto admin = doors.setUp();
    PersonPatch no_role, neither;
    no_role.role.given = true;
    neither.role.given = neither.password.given = true;
    for (const PersonPatch& patch : {no_role, neither})
        BOOST_CHECK_EXCEPTION(
            doors.accounts.editPerson(admin.caller, *admin.caller.person, patch, {}), Error,
            is(ErrorCode::conflict));
    BOOST_TEST(doors.accounts.byCookie(admin.cookie).has_value());
}

BOOST_AUTO_TEST_CASE(a_demoted_persons_token_may_what_the_person_may_now) {
    TwoAdmins two;
    const Caller ben = two.signBenIn().caller;
    const std::string admin = two.tokenOf(ben, Role::admin);
    const std::string scanner = two.tokenOf(ben, Role::scanner);
    const std::string automation = two.tokenOf(ben, Role::automation);
    BOOST_TEST((two.rightsNow(admin) == rightsOf(Role::admin)));
    BOOST_TEST((two.rightsNow(scanner) == rightsOf(Role::scanner)));

    two.giveBen(Role::viewer);
    const auto caller = two.accounts.byToken(admin);
    BOOST_REQUIRE(caller.has_value());
    BOOST_TEST((caller->rights == rightsOf(Role::viewer)));
    BOOST_TEST(nameOf(caller->role) == "viewer");
    BOOST_CHECK_EXCEPTION(two.tokenOf(*caller, Role::admin), Error, is(ErrorCode::forbidden));
    BOOST_TEST(!two.rightsNow(scanner).allow(Permission::scan));
    BOOST_TEST(!two.rightsNow(automation).allow(Permission::scan));
    BOOST_TEST(two.rightsNow(automation).allow(Permission::play));

    two.giveBen(Role::admin); // the rights come back with the role
    BOOST_TEST((two.rightsNow(admin) == rightsOf(Role::admin)));
    BOOST_TEST((two.rightsNow(scanner) == rightsOf(Role::scanner)));
}

BOOST_AUTO_TEST_CASE(a_new_password_or_no_role_ends_sign_ins_and_tokens_for_good) {
    for (const bool disable : {false, true}) {
        TwoAdmins two;
        const auto ben = two.signBenIn();
        const std::string token = two.tokenOf(ben.caller, Role::kiosk);
        const std::string annas = two.tokenOf(two.anna, Role::kiosk);
        if (disable)
            two.giveBen(std::nullopt);
        else
            two.newPassword(two.anna, two.ben);
        BOOST_TEST(!two.accounts.byCookie(ben.cookie).has_value());
        BOOST_TEST(!two.accounts.byToken(token).has_value());
        BOOST_TEST(!two.accounts.stillGood(ben.caller));
        two.giveBen(Role::admin);
        BOOST_TEST(!two.accounts.byToken(token).has_value());
        BOOST_TEST(two.accounts.byToken(annas).has_value());
    }
}

BOOST_AUTO_TEST_CASE(who_sets_their_own_password_stays_signed_in_here_and_nowhere_else) {
    TwoAdmins two;
    const auto here = two.signBenIn();
    const auto elsewhere = two.signBenIn();
    const std::string token = two.tokenOf(here.caller, Role::viewer);
    two.newPassword(here.caller, two.ben);
    BOOST_TEST(two.accounts.byCookie(here.cookie).has_value());
    BOOST_TEST(two.accounts.stillGood(here.caller));
    BOOST_TEST(!two.accounts.byCookie(elsewhere.cookie).has_value());
    BOOST_TEST(!two.accounts.byToken(token).has_value());
}

BOOST_AUTO_TEST_CASE(who_takes_their_own_password_away_is_signed_out) {
    TwoAdmins two;
    const auto ben = two.signBenIn();
    PersonPatch none;
    none.role.given = none.password.given = true;
    two.accounts.editPerson(ben.caller, two.ben, none, {});
    BOOST_TEST(!two.accounts.byCookie(ben.cookie).has_value());
}

BOOST_AUTO_TEST_CASE(a_role_and_a_password_go_together_in_an_edit_too) {
    TwoAdmins two;
    PersonPatch no_password, role;
    no_password.password.given = true;
    role.role = Role::viewer;
    BOOST_CHECK_EXCEPTION(two.accounts.editPerson(two.anna, two.ben, no_password, {}), Error,
                          is(ErrorCode::invalid));
    const PersonId guest = two.accounts.addPerson(two.anna, {"Guest", {}, {}}).id;
    BOOST_CHECK_EXCEPTION(two.accounts.editPerson(two.anna, guest, role, {}), Error,
                          is(ErrorCode::invalid));
    role.password = std::string("an even longer password");
    two.accounts.editPerson(two.anna, guest, role, {});
    PersonPatch another;
    another.role = Role::editor; // the password stays
    two.accounts.editPerson(two.anna, guest, another, {});
    BOOST_TEST(nameOf(*two.accounts.person(guest).role) == "editor");
}

BOOST_AUTO_TEST_CASE(an_edit_whose_makers_rights_end_while_it_hashes_changes_nothing) {
    TwoAdmins two;
    const auto ben = two.signBenIn();
    const Caller token = *two.accounts.byToken(two.tokenOf(ben.caller, Role::admin));
    PersonPatch back;
    back.role = Role::admin;
    back.password = std::string("an even longer password");
    const auto demote = [&] { two.giveBen(Role::viewer); };
    two.hasher.meanwhile = demote;
    BOOST_CHECK_EXCEPTION(two.accounts.editPerson(ben.caller, two.ben, back, {}), Error,
                          is(ErrorCode::unauthenticated));
    BOOST_TEST(nameOf(*two.accounts.person(two.ben).role) == "viewer");

    two.giveBen(Role::admin);
    two.hasher.meanwhile = demote;
    NewPerson eve{"Eve", {}, {}};
    eve.role = Role::admin;
    eve.password = "an even longer password";
    BOOST_CHECK_EXCEPTION(two.accounts.addPerson(token, eve), Error,
                          is(ErrorCode::unauthenticated));
    BOOST_CHECK_EXCEPTION(two.tokenOf(ben.caller, Role::viewer), Error,
                          is(ErrorCode::unauthenticated)); // the sign-in is gone
    BOOST_TEST(two.accounts.people().size() == 2u);
}

BOOST_AUTO_TEST_CASE(the_same_role_again_ends_nothing) {
    TwoAdmins two;
    const auto ben = two.signBenIn();
    const std::string token = two.tokenOf(ben.caller, Role::admin);
    two.giveBen(Role::admin);
    BOOST_TEST(two.accounts.byCookie(ben.cookie).has_value());
    BOOST_TEST(two.accounts.byToken(token).has_value());
}

BOOST_AUTO_TEST_CASE(a_token_of_the_console_keeps_its_scope) {
    TwoAdmins two;
    const std::string token = two.tokenOf(Accounts::console(), Role::admin);
    two.giveBen(Role::viewer);
    two.newPassword(two.anna, *two.anna.person);
    BOOST_TEST((two.rightsNow(token) == rightsOf(Role::admin)));
}

BOOST_AUTO_TEST_CASE(a_token_made_with_a_token_shares_its_person_its_end_and_its_revocation) {
    TwoAdmins two;
    const Caller ben = two.signBenIn().caller;
    NewToken short_lived{Role::admin, {}, {}};
    short_lived.expires_at = two.clock.now().wall + 1h;
    const CreatedToken first = two.accounts.addToken(ben, short_lived);
    const std::string second = two.tokenOf(*two.accounts.byToken(first.token), Role::admin);
    const std::string third = two.tokenOf(*two.accounts.byToken(second), Role::editor);
    two.giveBen(Role::guest);
    BOOST_TEST((two.rightsNow(third) == rightsOf(Role::guest)));
    two.giveBen(Role::admin);
    BOOST_TEST((two.rightsNow(third) == rightsOf(Role::editor)));
    two.clock.advance(61min);
    BOOST_TEST(!two.accounts.byToken(third).has_value());

    const CreatedToken again = two.accounts.addToken(two.anna, {Role::admin, {}, {}});
    const std::string made = two.tokenOf(*two.accounts.byToken(again.token), Role::viewer);
    two.accounts.revokeToken(again.id);
    BOOST_TEST(!two.accounts.byToken(made).has_value());
}

BOOST_AUTO_TEST_CASE(what_a_stream_is_allowed_by_ends_with_time_and_with_the_rights) {
    TwoAdmins two;
    const auto ben = two.signBenIn();
    NewToken hour{Role::editor, {}, {}};
    hour.expires_at = two.clock.now().wall + 1h;
    const Caller token = *two.accounts.byToken(two.accounts.addToken(ben.caller, hour).token);
    const Caller scanner = *two.accounts.byToken(two.tokenOf(ben.caller, Role::viewer));
    BOOST_TEST(two.accounts.stillGood(token));
    two.clock.advance(61min);
    BOOST_TEST(!two.accounts.stillGood(token));

    for (int day = 0; day < 29; ++day) { // an open stream is use: only the age ends it
        two.clock.advance(24h);
        BOOST_TEST(two.accounts.stillGood(ben.caller));
    }
    two.clock.advance(24h);
    BOOST_TEST(!two.accounts.stillGood(ben.caller));

    BOOST_TEST(two.accounts.stillGood(scanner));
    two.giveBen(Role::guest);
    BOOST_TEST(!two.accounts.stillGood(scanner));
}

BOOST_AUTO_TEST_CASE(a_sign_in_that_makes_the_hash_anew_writes_nothing_else_back) {
    TwoAdmins two;
    const auto version = two.accounts.person(two.ben).version;
    std::optional<Accounts::SignedIn> signed_in;
    two.hasher.meanwhile = [&] { // verify() is first: this runs when hash() is called
        two.hasher.meanwhile = [&] { two.giveBen(Role::viewer); };
    };
    signed_in = two.signBenIn();
    const Person ben = two.accounts.person(two.ben);
    BOOST_TEST(nameOf(*ben.role) == "viewer");
    BOOST_TEST(ben.password_hash == "plain:" + TwoAdmins::bens);
    BOOST_TEST(ben.version == version + 1); // the edit's; a new hash is no edit
    BOOST_TEST((signed_in->caller.rights == rightsOf(Role::viewer)));
}

BOOST_AUTO_TEST_CASE(an_old_password_opens_nothing_once_a_new_one_is_set) {
    for (const bool disable : {false, true}) {
        TwoAdmins two;
        two.hasher.meanwhile = [&] {
            if (disable)
                two.giveBen(std::nullopt);
            else
                two.newPassword(two.anna, two.ben);
        };
        BOOST_CHECK_EXCEPTION(two.signBenIn(), Error, is(ErrorCode::unauthenticated));
    }
}

BOOST_AUTO_TEST_CASE(two_sign_ins_at_once_that_make_the_hash_anew_both_succeed) {
    TwoAdmins two;
    two.hasher.meanwhile = [&] { two.signBenIn(); };
    const auto ben = two.signBenIn();
    BOOST_TEST(two.accounts.byCookie(ben.cookie).has_value());
    BOOST_TEST(two.accounts.person(two.ben).password_hash == "plain:" + TwoAdmins::bens);
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
