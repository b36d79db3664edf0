#include "catalogue/release_parser.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <charconv>

namespace gatefold::catalogue {

namespace {

std::uint32_t number(std::string_view text) {
    text = trimmed(text);
    std::uint32_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size() ? value : 0;
}

template <class T>
T& grown(std::vector<T>& list) {
    if (list.size() == ReleaseParser::maxListEntries)
        throw XmlError{"a list is too long"};
    return list.emplace_back();
}

} // namespace

void RawRelease::clear() {
    id = masterId = 0;
    mainRelease = false;
    title = country = released = {};
    artists.clear();
    labels.clear();
    formats.clear();
    descriptions.clear();
    identifiers.clear();
    tracks.clear();
    genres.clear();
    styles.clear();
}

bool RawRelease::playsOnATurntable() const {
    return std::any_of(formats.begin(), formats.end(), [](const RawFormat& format) {
        return format.name == "Vinyl" || format.name == "Shellac";
    });
}

/// Calls `onChild` for each element directly below the one just started; what it leaves unread is
/// skipped.
template <class OnChild>
void ReleaseParser::eachChild(XmlScanner& xml, OnChild onChild) {
    const std::size_t depth = xml.depth();
    for (;;) {
        const auto event = xml.next();
        if (event == XmlScanner::Event::end)
            return;
        if (event != XmlScanner::Event::start)
            continue;
        onChild(xml.name());
        xml.skipTo(depth);
    }
}

std::string_view ReleaseParser::attribute(std::string_view raw) {
    return trimmed(decoded(raw, arena_));
}

/// The text of the element just started, read through its end.
std::string_view ReleaseParser::field(XmlScanner& xml) {
    const std::size_t depth = xml.depth();
    std::string_view only;
    std::string joined;
    for (bool several = false;;) {
        const auto event = xml.next();
        if (event == XmlScanner::Event::end)
            return trimmed(several ? arena_.keep(std::move(joined)) : only);
        if (event == XmlScanner::Event::start) {
            xml.skipTo(depth);
            continue;
        }
        const std::string_view piece = xml.isLiteral() ? xml.text() : decoded(xml.text(), arena_);
        if (only.size() + joined.size() + piece.size() > maxFieldBytes)
            throw XmlError{"a text is too long", xml.position()};
        if (several || !only.empty()) {
            if (!several)
                joined = only;
            several = true;
            joined += piece;
        } else {
            only = piece;
        }
    }
}

void ReleaseParser::readArtists(XmlScanner& xml) {
    eachChild(xml, [&](std::string_view element) {
        if (element != "artist")
            return;
        RawArtist& artist = grown(release_.artists);
        eachChild(xml, [&](std::string_view name) {
            if (name == "name")
                artist.name = field(xml);
            else if (name == "anv")
                artist.variation = field(xml);
            else if (name == "join")
                artist.join = field(xml);
        });
    });
}

void ReleaseParser::readLabel(XmlScanner& xml) {
    RawLabel& label = grown(release_.labels);
    for (const auto& [name, value] : xml) {
        if (name == "name")
            label.name = attribute(value);
        else if (name == "catno")
            label.catno = attribute(value);
    }
}

void ReleaseParser::readFormats(XmlScanner& xml) {
    eachChild(xml, [&](std::string_view element) {
        if (element != "format")
            return;
        RawFormat& format = grown(release_.formats);
        for (const auto& [name, value] : xml) {
            if (name == "name")
                format.name = attribute(value);
            else if (name == "qty")
                format.quantity = attribute(value);
            else if (name == "text")
                format.text = attribute(value);
        }
        format.firstDescription = release_.descriptions.size();
        eachChild(xml, [&](std::string_view list) {
            if (list == "descriptions")
                eachChild(xml, [&](std::string_view name) {
                    if (name == "description")
                        grown(release_.descriptions) = field(xml);
                });
        });
        format.descriptions = release_.descriptions.size() - format.firstDescription;
    });
}

void ReleaseParser::readIdentifiers(XmlScanner& xml) {
    eachChild(xml, [&](std::string_view element) {
        if (element != "identifier")
            return;
        RawIdentifier& identifier = grown(release_.identifiers);
        for (const auto& [name, value] : xml) {
            if (name == "type")
                identifier.type = attribute(value);
            else if (name == "description")
                identifier.description = attribute(value);
            else if (name == "value")
                identifier.value = attribute(value);
        }
    });
}

/// An index track's parts follow it. It becomes a heading where they have positions of their own:
/// its time is theirs.
void ReleaseParser::readTrack(XmlScanner& xml, int level) {
    const std::size_t own = release_.tracks.size();
    grown(release_.tracks);
    eachChild(xml, [&](std::string_view name) {
        if (name == "position")
            release_.tracks[own].position = field(xml);
        else if (name == "title")
            release_.tracks[own].title = field(xml);
        else if (name == "duration")
            release_.tracks[own].duration = field(xml);
        else if (name == "sub_tracks" && level == 0)
            readTracks(xml, 1);
    });
    const auto parts = release_.tracks.begin() + static_cast<std::ptrdiff_t>(own) + 1;
    if (std::any_of(parts, release_.tracks.end(),
                    [](const RawTrack& part) { return !part.position.empty(); }))
        release_.tracks[own].position = {};
}

void ReleaseParser::readTracks(XmlScanner& xml, int level) {
    eachChild(xml, [&](std::string_view name) {
        if (name == "track")
            readTrack(xml, level);
    });
}

void ReleaseParser::readMaster(XmlScanner& xml) {
    for (const auto& [name, value] : xml)
        if (name == "is_main_release")
            release_.mainRelease = value == "true";
    release_.masterId = number(field(xml));
}

void ReleaseParser::readChild(XmlScanner& xml) {
    const std::string_view name = xml.name();
    const auto texts = [&](std::string_view element, std::vector<std::string_view>& list) {
        eachChild(xml, [&](std::string_view child) {
            if (child == element)
                grown(list) = field(xml);
        });
    };
    if (name == "artists")
        readArtists(xml);
    else if (name == "title")
        release_.title = field(xml);
    else if (name == "labels")
        eachChild(xml, [&](std::string_view child) {
            if (child == "label")
                readLabel(xml);
        });
    else if (name == "formats")
        readFormats(xml);
    else if (name == "genres")
        texts("genre", release_.genres);
    else if (name == "styles")
        texts("style", release_.styles);
    else if (name == "country")
        release_.country = field(xml);
    else if (name == "released")
        release_.released = field(xml);
    else if (name == "master_id")
        readMaster(xml);
    else if (name == "tracklist")
        readTracks(xml, 0);
    else if (name == "identifiers")
        readIdentifiers(xml);
}

RawRelease& ReleaseParser::parse(std::string_view element) {
    arena_.clear();
    release_.clear();
    if (const auto bad = firstBadByte(element); bad != std::string_view::npos)
        throw XmlError{"a control character or malformed UTF-8", bad};
    XmlScanner xml(element);
    if (xml.next() != XmlScanner::Event::start || xml.name() != "release")
        throw XmlError{"not a release"};
    for (const auto& [name, value] : xml)
        if (name == "id")
            release_.id = number(value);
    if (release_.id == 0 || release_.id > maxReleaseId)
        throw XmlError{"no usable release id"};
    eachChild(xml, [&](std::string_view) { readChild(xml); });
    if (!trimmed(element.substr(xml.position())).empty())
        throw XmlError{"something follows the release's end", xml.position()};
    if (release_.title.empty() && release_.artists.empty() && release_.formats.empty())
        throw XmlError{"a release without title, artist and format"};
    return release_;
}

std::uint32_t releaseIdOf(std::string_view element) {
    try {
        XmlScanner xml(element);
        xml.next();
        for (const auto& [name, value] : xml)
            if (name == "id")
                return number(value);
    } catch (const XmlError&) {
        return 0; // the parser will say what is wrong
    }
    return 0;
}

} // namespace gatefold::catalogue
