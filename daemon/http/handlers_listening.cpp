#include "http/handlers.hpp"

namespace gatefold::http {

namespace {

const std::string& deckOf(const Context& context) {
    return context.request.parameter("id");
}

/// Every command answers with what is on the deck now.
Written<NowPlayingDocument> nowOn(const Context& context) {
    return {context.use.listening.nowPlayingDocument(deckOf(context))};
}

} // namespace

Page<Deck> listDecks(const Context& context) {
    return wholeList(context.use.listening.decks());
}

Written<NowPlayingDocument> getNowPlaying(const Context& context) {
    return nowOn(context);
}

Written<NowPlayingDocument> playOnDeck(const Context& context, const PlayRequest& body) {
    context.use.listening.play(deckOf(context), body);
    return nowOn(context);
}

Written<NowPlayingDocument> flipDeck(const Context& context) {
    context.use.listening.flip(deckOf(context));
    return nowOn(context);
}

Written<NowPlayingDocument> stopDeck(const Context& context) {
    context.use.listening.stop(deckOf(context));
    return nowOn(context);
}

Written<NowPlayingDocument> seekOnDeck(const Context& context, const SeekRequest& body) {
    context.use.listening.seek(deckOf(context), body);
    return nowOn(context);
}

Page<PlayView> listPlays(const Context& context) {
    return context.use.collection.plays(pageOf(context.request));
}

Reply streamEvents(const Context& context) {
    StreamStart start{context.caller(), std::nullopt};
    const std::string_view header = context.request.header("Last-Event-ID");
    const std::string text =
        header.empty() ? context.request.query("last_event_id").value_or("") : std::string(header);
    if (!text.empty()) {
        start.last_id = parseNumber(text);
        if (!start.last_id)
            throw Error(ErrorCode::malformed, "Last-Event-ID must be the id of an event.");
    }
    Reply reply;
    reply.media = "text/event-stream";
    reply.stream = std::move(start);
    return reply;
}

} // namespace gatefold::http
