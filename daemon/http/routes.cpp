#include "http/routes.hpp"

#include "http/handlers.hpp"

#include <algorithm>
#include <array>

namespace gatefold::http {

namespace {

using enum Method;
using enum Permission;

constexpr std::array paging{
    QueryParameter{"limit", "integer", "items a page, 1 to 500; 50 when missing"},
    QueryParameter{"cursor", "string", "`next` of the page before"},
};
constexpr std::array copyFilters{
    QueryParameter{"q", "string", "search as you type: every word a prefix"},
    QueryParameter{"owner", "string", "a person's id"},
    QueryParameter{"location", "string", "a location's id, with everything below it"},
    QueryParameter{"release", "integer", "a release's number"},
    QueryParameter{"deleted", "string", "1: the trash instead of the shelf"},
    QueryParameter{"sort", "string", "artist, title, added, year or relevance"},
    paging[0],
    paging[1],
};
constexpr std::array lookups{
    QueryParameter{"q", "string",
                   "whatever stands on the record; the answer says as what it was read"},
    QueryParameter{"barcode", "string", "a code as read or typed"},
    QueryParameter{"catno", "string", "a catalogue number"},
    QueryParameter{"runout", "string", "matrix / runout"},
    QueryParameter{"text", "string", "artist and title"},
    QueryParameter{"country", "string", "pressed for it: a name or two letters"},
    QueryParameter{"year", "integer", "of the release"},
    QueryParameter{"limit", "integer", "releases at most, 1 to 200; 20 when missing"},
};
constexpr std::array onlineQuery{
    QueryParameter{"q", "string", "barcode, catalogue number, or artist and title"},
    QueryParameter{"read_as", "string",
                   "barcode, catno or text; missing: found out, as the catalogue does"},
};
constexpr std::array signOutQuery{
    QueryParameter{"everywhere", "string", "1: all sign-ins of this person"},
};
constexpr std::array eventsQuery{
    QueryParameter{"last_event_id", "integer", "like the header Last-Event-ID"},
};

constexpr std::size_t maxImageBytes = 25 * 1024 * 1024;

// clang-format off
constexpr std::array table{
    // The box
    Route{get, "/healthz", open, 200, "Whether the daemon is alive", on<getHealth>()},
    Route{get, "/metrics", loopbackOrToken, 200, "Numbers for Prometheus", on<getMetrics>(), {}, "text/plain"},
    Route{get, "/api/openapi.json", open, 200, "This document", on<getApiDocument>()},
    Route{get, "/covers/{name}.jpg", open, 200, "A cover; its name cannot be guessed", on<getCover>(), {}, "image/jpeg"},

    // Accounts
    Route{get, "/api/v1/setup", open, 200, "Whether the first admin is still to be made", on<setupState>()},
    Route{post, "/api/v1/setup", open, 201, "Make the first admin and sign in", on<finishSetup>()},
    Route{post, "/api/v1/setup/code", accountsEdit, 201, "A fresh setup code, for the console", on<freshSetupCode>()},
    Route{get, "/api/v1/session", signedIn, 200, "Who am I, and what may I", on<whoAmI>()},
    Route{post, "/api/v1/session", open, 201, "Sign in", on<signIn>()},
    Route{remove, "/api/v1/session", signedIn, 204, "Sign out", on<signOut>(), signOutQuery},
    Route{get, "/api/v1/users", accountsEdit, 200, "List people", on<listPeople>()},
    Route{post, "/api/v1/users", accountsEdit, 201, "Add a person", on<addPerson>()},
    Route{get, "/api/v1/users/{id}", accountsEdit, 200, "A person", on<getPerson>()},
    Route{.method = patch, .path = "/api/v1/users/{id}", .permission = accountsEdit, .status = 200,
          .summary = "Edit a person; no role takes the sign-in away", .endpoint = on<editPerson>(), .needs_version = true},
    Route{get, "/api/v1/tokens", accountsEdit, 200, "List tokens", on<listTokens>()},
    Route{post, "/api/v1/tokens", accountsEdit, 201, "Make a token; it is shown once", on<addToken>()},
    Route{remove, "/api/v1/tokens/{id}", accountsEdit, 204, "Revoke a token", on<revokeToken>()},

    // Scans
    Route{get, "/api/v1/scans", collectionRead, 200, "List scans, newest first", on<listScans>(), paging},
    Route{post, "/api/v1/scans", scan, 201, "Hand in a scan; 200 when it was handed in before", on<handInScan>()},
    Route{post, "/api/v1/scans/{id}/undo", collectionEdit, 200, "Take back what a scan did", on<undoScan>()},
    Route{get, "/api/v1/inbox", collectionRead, 200, "List scans that need a human", on<listInbox>(), paging},
    Route{get, "/api/v1/inbox/{id}", collectionRead, 200, "An inbox item with its candidates", on<getInboxItem>()},
    Route{post, "/api/v1/inbox/{id}/resolve", inboxResolve, 200, "Settle an inbox item", on<resolveInboxItem>()},
    Route{.method = post, .path = "/api/v1/photos/decode", .permission = scan, .status = 200, .summary = "Read the barcodes in a photo",
          .endpoint = on<decodePhoto>(), .max_body = maxImageBytes},
    Route{get, "/api/v1/devices", devicesRead, 200, "List scanners and cameras", on<listDevices>()},
    Route{get, "/api/v1/devices/{id}", devicesRead, 200, "A scanner or camera", on<getDevice>()},
    Route{.method = patch, .path = "/api/v1/devices/{id}", .permission = devicesEdit, .status = 200,
          .summary = "Name a device, give it a deck, a keyboard layout", .endpoint = on<editDevice>(), .needs_version = true},
    Route{post, "/api/v1/devices/{id}/layout-test", devicesEdit, 202, "Wait for the layout test code", on<startLayoutTest>()},

    // Collection
    Route{.method = get, .path = "/api/v1/copies", .permission = collectionRead, .status = 200, .summary = "List and search copies",
          .endpoint = on<listCopies>(), .query = copyFilters, .same_for_all = true},
    Route{post, "/api/v1/copies", collectionEdit, 201, "Add a copy", on<addCopy>()},
    Route{get, "/api/v1/copies/{id}", collectionRead, 200, "A copy", on<getCopy>()},
    Route{.method = patch, .path = "/api/v1/copies/{id}", .permission = collectionEdit, .status = 200,
          .summary = "Edit a copy", .endpoint = on<editCopy>(), .needs_version = true},
    Route{remove, "/api/v1/copies/{id}", collectionEdit, 204, "Put a copy into the trash", on<removeCopy>()},
    Route{post, "/api/v1/copies/{id}/restore", collectionEdit, 200, "Take a copy out of the trash", on<restoreCopy>()},
    Route{.method = put, .path = "/api/v1/copies/{id}/cover", .permission = collectionEdit, .status = 200,
          .summary = "The household's own photo as the copy's cover; it wins over others", .endpoint = on<setCopyCover>(), .max_body = maxImageBytes},
    Route{remove, "/api/v1/copies/{id}/cover", collectionEdit, 200, "Take the household's own photo away", on<removeCopyCover>()},
    Route{get, "/api/v1/releases/{id}", collectionRead, 200, "A release", on<getRelease>()},
    Route{get, "/api/v1/catalogue", collectionRead, 200, "What the offline catalogue holds", on<getCatalogue>()},
    Route{post, "/api/v1/catalogue/update", systemEdit, 202, "Fetch the newest dump and build the catalogue anew, as a job", on<updateCatalogue>()},
    Route{get, "/api/v1/catalogue/search", collectionRead, 200, "Look up in the catalogue by q, or by keys that all have to fit", on<searchCatalogue>(), lookups},
    Route{get, "/api/v1/sources", devicesRead, 200, "How the online sources are", on<listSources>()},
    Route{get, "/api/v1/sources/search", collectionEdit, 200, "Ask the online sources; nothing is stored", on<searchOnline>(), onlineQuery},
    Route{post, "/api/v1/sources/releases", collectionEdit, 201, "Store what a source says about one of its releases", on<takeOnline>()},
    Route{get, "/api/v1/locations", collectionRead, 200, "List locations", on<listLocations>()},
    Route{post, "/api/v1/locations", collectionEdit, 201, "Add a location", on<addLocation>()},
    Route{get, "/api/v1/locations/{id}", collectionRead, 200, "A location", on<getLocation>()},
    Route{.method = patch, .path = "/api/v1/locations/{id}", .permission = collectionEdit, .status = 200,
          .summary = "Rename or move a location", .endpoint = on<editLocation>(), .needs_version = true},

    // Listening
    Route{get, "/api/v1/decks", nowPlayingRead, 200, "List decks", on<listDecks>()},
    Route{get, "/api/v1/decks/{id}/now-playing", nowPlayingRead, 200, "What is on a deck", on<getNowPlaying>()},
    Route{post, "/api/v1/decks/{id}/play", play, 200, "Put a record on", on<playOnDeck>()},
    Route{post, "/api/v1/decks/{id}/flip", play, 200, "The record was flipped", on<flipDeck>()},
    Route{post, "/api/v1/decks/{id}/stop", play, 200, "The record is off", on<stopDeck>()},
    Route{post, "/api/v1/decks/{id}/seek", play, 200, "Jump on the current side", on<seekOnDeck>()},
    Route{get, "/api/v1/plays", collectionRead, 200, "List plays, newest first", on<listPlays>(), paging},
    Route{get, "/api/v1/events", nowPlayingRead, 200, "Everything that happens, as it happens", on<streamEvents>(), eventsQuery, "text/event-stream"},

    // Care
    Route{get, "/api/v1/cards.pdf", collectionRead, 200, "The control cards", on<printCards>(), {}, "application/pdf"},
    Route{get, "/api/v1/jobs", systemRead, 200, "List jobs, newest first", on<listJobs>(), paging},
    Route{get, "/api/v1/settings", systemRead, 200, "What is set, and where", on<getSettings>()},
    Route{get, "/api/v1/backups", systemRead, 200, "List backups, newest first", on<listBackups>()},
    Route{post, "/api/v1/backups", systemEdit, 202, "Make a backup", on<startBackup>()},
};
// clang-format on

static_assert(std::all_of(table.begin(), table.end(),
                          [](const Route& route) { return route.permission.has_value(); }),
              "every route names a permission; `open` has to be written out");
static_assert(std::all_of(table.begin(), table.end(),
                          [](const Route& route) { return !route.summary.empty(); }),
              "every route is described");

} // namespace

std::span<const Route> routes() {
    return table;
}

bool matches(std::string_view pattern, const Target& target,
             std::vector<std::pair<std::string_view, std::string>>& parameters) {
    parameters.clear();
    for (const std::string& segment : target.segments) {
        if (pattern.empty())
            return false;
        pattern.remove_prefix(1); // the slash
        const std::string_view expected = pattern.substr(0, pattern.find('/'));
        pattern.remove_prefix(expected.size());
        if (!expected.starts_with('{')) {
            if (segment != expected)
                return false;
            continue;
        }
        const auto brace = expected.find('}');
        const std::string_view tail = expected.substr(brace + 1);
        if (segment.size() <= tail.size() || !segment.ends_with(tail))
            return false;
        parameters.emplace_back(expected.substr(1, brace - 1),
                                segment.substr(0, segment.size() - tail.size()));
    }
    return pattern.empty();
}

} // namespace gatefold::http
