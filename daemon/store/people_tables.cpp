#include "core/codes.hpp"
#include "store/paging.hpp"
#include "store/repositories.hpp"

#include <sqlite3.h>

namespace gatefold::store {

namespace {

const std::string selectPerson =
    "SELECT id, version, name, role, password_hash, created_ms FROM people ";

Person personOf(Query& row) {
    Person person;
    person.id = {row.integer(0)};
    person.version = row.integer(1);
    person.name = row.text(2);
    Role role{};
    if (!row.null(3) && parseName(row.text(3), role))
        person.role = role;
    person.password_hash = row.text(4);
    person.created_at = row.time(5);
    person.card = printedDigits({PrintedKind::person, person.id.value});
    return person;
}

std::optional<std::string> nameOfRole(std::optional<Role> role) {
    return role ? std::optional(std::string(nameOf(*role))) : std::nullopt;
}

/// A name that is taken is the household's mistake, not the database's.
template <class Write>
void unlessTaken(const std::string& name, Write write) {
    try {
        write();
    } catch (const SQLite::Exception& error) {
        if (error.getExtendedErrorCode() == SQLITE_CONSTRAINT_UNIQUE)
            throw Error(ErrorCode::conflict, "There is somebody called " + name + " already.",
                        "name");
        throw;
    }
}

const std::string selectSignIn =
    "SELECT id, person, secret_hash, created_ms, used_ms, expires_ms FROM sign_ins ";

SignIn signInOf(Query& row) {
    return {{row.integer(0)}, {row.integer(1)}, row.text(2), row.time(3), row.time(4), row.time(5)};
}

const std::string selectToken =
    "SELECT id, name, scope, secret_hash, maker, created_ms, expires_ms, used_ms, made_with "
    "FROM tokens ";

Token tokenOf(Query& row) {
    Token token{{row.integer(0)},         row.text(1), Role::guest,      row.text(3),
                row.maybeId<PersonId>(4), row.time(5), row.maybeTime(6), row.maybeTime(7),
                row.maybeId<TokenId>(8)};
    parseName(row.text(2), token.scope);
    return token;
}

} // namespace

PersonId PeopleTable::insert(const Person& person) {
    unlessTaken(person.name, [&] {
        db_.query("INSERT INTO people(name, role, password_hash, created_ms) VALUES (?,?,?,?)")
            .with(person.name, nameOfRole(person.role), person.password_hash, person.created_at)
            .run();
    });
    return {db_.lastRowId()};
}

void PeopleTable::save(const Person& person, std::optional<std::int64_t> expected_version) {
    const auto stored = find(person.id);
    if (!stored)
        throw Error(ErrorCode::notFound, "There is no person " + person.id.text() + ".", "id");
    checkVersion(stored->version, expected_version);
    unlessTaken(person.name, [&] {
        db_.query("UPDATE people SET version = version + 1, name = ?, role = ?, password_hash = ? "
                  "WHERE id = ?")
            .with(person.name, nameOfRole(person.role), person.password_hash, person.id)
            .run();
    });
}

bool PeopleTable::replacePasswordHash(PersonId id, std::string_view from, std::string_view to) {
    return db_.query("UPDATE people SET password_hash = ? WHERE id = ? AND password_hash = ?")
               .with(to, id, from)
               .run() > 0;
}

std::optional<Person> PeopleTable::find(PersonId id) const {
    Query query = db_.query(selectPerson + "WHERE id = ?");
    return query.with(id).step() ? std::optional(personOf(query)) : std::nullopt;
}

std::optional<Person> PeopleTable::byName(std::string_view name) const {
    Query query = db_.query(selectPerson + "WHERE name = ?");
    return query.with(name).step() ? std::optional(personOf(query)) : std::nullopt;
}

std::vector<Person> PeopleTable::all() const {
    std::vector<Person> people;
    Query query = db_.query(selectPerson + "ORDER BY name, id");
    while (query.step())
        people.push_back(personOf(query));
    return people;
}

bool PeopleTable::anyAdmin() const {
    Query query =
        db_.query("SELECT 1 FROM people WHERE role = 'admin' AND password_hash <> '' LIMIT 1");
    return query.step();
}

SignInId SignInTable::insert(const SignIn& sign_in) {
    db_.query("INSERT INTO sign_ins(person, secret_hash, created_ms, used_ms, expires_ms) VALUES "
              "(?,?,?,?,?)")
        .with(sign_in.person, sign_in.secret_hash, sign_in.created_at, sign_in.used_at,
              sign_in.expires_at)
        .run();
    return {db_.lastRowId()};
}

std::optional<SignIn> SignInTable::bySecretHash(std::string_view hash) const {
    Query query = db_.query(selectSignIn + "WHERE secret_hash = ?");
    return query.with(hash).step() ? std::optional(signInOf(query)) : std::nullopt;
}

std::optional<SignIn> SignInTable::find(SignInId id) const {
    Query query = db_.query(selectSignIn + "WHERE id = ?");
    return query.with(id).step() ? std::optional(signInOf(query)) : std::nullopt;
}

void SignInTable::touch(SignInId id, WallTime used_at) {
    db_.query("UPDATE sign_ins SET used_ms = ? WHERE id = ?").with(used_at, id).run();
}

void SignInTable::remove(SignInId id) {
    db_.query("DELETE FROM sign_ins WHERE id = ?").with(id).run();
}

void SignInTable::removeOf(PersonId person, std::optional<SignInId> but) {
    db_.query("DELETE FROM sign_ins WHERE person = ? AND id IS NOT ?").with(person, but).run();
}

void SignInTable::removeExpired(WallTime now) {
    db_.query("DELETE FROM sign_ins WHERE expires_ms < ?").with(now).run();
}

TokenId TokenTable::insert(const Token& token) {
    db_.query("INSERT INTO tokens(name, scope, secret_hash, maker, created_ms, expires_ms, "
              "made_with) VALUES (?,?,?,?,?,?,?)")
        .with(token.name, nameOf(token.scope), token.secret_hash, token.maker, token.created_at,
              token.expires_at, token.made_with)
        .run();
    return {db_.lastRowId()};
}

std::optional<Token> TokenTable::find(TokenId id) const {
    Query query = db_.query(selectToken + "WHERE id = ?");
    return query.with(id).step() ? std::optional(tokenOf(query)) : std::nullopt;
}

std::vector<Token> TokenTable::all() const {
    std::vector<Token> tokens;
    Query query = db_.query(selectToken + "ORDER BY id");
    while (query.step())
        tokens.push_back(tokenOf(query));
    return tokens;
}

void TokenTable::touch(TokenId id, WallTime used_at) {
    db_.query("UPDATE tokens SET used_ms = ? WHERE id = ?").with(used_at, id).run();
}

bool TokenTable::remove(TokenId id) {
    return db_.query("WITH RECURSIVE ending(id) AS (SELECT ? UNION SELECT tokens.id FROM tokens "
                     "JOIN ending ON tokens.made_with = ending.id) "
                     "DELETE FROM tokens WHERE id IN ending")
               .with(id)
               .run() > 0;
}

void TokenTable::removeMadeBy(PersonId maker) {
    db_.query("DELETE FROM tokens WHERE maker = ?").with(maker).run();
}

} // namespace gatefold::store
