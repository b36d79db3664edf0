#pragma once

#include "core/time.hpp"
#include "drivers/hid_scanner/hid_pos_report.hpp"
#include "drivers/hid_scanner/layout_test.hpp"
#include "drivers/hid_scanner/recognition.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace gatefold::drivers {

/// What a reader made of reports: codes and layout tests, in order.
using Finding = std::variant<TextCode, LayoutTestResult>;
using Findings = std::vector<Finding>;

/// Turns the reports of one claimed interface into codes. No I/O; used by one thread.
class ReportReader {
public:
    virtual ~ReportReader() = default;
    /// Reads one report as it came over USB.
    virtual void read(std::span<const std::uint8_t> report, MonoTime now, Findings& findings) = 0;
    /// When idle() has to be called, if something is open.
    virtual std::optional<MonoTime> deadline() const = 0;
    /// Ends what is open when `now` is at or past the deadline.
    virtual void idle(MonoTime now, Findings& findings) = 0;
    /// Drops what is open: unplugged, stalled, or a report was lost.
    virtual void reset() = 0;
    /// Reports that could not be read so far.
    virtual std::size_t undecodable() const = 0;
    /// True when a person seems to type on it.
    virtual bool typedByHand() const { return false; }
};

struct ReaderOptions {
    std::function<std::string()> layout; ///< asked for each code of a keyboard
    bool on_trial = false;               ///< drop codes at a person's pace
    bool honeywell_ids = false;
    std::size_t packet_size = 64;
};

/// The reader for one interface; null when the descriptor does not hold what the protocol needs.
std::unique_ptr<ReportReader>
makeReportReader(Protocol protocol, const ReportDescriptor& descriptor, ReaderOptions options);

} // namespace gatefold::drivers
