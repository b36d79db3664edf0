#include "cli/commands.hpp"
#include "cli/role_words.hpp"
#include "core/text.hpp"
#include "json/write.hpp"

#include <iostream>
#include <memory>

namespace gatefold::cli {

namespace {

struct TokenOptions {
    std::string scope, name, id;
};

Exit add(Context& context, const TokenOptions& options) {
    json::Value request;
    request.set("scope", options.scope);
    if (!options.name.empty())
        request.set("name", options.name);
    const json::Value token =
        context.apiOfNewStore().ask("POST", "/api/v1/tokens", json::write(request));
    context.show(token, [&] {
        std::cout << text(token, "token")
                  << "\nThis is shown once. Send it as `Authorization: Bearer ...`; revoke it with "
                  << "`gatefold token revoke " << text(token, "id") << "`.\n";
    });
    return Exit::done;
}

Exit listTokens(Context& context) {
    const json::Value tokens = context.api().ask("GET", "/api/v1/tokens?limit=500");
    context.show(tokens, [&] {
        const json::Array& items = *tokens.find("items")->array();
        if (items.empty())
            std::cout << "There are no tokens yet: `gatefold token add` makes one.\n";
        for (const json::Value& token : items) {
            const std::string used = text(token, "used_at");
            std::cout << text(token, "id") << "  " << text(token, "scope") << "  "
                      << text(token, "name") << "  last used " << (used.empty() ? "never" : used)
                      << '\n';
        }
    });
    return Exit::done;
}

Exit revoke(Context& context, const TokenOptions& options) {
    context.api().ask("DELETE", "/api/v1/tokens/" + percentEncoded(options.id));
    json::Value done;
    done.set("revoked", options.id);
    context.show(done, [&] { std::cout << "Revoked " << options.id << ".\n"; });
    return Exit::done;
}

} // namespace

Command tokenCommand(Context& context) {
    auto options = std::make_shared<TokenOptions>();
    return {
        .name = "token",
        .help = "tokens for machines: scanners, scripts, displays",
        .commands = {
            {.name = "add",
             .help = "makes one; it is shown once",
             .options = {{.name = "--scope",
                          .target = &options->scope,
                          .help = "a role (guest, viewer, editor, admin) or scanner, "
                                  "automation, kiosk",
                          .required = true,
                          .choices = scopeNames()},
                         {.name = "--name", .target = &options->name, .help = "what it is for"}},
             .run = [&context, options] { return add(context, *options); }},
            {.name = "list",
             .help = "all tokens, without their secrets",
             .run = [&context] { return listTokens(context); }},
            {.name = "revoke",
             .help = "ends one at once",
             .options = {{.name = "ID",
                          .target = &options->id,
                          .help = "of the token: t_3",
                          .required = true}},
             .run = [&context, options] { return revoke(context, *options); }}}};
}

} // namespace gatefold::cli
