#include "cli/commands.hpp"
#include "cli/inbox.hpp"
#include "core/outcome.hpp"
#include "core/text.hpp"
#include "json/write.hpp"

#include <iostream>
#include <memory>

namespace gatefold::cli {

namespace {

struct ScanOptions {
    std::string code;
    std::string source = "console";
};

Exit scan(Context& context, const ScanOptions& options) {
    // A JSON request carries only text; a scanner's raw bytes come through its driver.
    if (!isUtf8(options.code)) {
        std::cerr << "gatefold: the code is no UTF-8 text\n";
        return Exit::usage;
    }
    json::Value request;
    request.set("code", options.code);
    request.set("source", options.source);
    json::Value answer = context.apiOfNewStore().ask("POST", "/api/v1/scans", json::write(request));
    const std::string inbox_id = text(answer, "inbox_id");
    if (!inbox_id.empty())
        answer.set("inbox", context.api().ask("GET", "/api/v1/inbox/" + percentEncoded(inbox_id)));
    context.show(answer, [&] {
        std::cout << text(answer, "outcome") << ": " << text(answer, "message") << '\n';
        if (text(answer, "outcome") == nameOf(Outcome::ambiguous) && !inbox_id.empty())
            printQuestion(*answer.find("inbox"));
    });
    return Exit::done; // whatever the outcome: the scan was taken
}

} // namespace

Command scanCommand(Context& context) {
    auto options = std::make_shared<ScanOptions>();
    return {.name = "scan",
            .help = "a scan as if from a scanner; prints the outcome, and the question where the "
                    "pressing is open",
            .options = {{.name = "CODE",
                         .target = &options->code,
                         .help = "the code, as a scanner would send it",
                         .required = true},
                        {.name = "--source",
                         .target = &options->source,
                         .help = "the scanner's name: mode, person and place stick to it",
                         .value_name = "NAME"}},
            .run = [&context, options] { return scan(context, *options); }};
}

} // namespace gatefold::cli
