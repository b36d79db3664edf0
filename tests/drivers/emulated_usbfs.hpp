#pragma once

#include "tests/drivers/emulated_usb.hpp"
#include "tests/support/skipped.hpp"

#include <fcntl.h>
#include <linux/usbdevice_fs.h>
#include <pty.h>
#include <termios.h>
#include <umockdev.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <stdexcept>

/// Only for emulated_usb.cpp: the model behind an EmulatedUsbDevice.
namespace gatefold::test {

/// The descriptors that a device of this kind answers with.
Bytes deviceDescriptor(const EmulatedUsbSpec& spec);
Bytes configDescriptor(const EmulatedUsbSpec& spec);

inline std::uint8_t low(std::size_t value) {
    return static_cast<std::uint8_t>(value & 0xFF);
}

inline std::uint8_t high(std::size_t value) {
    return static_cast<std::uint8_t>((value >> 8) & 0xFF);
}

inline std::int64_t monotonicNanoseconds() {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(
               std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

/// Throws when a call into GLib failed.
inline void check(bool good, GError* error, const char* what) {
    if (!good)
        throw std::runtime_error(std::string(what) + ": " +
                                 (error != nullptr ? error->message : "failed"));
}

/// The kernel's side of one device. Requests come on umockdev's thread, steps of the test on its
/// own.
class EmulatedUsbModel : public std::enable_shared_from_this<EmulatedUsbModel> {
public:
    EmulatedUsbModel(EmulatedUsbSpec spec, int address) : spec_(std::move(spec)) {
        char node[32];
        std::snprintf(node, sizeof node, "/dev/bus/usb/001/%03d", address);
        node_ = node;
        for (std::size_t i = 0; i < spec_.interfaces.size(); ++i)
            if (!spec_.interfaces[i].kernel_driver.empty())
                drivers_[static_cast<int>(i)] = spec_.interfaces[i].kernel_driver;
    }

    ~EmulatedUsbModel() { closeNode(); }

    void attach(UMockdevTestbed* bed) {
        makeNode();
        handler_ = umockdev_ioctl_base_new();
        // umockdev calls this from its own thread, maybe after the test has dropped the device: the
        // closure keeps the model.
        g_signal_connect_data(
            handler_, "handle-ioctl", G_CALLBACK(&EmulatedUsbModel::onIoctl),
            new std::shared_ptr<EmulatedUsbModel>(shared_from_this()),
            [](gpointer self, GClosure*) {
                delete static_cast<std::shared_ptr<EmulatedUsbModel>*>(self);
            },
            GConnectFlags(0));
        GError* error = nullptr;
        check(umockdev_testbed_attach_ioctl(bed, node_.c_str(), handler_, &error), error,
              "attach_ioctl");
    }

    /// Who opens it from now on finds nothing.
    void removeNode() const { unlink((EmulatedUsbBus::root() + node_).c_str()); }

    /// Only when no program can have a request out any more: umockdev aborts a program whose
    /// request it does not answer.
    void detach(UMockdevTestbed* bed) {
        const std::string root = EmulatedUsbBus::root();
        umockdev_testbed_detach_ioctl(bed, node_.c_str(), nullptr);
        unlink((root + "/ioctl/" + node_).c_str());
        g_object_unref(handler_);
        handler_ = nullptr;
    }

    void hangUp() {
        const std::lock_guard lock(mutex_);
        gone_ = true;
        for (const Transfer& transfer : waiting_)
            complete(transfer, -ESHUTDOWN, 0);
        waiting_.clear();
        queued_.clear();
        closeNode();
    }

    void send(std::uint8_t endpoint, std::vector<EmulatedReport> reports) {
        const std::lock_guard lock(mutex_);
        for (EmulatedReport& report : reports)
            queued_[endpoint].push_back(std::move(report));
        match();
        updatePoll();
    }

    EmulatedUsbSpec spec_;
    std::string node_;
    mutable std::mutex mutex_;
    std::function<void(std::int64_t)> on_delivered_;
    bool fail_reports_ = false;
    int claim_error_ = 0;
    bool gone_ = false;
    std::map<int, std::string> drivers_;
    std::map<int, UMockdevIoctlClient*> claimed_; ///< interface -> who has it
    std::vector<Bytes> requests_;

    bool drained() const {
        const std::lock_guard lock(mutex_);
        return done_.empty() && std::all_of(queued_.begin(), queued_.end(),
                                            [](const auto& entry) { return entry.second.empty(); });
    }

    /// A program that closes the node or dies takes its transfers and claims with it. umockdev does
    /// not tell, so the next one that opens it, or the test that ended it, does: all but `client`
    /// are forgotten.
    void forgetOthers(const UMockdevIoctlClient* client) {
        const auto drop = [client](const Transfer& transfer) {
            if (transfer.client == client)
                return false;
            g_object_unref(transfer.data);
            return true;
        };
        waiting_.remove_if(drop);
        std::erase_if(done_, drop);
        std::erase_if(claimed_, [client](const auto& claim) { return claim.second != client; });
        updatePoll();
    }

    std::size_t waiting() const {
        const std::lock_guard lock(mutex_);
        return waiting_.size();
    }

private:
    struct Transfer {
        UMockdevIoctlClient* client;
        UMockdevIoctlData* data;
        UMockdevIoctlData* buffer;
        usbdevfs_urb* urb() const { return reinterpret_cast<usbdevfs_urb*>(data->data); }
    };

    void makeNode() {
        int slave = -1;
        char name[64];
        termios raw{};
        cfmakeraw(&raw);
        if (openpty(&master_, &slave, name, &raw, nullptr) != 0)
            throw Skipped(std::string("no pseudo terminals here: openpty: ") +
                          std::strerror(errno));
        fcntl(master_, F_SETFD, FD_CLOEXEC);
        fcntl(slave, F_SETFD, FD_CLOEXEC);
        slave_ = slave; // keeps the terminal alive between opens
        const std::filesystem::path path = EmulatedUsbBus::root() + node_;
        std::filesystem::create_directories(path.parent_path());
        std::filesystem::remove(path);
        std::filesystem::create_symlink(name, path);
        setWritable(false);
    }

    void closeNode() {
        for (int* fd : {&master_, &slave_}) {
            if (*fd >= 0)
                close(*fd);
            *fd = -1;
        }
    }

    void setWritable(bool on) {
        if (on == writable_ || slave_ < 0)
            return;
        tcflow(slave_, on ? TCOON : TCOOFF);
        writable_ = on;
    }

    void updatePoll() { setWritable(!done_.empty()); }

    void complete(const Transfer& transfer, int status, int length) {
        transfer.urb()->status = status;
        transfer.urb()->actual_length = length;
        done_.push_back(transfer);
    }

    /// Hands queued reports to waiting transfers, oldest first.
    void match() {
        for (auto it = waiting_.begin(); it != waiting_.end();) {
            const auto queue = queued_.find(it->urb()->endpoint);
            if (queue == queued_.end() || queue->second.empty()) {
                ++it;
                continue;
            }
            const EmulatedReport report = std::move(queue->second.front());
            queue->second.pop_front();
            const auto room = static_cast<std::size_t>(it->urb()->buffer_length);
            const std::size_t length = std::min(report.bytes.size(), room);
            if (length > 0 && it->buffer != nullptr)
                std::memcpy(it->buffer->data, report.bytes.data(), length);
            complete(*it, report.bytes.size() > room ? -EOVERFLOW : report.status,
                     static_cast<int>(length));
            it = waiting_.erase(it);
            if (report.ends_code && on_delivered_)
                on_delivered_(monotonicNanoseconds());
        }
    }

    /// Answers a control request from the descriptors; negative errno or 0.
    int answer(const std::uint8_t* setup, Bytes& data) {
        constexpr std::uint8_t getDescriptor = 6;
        requests_.emplace_back(setup, setup + 8);
        if (setup[1] == getDescriptor) {
            switch (setup[3]) {
            case 0x01: data = deviceDescriptor(spec_); return 0;
            case 0x02: data = configDescriptor(spec_); return 0;
            case 0x03: return answerText(setup[2], data);
            case 0x22:
                if (fail_reports_ || setup[4] >= spec_.interfaces.size())
                    return -EPIPE;
                data = spec_.interfaces[setup[4]].report_descriptor;
                return 0;
            default: return -EPIPE;
            }
        }
        return (setup[0] & 0x60) == 0x20
                   ? 0
                   : -EPIPE; // class requests: SET_IDLE, SET_PROTOCOL, SET_REPORT
    }

    int answerText(std::uint8_t index, Bytes& data) const {
        const std::string* texts[] = {nullptr, &spec_.maker, &spec_.product, &spec_.serial};
        if (index == 0) {
            data = {4, 3, 0x09, 0x04};
            return 0;
        }
        if (index > 3 || texts[index]->empty())
            return -EPIPE;
        data = {low(2 + 2 * texts[index]->size()), 3};
        for (const char c : *texts[index]) {
            data.push_back(static_cast<std::uint8_t>(c));
            data.push_back(0);
        }
        return 0;
    }

    void control(const Transfer& transfer) {
        std::uint8_t* setup = transfer.buffer->data;
        const std::size_t wanted = setup[6] | (setup[7] << 8);
        Bytes data;
        const int status = answer(setup, data);
        const std::size_t length = (setup[0] & 0x80) != 0 ? std::min(data.size(), wanted) : wanted;
        if (status == 0 && (setup[0] & 0x80) != 0 && length > 0)
            std::memcpy(setup + 8, data.data(), length);
        complete(transfer, status, status == 0 ? static_cast<int>(length) : 0);
    }

    static gboolean onIoctl(UMockdevIoctlBase*, UMockdevIoctlClient* client, gpointer self) {
        auto& model = **static_cast<std::shared_ptr<EmulatedUsbModel>*>(self);
        const std::lock_guard lock(model.mutex_);
        const int result = model.handle(client, umockdev_ioctl_client_get_request(client));
        umockdev_ioctl_client_complete(client, result < 0 ? -1 : result, result < 0 ? -result : 0);
        return TRUE;
    }

    /// The argument of a request; a scratch area when the client died in the middle of it, for then
    /// nobody reads the answer.
    static std::uint8_t* argument(UMockdevIoctlClient* client, std::size_t size) {
        static std::uint8_t scratch[512];
        auto* data =
            umockdev_ioctl_data_resolve(umockdev_ioctl_client_get_arg(client), 0, size, nullptr);
        if (data != nullptr) {
            g_object_unref(data); // the argument holds it, too
            return data->data;
        }
        std::memset(scratch, 0, sizeof scratch);
        return scratch;
    }

    /// Result of the ioctl: 0 or more, or a negative errno.
    int handle(UMockdevIoctlClient* client, gulong request) {
        const bool worksWhenGone =
            request == USBDEVFS_REAPURBNDELAY || request == USBDEVFS_REAPURB ||
            request == USBDEVFS_RELEASEINTERFACE || request == USBDEVFS_DISCARDURB;
        if (gone_ && !worksWhenGone)
            return -ENODEV;
        switch (request) {
        case USBDEVFS_GET_CAPABILITIES: return capabilities(client);
        case USBDEVFS_GETDRIVER: return getDriver(client);
        case USBDEVFS_DISCONNECT_CLAIM:
            return claim(client, number(client), true); // the interface's number comes first
        case USBDEVFS_CLAIMINTERFACE: return claim(client, number(client), false);
        case USBDEVFS_RELEASEINTERFACE:
            if (gone_)
                return -ENODEV;
            return claimed_.erase(number(client)) != 0 ? 0 : -EINVAL;
        case USBDEVFS_IOCTL: return driverRequest(client);
        case USBDEVFS_SETCONFIGURATION:
        case USBDEVFS_SETINTERFACE:
        case USBDEVFS_CLEAR_HALT:
        case USBDEVFS_RESETEP:
        case USBDEVFS_RESET: return 0;
        case USBDEVFS_SUBMITURB: return submit(client);
        case USBDEVFS_DISCARDURB: return discard(client);
        case USBDEVFS_REAPURB:
        case USBDEVFS_REAPURBNDELAY: return reap(client);
        default: return -ENOTTY;
        }
    }

    static int number(UMockdevIoctlClient* client) {
        unsigned value = 0;
        std::memcpy(&value, argument(client, sizeof value), sizeof value);
        return static_cast<int>(value);
    }

    /// libusb's first request after opening.
    int capabilities(UMockdevIoctlClient* client) {
        forgetOthers(client);
        const __u32 value = USBDEVFS_CAP_ZERO_PACKET | USBDEVFS_CAP_BULK_CONTINUATION |
                            USBDEVFS_CAP_NO_PACKET_SIZE_LIM | USBDEVFS_CAP_BULK_SCATTER_GATHER |
                            USBDEVFS_CAP_REAP_AFTER_DISCONNECT;
        std::memcpy(argument(client, sizeof value), &value, sizeof value);
        return 0;
    }

    int getDriver(UMockdevIoctlClient* client) {
        auto* answer =
            reinterpret_cast<usbdevfs_getdriver*>(argument(client, sizeof(usbdevfs_getdriver)));
        const auto driver = drivers_.find(static_cast<int>(answer->interface));
        if (driver == drivers_.end())
            return -ENODATA;
        std::snprintf(answer->driver, sizeof answer->driver, "%s", driver->second.c_str());
        return 0;
    }

    int claim(UMockdevIoctlClient* client, int interface_number, bool disconnect) {
        if (claim_error_ != 0)
            return -claim_error_;
        if (const auto owner = claimed_.find(interface_number);
            owner != claimed_.end() && owner->second != client)
            return -EBUSY;
        if (disconnect)
            drivers_.erase(interface_number);
        if (drivers_.count(interface_number) != 0)
            return -EBUSY;
        claimed_[interface_number] = client;
        return 0;
    }

    int driverRequest(UMockdevIoctlClient* client) {
        const auto* request =
            reinterpret_cast<usbdevfs_ioctl*>(argument(client, sizeof(usbdevfs_ioctl)));
        const auto code = static_cast<unsigned>(request->ioctl_code);
        if (code == USBDEVFS_DISCONNECT)
            return drivers_.erase(request->ifno) != 0 ? 0 : -ENODATA;
        if (code != USBDEVFS_CONNECT)
            return -ENOTTY;
        const auto index = static_cast<std::size_t>(request->ifno);
        if (index >= spec_.interfaces.size() || spec_.interfaces[index].kernel_driver.empty())
            return 0;
        drivers_[request->ifno] = spec_.interfaces[index].kernel_driver;
        return 1;
    }

    int submit(UMockdevIoctlClient* client) {
        auto* data = umockdev_ioctl_data_resolve(umockdev_ioctl_client_get_arg(client), 0,
                                                 sizeof(usbdevfs_urb), nullptr);
        if (data == nullptr)
            return -EFAULT;
        const auto* urb = reinterpret_cast<usbdevfs_urb*>(data->data);
        const bool isControl = urb->type == USBDEVFS_URB_TYPE_CONTROL;
        if (!isControl && claimed_.empty()) {
            g_object_unref(data);
            return -EINVAL;
        }
        Transfer transfer{client, data, nullptr};
        if (urb->buffer_length > 0) {
            transfer.buffer =
                umockdev_ioctl_data_resolve(data, offsetof(usbdevfs_urb, buffer),
                                            static_cast<gsize>(urb->buffer_length), nullptr);
            if (transfer.buffer == nullptr) {
                g_object_unref(data);
                return -EFAULT;
            }
            g_object_unref(transfer.buffer); // the transfer's data holds it, too
        }
        if (isControl) {
            control(transfer);
        } else {
            waiting_.push_back(transfer);
            match();
        }
        updatePoll();
        return 0;
    }

    int discard(UMockdevIoctlClient* client) {
        gulong address = 0;
        std::memcpy(&address, umockdev_ioctl_client_get_arg(client)->data, sizeof address);
        const auto found = std::find_if(waiting_.begin(), waiting_.end(), [&](const Transfer& t) {
            return t.data->client_addr == address;
        });
        if (found == waiting_.end())
            return gone_ ? -ENODEV : -EINVAL;
        complete(*found, -ENOENT, 0);
        waiting_.erase(found);
        updatePoll();
        return 0;
    }

    int reap(UMockdevIoctlClient* client) {
        if (done_.empty())
            return gone_ ? -ENODEV : -EAGAIN;
        const Transfer transfer = done_.front();
        done_.pop_front();
        auto* place = umockdev_ioctl_data_resolve(umockdev_ioctl_client_get_arg(client), 0,
                                                  sizeof(void*), nullptr);
        if (place == nullptr) {
            g_object_unref(transfer.data);
            return -EFAULT;
        }
        umockdev_ioctl_data_set_ptr(
            place, 0, transfer.data); // carries the transfer and its buffer into the client
        g_object_unref(place);
        g_object_unref(transfer.data);
        if (!gone_)
            updatePoll();
        return 0;
    }

    UMockdevIoctlBase* handler_ = nullptr;
    std::list<Transfer> waiting_;
    std::deque<Transfer> done_;
    std::map<std::uint8_t, std::deque<EmulatedReport>> queued_;
    int master_ = -1, slave_ = -1;
    bool writable_ = true;
};

} // namespace gatefold::test
