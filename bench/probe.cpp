// probe subscribe PORT TOPIC: prints "NS PAYLOAD" for each message, NS on CLOCK_MONOTONIC at its
// receipt. probe bare PORT FILE: for each line "BYTES BYTES" on standard input does what a scan
// cannot do without: two writes of that size, each with fdatasync, then a QoS 1 publish to itself;
// prints "SYNCS_NS PUBLISH_NS".
#include <mosquitto.h>

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

constexpr long mebibyte = 1024L * 1024;
constexpr long journalBytes = 32 * mebibyte;
constexpr int payloadBytes = 300; // an `event/scan` document
constexpr const char* bareTopic = "bare";

long long now() {
    timespec time{};
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1'000'000'000LL + time.tv_nsec;
}

void check(int result, const char* what) {
    if (result != MOSQ_ERR_SUCCESS)
        throw std::runtime_error(std::string(what) + ": " + mosquitto_strerror(result));
}

/// One MQTT 5 connection; `received` is the time of the last message.
class Client {
public:
    Client(int port, std::string topic, bool prints)
        : topic_(std::move(topic)), prints_(prints), handle_(mosquitto_new(nullptr, true, this)) {
        check(mosquitto_int_option(handle_, MOSQ_OPT_PROTOCOL_VERSION, MQTT_PROTOCOL_V5),
              "protocol");
        check(mosquitto_int_option(handle_, MOSQ_OPT_TCP_NODELAY, 1), "no delay");
        mosquitto_message_callback_set(handle_,
                                       [](mosquitto*, void* self, const mosquitto_message* m) {
                                           static_cast<Client*>(self)->heard(*m);
                                       });
        mosquitto_subscribe_callback_set(handle_, [](mosquitto*, void* self, int, int, const int*) {
            static_cast<Client*>(self)->subscribed_ = true;
        });
        check(mosquitto_connect(handle_, "127.0.0.1", port, 60), "connect");
        check(mosquitto_subscribe(handle_, nullptr, topic_.c_str(), 1), "subscribe");
        while (!subscribed_)
            turn();
    }
    ~Client() { mosquitto_destroy(handle_); }
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    void turn() { check(mosquitto_loop(handle_, 1000, 1), "loop"); }

    /// Nanoseconds from the publish to its receipt here.
    long long roundTrip(const std::string& payload) {
        received_ = 0;
        const long long began = now();
        check(mosquitto_publish(handle_, nullptr, topic_.c_str(), static_cast<int>(payload.size()),
                                payload.data(), 1, false),
              "publish");
        while (received_ == 0)
            turn();
        return received_ - began;
    }

private:
    void heard(const mosquitto_message& message) {
        received_ = now();
        if (prints_)
            std::printf("%lld %.*s\n", received_, message.payloadlen,
                        static_cast<const char*>(message.payload));
    }

    std::string topic_;
    bool prints_;
    bool subscribed_ = false;
    long long received_ = 0;
    mosquitto* handle_;
};

/// Bytes written over blocks that the file has already, as in a write-ahead log in use.
class Journal {
public:
    explicit Journal(const char* path) : file_(open(path, O_CREAT | O_RDWR | O_TRUNC, 0600)) {
        const std::vector<char> block(static_cast<std::size_t>(mebibyte), 'x');
        for (long at = 0; at < journalBytes; at += mebibyte)
            if (pwrite(file_, block.data(), block.size(), at) != mebibyte)
                throw std::runtime_error("cannot write the journal");
        fsync(file_);
    }
    ~Journal() { close(file_); }
    Journal(const Journal&) = delete;
    Journal& operator=(const Journal&) = delete;

    long long append(const std::vector<char>& bytes) {
        const auto length = static_cast<long>(bytes.size());
        if (at_ + length > journalBytes)
            at_ = 0;
        const long long began = now();
        if (pwrite(file_, bytes.data(), bytes.size(), at_) != length || fdatasync(file_) != 0)
            throw std::runtime_error("cannot write the journal");
        at_ += length;
        return now() - began;
    }

private:
    int file_;
    long at_ = 0;
};

void bare(int port, const char* path) {
    Client client(port, bareTopic, false);
    Journal journal(path);
    const std::string payload(payloadBytes, 'x');
    for (unsigned first = 0, second = 0; std::scanf("%u %u", &first, &second) == 2;) {
        long long syncs = journal.append(std::vector<char>(first, 'x'));
        syncs += journal.append(std::vector<char>(second, 'x'));
        std::printf("%lld %lld\n", syncs, client.roundTrip(payload));
    }
}

} // namespace

int main(int argc, char** argv) {
    const std::string verb = argc == 4 ? argv[1] : "";
    if (verb != "subscribe" && verb != "bare") {
        std::fprintf(stderr, "usage: probe subscribe PORT TOPIC | probe bare PORT FILE\n");
        return 64;
    }
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
    mosquitto_lib_init();
    try {
        if (verb == "bare")
            bare(std::atoi(argv[2]), argv[3]);
        else
            for (Client client(std::atoi(argv[2]), argv[3], true);;)
                client.turn();
        return 0;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "probe: %s\n", error.what());
        return 1;
    }
}
