#pragma once

#include "lookup/channel.hpp"

namespace gatefold::lookup {

/// Discogs API v2. Searches need a personal token; releases and masters are answered without one,
/// at a lower limit. Rows may be shown for six hours (its terms), and so long answers are kept.
class Discogs final : public ReleaseSource {
public:
    /// Throws OnlineError `invalid` for an address that is none.
    Discogs(SourceSettings settings, const Surroundings& around);

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
    std::vector<OnlineCandidate> search(std::string_view field, std::string_view value,
                                        const OnlineCall& call);

    Channel channel_;
};

} // namespace gatefold::lookup
