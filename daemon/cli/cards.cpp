#include "cli/commands.hpp"
#include "cli/output_file.hpp"

#include <CLI/CLI.hpp>

#include <iostream>
#include <memory>

namespace gatefold::cli {

void addCards(CLI::App& app, Context& context) {
    auto out = std::make_shared<std::string>();
    CLI::App* command = app.add_subcommand("cards", "prints the control cards that work as a PDF");
    command->add_option("--out", *out, "where to write the PDF")->required()->type_name("FILE.pdf");
    command->callback([&context, out] {
        context.command = [&context, out] {
            OutputFile file(*out, 0644); // before the command becomes the store's owner
            const std::string pdf = context.api().fetch("/api/v1/cards.pdf");
            file.write(pdf);
            file.putInPlace();
            json::Value done;
            done.set("file", *out);
            done.set("bytes", pdf.size());
            context.show(done, [&] {
                std::cout << "Wrote " << *out << ". Print it at 100 %, not fitted to the page.\n";
            });
            return Exit::done;
        };
    });
}

} // namespace gatefold::cli
