#pragma once

#include "catalogue/raw_release.hpp"
#include "catalogue/xml_scanner.hpp"

#include <string_view>

namespace gatefold::catalogue {

/// Reads one `<release>` element of any layout since 2014. Attributes in any order; missing ids and
/// elements are absent; credits below the release and tracks are not its artists. Not for use by
/// two threads at once.
class ReleaseParser {
public:
    static constexpr std::uint32_t maxReleaseId = (1U << 28) - 1;
    static constexpr std::size_t maxFieldBytes = 32 * 1024;
    static constexpr std::size_t maxListEntries = 20'000;

    /// The result is valid until the next call and while `element` lives. Throws XmlError.
    RawRelease& parse(std::string_view element);

private:
    template <class OnChild>
    void eachChild(XmlScanner& xml, OnChild onChild);
    std::string_view field(XmlScanner& xml);
    std::string_view attribute(std::string_view raw);
    void readArtists(XmlScanner& xml);
    void readLabel(XmlScanner& xml);
    void readFormats(XmlScanner& xml);
    void readIdentifiers(XmlScanner& xml);
    void readTracks(XmlScanner& xml, int level);
    void readTrack(XmlScanner& xml, int level);
    void readMaster(XmlScanner& xml);
    void readChild(XmlScanner& xml);

    TextArena arena_;
    RawRelease release_;
};

/// The number of a `<release id="...">` start tag, or 0.
std::uint32_t releaseIdOf(std::string_view element);

} // namespace gatefold::catalogue
