#pragma once

#include "ports/online_source.hpp"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace gatefold::test {

/// A source that answers as a test says, and remembers what it was asked.
template <class Port>
class FakeSource : public Port {
public:
    explicit FakeSource(std::string name) : name_(std::move(name)) {}

    std::string_view name() const override { return name_; }
    OnlineSourceStatus status() const override {
        OnlineSourceStatus status;
        status.name = name_;
        status.state = state;
        status.notice = "Data provided by " + name_ + ".";
        status.notice_url = "https://" + name_ + ".test";
        return status;
    }

    OnlineState state = OnlineState::ready;
    std::function<void()> before_answer = [] {}; ///< throws when the source cannot answer
    std::vector<std::string> asked;

protected:
    void hear(const std::string& question, const OnlineCall& call) {
        asked.push_back(question);
        before_answer();
        if (call.stop.stop_requested())
            throw OnlineError(ErrorCode::conflict, "stopped");
    }

private:
    std::string name_;
};

class FakeReleaseSource final : public FakeSource<ReleaseSource> {
public:
    using FakeSource::FakeSource;

    std::vector<OnlineCandidate> searchByBarcode(Gtin gtin, std::size_t,
                                                 const OnlineCall& call) override {
        hear("barcode " + gtin.text(), call);
        return by_barcode[gtin.text()];
    }
    std::vector<OnlineCandidate> searchByCatno(std::string_view catno, std::size_t,
                                               const OnlineCall& call) override {
        hear("catno " + std::string(catno), call);
        return by_words[std::string(catno)];
    }
    std::vector<OnlineCandidate> searchByText(std::string_view text, std::size_t,
                                              const OnlineCall& call) override {
        hear("text " + std::string(text), call);
        return by_words[std::string(text)];
    }
    std::optional<OnlineRelease> release(const OnlineKey& key, const OnlineCall& call) override {
        const std::string name =
            key.discogs_id ? std::to_string(*key.discogs_id) : key.mbid.value_or("none");
        hear("release " + name, call);
        const auto found = releases.find(name);
        return found == releases.end() ? std::nullopt : std::optional(found->second);
    }
    std::optional<OnlineMaster> master(const OnlineKey&, const OnlineCall&) override {
        return std::nullopt;
    }
    std::vector<OnlineCandidate> versions(const OnlineKey&, std::size_t,
                                          const OnlineCall&) override {
        return {};
    }

    std::map<std::string, std::vector<OnlineCandidate>> by_barcode, by_words;
    std::map<std::string, OnlineRelease> releases; ///< by number or MusicBrainz id
};

class FakeCoverSource final : public FakeSource<CoverSource> {
public:
    using FakeSource::FakeSource;

    std::optional<OnlineCover> frontCover(const std::optional<std::string>& release_mbid,
                                          const std::optional<std::string>& group_mbid, CoverSize,
                                          const OnlineCall& call) override {
        const std::string name = release_mbid.value_or(group_mbid.value_or("none"));
        hear("cover " + name, call);
        const auto found = covers.find(name);
        if (found == covers.end())
            return std::nullopt;
        return OnlineCover{found->second, "image/jpeg", {}, ""};
    }

    std::map<std::string, std::string> covers; ///< bytes by MusicBrainz id
};

} // namespace gatefold::test
