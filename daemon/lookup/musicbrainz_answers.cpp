#include "lookup/musicbrainz_answers.hpp"

#include "core/text.hpp"
#include "lookup/answer_reading.hpp"
#include "lookup/countries.hpp"

#include <algorithm>
#include <charconv>

namespace gatefold::lookup::musicbrainz {

namespace {

std::optional<std::string> mbidOf(const json::Value& value, std::string_view name = "id") {
    std::string id = text(value, name);
    return isMbid(id) ? std::optional(std::move(id)) : std::nullopt;
}

std::string requiredMbid(const json::Value& answer) {
    if (auto id = mbidOf(answer))
        return *id;
    throw Error(ErrorCode::malformed, "it has no \"id\"");
}

std::string page(std::string_view kind, const std::string& mbid) {
    return "https://musicbrainz.org/" + std::string(kind) + "/" + mbid;
}

/// Names with the phrases between them; these carry their own blanks.
std::string artistLine(const json::Value& value) {
    std::string line;
    eachItem(value, "artist-credit", [&](const json::Value& credit) {
        const std::string credited = text(credit, "name");
        line += credited.empty() ? text(member(credit, "artist"), "name") : credited;
        if (const std::string* phrase = member(credit, "joinphrase").string())
            line += phrase->substr(0, 100);
    });
    return textOf(json::Value(line));
}

/// `12" Vinyl` is vinyl, described by its size, as the offline catalogue has it.
Format formatOf(const std::string& medium) {
    constexpr std::string_view vinyl = " Vinyl";
    if (medium.ends_with(vinyl))
        return {"Vinyl", 1, {}, {medium.substr(0, medium.size() - vinyl.size())}};
    return {medium == "Digital Media" ? "File" : medium, 1, {}, {}};
}

std::vector<Format> formatsOf(const json::Value& value) {
    std::vector<Format> formats;
    eachItem(value, "media", [&](const json::Value& medium) {
        const std::string name = text(medium, "format");
        if (name.empty())
            return;
        Format format = formatOf(name);
        const auto same = std::find_if(formats.begin(), formats.end(), [&](const Format& known) {
            return known.name == format.name && known.descriptions == format.descriptions;
        });
        if (same == formats.end())
            formats.push_back(std::move(format));
        else
            ++same->quantity;
    });
    return formats;
}

std::vector<LabelCatno> labelsOf(const json::Value& value) {
    std::vector<LabelCatno> labels;
    eachItem(value, "label-info", [&](const json::Value& info) {
        LabelCatno label{text(member(info, "label"), "name"), text(info, "catalog-number")};
        if (!label.name.empty() || !label.catno.empty())
            labels.push_back(std::move(label));
    });
    return labels;
}

/// The Discogs number behind "https://www.discogs.com/release/249504-Rick-Astley-...".
std::optional<ReleaseId> discogsNumber(std::string_view address) {
    constexpr std::string_view path = "discogs.com/release/";
    const std::size_t at = address.find(path);
    if (at == std::string_view::npos)
        return std::nullopt;
    const std::string_view rest = address.substr(at + path.size());
    ReleaseId id = 0;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), id);
    const std::string_view behind(end, static_cast<std::size_t>(rest.data() + rest.size() - end));
    const bool whole =
        behind.empty() || behind.front() == '-' || behind.front() == '?' || behind.front() == '/';
    if (error != std::errc() || !whole || id <= 0 || id >= firstOwnReleaseId)
        return std::nullopt;
    return id;
}

std::optional<ReleaseId> linkedDiscogsNumber(const json::Value& value) {
    std::optional<ReleaseId> id;
    const auto read = [&](const json::Value& relation) {
        if (!id && text(relation, "type") == "discogs")
            id = discogsNumber(text(member(relation, "url"), "resource"));
    };
    eachItem(value, "relations", read);
    eachItem(value, "url-relations", read);
    return id;
}

std::optional<std::string> discogsPage(ReleaseId id) {
    if (id == 0)
        return std::nullopt;
    return "https://www.discogs.com/release/" + std::to_string(id);
}

std::optional<OnlineCandidate> candidateOf(const json::Value& value) {
    OnlineCandidate row;
    row.mbid = mbidOf(value);
    if (!row.mbid)
        return std::nullopt;
    row.release.release_id = linkedDiscogsNumber(value).value_or(0);
    row.release.title = text(value, "title");
    row.release.artist = artistLine(value);
    if (const auto date = partialDate(text(value, "date")))
        row.release.year = date->year;
    row.release.country = countryName(text(value, "country"));
    row.release.labels = labelsOf(value);
    row.release.formats = formatsOf(value);
    row.release.match = MatchKind::weak;
    row.master_mbid = mbidOf(member(value, "release-group"));
    addBarcodes(text(value, "barcode"), row.barcodes);
    row.discogs_url = discogsPage(row.release.release_id);
    row.origin.source_url = page("release", *row.mbid);
    return row;
}

/// Milliseconds as "4:45" or "1:02:03".
std::optional<std::string> duration(const json::Value& track) {
    auto length = number(track, "length");
    if (!length)
        length = number(member(track, "recording"), "length");
    constexpr std::int64_t day_ms = 24LL * 60 * 60 * 1'000;
    if (!length || *length > day_ms)
        return std::nullopt;
    const std::int64_t seconds = (*length + 500) / 1'000;
    const auto two = [](std::int64_t n) { return (n < 10 ? "0" : "") + std::to_string(n); };
    const std::int64_t hours = seconds / 3'600;
    const std::int64_t minutes = seconds / 60 % 60;
    if (hours > 0)
        return std::to_string(hours) + ":" + two(minutes) + ":" + two(seconds % 60);
    return std::to_string(minutes) + ":" + two(seconds % 60);
}

/// "A1" as printed; bare numbers get their disc where there are several: "2-3".
std::string position(const std::string& printed, std::size_t disc, std::size_t discs) {
    const bool bare = !printed.empty() && printed.find_first_not_of("0123456789") == printed.npos;
    return bare && discs > 1 ? std::to_string(disc) + "-" + printed : printed;
}

void addTracks(const json::Value& value, std::vector<Track>& tracks) {
    const json::Array* media = member(value, "media").array();
    if (!media)
        return;
    std::size_t disc = 0;
    eachItem(value, "media", [&](const json::Value& medium) {
        ++disc;
        eachItem(medium, "tracks", [&](const json::Value& track) {
            if (tracks.size() >= mostItems)
                return;
            std::string title = text(track, "title");
            if (title.empty())
                title = text(member(track, "recording"), "title");
            tracks.push_back({position(text(track, "number"), disc, media->size()),
                              std::move(title), duration(track)});
        });
    });
}

std::vector<std::string> genresOf(const json::Value& value) {
    std::vector<std::string> genres;
    eachItem(value, "genres", [&](const json::Value& genre) {
        if (std::string name = text(genre, "name"); !name.empty())
            genres.push_back(std::move(name));
    });
    return genres;
}

} // namespace

bool isMbid(std::string_view text) {
    if (text.size() != 36)
        return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        const bool hex = isAsciiDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
        if (dash ? c != '-' : !hex)
            return false;
    }
    return true;
}

std::vector<OnlineCandidate> releases(std::string_view body) {
    const json::Value answer = parsedAnswer(body);
    const json::Array& list = listOf(answer, "releases");
    std::vector<OnlineCandidate> rows;
    for (std::size_t i = 0; i < std::min(list.size(), mostItems); ++i)
        if (auto row = candidateOf(list[i]))
            rows.push_back(std::move(*row));
    return rows;
}

OnlineRelease release(std::string_view body) {
    const json::Value answer = parsedAnswer(body);
    OnlineRelease row;
    row.mbid = requiredMbid(answer);
    mustHave(answer, "title");
    Release& release = row.release;
    release.release_id = linkedDiscogsNumber(answer).value_or(0);
    release.title = text(answer, "title");
    release.artist = artistLine(answer);
    if (const auto date = partialDate(text(answer, "date"))) {
        release.year = date->year;
        release.released = date->text;
    }
    release.country = countryName(text(answer, "country"));
    release.labels = labelsOf(answer);
    release.formats = formatsOf(answer);
    if (const auto barcode = textIfAny(answer, "barcode"))
        release.identifiers.push_back({IdentifierType::barcode, *barcode, {}});
    addTracks(answer, release.tracklist);
    release.genres = genresOf(answer);
    row.master_mbid = mbidOf(member(answer, "release-group"));
    const json::Value& covers = member(answer, "cover-art-archive");
    if (const bool* front = member(covers, "front").boolean())
        row.has_front_cover = *front;
    row.discogs_url = discogsPage(release.release_id);
    row.origin.source_url = page("release", *row.mbid);
    return row;
}

OnlineMaster releaseGroup(std::string_view body) {
    const json::Value answer = parsedAnswer(body);
    OnlineMaster row;
    row.mbid = requiredMbid(answer);
    mustHave(answer, "title");
    row.title = text(answer, "title");
    row.artist = artistLine(answer);
    if (const auto date = partialDate(text(answer, "first-release-date")))
        row.year = date->year;
    row.genres = genresOf(answer);
    row.origin.source_url = page("release-group", *row.mbid);
    return row;
}

std::optional<std::string> linked(std::string_view body, std::string_view kind) {
    const json::Value answer = parsedAnswer(body);
    mustHave(answer, "resource");
    std::optional<std::string> id;
    eachItem(answer, "relations", [&](const json::Value& relation) {
        if (!id)
            id = mbidOf(member(relation, kind));
    });
    return id;
}

} // namespace gatefold::lookup::musicbrainz
