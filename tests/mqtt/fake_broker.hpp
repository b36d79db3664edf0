#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

/// A broker that answers as told: just enough MQTT 3.1.1 and 5 for one publisher at a time. It
/// keeps nothing and forwards nothing.
namespace gatefold::test {

class FakeBroker {
public:
    static constexpr int hangUp = -1;

    struct Publish {
        std::string topic, payload;
        int qos = 0;
        bool retain = false;
        int connection = 0; ///< counts from 1
    };
    struct Script {
        /// The bytes that answer a CONNECT of this protocol level (4 or 5); none: hangs up.
        std::function<std::string(int level)> welcome = welcomed;
        /// The reason of the acknowledgement, or hangUp: then the acknowledgement of 0x87 goes out
        /// only if nothing more has come in behind the message, as with mosquitto 2.0.11.
        std::function<int(const Publish&)> acknowledge = [](const Publish&) { return 0; };
    };

    explicit FakeBroker(Script script);
    ~FakeBroker();
    FakeBroker(const FakeBroker&) = delete;
    FakeBroker& operator=(const FakeBroker&) = delete;

    static std::string welcomed(int level);
    int port() const { return port_; }
    std::vector<Publish> published() const;
    /// Payloads of one topic, in order.
    std::vector<std::string> payloads(const std::string& topic) const;
    /// The protocol level of each CONNECT.
    std::vector<int> levels() const;

private:
    struct Talk;
    void serve(const std::stop_token& stop);

    const Script script_;
    int listener_;
    int port_;
    mutable std::mutex mutex_;
    std::vector<Publish> published_;
    std::vector<int> levels_;
    std::jthread thread_;
};

} // namespace gatefold::test
