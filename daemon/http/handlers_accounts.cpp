#include "http/auth.hpp"
#include "http/handlers.hpp"

namespace gatefold::http {

namespace {

SignedInBy viaOf(const Caller& caller) {
    switch (caller.kind) {
    case Caller::Kind::person: return SignedInBy::password;
    case Caller::Kind::token: return SignedInBy::token;
    case Caller::Kind::console: return SignedInBy::console;
    }
    return SignedInBy::password;
}

Session sessionOf(const Caller& caller) {
    Session out;
    if (caller.person && caller.kind == Caller::Kind::person)
        out.person = NamedPerson{*caller.person, caller.name};
    out.name = caller.name;
    out.role = caller.role;
    out.via = viaOf(caller);
    for (const auto& [permission, name] : EnumNames<Permission>::names)
        if (permission != Permission::open && caller.rights.allow(permission))
            out.permissions.push_back(permission);
    return out;
}

Answer<Session> signedIn(const Context& context, const Accounts::SignedIn& result) {
    return {.value = sessionOf(result.caller),
            .headers = {{"Set-Cookie", signInCookie(result.cookie, context.request.secure)},
                        {"Location", "/api/v1/session"}}};
}

} // namespace

SetupState setupState(const Context& context) {
    return context.use.accounts.setup();
}

Answer<Session> finishSetup(const Context& context, const SetupRequest& body) {
    context.guard.attempt("setup code", context.request.address);
    const auto result = context.use.accounts.finishSetup(body);
    context.guard.success("setup code", context.request.address);
    return signedIn(context, result);
}

SetupCode freshSetupCode(const Context& context) {
    const auto code = context.use.accounts.freshSetupCode();
    if (!code)
        throw Error(ErrorCode::conflict, "This box is set up already. Sign in.");
    return {*code};
}

Session whoAmI(const Context& context) {
    return sessionOf(context.caller());
}

Answer<Session> signIn(const Context& context, const SignInRequest& body) {
    const std::string account = Accounts::accountKey(body.name);
    context.guard.attempt(account, context.request.address);
    const auto result = context.use.accounts.signIn(body);
    context.guard.success(account, context.request.address);
    return signedIn(context, result);
}

Reply signOut(const Context& context) {
    context.use.accounts.signOut(context.caller(),
                                 context.request.query("everywhere").value_or("0") == "1");
    Reply reply;
    reply.status = 204;
    return reply.with("Set-Cookie", endedCookie(context.request.secure));
}

Page<Person> listPeople(const Context& context) {
    return wholeList(context.use.accounts.people());
}

Answer<Person> addPerson(const Context& context, const NewPerson& body) {
    const Person person = context.use.accounts.addPerson(context.caller(), body);
    return {.value = person, .headers = {{"Location", "/api/v1/users/" + person.id.text()}}};
}

Person getPerson(const Context& context) {
    return context.use.accounts.person(idOf<PersonId>(context));
}

Person editPerson(const Context& context, const PersonPatch& body) {
    const auto id = idOf<PersonId>(context);
    const auto version = matchedVersion(context.request, context.use.accounts.person(id).version);
    return context.use.accounts.editPerson(context.caller(), id, body, version);
}

Page<Token> listTokens(const Context& context) {
    return wholeList(context.use.accounts.tokens());
}

Answer<CreatedToken> addToken(const Context& context, const NewToken& body) {
    const CreatedToken token = context.use.accounts.addToken(context.caller(), body);
    return {.value = token, .headers = {{"Location", "/api/v1/tokens/" + token.id.text()}}};
}

void revokeToken(const Context& context) {
    context.use.accounts.revokeToken(idOf<TokenId>(context));
}

} // namespace gatefold::http
