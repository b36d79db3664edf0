#include "lookup/sources.hpp"

#include "lookup/cover_art_archive.hpp"
#include "lookup/discogs.hpp"
#include "lookup/musicbrainz.hpp"

#include <mutex>
#include <random>

namespace gatefold::lookup {

std::string userAgent(const std::string& version, const std::string& contact) {
    return "Gatefold/" + version + " ( " +
           (contact.empty() ? "a household's own box, no contact given" : contact) + " )";
}

Jitter randomJitter() {
    struct Source {
        std::mutex mutex;
        std::minstd_rand engine{std::random_device{}()};
    };
    return [source = std::make_shared<Source>()] {
        const std::lock_guard lock(source->mutex);
        return std::uniform_real_distribution<double>(0.0, 1.0)(source->engine);
    };
}

Sources makeSources(const SourcesSettings& settings, const Surroundings& around) {
    Sources sources;
    sources.releases.push_back(std::make_unique<Discogs>(settings.discogs, around));
    sources.releases.push_back(std::make_unique<MusicBrainz>(settings.musicbrainz, around));
    sources.covers = std::make_unique<CoverArtArchive>(settings.coverart, around);
    return sources;
}

} // namespace gatefold::lookup
