#pragma once

#include "core/error.hpp"
#include "core/gtin.hpp"
#include "core/release.hpp"
#include "core/time.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Sources on the internet. They enrich what the house already answered, are asked by worker
/// threads only, and their absence is a visible state, never an error of the house.
namespace gatefold {

enum class OnlineState { off, ready, waiting, unauthorised, unreachable };
template <>
struct EnumNames<OnlineState> {
    static constexpr std::array<std::pair<OnlineState, std::string_view>, 5> names{{
        {OnlineState::off, "off"},
        {OnlineState::ready, "ready"},
        {OnlineState::waiting, "waiting"},
        {OnlineState::unauthorised, "unauthorised"},
        {OnlineState::unreachable, "unreachable"},
    }};
};

/// How one source is, for the page, `doctor` and metrics.
struct OnlineSourceStatus {
    std::string name; ///< "discogs", "musicbrainz", "coverart"
    OnlineState state = OnlineState::ready;
    std::string detail;                      ///< in words, empty when ready
    std::optional<WallTime> until;           ///< when it is asked again at the earliest
    std::optional<WallTime> last_success_at; ///< since the start of the process
    std::int64_t requests_waiting = 0;
    std::string notice; ///< what must stand beside its content: where it is from, no affiliation
    std::string notice_url; ///< where the notice leads
    static constexpr auto fields = fieldList(
        field("name", &OnlineSourceStatus::name), field("state", &OnlineSourceStatus::state),
        field("detail", &OnlineSourceStatus::detail, "in words, empty when ready"),
        field("until", &OnlineSourceStatus::until, "when it is asked again at the earliest"),
        field("last_success_at", &OnlineSourceStatus::last_success_at),
        field("requests_waiting", &OnlineSourceStatus::requests_waiting),
        field("notice", &OnlineSourceStatus::notice, "to be shown beside this source's content"),
        field("notice_url", &OnlineSourceStatus::notice_url));
};

/// Where a row came from and how long it may be shown.
struct OnlineOrigin {
    std::string source;     ///< the source's name
    std::string source_url; ///< the page about it, for people
    WallTime fetched_at{};  ///< when the source said so; older than now for a kept answer
    std::optional<WallTime> show_until; ///< none: may be kept
    static constexpr auto fields = fieldList(
        field("source", &OnlineOrigin::source), field("source_url", &OnlineOrigin::source_url),
        field("fetched_at", &OnlineOrigin::fetched_at),
        field("show_until", &OnlineOrigin::show_until, "not to be shown afterwards"));
    bool operator==(const OnlineOrigin&) const = default;
};

/// What names one release (or one master) at the sources: the Discogs number, the MusicBrainz id,
/// or both. A source uses the one that it knows.
struct OnlineKey {
    std::optional<std::int64_t> discogs_id;
    std::optional<std::string> mbid;
    bool operator==(const OnlineKey&) const = default;
};

/// A search hit. `release.release_id` is 0 where the source knows no Discogs number.
struct OnlineCandidate {
    Candidate release;
    std::vector<std::string> barcodes; ///< 14 digits each
    std::optional<std::string> mbid, master_mbid;
    std::optional<std::string> discogs_url;
    std::optional<std::string> cover_url, thumbnail_url; ///< at the source; not to be kept
    OnlineOrigin origin;
    static constexpr auto fields = fieldList(
        field("release", &OnlineCandidate::release), field("barcodes", &OnlineCandidate::barcodes),
        field("mbid", &OnlineCandidate::mbid), field("master_mbid", &OnlineCandidate::master_mbid),
        field("discogs_url", &OnlineCandidate::discogs_url),
        field("cover_url", &OnlineCandidate::cover_url),
        field("thumbnail_url", &OnlineCandidate::thumbnail_url),
        field("origin", &OnlineCandidate::origin));
    bool operator==(const OnlineCandidate&) const = default;
};

/// One release with everything the source says about it. `release.release_id` as above.
struct OnlineRelease {
    Release release;
    std::optional<std::string> mbid, master_mbid;
    std::optional<std::string> discogs_url;
    std::optional<std::string> cover_url, thumbnail_url;
    std::optional<bool> has_front_cover; ///< at the Cover Art Archive, where the source says so
    OnlineOrigin origin;
    static constexpr auto fields =
        fieldList(field("release", &OnlineRelease::release), field("mbid", &OnlineRelease::mbid),
                  field("master_mbid", &OnlineRelease::master_mbid),
                  field("discogs_url", &OnlineRelease::discogs_url),
                  field("cover_url", &OnlineRelease::cover_url),
                  field("thumbnail_url", &OnlineRelease::thumbnail_url),
                  field("has_front_cover", &OnlineRelease::has_front_cover),
                  field("origin", &OnlineRelease::origin));
    bool operator==(const OnlineRelease&) const = default;
};

struct OnlineMaster {
    std::optional<std::int64_t> master_id; ///< Discogs
    std::optional<std::string> mbid;       ///< MusicBrainz release group
    std::string title;
    std::string artist;
    std::optional<int> year;
    std::optional<std::int64_t> main_release_id;
    std::vector<std::string> genres, styles;
    std::optional<std::string> cover_url;
    OnlineOrigin origin;
    static constexpr auto fields = fieldList(
        field("master_id", &OnlineMaster::master_id), field("mbid", &OnlineMaster::mbid),
        field("title", &OnlineMaster::title), field("artist", &OnlineMaster::artist),
        field("year", &OnlineMaster::year),
        field("main_release_id", &OnlineMaster::main_release_id),
        field("genres", &OnlineMaster::genres), field("styles", &OnlineMaster::styles),
        field("cover_url", &OnlineMaster::cover_url), field("origin", &OnlineMaster::origin));
    bool operator==(const OnlineMaster&) const = default;
};

/// Longest edge in pixels: 250, 500, 1200, or the picture as it was uploaded.
enum class CoverSize { small, medium, large, original };

/// An image as it came; nothing about it is checked but its size and that it claims to be a JPEG,
/// PNG, GIF or WebP picture and starts like one.
struct OnlineCover {
    std::string bytes;        ///< at most 12 MiB
    std::string content_type; ///< "image/jpeg", "image/png", "image/gif", "image/webp"
    OnlineOrigin origin;      ///< source_url: the release's page at MusicBrainz
    std::string image_url;    ///< where the bytes were found at last
};

/// Who waits for the answer. A person's question overtakes background work in a source's queue.
enum class OnlinePriority { person, background };

/// How a call may wait: for its turn, for the source's limits and for its back-off, together at
/// most `max_wait`; a longer wait throws at once, naming the time.
struct OnlineCall {
    OnlinePriority priority = OnlinePriority::background;
    Millis max_wait{60'000};
    std::stop_token stop; ///< ends waiting and a running transfer
    bool refresh = false; ///< ask although a kept answer may still be shown
};

/// What every call below throws. Codes: `unavailable` (off, no answer, 5xx, not what the source
/// documents, wrong certificate), `rateLimited` (its limits or the queue's bound),
/// `unauthenticated` (token missing or refused, or the source refuses this box), `invalid` (the
/// question cannot be asked), `conflict` (stopped by the caller's stop_token; do not retry).
/// `retryAt` is the earliest time worth trying again; none: not before something changes (settings,
/// token, question).
class OnlineError : public Error {
public:
    OnlineError(ErrorCode code, std::string message, std::optional<WallTime> retry_at = {})
        : Error(code, std::move(message)), retry_at_(retry_at) {}
    std::optional<WallTime> retryAt() const noexcept { return retry_at_; }

private:
    std::optional<WallTime> retry_at_;
};

/// What all sources have. Callable from any thread.
class OnlineSource {
public:
    virtual ~OnlineSource() = default;
    /// Stable: "discogs", "musicbrainz", "coverart".
    virtual std::string_view name() const = 0;
    /// Answers at once, also while requests run; never throws.
    virtual OnlineSourceStatus status() const = 0;
};

/// A source of releases. All calls block until the answer is there, so only worker threads make
/// them, from any number of threads at once; each throws OnlineError. A search without hits is an
/// empty list, an id that the source does not know is nothing.
class ReleaseSource : public OnlineSource {
public:
    /// Hits whose own barcodes hold the code are exact and come first, others are weak. Asks in
    /// every spelling that the source needs (13 digits, 12 digits, free search), up to three
    /// requests.
    virtual std::vector<OnlineCandidate> searchByBarcode(Gtin gtin, std::size_t limit,
                                                         const OnlineCall& call) = 0;
    virtual std::vector<OnlineCandidate> searchByCatno(std::string_view catno, std::size_t limit,
                                                       const OnlineCall& call) = 0;
    /// Artist, title or both, as people type them.
    virtual std::vector<OnlineCandidate> searchByText(std::string_view text, std::size_t limit,
                                                      const OnlineCall& call) = 0;
    /// Discogs needs `discogs_id`; MusicBrainz takes `mbid`, or finds it through its links to the
    /// Discogs number (one request more). A key the source cannot use gives nothing.
    virtual std::optional<OnlineRelease> release(const OnlineKey& key, const OnlineCall& call) = 0;
    /// The Discogs master or the MusicBrainz release group.
    virtual std::optional<OnlineMaster> master(const OnlineKey& key, const OnlineCall& call) = 0;
    /// The releases of a master, at most `limit` (one page of at most 100).
    virtual std::vector<OnlineCandidate> versions(const OnlineKey& master, std::size_t limit,
                                                  const OnlineCall& call) = 0;
};

/// A source of covers that may be kept. Threads and errors as for ReleaseSource.
class CoverSource : public OnlineSource {
public:
    /// The front cover of a release, else that of its release group; ids are MusicBrainz ids,
    /// either may be missing. Nothing when the source has none. Sizes that do not exist for a
    /// picture are answered with the next larger one.
    virtual std::optional<OnlineCover> frontCover(const std::optional<std::string>& release_mbid,
                                                  const std::optional<std::string>& group_mbid,
                                                  CoverSize size, const OnlineCall& call) = 0;
};

} // namespace gatefold
