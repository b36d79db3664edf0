#include "app/accounts.hpp"

#include "app/common_passwords.hpp"
#include "core/error.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

namespace gatefold {

namespace {

using namespace std::chrono_literals;

constexpr auto setupCodeLasts = 60min;
constexpr auto signInIdle = std::chrono::days(7);
constexpr auto signInLongest = std::chrono::days(30);
/// `used_at` is written at most this often: every request would wear the flash.
constexpr auto touchEvery = 10min;
constexpr std::size_t shortestPassword = 8;
constexpr std::size_t longestPassword = 256;
constexpr std::size_t longestName = 80;
constexpr std::string_view setupHash = "setup.code_hash";
constexpr std::string_view setupUntil = "setup.code_until";

/// No letters or digits that are read for one another.
constexpr std::string_view codeAlphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/// As people type it: blanks and dashes do not count, small letters are capitals.
std::string plainCode(std::string_view typed) {
    std::string out;
    for (char c : typed) {
        if (c >= 'a' && c <= 'z')
            c = static_cast<char>(c - 'a' + 'A');
        if (c != '-' && c != ' ')
            out += c;
    }
    return out;
}

void checkName(std::string_view name) {
    if (trimmed(name).empty() || name.size() > longestName || !isUtf8(name) ||
        hasControlCharacters(name))
        throw Error(ErrorCode::invalid, "A name has 1 to 80 bytes of text.", "name");
}

/// A password may come before the role; it opens nothing.
void requirePasswordOfRole(const Person& person) {
    if (person.role && person.password_hash.empty())
        throw Error(ErrorCode::invalid,
                    "A person with a role has a password: set it first, or together with the role. "
                    "A person without sign-in needs neither.",
                    "password");
}

/// `person` has a role.
Caller callerOf(const Person& person, SignInId sign_in) {
    const Role role = person.role.value();
    return {Caller::Kind::person, role, rightsOf(role), person.name, person.id, sign_in, {}};
}

/// The rights of the scope that the maker has now. `maker` has a role; none: the console made the
/// token.
Caller callerOf(const Token& token, const std::optional<Person>& maker) {
    Caller caller{
        Caller::Kind::token, token.scope, rightsOf(token.scope), token.name, {}, {}, token.id};
    if (maker) {
        const Rights most = rightsOf(maker->role.value());
        caller.rights = caller.rights & most;
        if (caller.rights == most)
            caller.role = *maker->role;
    }
    return caller;
}

/// "gf_t12_<secret>": the id's text carries its own underscore.
struct ParsedToken {
    TokenId id;
    std::string_view secret;
};
std::optional<ParsedToken> parseToken(std::string_view header) {
    constexpr std::string_view prefix = "gf_";
    if (!header.starts_with(prefix) || header.size() > 200)
        return std::nullopt;
    header.remove_prefix(prefix.size());
    const auto end = header.find('_', TokenIdTag::prefix.size());
    if (end == std::string_view::npos)
        return std::nullopt;
    const auto id = TokenId::parse(header.substr(0, end));
    if (!id)
        return std::nullopt;
    return ParsedToken{*id, header.substr(end + 1)};
}

/// What a token takes over from the one it is made with.
void inherit(Token& token, const Token& maker) {
    token.made_with = maker.id;
    token.maker = maker.maker;
    if (maker.expires_at)
        token.expires_at =
            std::min(token.expires_at.value_or(*maker.expires_at), *maker.expires_at);
}

bool lastAdmin(const ReadTx& tx, PersonId id) {
    const auto people = tx.people.all();
    return std::none_of(people.begin(), people.end(), [&](const Person& p) {
        return p.id != id && p.role == Role::admin && !p.password_hash.empty();
    });
}

} // namespace

/// A caller as it is now, and when it was noted last.
struct Accounts::Seen {
    Caller caller;
    std::optional<WallTime> used_at;
};

Accounts::Accounts(UnitOfWork& store, const Clock& clock, PasswordHasher& hasher, Secrets& secrets)
    : store_(store), clock_(clock), hasher_(hasher), secrets_(secrets) {}

void Accounts::checkPassword(std::string_view password, std::string_view name) const {
    if (password.size() < shortestPassword)
        throw Error(ErrorCode::invalid, "A password has at least 8 characters; 15 are better.",
                    "password");
    if (password.size() > longestPassword)
        throw Error(ErrorCode::invalid, "A password has at most 256 bytes.", "password");
    if (isCommonPassword(password) || accountKey(password) == accountKey(name))
        throw Error(ErrorCode::invalid, "This password is among the first that anybody would try.",
                    "password");
}

SetupState Accounts::setup() const {
    return {store_.read([](const ReadTx& tx) { return !tx.people.anyAdmin(); })};
}

std::optional<std::string> Accounts::freshSetupCode() {
    const std::string random = secrets_.random(12);
    std::string code;
    for (std::size_t i = 0; i < random.size(); ++i) {
        if (i > 0 && i % 4 == 0)
            code += '-';
        code += codeAlphabet[static_cast<unsigned char>(random[i]) % codeAlphabet.size()];
    }
    const Now now = clock_.now();
    const bool open = store_.write([&](Tx& tx) {
        if (tx.people.anyAdmin())
            return false;
        tx.settings.set(setupHash, hexOf(secrets_.sha256(plainCode(code))));
        tx.settings.set(setupUntil, isoTime(now.wall + setupCodeLasts));
        return true;
    });
    return open ? std::optional(code) : std::nullopt;
}

void Accounts::checkSetupCode(const ReadTx& tx, std::string_view hash) const {
    const auto good = tx.settings.get(setupHash);
    const auto until = parseIsoTime(tx.settings.get(setupUntil).value_or(""));
    if (!good || !until || clock_.now().wall > *until || !secrets_.equal(*good, hash))
        throw Error(ErrorCode::forbidden,
                    "This setup code is wrong or older than an hour. `gatefold setup-code` on the "
                    "box makes a new one.",
                    "code");
}

Accounts::SignedIn Accounts::finishSetup(const SetupRequest& request) {
    if (!setup().open)
        throw Error(ErrorCode::conflict, "This box is set up already. Sign in.");
    const std::string given = hexOf(secrets_.sha256(plainCode(request.code)));
    store_.read([&](const ReadTx& tx) { checkSetupCode(tx, given); });
    checkName(request.name);
    checkPassword(request.password, request.name);
    Person admin;
    admin.name = trimmed(request.name);
    admin.role = Role::admin;
    admin.password_hash = hasher_.hash(request.password);
    admin.created_at = clock_.now().wall;
    return store_.write([&](Tx& tx) {
        if (tx.people.anyAdmin())
            throw Error(ErrorCode::conflict, "This box is set up already. Sign in.");
        checkSetupCode(tx.reading(), given); // the hash took its time
        // Somebody of that name may be on record as a person without sign-in.
        const auto known = tx.people.byName(admin.name);
        if (known) {
            admin.id = known->id;
            tx.people.save(admin, std::nullopt);
            tx.sign_ins.removeOf(admin.id, std::nullopt);
            tx.tokens.removeMadeBy(admin.id);
        } else {
            admin.id = tx.people.insert(admin);
        }
        tx.settings.remove(setupHash);
        tx.settings.remove(setupUntil);
        return openSignIn(tx, admin);
    });
}

Accounts::SignedIn Accounts::openSignIn(Tx& tx, const Person& person) {
    const Now now = clock_.now();
    SignedIn signed_in;
    signed_in.cookie = hexOf(secrets_.random(32));
    SignIn row{{},       person.id, hexOf(secrets_.sha256(signed_in.cookie)),
               now.wall, now.wall,  now.wall + signInLongest};
    tx.sign_ins.removeExpired(now.wall);
    signed_in.caller = callerOf(person, tx.sign_ins.insert(row));
    return signed_in;
}

/// Blanks around a name do not count, and the store compares names without the case of ASCII.
std::string Accounts::accountKey(std::string_view name) {
    return asciiLower(trimmed(name));
}

Person Accounts::verified(const SignInRequest& request) {
    const auto person =
        store_.read([&](const ReadTx& tx) { return tx.people.byName(accountKey(request.name)); });
    const bool may = person && person->role && !person->password_hash.empty();
    const bool good = request.password.size() <= longestPassword &&
                      hasher_.verify(may ? person->password_hash : std::string(), request.password);
    if (!may || !good)
        throw Error(ErrorCode::unauthenticated, "Name or password is wrong.");
    return *person;
}

Accounts::SignedIn Accounts::signIn(const SignInRequest& request) {
    // Hashing takes long enough for somebody to edit the person meanwhile. What was verified counts
    // only while the stored hash is still the one it was verified against.
    for (;;) {
        const Person person = verified(request);
        const std::string hash = hasher_.needsRehash(person.password_hash)
                                     ? hasher_.hash(request.password)
                                     : person.password_hash;
        auto signed_in = store_.write([&](Tx& tx) -> std::optional<SignedIn> {
            if (!tx.people.replacePasswordHash(person.id, person.password_hash, hash))
                return std::nullopt;
            const auto current = tx.people.find(person.id);
            if (!current->role)
                return std::nullopt;
            return openSignIn(tx, *current);
        });
        if (signed_in)
            return *std::move(signed_in);
    }
}

void Accounts::signOut(const Caller& caller, bool everywhere) {
    store_.write([&](Tx& tx) {
        if (everywhere && caller.person)
            tx.sign_ins.removeOf(*caller.person, std::nullopt);
        else if (caller.sign_in)
            tx.sign_ins.remove(*caller.sign_in);
    });
}

std::optional<Accounts::Seen> Accounts::seen(const ReadTx& tx,
                                             const std::optional<SignIn>& sign_in) const {
    const WallTime now = clock_.now().wall;
    if (!sign_in || now > sign_in->expires_at || now - sign_in->used_at > signInIdle)
        return std::nullopt;
    const auto person = tx.people.find(sign_in->person);
    if (!person || !person->role)
        return std::nullopt;
    return Seen{callerOf(*person, sign_in->id), sign_in->used_at};
}

std::optional<Accounts::Seen> Accounts::seen(const ReadTx& tx,
                                             const std::optional<Token>& token) const {
    if (!token || (token->expires_at && clock_.now().wall > *token->expires_at))
        return std::nullopt;
    const auto maker = token->maker ? tx.people.find(*token->maker) : std::nullopt;
    if (token->maker && (!maker || !maker->role))
        return std::nullopt;
    return Seen{callerOf(*token, maker), token->used_at};
}

std::optional<Accounts::Seen> Accounts::seenAgain(const ReadTx& tx, const Caller& caller) const {
    std::optional<Seen> now;
    if (caller.token)
        now = seen(tx, tx.tokens.find(*caller.token));
    else if (caller.sign_in)
        now = seen(tx, tx.sign_ins.find(*caller.sign_in));
    else if (caller.kind == Caller::Kind::console)
        now = Seen{caller, clock_.now().wall};
    return now && now->caller.rights == caller.rights ? now : std::nullopt;
}

void Accounts::checkStillGood(const ReadTx& tx, const Caller& caller) const {
    if (!seenAgain(tx, caller))
        throw Error(ErrorCode::unauthenticated, "Your sign-in, token or rights have just changed.");
}

std::optional<Caller> Accounts::noteUse(const std::optional<Seen>& seen) {
    if (!seen)
        return std::nullopt;
    const WallTime now = clock_.now().wall;
    if (seen->used_at && now - *seen->used_at <= touchEvery)
        return seen->caller;
    try {
        store_.write([&](Tx& tx) {
            if (seen->caller.token)
                tx.tokens.touch(*seen->caller.token, now);
            else if (seen->caller.sign_in)
                tx.sign_ins.touch(*seen->caller.sign_in, now);
        });
    } catch (const Error&) {
        // A full disk must not lock people out; the time of the last use is worth no more than
        // that.
    }
    return seen->caller;
}

std::optional<Caller> Accounts::byCookie(std::string_view cookie) {
    if (cookie.size() != 64)
        return std::nullopt;
    const std::string hash = hexOf(secrets_.sha256(cookie));
    return noteUse(
        store_.read([&](const ReadTx& tx) { return seen(tx, tx.sign_ins.bySecretHash(hash)); }));
}

std::optional<Caller> Accounts::byToken(std::string_view header) {
    const auto parsed = parseToken(header);
    if (!parsed)
        return std::nullopt;
    const std::string hash = hexOf(secrets_.sha256(parsed->secret));
    return noteUse(store_.read([&](const ReadTx& tx) -> std::optional<Seen> {
        const auto token = tx.tokens.find(parsed->id);
        if (!token || !secrets_.equal(token->secret_hash, hash))
            return std::nullopt;
        return seen(tx, token);
    }));
}

Caller Accounts::console() {
    return {Caller::Kind::console, Role::admin, rightsOf(Role::admin), "console", {}, {}, {}};
}

bool Accounts::stillGood(const Caller& caller) {
    return noteUse(store_.read([&](const ReadTx& tx) { return seenAgain(tx, caller); }))
        .has_value();
}

std::vector<Person> Accounts::people() const {
    return store_.read([](const ReadTx& tx) { return tx.people.all(); });
}

Person Accounts::person(PersonId id) const {
    return store_.read([&](const ReadTx& tx) {
        auto found = tx.people.find(id);
        if (!found)
            throw Error(ErrorCode::notFound, "There is no person " + id.text() + ".", "id");
        return *std::move(found);
    });
}

Person Accounts::addPerson(const Caller& by, const NewPerson& request) {
    checkName(request.name);
    Person person;
    person.name = trimmed(request.name);
    person.role = request.role;
    if (person.role && !isPersonRole(*person.role))
        throw Error(ErrorCode::invalid, "A person is guest, viewer, editor or admin.", "role");
    if (request.role.has_value() != request.password.has_value())
        throw Error(ErrorCode::invalid,
                    "A role and a password go together; a person without sign-in has neither.",
                    "password");
    if (request.password) {
        checkPassword(*request.password, request.name);
        person.password_hash = hasher_.hash(*request.password);
    }
    person.created_at = clock_.now().wall;
    const PersonId id = store_.write([&](Tx& tx) {
        checkStillGood(tx.reading(), by); // the hash took its time
        return tx.people.insert(person);
    });
    return this->person(id);
}

Person Accounts::editPerson(const Caller& by, PersonId id, const PersonPatch& patch,
                            std::optional<std::int64_t> expected_version) {
    if (patch.name.given)
        checkName(patch.name.value.value_or(""));
    if (patch.role.value && !isPersonRole(*patch.role.value))
        throw Error(ErrorCode::invalid, "A person is guest, viewer, editor or admin.", "role");
    std::string hash;
    if (patch.password.value) {
        checkPassword(*patch.password.value, patch.name.value.value_or(person(id).name));
        hash = hasher_.hash(*patch.password.value);
    }
    store_.write([&](Tx& tx) {
        checkStillGood(tx.reading(), by);
        auto person = tx.people.find(id);
        if (!person)
            throw Error(ErrorCode::notFound, "There is no person " + id.text() + ".", "id");
        if (patch.name.given)
            person->name = trimmed(*patch.name.value);
        const auto role_before = person->role;
        const bool was_admin = role_before == Role::admin;
        patch.role.apply(person->role);
        if (patch.password.given)
            person->password_hash = hash;
        if (patch.role.given || patch.password.given)
            requirePasswordOfRole(*person);
        if (was_admin && person->role != Role::admin && lastAdmin(tx.reading(), id))
            throw Error(ErrorCode::conflict,
                        "This is the last admin: make somebody else admin first.", "role");
        tx.people.save(*person, expected_version);
        const bool other_role = person->role != role_before;
        const bool stays = !other_role && !person->password_hash.empty();
        if (other_role || patch.password.given)
            tx.sign_ins.removeOf(id, stays ? by.sign_in : std::nullopt);
        if (!person->role || patch.password.given)
            tx.tokens.removeMadeBy(id);
    });
    return person(id);
}

std::vector<Token> Accounts::tokens() const {
    return store_.read([](const ReadTx& tx) { return tx.tokens.all(); });
}

CreatedToken Accounts::addToken(const Caller& maker, const NewToken& request) {
    if (!maker.rights.include(rightsOf(request.scope)))
        throw Error(ErrorCode::forbidden, "You cannot hand out more than you may yourself.",
                    "scope");
    const std::string name = request.name.value_or(std::string(nameOf(request.scope)));
    checkName(name);
    const Now now = clock_.now();
    if (request.expires_at && *request.expires_at <= now.wall)
        throw Error(ErrorCode::invalid, "It would have expired already.", "expires_at");
    const std::string secret = hexOf(secrets_.random(24));
    Token token{{},           name,     request.scope,      hexOf(secrets_.sha256(secret)),
                maker.person, now.wall, request.expires_at, {}};
    const TokenId id = store_.write([&](Tx& tx) {
        checkStillGood(tx.reading(), maker);
        if (maker.token)
            inherit(token, tx.tokens.find(*maker.token).value());
        return tx.tokens.insert(token);
    });
    return {id, request.scope, "gf_" + id.text() + "_" + secret};
}

void Accounts::revokeToken(TokenId id) {
    if (!store_.write([&](Tx& tx) { return tx.tokens.remove(id); }))
        throw Error(ErrorCode::notFound, "There is no token " + id.text() + ".", "id");
}

} // namespace gatefold
