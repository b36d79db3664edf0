#include "cli/commands.hpp"
#include "cli/password_prompt.hpp"
#include "cli/role_words.hpp"
#include "core/error.hpp"
#include "core/text.hpp"
#include "json/write.hpp"

#include <iostream>
#include <memory>

namespace gatefold::cli {

namespace {

struct UserOptions {
    std::string name, role;
};

/// The person of that name (any case) as GET /users lists it. Throws `notFound`.
json::Value personNamed(Context& context, const std::string& name) {
    const json::Value list = context.api().ask("GET", "/api/v1/users?limit=500");
    if (const json::Value* items = list.find("items"); items && items->array())
        for (const json::Value& person : *items->array())
            if (asciiLower(text(person, "name")) == asciiLower(name))
                return person;
    throw Error(ErrorCode::notFound,
                "There is nobody called " + name + ". `gatefold user list` shows who there is.");
}

json::Value edit(Context& context, const json::Value& person, const json::Value& patch) {
    return context.api().ask("PATCH", "/api/v1/users/" + text(person, "id"), json::write(patch),
                             '"' + text(person, "version") + '"');
}

std::string describe(const json::Value& person) {
    const std::string role = text(person, "role");
    return text(person, "name") + "  " + (role.empty() ? "(no sign-in)" : role) + "  " +
           text(person, "id");
}

Exit add(Context& context, const UserOptions& options) {
    json::Value request;
    request.set("name", options.name);
    if (!options.role.empty()) {
        request.set("role", options.role);
        request.set("password", newPassword());
    }
    const json::Value person =
        context.apiOfNewStore().ask("POST", "/api/v1/users", json::write(request));
    context.show(person, [&] { std::cout << "Added " << describe(person) << '\n'; });
    return Exit::done;
}

Exit listPeople(Context& context) {
    const json::Value people = context.api().ask("GET", "/api/v1/users?limit=500");
    context.show(people, [&] {
        const json::Array& items = *people.find("items")->array();
        if (items.empty())
            std::cout << "There is nobody yet: `gatefold user add NAME`, or open the page with the "
                         "code of `gatefold setup-code`.\n";
        for (const json::Value& person : items)
            std::cout << describe(person) << '\n';
    });
    return Exit::done;
}

Exit reset(Context& context, const UserOptions& options) {
    const json::Value person = personNamed(context, options.name);
    json::Value patch;
    patch.set("password", newPassword());
    const json::Value changed = edit(context, person, patch);
    context.show(changed, [&] {
        std::cout << "New password for " << text(changed, "name")
                  << ". All of this person's sign-ins and tokens have ended.\n";
        if (text(changed, "role").empty())
            std::cout << "This person has no role yet: `gatefold user role "
                      << text(changed, "name") << " viewer`.\n";
    });
    return Exit::done;
}

Exit setRole(Context& context, const UserOptions& options) {
    const json::Value person = personNamed(context, options.name);
    json::Value patch;
    patch.set("role", options.role == "none" ? json::Value() : json::Value(options.role));
    const json::Value changed = edit(context, person, patch);
    context.show(changed, [&] { std::cout << describe(changed) << '\n'; });
    return Exit::done;
}

Exit setupCode(Context& context) {
    const json::Value code = context.apiOfNewStore().ask("POST", "/api/v1/setup/code", "{}");
    context.show(code, [&] {
        std::cout << "Setup code: " << text(code, "code")
                  << "\nOpen the page and type it within an hour.\n";
    });
    return Exit::done;
}

} // namespace

Command userCommand(Context& context) {
    auto options = std::make_shared<UserOptions>();
    const command_line::Option name{.name = "NAME",
                                    .target = &options->name,
                                    .help = "of the person, as `gatefold user list` shows it",
                                    .required = true};
    std::vector<std::string> roles_or_none = personRoleNames();
    roles_or_none.emplace_back("none");
    return {.name = "user",
            .help = "people and their sign-in, without the page",
            .commands = {
                {.name = "add",
                 .help = "adds a person; with a role asks for a password",
                 .options = {{.name = "NAME",
                              .target = &options->name,
                              .help = "of the new person",
                              .required = true},
                             {.name = "--role",
                              .target = &options->role,
                              .help = "guest, viewer, editor or admin; not given: a person without "
                                      "sign-in",
                              .choices = personRoleNames()}},
                 .run = [&context, options] { return add(context, *options); }},
                {.name = "list",
                 .help = "everybody",
                 .run = [&context] { return listPeople(context); }},
                {.name = "reset",
                 .help = "a new password, from the terminal or standard input",
                 .options = {name},
                 .run = [&context, options] { return reset(context, *options); }},
                {.name = "role",
                 .help = "another role",
                 .options = {name,
                             {.name = "ROLE",
                              .target = &options->role,
                              .help = "guest, viewer, editor, admin or none",
                              .required = true,
                              .choices = roles_or_none}},
                 .run = [&context, options] { return setRole(context, *options); }}}};
}

Command setupCodeCommand(Context& context) {
    return {.name = "setup-code",
            .help = "a fresh code for the page's first visit",
            .run = [&context] { return setupCode(context); }};
}

} // namespace gatefold::cli
