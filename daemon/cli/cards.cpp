#include "cli/commands.hpp"
#include "cli/output_file.hpp"

#include <iostream>
#include <memory>

namespace gatefold::cli {

namespace {

Exit cards(Context& context, const std::string& out) {
    OutputFile file(context.output(out), 0644); // before the command becomes the store's owner
    const std::string pdf = context.api().fetch("/api/v1/cards.pdf");
    file.write(pdf);
    file.putInPlace();
    json::Value done;
    done.set("file", out);
    done.set("bytes", pdf.size());
    context.show(done, [&] {
        std::cout << "Wrote " << out << ". Print it at 100 %, not fitted to the page.\n";
    });
    return Exit::done;
}

} // namespace

Command cardsCommand(Context& context) {
    auto out = std::make_shared<std::string>();
    return {.name = "cards",
            .help = "prints the control cards that work as a PDF",
            .options = {{.name = "--out",
                         .target = out.get(),
                         .help = "where to write the PDF",
                         .value_name = "FILE.pdf",
                         .required = true}},
            .run = [&context, out] { return cards(context, *out); }};
}

} // namespace gatefold::cli
