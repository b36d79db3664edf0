#pragma once

#include "lookup/channel.hpp"

namespace gatefold::lookup {

/// MusicBrainz web service 2: no account, one request a second. Its facts are CC0 and may be kept.
class MusicBrainz final : public ReleaseSource {
public:
    /// Throws OnlineError `invalid` for an address that is none.
    MusicBrainz(SourceSettings settings, const Surroundings& around);

    std::string_view name() const override { return channel_.name(); }
    OnlineSourceStatus status() const override { return channel_.status(); }
    std::vector<OnlineCandidate> searchByBarcode(Gtin gtin, std::size_t limit,
                                                 const OnlineCall& call) override;
    std::vector<OnlineCandidate> searchByCatno(std::string_view catno, std::size_t limit,
                                               const OnlineCall& call) override;
    std::vector<OnlineCandidate> searchByText(std::string_view text, std::size_t limit,
                                              const OnlineCall& call) override;
    std::optional<OnlineRelease> release(const OnlineKey& key, const OnlineCall& call) override;
    std::optional<OnlineMaster> master(const OnlineKey& key, const OnlineCall& call) override;
    std::vector<OnlineCandidate> versions(const OnlineKey& master, std::size_t limit,
                                          const OnlineCall& call) override;

private:
    std::vector<OnlineCandidate> list(const std::string& path, const OnlineCall& call);
    /// The id behind a key, asked for through the link to the Discogs page when need be.
    std::optional<std::string> mbidOf(const OnlineKey& key, bool of_master, const OnlineCall& call);

    Channel channel_;
};

} // namespace gatefold::lookup
