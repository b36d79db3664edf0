#pragma once

#include "core/patch.hpp"
#include "ports/clock.hpp"
#include "ports/feedback.hpp"
#include "ports/scanner.hpp"
#include "ports/store.hpp"

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace gatefold {

/// A scanner or camera as people see it.
struct DeviceView {
    std::string id;
    std::int64_t version = 1;
    std::string driver, kind, port, product;
    std::string name; ///< what the household calls it, else its product
    std::optional<std::string> deck, layout;
    bool present = false;
    bool claimed = false;
    std::string note;                ///< why it is not claimed, or what to do
    bool layout_test = false;        ///< waits for the layout test code
    std::vector<std::string> pinned; ///< members that the configuration file fixes
    SourceContext context;
    std::optional<WallTime> last_scan_at;
    static constexpr auto fields = fieldList(
        field("id", &DeviceView::id), field("version", &DeviceView::version),
        field("driver", &DeviceView::driver), field("kind", &DeviceView::kind, "scanner or camera"),
        field("port", &DeviceView::port), field("product", &DeviceView::product),
        field("name", &DeviceView::name), field("deck", &DeviceView::deck),
        field("layout", &DeviceView::layout), field("present", &DeviceView::present),
        field("claimed", &DeviceView::claimed), field("note", &DeviceView::note),
        field("layout_test", &DeviceView::layout_test),
        field("pinned", &DeviceView::pinned, "members that the configuration file fixes"),
        field("context", &DeviceView::context), field("last_scan_at", &DeviceView::last_scan_at));
};

struct DevicePatch {
    Patch<std::string> name, deck, layout;
    static constexpr auto fields =
        fieldList(field("name", &DevicePatch::name), field("deck", &DevicePatch::deck),
                  field("layout", &DevicePatch::layout));
};

/// Scanners and cameras seen since start, and what the household set for them. Any thread.
class Devices : public DeviceSettings {
public:
    Devices(UnitOfWork& store, const Clock& clock, Feedback& feedback, std::vector<DevicePin> pins);

    std::string layoutOf(const std::string& device_id) const override;
    std::vector<DevicePin> pins() const override { return pins_; }

    /// From the drivers.
    void status(const DeviceStatus& status);
    void layoutFound(const std::string& device_id, const std::optional<std::string>& layout);
    void scanned(const std::string& device_id);

    std::vector<DeviceView> list() const;
    DeviceView device(const std::string& id) const;
    DeviceView edit(const std::string& id, const DevicePatch& patch, std::int64_t expected_version);
    /// The device waits for the layout test code for two minutes.
    DeviceView startLayoutTest(const std::string& id);
    /// The deck that a device's scans play on, when somebody said.
    std::optional<DeckId> deckOf(const std::string& device_id) const;

private:
    struct Seen {
        DeviceStatus status;
        std::optional<MonoTime> test_until;
        std::optional<WallTime> last_scan_at;
    };
    DeviceView present(const ReadTx& tx, const Seen& seen) const;
    const DevicePin* pinOf(const DeviceStatus& status) const;

    UnitOfWork& store_;
    const Clock& clock_;
    Feedback& feedback_;
    std::vector<DevicePin> pins_;
    mutable std::mutex mutex_;
    std::map<std::string, Seen> seen_;
};

/// Layouts that a keyboard scanner can be set to.
bool isLayout(std::string_view name);

} // namespace gatefold
