#include "cli/commands.hpp"
#include "cli/role_words.hpp"
#include "json/write.hpp"

#include <CLI/CLI.hpp>

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
    const json::Value token = context.api().ask("POST", "/api/v1/tokens", json::write(request));
    context.show(token, [&] {
        std::cout << text(token, "token")
                  << "\nThis is shown once. Send it as `Authorization: Bearer ...`; revoke it with "
                  << "`gatefold token revoke " << text(token, "id") << "`.\n";
    });
    return Exit::done;
}

Exit list(Context& context) {
    const json::Value tokens = context.api().ask("GET", "/api/v1/tokens?limit=500");
    context.show(tokens, [&] {
        for (const json::Value& token : *tokens.find("items")->array()) {
            const std::string used = text(token, "used_at");
            std::cout << text(token, "id") << "  " << text(token, "scope") << "  "
                      << text(token, "name") << "  last used " << (used.empty() ? "never" : used)
                      << '\n';
        }
    });
    return Exit::done;
}

Exit revoke(Context& context, const TokenOptions& options) {
    context.api().ask("DELETE", "/api/v1/tokens/" + encoded(options.id));
    json::Value done;
    done.set("revoked", options.id);
    context.show(done, [&] { std::cout << "Revoked " << options.id << ".\n"; });
    return Exit::done;
}

} // namespace

void addTokens(CLI::App& app, Context& context) {
    auto options = std::make_shared<TokenOptions>();
    CLI::App* token =
        app.add_subcommand("token", "tokens for machines: scanners, scripts, displays");
    token->require_subcommand(1)->fallthrough();
    CLI::App* adding = token->add_subcommand("add", "makes one; it is shown once");
    adding
        ->add_option("--scope", options->scope,
                     "a role (guest, viewer, editor, admin) or scanner, automation, kiosk")
        ->required()
        ->check(CLI::IsMember(scopeNames()));
    adding->add_option("--name", options->name, "what it is for");
    adding->callback([&context, options] {
        context.command = [&context, options] { return add(context, *options); };
    });
    token->add_subcommand("list", "all tokens, without their secrets")->callback([&context] {
        context.command = [&context] { return list(context); };
    });
    CLI::App* revoking = token->add_subcommand("revoke", "ends one at once");
    revoking->add_option("ID", options->id)->required();
    revoking->callback([&context, options] {
        context.command = [&context, options] { return revoke(context, *options); };
    });
}

} // namespace gatefold::cli
