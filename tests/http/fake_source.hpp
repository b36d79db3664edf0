#pragma once

#include "ports/online_source.hpp"

#include <functional>
#include <optional>
#include <string_view>
#include <vector>

/// A source that nobody gave a token. It knows one release, 7000001.
class FakeReleaseSource : public gatefold::ReleaseSource {
public:
    std::function<void()> meanwhile = [] {}; ///< what happens while it is asked for a release

    using Candidates = std::vector<gatefold::OnlineCandidate>;
    std::string_view name() const override { return "discogs"; }
    gatefold::OnlineSourceStatus status() const override {
        gatefold::OnlineSourceStatus out;
        out.name = "discogs";
        out.state = gatefold::OnlineState::unauthorised;
        out.detail = "Discogs wants a token.";
        out.notice = "Data provided by Discogs.";
        out.notice_url = "https://www.discogs.com";
        return out;
    }
    Candidates searchByBarcode(gatefold::Gtin, std::size_t, const gatefold::OnlineCall&) override {
        return {};
    }
    Candidates searchByCatno(std::string_view, std::size_t, const gatefold::OnlineCall&) override {
        return {};
    }
    Candidates searchByText(std::string_view, std::size_t, const gatefold::OnlineCall&) override {
        return {};
    }
    std::optional<gatefold::OnlineRelease> release(const gatefold::OnlineKey& key,
                                                   const gatefold::OnlineCall&) override {
        meanwhile();
        if (key.discogs_id != 7'000'001)
            return std::nullopt;
        gatefold::OnlineRelease found;
        found.release.release_id = 7'000'001;
        found.release.title = "Found Online";
        found.release.artist = "Nobody";
        found.origin.source = "discogs";
        return found;
    }
    std::optional<gatefold::OnlineMaster> master(const gatefold::OnlineKey&,
                                                 const gatefold::OnlineCall&) override {
        return std::nullopt;
    }
    Candidates versions(const gatefold::OnlineKey&, std::size_t,
                        const gatefold::OnlineCall&) override {
        return {};
    }
};
