#pragma once

#include "core/time.hpp"
#include "drivers/hid_scanner/report_reader.hpp"
#include "drivers/hid_scanner/usb_probe.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace gatefold::drivers {

/// One claimed USB scanner: its handle, endpoints and readers. Used by the thread that handles
/// libusb events.
class UsbScanner {
public:
    using Deliver = std::function<void(const Finding&, MonoTime)>;

    /// Reports that come before this much silence after the claim were typed while nobody read;
    /// they are no fresh scans ...
    static constexpr Millis settleTime{100};
    /// ... but a scanner that never falls silent is read after this time all the same.
    static constexpr Millis longestSettling{2000};

    UsbScanner(Probe probe, const std::function<std::string()>& layout, Deliver deliver,
               MonoTime now);

    /// Clears a stall, ends idle codes, notices trouble. Call often, and at deadline(), with the
    /// moment up to which all reports have been read. No callback context.
    void step(MonoTime now);
    std::optional<MonoTime> deadline() const;

    /// True once the time for stale reports is over: the scanner may be called claimed.
    bool settled() const { return settled_; }
    /// True when it cannot be read any more: unplugged or failing.
    bool failed() const { return failed_; }
    bool gone() const { return gone_; }
    bool typedByHand() const;
    const std::string& note() const { return note_; }

    /// Stops reading and drops what is open. May be repeated.
    void cancel();
    /// True when all transfers have come back: only then may it be destroyed.
    bool idle() const;
    /// Gives its interfaces back to the kernel's driver; otherwise they stay detached, so that no
    /// scan reaches a console.
    void giveBack();
    std::size_t undecodable() const;

private:
    struct Channel {
        int interface_number = 0;
        std::unique_ptr<ReportReader> reader;
        std::unique_ptr<InterruptPipe> pipe;
        bool stalled = false;
        int troubles = 0; ///< without a report in between
    };
    void onReport(Channel& channel, std::span<const std::uint8_t> report);
    void onTrouble(Channel& channel, libusb_transfer_status status);
    void clearStall(Channel& channel);
    void deliver(const Findings& findings, MonoTime now);
    void fail(std::string note);

    UsbHandle handle_;
    Deliver deliver_;
    MonoTime settled_at_, settled_at_last_;
    bool settled_ = false;
    std::vector<std::unique_ptr<Channel>> channels_;
    std::string note_;
    bool failed_ = false, gone_ = false, cancelled_ = false;
};

/// The monotonic clock in the unit of scans.
MonoTime monotonicNow();

} // namespace gatefold::drivers
