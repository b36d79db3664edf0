#include "http/handlers.hpp"

namespace gatefold::http {

Page<OnlineSourceStatus> listSources(const Context& context) {
    return wholeList(context.use.enrichment.sources());
}

OnlineAnswer searchOnline(const Context& context) {
    std::optional<ReadAs> read_as;
    if (const auto text = context.request.query("read_as")) {
        ReadAs reading{};
        if (!parseName(*text, reading))
            throw Error(ErrorCode::invalid, "read_as must be barcode, catno, runout or text",
                        "read_as");
        read_as = reading;
    }
    return context.use.online_search.find(context.request.query("q").value_or(""), read_as);
}

Answer<Release> takeOnline(const Context& context, const OnlineChoice& body) {
    Release release = context.use.online_search.take(body);
    const std::string where = "/api/v1/releases/" + std::to_string(release.release_id);
    return {.value = std::move(release), .headers = {{"Location", where}}};
}

} // namespace gatefold::http
