#include "drivers/hid_scanner/usb_scanner.hpp"

#include <algorithm>
#include <utility>

namespace gatefold::drivers {

namespace {

/// Stalls and overflows in a row after which a scanner is closed and opened again.
constexpr int maxTroubles = 8;

std::size_t bufferSize(const ClaimedInterface& interface) {
    const std::size_t longest = std::max<std::size_t>(interface.descriptor.longestInputReport(), 1);
    const std::size_t packets = (longest + interface.packet_size - 1) / interface.packet_size;
    return packets * interface.packet_size;
}

} // namespace

MonoTime monotonicNow() {
    return std::chrono::time_point_cast<Millis>(std::chrono::steady_clock::now());
}

UsbScanner::UsbScanner(Probe probe, const std::function<std::string()>& layout, Deliver deliver,
                       MonoTime now)
    : handle_(std::move(probe.handle)),
      deliver_(std::move(deliver)),
      settled_at_(now + settleTime),
      settled_at_last_(now + longestSettling) {
    for (const ClaimedInterface& interface : probe.interfaces) {
        auto channel = std::make_unique<Channel>();
        channel->interface_number = interface.number;
        channel->reader =
            makeReportReader(interface.protocol, interface.descriptor,
                             {layout, probe.on_trial, probe.honeywell_ids, interface.packet_size});
        if (!channel->reader)
            continue;
        channel->pipe = std::make_unique<InterruptPipe>(
            handle_.get(), interface.endpoint, bufferSize(interface),
            [this, c = channel.get()](std::span<const std::uint8_t> report) {
                onReport(*c, report);
            },
            [this, c = channel.get()](libusb_transfer_status status) { onTrouble(*c, status); });
        channels_.push_back(std::move(channel));
    }
    for (const auto& channel : channels_)
        if (const int error = channel->pipe->start(); error != 0)
            fail(std::string("it cannot be read (") + libusb_error_name(error) +
                 "); Gatefold tries again by itself");
}

void UsbScanner::onReport(Channel& channel, std::span<const std::uint8_t> report) {
    channel.troubles = 0;
    const MonoTime now = monotonicNow();
    Findings findings;
    channel.reader->read(report, now, findings);
    if (settled_)
        deliver(findings, now);
    else
        settled_at_ = std::min(now + settleTime, settled_at_last_);
}

void UsbScanner::onTrouble(Channel& channel, libusb_transfer_status status) {
    channel.reader->reset(); // a report is missing: what is open would be half a code
    if (status == LIBUSB_TRANSFER_NO_DEVICE) {
        gone_ = true;
        fail("unplugged");
    } else if (++channel.troubles > maxTroubles || status == LIBUSB_TRANSFER_ERROR) {
        fail("it stopped answering; Gatefold tries again by itself, if it stays so unplug it and "
             "plug it in again");
    } else if (status == LIBUSB_TRANSFER_STALL) {
        channel.stalled = true;
    }
}

void UsbScanner::step(MonoTime now) {
    if (!settled_ && now >= settled_at_) {
        settled_ = true;
        for (const auto& channel : channels_)
            channel->reader->reset(); // what is open began before it
    }
    for (const auto& channel : channels_) {
        if (channel->stalled && !failed_)
            clearStall(*channel);
        if (cancelled_)
            continue;
        Findings findings;
        channel->reader->idle(now, findings);
        if (settled_)
            deliver(findings, now);
    }
}

void UsbScanner::clearStall(Channel& channel) {
    channel.stalled = false;
    if (libusb_clear_halt(handle_.get(), channel.pipe->endpoint()) != 0 ||
        channel.pipe->start() != 0)
        fail("its endpoint stays stalled; Gatefold tries again by itself, if it stays so unplug it "
             "and plug it in again");
}

void UsbScanner::deliver(const Findings& findings, MonoTime now) {
    for (const Finding& finding : findings)
        deliver_(finding, now);
}

std::optional<MonoTime> UsbScanner::deadline() const {
    std::optional<MonoTime> earliest;
    for (const auto& channel : channels_) {
        const auto due =
            channel->stalled ? std::optional(settled_at_) : channel->reader->deadline();
        if (due && (!earliest || *due < *earliest))
            earliest = due;
    }
    return earliest;
}

bool UsbScanner::typedByHand() const {
    return std::any_of(channels_.begin(), channels_.end(),
                       [](const auto& c) { return c->reader->typedByHand(); });
}

void UsbScanner::cancel() {
    cancelled_ = true;
    for (const auto& channel : channels_) {
        channel->reader->reset();
        channel->pipe->cancel();
    }
}

bool UsbScanner::idle() const {
    return std::all_of(channels_.begin(), channels_.end(),
                       [](const auto& c) { return c->pipe->idle(); });
}

void UsbScanner::giveBack() {
    for (const auto& channel : channels_)
        libusb_release_interface(handle_.get(), channel->interface_number);
}

std::size_t UsbScanner::undecodable() const {
    std::size_t count = 0;
    for (const auto& channel : channels_)
        count += channel->reader->undecodable();
    return count;
}

void UsbScanner::fail(std::string note) {
    failed_ = true;
    note_ = std::move(note);
}

} // namespace gatefold::drivers
