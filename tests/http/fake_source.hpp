#pragma once

#include "ports/online_source.hpp"

#include <optional>
#include <string_view>
#include <vector>

/// A source that nobody gave a token.
class FakeReleaseSource : public gatefold::ReleaseSource {
public:
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
    std::optional<gatefold::OnlineRelease> release(const gatefold::OnlineKey&,
                                                   const gatefold::OnlineCall&) override {
        return std::nullopt;
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
