#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace gatefold::test {

/// A store of dumps on loopback, in the form of data.discogs.com: an index of years, a page of
/// files a year, and the files, in parts when asked so.
class DumpServer {
public:
    DumpServer();
    ~DumpServer();
    DumpServer(const DumpServer&) = delete;
    DumpServer& operator=(const DumpServer&) = delete;

    std::string address() const { return "http://127.0.0.1:" + std::to_string(port_); }
    /// Puts a releases dump with a right checksum into the store.
    void addDump(const std::string& day, const std::string& packed);
    /// A masters dump beside it; its checksum is in the list that addDump() makes after it.
    void addMasters(const std::string& day, const std::string& packed);
    void addFile(const std::string& name, std::string bytes);

    /// Asked before each answer: a whole HTTP answer to give instead, or "" for the usual one.
    std::function<std::string(const std::string& key, int nth)> instead;
    /// After so many bytes of a file's body the connection is cut off; 0 = never.
    std::atomic<std::size_t> cutAfter = 0;
    bool partsAreServed = true;

    /// The keys asked for, with the first byte: "data/2026/x.gz@100".
    std::vector<std::string> asked() const;

private:
    void serve(const std::stop_token& stop);
    void answer(int connection);
    std::string answerTo(const std::string& key, std::uint64_t from);
    std::string page(const std::string& folder) const;

    std::string mastersSum_ = std::string(64, '0');
    int listener_ = -1;
    int port_ = 0;
    mutable std::mutex mutex_;
    std::map<std::string, std::string> files_; ///< by "data/2026/name"
    std::vector<std::string> asked_;
    std::map<std::string, int> times_;
    std::jthread thread_;
};

/// An answer with this status and body.
std::string httpAnswer(const std::string& status, const std::string& type, const std::string& body);

} // namespace gatefold::test
