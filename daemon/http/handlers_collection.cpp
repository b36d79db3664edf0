#include "http/handlers.hpp"

namespace gatefold::http {

namespace {

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
    query.sort = wordInQuery<CopySort>(context, "sort")
                     .value_or(query.text.empty() ? CopySort::artist : CopySort::relevance);
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

CatalogueAnswer searchCatalogue(const Context& context) {
    const Request& request = context.request;
    CatalogueQuestion question;
    question.limit = limitOf(context);
    const auto take = [&](std::string_view name) {
        return request.query(std::string(name)).value_or("");
    };
    question.q = take("q");
    question.barcode = take("barcode");
    question.catno = take("catno");
    question.runout = take("runout");
    question.text = take("text");
    question.country = take("country");
    if (const auto year = request.query("year")) {
        const auto number = parseNumber(*year);
        if (!number || *number < 1800 || *number > 2200)
            throw Error(ErrorCode::invalid, "year must be four digits", "year");
        question.year = static_cast<int>(*number);
    }
    return context.use.system.search(question);
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
