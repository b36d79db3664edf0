#pragma once

#include "core/patch.hpp"
#include "core/role.hpp"
#include "ports/clock.hpp"
#include "ports/password_hasher.hpp"
#include "ports/store.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gatefold {

/// Who asks, and what they may at this moment.
struct Caller {
    enum class Kind { person, token, console } kind = Kind::person;
    Role role = Role::guest; ///< a word for people; `rights` decides
    Rights rights;           ///< a token has of its scope the rights that its maker has now
    std::string name;
    std::optional<PersonId> person;
    std::optional<SignInId> sign_in;
    std::optional<TokenId> token;
};

/// The setup code: digits and capitals in groups, valid 60 min; a new one each start and by
/// `gatefold setup-code`.
struct SetupState {
    bool open = false;
    static constexpr auto fields = fieldList(field("open", &SetupState::open));
};
struct SetupRequest {
    std::string code, name, password;
    static constexpr auto fields =
        fieldList(field("code", &SetupRequest::code), field("name", &SetupRequest::name),
                  field("password", &SetupRequest::password));
};
struct SignInRequest {
    std::string name, password;
    static constexpr auto fields =
        fieldList(field("name", &SignInRequest::name), field("password", &SignInRequest::password));
};
struct NewPerson {
    std::string name;
    Absent<Role> role;
    Absent<std::string> password;
    static constexpr auto fields =
        fieldList(field("name", &NewPerson::name), field("role", &NewPerson::role),
                  field("password", &NewPerson::password));
};
struct PersonPatch {
    Patch<std::string> name;
    Patch<Role> role;
    Patch<std::string> password;
    static constexpr auto fields =
        fieldList(field("name", &PersonPatch::name), field("role", &PersonPatch::role),
                  field("password", &PersonPatch::password));
};
struct NewToken {
    Role scope = Role::viewer;
    Absent<std::string> name;
    Absent<WallTime> expires_at;
    static constexpr auto fields =
        fieldList(field("scope", &NewToken::scope), field("name", &NewToken::name),
                  field("expires_at", &NewToken::expires_at));
};
/// Shown once.
struct CreatedToken {
    TokenId id;
    Role scope = Role::viewer;
    std::string token; ///< gf_<id>_<secret>
    static constexpr auto fields =
        fieldList(field("id", &CreatedToken::id), field("scope", &CreatedToken::scope),
                  field("token", &CreatedToken::token));
};

/// People, sign-ins, tokens, first-run setup. Any thread. No default password anywhere; no trust by
/// address.
class Accounts {
public:
    Accounts(UnitOfWork& store, const Clock& clock, PasswordHasher& hasher, Secrets& secrets);

    SetupState setup() const;
    /// A fresh code, replacing the one before; nothing when an admin exists.
    std::optional<std::string> freshSetupCode();
    /// The first admin. Throws `conflict` once one exists, `forbidden` for a wrong or old code
    /// (also one that becomes so before this is done), `invalid` for the password or name.
    struct SignedIn {
        std::string cookie; ///< the cookie's value, 256 random bits
        Caller caller;
    };
    SignedIn finishSetup(const SetupRequest& request);

    /// The same for all spellings of a name that signIn() takes for one account, and for no others.
    static std::string accountKey(std::string_view name);
    /// Throws `unauthenticated` with the same words and time for an unknown name, a wrong password,
    /// a person without sign-in.
    SignedIn signIn(const SignInRequest& request);
    void signOut(const Caller& caller, bool everywhere);
    /// Nothing when the cookie or token is not (or no longer) good. `header`: the bearer token as
    /// sent. Counts as use.
    std::optional<Caller> byCookie(std::string_view cookie);
    std::optional<Caller> byToken(std::string_view header);
    /// Root or the daemon's own user over the control socket.
    static Caller console();
    /// False when a caller's sign-in or token has ended (also by time) or its rights have changed.
    /// For long-lived streams; counts as use.
    bool stillGood(const Caller& caller);
    /// Throws `unauthenticated` where stillGood() is false. Counts as no use: for the transaction
    /// that stores what took long to fetch or to make.
    void checkStillGood(const ReadTx& tx, const Caller& caller) const;

    std::vector<Person> people() const;
    Person person(PersonId id) const;
    /// These three throw `unauthenticated` when the caller's sign-in, token or rights change before
    /// they are done.
    Person addPerson(const Caller& by, const NewPerson& person);
    /// Refuses to take the last admin's role, and a role without a password. Another role ends that
    /// person's sign-ins; a new password or no role ends the tokens the person made as well. Who
    /// sets their own password keeps the sign-in this is done with.
    Person editPerson(const Caller& by, PersonId id, const PersonPatch& patch,
                      std::optional<std::int64_t> expected_version);

    std::vector<Token> tokens() const;
    /// A token made with a token belongs to the same person, ends no later, and ends when that one
    /// is revoked. Throws `forbidden` when the scope holds more than the maker may.
    CreatedToken addToken(const Caller& maker, const NewToken& token);
    /// With all tokens that were made with it. Throws `notFound`.
    void revokeToken(TokenId id);

private:
    void checkSetupCode(const ReadTx& tx, std::string_view hash) const;
    Person verified(const SignInRequest& request);
    SignedIn openSignIn(Tx& tx, const Person& person);
    struct Seen;
    std::optional<Seen> seen(const ReadTx& tx, const std::optional<SignIn>& sign_in) const;
    std::optional<Seen> seen(const ReadTx& tx, const std::optional<Token>& token) const;
    std::optional<Seen> seenAgain(const ReadTx& tx, const Caller& caller) const;
    std::optional<Caller> noteUse(const std::optional<Seen>& seen);
    void checkPassword(std::string_view password, std::string_view name) const;

    UnitOfWork& store_;
    const Clock& clock_;
    PasswordHasher& hasher_;
    Secrets& secrets_;
};

} // namespace gatefold
