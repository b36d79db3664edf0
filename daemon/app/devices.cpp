#include "app/devices.hpp"

#include "core/error.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

namespace gatefold {

namespace {

using namespace std::chrono_literals;

constexpr auto layoutTestLasts = 2min;
constexpr std::size_t longestName = 120;
constexpr std::size_t mostDevices = 64;

constexpr std::array<std::string_view, 9> layouts{"us", "uk", "de", "fr", "dk",
                                                  "no", "se", "es", "it"};

void checkName(const std::optional<std::string>& name) {
    if (name &&
        (trimmed(*name).empty() || name->size() > longestName || hasControlCharacters(*name)))
        throw Error(ErrorCode::invalid, "A name has 1 to 120 bytes.", "name");
}

} // namespace

bool isLayout(std::string_view name) {
    return std::find(layouts.begin(), layouts.end(), name) != layouts.end();
}

Devices::Devices(UnitOfWork& store, const Clock& clock, Feedback& feedback,
                 std::vector<DevicePin> pins)
    : store_(store), clock_(clock), feedback_(feedback), pins_(std::move(pins)) {}

const DevicePin* Devices::pinOf(const DeviceStatus& status) const {
    for (const DevicePin& pin : pins_)
        if (pin.match == status.port)
            return &pin;
    return nullptr;
}

std::string Devices::layoutOf(const std::string& device_id) const {
    const std::scoped_lock lock(mutex_);
    const auto seen = seen_.find(device_id);
    if (seen != seen_.end())
        if (const DevicePin* pin = pinOf(seen->second.status); pin && pin->layout)
            return *pin->layout;
    const auto row = store_.read([&](const ReadTx& tx) { return tx.devices.find(device_id); });
    return row && row->layout ? *row->layout : "us";
}

std::optional<DeckId> Devices::deckOf(const std::string& device_id) const {
    {
        const std::scoped_lock lock(mutex_);
        const auto seen = seen_.find(device_id);
        if (seen == seen_.end())
            return std::nullopt; // no device: a name that a client gave itself
        if (const DevicePin* pin = pinOf(seen->second.status); pin && pin->deck)
            return *pin->deck;
    }
    const auto row = store_.read([&](const ReadTx& tx) { return tx.devices.find(device_id); });
    return row ? row->deck : std::nullopt;
}

void Devices::status(const DeviceStatus& status) {
    bool claimed_now = false;
    {
        const std::scoped_lock lock(mutex_);
        if (!seen_.contains(status.id) && seen_.size() >= mostDevices)
            return;
        Seen& seen = seen_[status.id];
        claimed_now = status.claimed && !seen.status.claimed && status.kind == "scanner";
        seen.status = status;
    }
    if (claimed_now)
        feedback_.play(Tone::ready, status.id);
}

void Devices::layoutFound(const std::string& device_id, const std::optional<std::string>& layout) {
    {
        const std::scoped_lock lock(mutex_);
        const auto seen = seen_.find(device_id);
        if (seen == seen_.end())
            return;
        seen->second.test_until.reset();
        if (!layout)
            seen->second.status.note = "The layout test fits none of the layouts Gatefold knows. "
                                       "Digits work all the same.";
    }
    if (layout) {
        store_.write([&](Tx& tx) {
            DeviceRow row =
                tx.devices.find(device_id).value_or(DeviceRow{device_id, 1, {}, {}, {}});
            row.layout = layout;
            tx.devices.save(row, std::nullopt);
        });
    }
    feedback_.play(layout ? Tone::control : Tone::error, device_id);
}

void Devices::scanned(const std::string& device_id) {
    const std::scoped_lock lock(mutex_);
    const auto seen = seen_.find(device_id);
    if (seen != seen_.end())
        seen->second.last_scan_at = clock_.now().wall;
}

DeviceView Devices::present(const ReadTx& tx, const Seen& seen) const {
    const DeviceStatus& status = seen.status;
    const DeviceRow row = tx.devices.find(status.id).value_or(DeviceRow{status.id, 1, {}, {}, {}});
    DeviceView view;
    view.id = status.id;
    view.version = row.version;
    view.driver = status.driver;
    view.kind = status.kind;
    view.port = status.port;
    view.product = status.product;
    view.name = row.name.value_or(status.product);
    view.deck = row.deck;
    view.layout = row.layout;
    view.present = status.present;
    view.claimed = status.claimed;
    view.note = status.note;
    view.layout_test = seen.test_until && clock_.now().mono < *seen.test_until;
    view.last_scan_at = seen.last_scan_at;
    if (const DevicePin* pin = pinOf(status)) {
        const auto take = [&](const char* member, const std::optional<std::string>& value,
                              auto& target) {
            if (!value)
                return;
            target = *value;
            view.pinned.emplace_back(member);
        };
        take("name", pin->name, view.name);
        take("deck", pin->deck, view.deck);
        take("layout", pin->layout, view.layout);
    }
    if (const auto kept = tx.scans.context(status.id);
        kept && clock_.now().wall - kept->used_at <= 30min)
        view.context = kept->context;
    return view;
}

std::vector<DeviceView> Devices::list() const {
    const auto seen = [&] {
        const std::scoped_lock lock(mutex_);
        return seen_;
    }();
    return store_.read([&](const ReadTx& tx) {
        std::vector<DeviceView> views;
        views.reserve(seen.size());
        for (const auto& [id, device] : seen)
            views.push_back(present(tx, device));
        return views;
    });
}

DeviceView Devices::device(const std::string& id) const {
    const auto seen = [&]() -> std::optional<Seen> {
        const std::scoped_lock lock(mutex_);
        const auto found = seen_.find(id);
        return found == seen_.end() ? std::nullopt : std::optional(found->second);
    }();
    if (!seen)
        throw Error(ErrorCode::notFound, "There is no device " + printable(id) + ".", "id");
    return store_.read([&](const ReadTx& tx) { return present(tx, *seen); });
}

DeviceView Devices::edit(const std::string& id, const DevicePatch& patch,
                         std::int64_t expected_version) {
    const DeviceView before = device(id);
    const auto refusePinned = [&](const char* member, bool given) {
        if (given &&
            std::find(before.pinned.begin(), before.pinned.end(), member) != before.pinned.end())
            throw Error(ErrorCode::conflict, "The configuration file fixes this; change it there.",
                        member);
    };
    refusePinned("name", patch.name.given);
    refusePinned("deck", patch.deck.given);
    refusePinned("layout", patch.layout.given);
    checkName(patch.name.value);
    if (patch.layout.value && !isLayout(*patch.layout.value))
        throw Error(ErrorCode::invalid, "Layouts are us, uk, de, fr, dk, no, se, es, it.",
                    "layout");
    store_.write([&](Tx& tx) {
        if (patch.deck.value && !tx.decks.find(*patch.deck.value))
            throw Error(ErrorCode::notFound,
                        "There is no deck " + printable(*patch.deck.value) + ".", "deck");
        DeviceRow row = tx.devices.find(id).value_or(DeviceRow{id, 1, {}, {}, {}});
        patch.name.apply(row.name);
        patch.deck.apply(row.deck);
        patch.layout.apply(row.layout);
        tx.devices.save(row, expected_version);
    });
    return device(id);
}

DeviceView Devices::startLayoutTest(const std::string& id) {
    {
        const std::scoped_lock lock(mutex_);
        const auto seen = seen_.find(id);
        if (seen == seen_.end())
            throw Error(ErrorCode::notFound, "There is no device " + printable(id) + ".", "id");
        if (!seen->second.status.claimed)
            throw Error(ErrorCode::conflict, "This device is not read at the moment.", "id");
        seen->second.test_until = clock_.now().mono + layoutTestLasts;
    }
    return device(id);
}

} // namespace gatefold
