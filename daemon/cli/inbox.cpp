#include "cli/inbox.hpp"

#include "cli/commands.hpp"
#include "core/error.hpp"
#include "core/text.hpp"
#include "json/write.hpp"

#include <cstdint>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace gatefold::cli {

namespace {

struct InboxOptions {
    std::string id;
    std::optional<std::string> value;
    std::int64_t release = 0;
    bool dont_know = false;
};

const json::Array& itemsOf(const json::Value& document, std::string_view member) {
    static const json::Array none;
    const json::Value* found = document.find(member);
    return found && found->array() ? *found->array() : none;
}

std::string kindInWords(const json::Value& item) {
    const std::string kind = text(item, "kind");
    return kind == "pressing_open" ? "pressing open" : kind == "blank_label" ? "blank label" : kind;
}

std::string plural(std::size_t count, const std::string& one) {
    return std::to_string(count) + ' ' + one + (count == 1 ? "" : "s");
}

/// "UK, 1984, SD 8216, Red": what tells pressings apart, as far as it is known.
std::string pressingOf(const json::Value& candidate) {
    std::string out;
    const auto add = [&](const std::string& fact) {
        if (!fact.empty())
            out += (out.empty() ? "" : ", ") + fact;
    };
    add(text(candidate, "country"));
    add(text(candidate, "year"));
    for (const json::Value& label : itemsOf(candidate, "labels"))
        add(text(label, "catno"));
    add(text(candidate, "colour"));
    std::string runouts;
    for (const json::Value& runout : itemsOf(candidate, "runouts"))
        if (runout.string())
            runouts += (runouts.empty() ? "runout " : " | ") + *runout.string();
    add(runouts);
    return out;
}

std::string titleOf(const json::Value& candidate) {
    return text(candidate, "artist") + " – " + text(candidate, "title");
}

void printHead(const json::Value& item) {
    std::cout << text(item, "id") << "  " << kindInWords(item) << "  " << text(item, "code")
              << "  from " << text(item, "source") << ", " << text(item, "at") << '\n';
}

std::string itemTarget(const std::string& id) {
    return "/api/v1/inbox/" + percentEncoded(id);
}

json::Value itemOf(Context& context, const InboxOptions& options) {
    return context.api().ask("GET", itemTarget(options.id));
}

/// Says one thing about the item; what it is then comes back.
json::Value say(Context& context, const InboxOptions& options, const json::Value& body) {
    return context.api().ask("POST", itemTarget(options.id) + "/resolve", json::write(body));
}

/// The answer that was meant: its value, else the only one whose value or text begins like that.
/// What is none goes on to the API, whose problem lists what could be said.
std::string meantValue(const json::Value& question, const std::string& typed) {
    const std::string start = asciiLower(typed);
    std::vector<std::string> hits;
    for (const json::Value& answer : itemsOf(question, "answers")) {
        std::string value = text(answer, "value");
        if (value == typed)
            return value;
        if (!start.empty() && (asciiLower(value).starts_with(start) ||
                               asciiLower(text(answer, "text")).starts_with(start)))
            hits.push_back(std::move(value));
    }
    return hits.size() == 1 ? hits.front() : typed;
}

Exit listInbox(Context& context) {
    const json::Value inbox = context.api().ask("GET", "/api/v1/inbox?limit=500");
    context.show(inbox, [&] {
        const json::Array& items = itemsOf(inbox, "items");
        for (const json::Value& item : items) {
            printHead(item);
            const json::Array& candidates = itemsOf(item, "candidates");
            if (!candidates.empty())
                std::cout << "    " << titleOf(candidates.front()) << ", "
                          << plural(candidates.size(), "candidate") << '\n';
            if (const json::Value* question = item.find("question"); question && question->object())
                std::cout << "    " << text(*question, "text") << '\n';
        }
        if (items.empty())
            std::cout << "Nothing waits for a human.\n";
        else if (!text(inbox, "next").empty())
            std::cout << "... of " << text(inbox, "total") << '\n';
        else
            std::cout << "`gatefold inbox show ID` shows what can be said.\n";
    });
    return Exit::done;
}

Exit show(Context& context, const InboxOptions& options) {
    const json::Value item = itemOf(context, options);
    context.show(item, [&] { printInboxItem(item); });
    return Exit::done;
}

Exit answer(Context& context, const InboxOptions& options) {
    json::Value body;
    if (options.dont_know) {
        body.set("answer", nullptr);
    } else {
        const json::Value item = itemOf(context, options);
        const json::Value* question = item.find("question");
        body.set("answer", question ? meantValue(*question, *options.value) : *options.value);
    }
    const json::Value item = say(context, options, body);
    context.show(item, [&] { printQuestion(item); });
    return Exit::done;
}

Exit settle(Context& context, const InboxOptions& options) {
    json::Value body;
    body.set("release_id", options.release);
    const json::Value item = say(context, options, body);
    context.show(item, [&] { printQuestion(item); });
    return Exit::done;
}

Exit dismiss(Context& context, const InboxOptions& options) {
    json::Value body;
    body.set("dismiss", true);
    const json::Value item = say(context, options, body);
    context.show(item, [&] { std::cout << text(item, "id") << " is off the list.\n"; });
    return Exit::done;
}

Exit again(Context& context, const InboxOptions& options) {
    json::Value body;
    body.set("again", true);
    const json::Value item = say(context, options, body);
    context.show(item, [&] { printInboxItem(item); });
    return Exit::done;
}

} // namespace

void printQuestion(const json::Value& item) {
    const std::string id = text(item, "id");
    const bool* settled = item.find("settled") ? item.find("settled")->boolean() : nullptr;
    if (settled && *settled) {
        const std::string release = text(item, "release_id");
        std::cout << (release.empty() ? "Off the list." : "Settled as release " + release);
        for (const json::Value& candidate : itemsOf(item, "candidates"))
            if (!release.empty() && text(candidate, "release_id") == release)
                std::cout << ": " << titleOf(candidate) << " (" << pressingOf(candidate) << ")";
        std::cout << '\n';
        return;
    }
    const json::Value* question = item.find("question");
    if (!question || !question->object()) {
        std::cout << "Nothing is asked. Settle it: gatefold inbox settle " << id
                  << " RELEASE, or gatefold inbox dismiss " << id << '\n';
        return;
    }
    std::cout << text(*question, "text") << '\n';
    for (const json::Value& answer : itemsOf(*question, "answers")) {
        const std::string value = text(answer, "value");
        const std::string words = text(answer, "text");
        std::cout << "    " << value << (value == "other" ? "  (" + words + ")" : std::string())
                  << "  leaves " << itemsOf(answer, "release_ids").size() << " of "
                  << itemsOf(item, "candidates").size() << '\n';
    }
    std::cout << "Answer: gatefold inbox answer " << id
              << " VALUE (its beginning will do), or --dont-know\n";
}

void printInboxItem(const json::Value& item) {
    printHead(item);
    for (const json::Value& candidate : itemsOf(item, "candidates"))
        std::cout << "    " << text(candidate, "release_id") << "  " << titleOf(candidate) << " ("
                  << pressingOf(candidate) << "): " << text(candidate, "why") << '\n';
    printQuestion(item);
}

Command inboxCommand(Context& context) {
    auto options = std::make_shared<InboxOptions>();
    using Run = Exit (*)(Context&, const InboxOptions&);
    /// A command about one item.
    const auto about = [&](const char* name, const char* help, Run run,
                           const std::vector<command_line::Option>& more = {}) {
        Command command{.name = name,
                        .help = help,
                        .options = {{.name = "ID",
                                     .target = &options->id,
                                     .help = "of the item: i_3",
                                     .required = true}},
                        .run = [&context, options, run] { return run(context, *options); }};
        command.options.insert(command.options.end(), more.begin(), more.end());
        return command;
    };
    Command answering =
        about("answer",
              "answers the question; prints the next one, or what the item was settled as", answer,
              {{.name = "VALUE",
                .target = &options->value,
                .help = "one of the answers, or how it begins"},
               {.name = "--dont-know",
                .target = &options->dont_know,
                .help = "asks about something else",
                .excludes = {"VALUE"}}});
    answering.missing = [options] {
        return options->dont_know || options->value ? "" : "VALUE or --dont-know";
    };
    return {.name = "inbox",
            .help = "scans that need a human; alone: the list",
            .run = [&context] { return listInbox(context); },
            .commands = {{.name = "list",
                          .help = "what waits, newest first",
                          .run = [&context] { return listInbox(context); }},
                         about("show", "one item: its candidates and its question", show),
                         answering,
                         about("settle", "says which release it is; the code is learned", settle,
                               {{.name = "RELEASE",
                                 .target = &options->release,
                                 .help = "number of the release",
                                 .required = true,
                                 .positive = true}}),
                         about("dismiss", "takes it off the list; nothing is learned", dismiss),
                         about("again", "takes all answers back and asks anew", again)}};
}

} // namespace gatefold::cli
