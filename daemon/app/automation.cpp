#include "app/automation.hpp"

#include "core/error.hpp"
#include "json/write.hpp"

namespace gatefold {

CommandResult Automation::putOn(const DeckCommand& command) {
    PlayRequest request;
    request.release_id = command.release_id;
    request.side = command.side;
    if (command.copy_id) {
        request.copy_id = CopyId::parse(*command.copy_id);
        if (!request.copy_id)
            throw Error(ErrorCode::invalid, "This is no copy's id.", "copy_id");
    }
    return {listening_.play(command.deck.value_or(""), request, command.start), {}};
}

CommandResult Automation::handInScan(const DeckCommand& command) {
    if (!command.code)
        throw Error(ErrorCode::invalid, "A scan needs a code.", "code");
    const ScanReply reply = scanning_.scan(
        {command.source.value_or("mqtt"), *command.code, {}, {}, Symbology::unknown});
    const std::int64_t seq = store_.read([](const ReadTx& tx) { return tx.events.newest(); });
    return {seq, json::write(reply.answer)};
}

CommandResult Automation::execute(const DeckCommand& command) {
    const std::string deck = command.deck.value_or("");
    if (command.verb == "set_record")
        return putOn(command);
    if (command.verb == "mark_flipped")
        return {listening_.flip(deck), {}};
    if (command.verb == "stop")
        return {listening_.stop(deck), {}};
    if (command.verb == "scan")
        return handInScan(command);
    throw Error(ErrorCode::notFound, "There is no command " + command.verb + ".");
}

} // namespace gatefold
