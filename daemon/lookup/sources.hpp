#pragma once

#include "lookup/channel.hpp"

#include <memory>
#include <string>
#include <vector>

namespace gatefold::lookup {

/// "Gatefold/0.1.0 ( anna@example.org )": who asks, and whom an operator of a source can write to;
/// without a contact it says so. Discogs and MusicBrainz refuse callers that name no program.
std::string userAgent(const std::string& version, const std::string& contact);

/// Jitter from the system's random numbers. Any thread.
Jitter randomJitter();

struct SourcesSettings {
    SourceSettings discogs{true, "https://api.discogs.com", {}};
    SourceSettings musicbrainz{true, "https://musicbrainz.org", {}};
    SourceSettings coverart{true, "https://coverartarchive.org", {}};
};

/// All sources of the house, in the order in which they are asked.
struct Sources {
    std::vector<std::unique_ptr<ReleaseSource>> releases;
    std::unique_ptr<CoverSource> covers;
};

/// Opens no connection. `around` must outlive the sources. Throws OnlineError `invalid` when an
/// address in the settings is none.
Sources makeSources(const SourcesSettings& settings, const Surroundings& around);

} // namespace gatefold::lookup
