#pragma once

#include "app/identification.hpp"
#include "app/listening.hpp"
#include "ports/clock.hpp"
#include "ports/feedback.hpp"
#include "ports/scanner.hpp"
#include "ports/store.hpp"

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace gatefold {

/// One code from one source.
struct ScanRequest {
    std::string
        source; ///< device id, or what a client calls itself; "" = unnamed (never de-bounced)
    std::string bytes; ///< 1-4,096 bytes, any encoding
    std::optional<std::string> client_id;
    std::optional<WallTime> scanned_at;
    Symbology symbology = Symbology::unknown;
};

struct ScanReply {
    ScanAnswer answer;
    bool repeated = false; ///< the same scan again: the first answer
};

/// The path of a scan: journal, feedback, identification, outcome. Any thread; one scan at a time.
class Scanning {
public:
    /// `deck_of`: the deck that a device's scans play on when no card said otherwise.
    Scanning(UnitOfWork& store, const Clock& clock, const Identification& identification,
             Listening& listening, Feedback& feedback,
             std::function<std::optional<DeckId>(const std::string&)> deck_of);

    /// Throws `invalid` (no bytes, over 4,096), `diskFull` or `internal` when it could not be
    /// journalled. Once journalled it is never lost: what fails later is worked off at the next
    /// start.
    ScanReply scan(const ScanRequest& request);
    /// Takes back what this scan did. Throws `notFound`; `conflict` when there is nothing (left) to
    /// take back.
    ScanAnswer undo(ScanId id);
    /// Journal rows without an outcome, from before a crash: works them off. Returns how many.
    int recover();
    Page<ScanView> list(const PageRequest& page) const;

private:
    struct Last {
        std::string bytes;
        MonoTime at{};
        ScanAnswer answer;
    };
    std::optional<ScanAnswer> repeatOf(const ScanRequest& request, Now now);
    ScanAnswer process(ScanId id, const NewScan& scan, bool late);
    void recoverUnanswered();

    UnitOfWork& store_;
    const Clock& clock_;
    const Identification& identification_;
    Listening& listening_;
    Feedback& feedback_;
    std::function<std::optional<DeckId>(const std::string&)> deck_of_;
    std::mutex mutex_;
    std::map<std::string, Last> last_; ///< per source, for the two-second rule; bounded
    bool unanswered_ = false;          ///< some journal row still waits for its outcome
};

} // namespace gatefold
