#include "catalogue/dump_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sodium.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <set>
#include <stdexcept>

namespace gatefold::test {

namespace {

std::string decoded(const std::string& text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size()) {
            out += static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16));
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

std::string sha256(const std::string& bytes) {
    std::array<unsigned char, crypto_hash_sha256_BYTES> sum{};
    crypto_hash_sha256(sum.data(), reinterpret_cast<const unsigned char*>(bytes.data()),
                       bytes.size());
    std::array<char, 2 * crypto_hash_sha256_BYTES + 1> hex{};
    sodium_bin2hex(hex.data(), hex.size(), sum.data(), sum.size());
    return hex.data();
}

} // namespace

std::string httpAnswer(const std::string& status, const std::string& type,
                       const std::string& body) {
    return "HTTP/1.1 " + status + "\r\nContent-Type: " + type +
           "\r\nContent-Length: " + std::to_string(body.size()) + "\r\nConnection: close\r\n\r\n" +
           body;
}

DumpServer::DumpServer() : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), length) != 0 ||
        ::listen(listener_, 8) != 0 ||
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length) != 0)
        throw std::runtime_error("no port on loopback");
    port_ = ntohs(address.sin_port);
    thread_ = std::jthread([this](const std::stop_token& stop) { serve(stop); });
}

DumpServer::~DumpServer() {
    thread_.request_stop();
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
}

void DumpServer::addFile(const std::string& name, std::string bytes) {
    const std::lock_guard lock(mutex_);
    files_["data/" + name.substr(8, 4) + "/" + name] = std::move(bytes);
}

void DumpServer::addMasters(const std::string& day, const std::string& packed) {
    addFile("discogs_" + day + "_masters.xml.gz", packed);
    mastersSum_ = sha256(packed);
}

void DumpServer::addDump(const std::string& day, const std::string& packed) {
    const std::string name = "discogs_" + day + "_releases.xml.gz";
    addFile("discogs_" + day + "_CHECKSUM.txt", mastersSum_ + " *discogs_" + day +
                                                    "_masters.xml.gz\n" + sha256(packed) + " *" +
                                                    name + "\n");
    addFile(name, packed);
}

std::vector<std::string> DumpServer::asked() const {
    const std::lock_guard lock(mutex_);
    return asked_;
}

void DumpServer::serve(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        const int connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (connection < 0)
            return;
        answer(connection);
        ::close(connection);
    }
}

void DumpServer::answer(int connection) {
    std::string head;
    std::array<char, 4096> piece;
    while (head.find("\r\n\r\n") == std::string::npos) {
        const ssize_t count = ::recv(connection, piece.data(), piece.size(), 0);
        if (count <= 0)
            return;
        head.append(piece.data(), static_cast<std::size_t>(count));
    }
    const auto query = head.find('=');
    const std::string key = decoded(head.substr(query + 1, head.find(' ', query) - query - 1));
    const auto range = head.find("Range: bytes=");
    const std::uint64_t from =
        range == std::string::npos || !partsAreServed ? 0 : std::stoull(head.substr(range + 13));
    std::string out = answerTo(key, from);
    const auto body = out.find("\r\n\r\n") + 4;
    if (cutAfter > 0 && key.ends_with(".gz") && out.size() > body + cutAfter)
        out.resize(body + cutAfter);
    for (std::size_t done = 0; done < out.size();) {
        const ssize_t count =
            ::send(connection, out.data() + done, out.size() - done, MSG_NOSIGNAL);
        if (count <= 0)
            return;
        done += static_cast<std::size_t>(count);
    }
}

std::string DumpServer::page(const std::string& folder) const {
    std::set<std::string> links;
    for (const auto& [key, bytes] : files_)
        if (key.starts_with(folder))
            links.insert(folder == "data/" ? "prefix=data%2F" + key.substr(5, 4) + "%2F"
                                           : "download=" + key);
    std::string out = "<html><body>";
    for (const std::string& link : links)
        out += "<a href=\"?" + link + "\">" + link + "</a>\n";
    return out;
}

std::string DumpServer::answerTo(const std::string& key, std::uint64_t from) {
    int nth = 0;
    {
        const std::lock_guard lock(mutex_);
        asked_.push_back(key + "@" + std::to_string(from));
        nth = ++times_[key];
    }
    if (instead)
        if (std::string other = instead(key, nth); !other.empty())
            return other;
    const std::lock_guard lock(mutex_);
    if (key.ends_with('/'))
        return httpAnswer("200 OK", "text/html", page(key));
    const auto found = files_.find(key);
    if (found == files_.end())
        return httpAnswer("404 Not Found", "text/html", "no such file");
    const std::string& bytes = found->second;
    if (from == 0)
        return httpAnswer("200 OK", "application/gzip", bytes);
    if (from >= bytes.size())
        return httpAnswer("416 Range Not Satisfiable", "text/plain", "");
    return "HTTP/1.1 206 Partial Content\r\nContent-Length: " +
           std::to_string(bytes.size() - from) + "\r\nContent-Range: bytes " +
           std::to_string(from) + "-" + std::to_string(bytes.size() - 1) + "/" +
           std::to_string(bytes.size()) + "\r\nConnection: close\r\n\r\n" + bytes.substr(from);
}

} // namespace gatefold::test
