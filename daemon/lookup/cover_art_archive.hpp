#pragma once

#include "lookup/channel.hpp"

namespace gatefold::lookup {

/// The Cover Art Archive: front covers that may be kept, stored at the Internet Archive, to whose
/// hosts it redirects.
class CoverArtArchive final : public CoverSource {
public:
    /// Throws OnlineError `invalid` for an address that is none.
    CoverArtArchive(SourceSettings settings, const Surroundings& around);

    std::string_view name() const override { return channel_.name(); }
    OnlineSourceStatus status() const override { return channel_.status(); }
    std::optional<OnlineCover> frontCover(const std::optional<std::string>& release_mbid,
                                          const std::optional<std::string>& group_mbid,
                                          CoverSize size, const OnlineCall& call) override;

private:
    std::optional<OnlineCover> coverOf(std::string_view kind, const std::string& mbid,
                                       CoverSize size, const OnlineCall& call);

    Channel channel_;
};

} // namespace gatefold::lookup
