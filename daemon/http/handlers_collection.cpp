#include "http/handlers.hpp"

#include "core/gtin.hpp"

namespace gatefold::http {

namespace {

CopySort sortOf(const Context& context, bool searching) {
    const auto text = context.request.query("sort");
    if (!text)
        return searching ? CopySort::relevance : CopySort::artist;
    CopySort sort{};
    if (!parseName(*text, sort))
        throw Error(ErrorCode::invalid, "sort must be artist, title, added, year or relevance",
                    "sort");
    return sort;
}

std::size_t limitOf(const Context& context) {
    const auto text = context.request.query("limit");
    const auto number = text ? parseNumber(*text) : std::optional<std::int64_t>(20);
    if (!number || *number < 1 || *number > 200)
        throw Error(ErrorCode::invalid, "limit must be a number from 1 to 200", "limit");
    return static_cast<std::size_t>(*number);
}

} // namespace

Page<CopyView> listCopies(const Context& context) {
    CopyQuery query;
    query.text = context.request.query("q").value_or("");
    if (query.text.size() > 500)
        throw Error(ErrorCode::invalid, "q is longer than 500 bytes", "q");
    query.owner = idInQuery<PersonId>(context, "owner");
    query.location = idInQuery<LocationId>(context, "location");
    if (const auto release = context.request.query("release"))
        query.release = releaseIdIn(*release, "release");
    query.deleted = context.request.query("deleted").value_or("0") == "1";
    query.sort = sortOf(context, !query.text.empty());
    query.page = pageOf(context.request);
    return context.use.collection.search(query);
}

Answer<CopyView> addCopy(const Context& context, const NewCopy& body) {
    const CopyView copy = context.use.collection.add(body);
    return {.value = copy, .headers = {{"Location", "/api/v1/copies/" + copy.id.text()}}};
}

CopyView getCopy(const Context& context) {
    return context.use.collection.copy(idOf<CopyId>(context));
}

CopyView editCopy(const Context& context, const CopyPatch& body) {
    const auto id = idOf<CopyId>(context);
    const auto version = matchedVersion(context.request, context.use.collection.copy(id).version);
    return context.use.collection.edit(id, body, version);
}

void removeCopy(const Context& context) {
    const auto id = idOf<CopyId>(context);
    std::optional<std::int64_t> version;
    if (context.request.has("If-Match"))
        version = matchedVersion(context.request, context.use.collection.copy(id).version);
    context.use.collection.remove(id, version);
}

CopyView restoreCopy(const Context& context) {
    return context.use.collection.restore(idOf<CopyId>(context));
}

Release getRelease(const Context& context) {
    return context.use.collection.release(releaseIdIn(context.request.parameter("id"), "id"));
}

CatalogueInfo getCatalogue(const Context& context) {
    return context.use.system.catalogue();
}

LookupAnswer searchCatalogue(const Context& context) {
    const ReleaseLookup& lookup = context.use.system.lookup();
    const Request& request = context.request;
    const std::size_t limit = limitOf(context);
    LookupAnswer out;
    int given = 0;
    const auto ask = [&](std::string_view name) {
        const auto text = request.query(name);
        if (!text)
            return false;
        if (text->size() > 512)
            throw Error(ErrorCode::invalid, std::string(name) + " is longer than 512 bytes",
                        std::string(name));
        ++given;
        out.query = *text;
        return true;
    };
    if (ask("barcode")) {
        const GtinKeys keys = gtinKeysOfScan(out.query);
        if (!keys.strict.empty())
            out.gtin = keys.strict.front().text();
        out.releases = lookup.byGtin(keys, {}, limit);
    }
    if (ask("catno"))
        out.releases = lookup.byCatno(out.query, {}, limit);
    if (ask("runout"))
        out.releases = lookup.byRunout(out.query, {}, limit);
    if (ask("text"))
        out.releases = lookup.byText(out.query, {}, limit);
    if (given != 1)
        throw Error(ErrorCode::invalid, "Ask for exactly one of barcode, catno, runout and text.");
    return out;
}

Page<Location> listLocations(const Context& context) {
    return wholeList(context.use.collection.locations());
}

Answer<Location> addLocation(const Context& context, const NewLocation& body) {
    const Location location = context.use.collection.addLocation(body);
    return {.value = location,
            .headers = {{"Location", "/api/v1/locations/" + location.id.text()}}};
}

Location getLocation(const Context& context) {
    return context.use.collection.location(idOf<LocationId>(context));
}

Location editLocation(const Context& context, const LocationPatch& body) {
    const auto id = idOf<LocationId>(context);
    const auto version =
        matchedVersion(context.request, context.use.collection.location(id).version);
    return context.use.collection.editLocation(id, body, version);
}

} // namespace gatefold::http
