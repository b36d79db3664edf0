#include "http/handlers.hpp"

namespace gatefold::http {

Page<OnlineSourceStatus> listSources(const Context& context) {
    return wholeList(context.use.enrichment.sources());
}

OnlineAnswer searchOnline(const Context& context) {
    return context.use.online_search.find(context.request.query("q").value_or(""),
                                          wordInQuery<ReadAs>(context, "read_as"));
}

Answer<Release> takeOnline(const Context& context, const OnlineChoice& body) {
    Release release = context.use.online_search.take(body, context.callerIsStillGood());
    const std::string where = "/api/v1/releases/" + std::to_string(release.release_id);
    return {.value = std::move(release), .headers = {{"Location", where}}};
}

} // namespace gatefold::http
