#include "mqtt/commands.hpp"

#include "core/error.hpp"
#include "core/role.hpp"
#include "core/text.hpp"
#include "mqtt/documents.hpp"
#include "json/read.hpp"
#include "json/value.hpp"
#include "json/write.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

namespace gatefold::mqtt {

namespace {

constexpr std::size_t largestCommand = 16 * 1024;
constexpr double commandsPerSecond = 20;
constexpr double commandsAtOnce = 40;
constexpr int mostReplayed = 500;

enum class Kind { useCase, republish, replay };

/// The commands there are; anything else is refused. Those of later features come with them.
struct Row {
    std::string_view topic, verb;
    Permission permission;
    Kind kind;
    std::string_view bare; ///< member that a bare word stands for; empty: no bare words
};
constexpr std::array table{
    Row{"deck/set_record", "set_record", Permission::play, Kind::useCase, "copy_id"},
    Row{"deck/mark_flipped", "mark_flipped", Permission::play, Kind::useCase, "deck"},
    Row{"deck/stop", "stop", Permission::play, Kind::useCase, "deck"},
    Row{"scan/submit", "scan", Permission::scan, Kind::useCase, "code"},
    Row{"state/republish", "republish", Permission::nowPlayingRead, Kind::republish, ""},
    Row{"events/replay", "replay", Permission::collectionRead, Kind::replay, ""},
};

const Row& rowOf(std::string_view command) {
    for (const Row& row : table)
        if (row.topic == command)
            return row;
    throw Error(ErrorCode::notFound, "There is no command " + printable(command, 60) + ".");
}

/// JSON, nothing at all, or the bare word that buttons of home automation send.
CommandBody bodyOf(const Row& row, const std::string& payload) {
    const std::string_view text = trimmed(payload);
    if (text.size() > largestCommand)
        throw Error(ErrorCode::tooLarge, "A command has at most 16 KiB.");
    if (text.empty() || text == "PRESS" || text == "ON")
        return {};
    if (text.front() == '{')
        return json::read<CommandBody>(json::parse(text));
    if (!isUtf8(text) || hasControlCharacters(text))
        throw Error(ErrorCode::malformed, "A command is JSON or a bare word.");
    CommandBody body;
    if (row.bare == "copy_id")
        body.copy_id = std::string(text);
    else if (row.bare == "deck")
        body.deck = std::string(text);
    else if (row.bare == "code")
        body.code = std::string(text);
    else
        throw Error(ErrorCode::malformed, "This command is JSON.");
    return body;
}

/// Whom a command that cannot be read otherwise may still be answered to.
CommandBody addressOf(const std::string& payload) {
    CommandBody address;
    if (payload.size() > largestCommand)
        return address;
    try {
        const json::Value root = json::parse(payload);
        const auto text = [&](const char* member) -> Absent<std::string> {
            const json::Value* value = root.find(member);
            return value && value->string() ? Absent<std::string>(*value->string())
                                            : Absent<std::string>();
        };
        address.id = text("id");
        address.requester = text("requester");
    } catch (const Error&) { // a bare word, or nothing that could be answered
    }
    return address;
}

bool isName(std::string_view text) {
    return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
        return isAsciiLetter(c) || isAsciiDigit(c) || c == '_' || c == '-';
    });
}

DeckCommand commandOf(const Row& row, const CommandBody& body) {
    DeckCommand command;
    command.verb = row.verb;
    command.deck = body.deck;
    command.code = body.code;
    command.source = body.source;
    command.copy_id = body.copy_id;
    command.side = body.side;
    command.release_id = body.release_id;
    command.start = body.start.value_or(true);
    return command;
}

/// `outcome`: what the use case itself answers, as the member `result`.
std::string answerOf(const CommandAnswer& done, const std::optional<std::string>& outcome) {
    if (!outcome)
        return json::write(done);
    json::Value answer = json::parse(json::write(done));
    answer.set("result", json::parse(*outcome));
    return json::write(answer);
}

std::string failure(const Error& error, const Absent<std::string>& id) {
    CommandAnswer answer;
    answer.id = id;
    answer.ok = false;
    answer.error = CommandProblem{std::string(name(error.code())), error.message()};
    return json::write(answer);
}

} // namespace

Commands::Commands(const Topics& topics, UnitOfWork& store, const Clock& clock, CommandSink& sink,
                   std::function<void()> republish)
    : topics_(topics),
      store_(store),
      clock_(clock),
      sink_(sink),
      republish_(std::move(republish)),
      allowance_(commandsAtOnce) {}

bool Commands::allowed() {
    const MonoTime now = clock_.now().mono;
    allowance_ = std::min(commandsAtOnce,
                          allowance_ + std::chrono::duration<double>(now - allowance_at_).count() *
                                           commandsPerSecond);
    allowance_at_ = now;
    if (allowance_ < 1)
        return false;
    allowance_ -= 1;
    return true;
}

std::vector<Message> Commands::handle(const Received& received) noexcept {
    try {
        if (received.retained) {
            spdlog::warn("mqtt: retained command refused topic={}", printable(received.topic));
            return {};
        }
        return execute(received);
    } catch (const std::exception& error) {
        spdlog::error("mqtt: command failed topic={} reason={}", printable(received.topic),
                      error.what());
        return {};
    }
}

std::vector<LogRow> Commands::eventsFrom(std::int64_t from, int most) {
    return store_.read([&](const ReadTx& tx) {
        std::vector<LogRow> events;
        for (auto rows = tx.events.after(from - 1, mostReplayed); !rows.empty();
             rows = tx.events.after(rows.back().seq, mostReplayed))
            for (LogRow& row : rows) {
                if (events.size() >= static_cast<std::size_t>(most))
                    return events;
                if (row.kind == LogRow::Kind::event)
                    events.push_back(row);
            }
        return events;
    });
}

std::vector<Message> Commands::execute(const Received& received) {
    std::vector<Message> messages;
    std::string to = received.response_topic;
    const auto answer = [&](std::string payload) {
        // An answer is never a command: it would be answered again.
        if (!to.empty() && !to.starts_with(topics_.command("")))
            messages.push_back({to,
                                std::move(payload),
                                1,
                                false,
                                {},
                                "application/json",
                                received.correlation,
                                {}});
    };
    CommandBody body;
    try {
        if (!allowed())
            throw Error(ErrorCode::rateLimited, "Too many commands at once.");
        body = addressOf(received.payload);
        if (to.empty() && body.requester) {
            if (!isName(*body.requester))
                throw Error(ErrorCode::invalid, "A requester is a plain name.", "requester");
            to = topics_.answer(*body.requester);
        }
        const Row& row =
            rowOf(std::string_view(received.topic)
                      .substr(std::min(received.topic.size(), topics_.command("").size())));
        body = bodyOf(row, received.payload);
        if (!mayDo(Role::automation, row.permission))
            throw Error(ErrorCode::forbidden, "Home automation may not do this.");
        if (body.id && (body.id->empty() || body.id->size() > 120))
            throw Error(ErrorCode::invalid, "An id has 1 to 120 bytes.", "id");
        if (body.id)
            if (const auto before = store_.read(
                    [&](const ReadTx& tx) { return tx.command_answers.find(*body.id); })) {
                answer(*before);
                return messages;
            }
        CommandAnswer done;
        done.id = body.id;
        std::optional<std::string> outcome;
        if (row.kind == Kind::useCase) {
            const CommandResult result = sink_.execute(commandOf(row, body));
            done.seq = result.seq;
            outcome = result.document;
        } else if (row.kind == Kind::republish) {
            republish_();
            done.seq = store_.read([](const ReadTx& tx) { return tx.events.newest(); });
        } else {
            const std::int64_t from = body.from_seq.value_or(0);
            const int most = static_cast<int>(
                std::clamp<std::int64_t>(body.max.value_or(mostReplayed), 1, mostReplayed));
            for (const LogRow& event : eventsFrom(from, most))
                answer(document(event));
        }
        const std::string text = answerOf(done, outcome);
        if (body.id)
            store_.write(
                [&](Tx& tx) { tx.command_answers.keep(*body.id, text, clock_.now().wall); });
        answer(text);
    } catch (const Error& error) {
        spdlog::info("mqtt: command refused topic={} reason={}", printable(received.topic),
                     error.message());
        answer(failure(error, body.id));
    }
    return messages;
}

} // namespace gatefold::mqtt
