#pragma once

#include "ports/clock.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>

namespace gatefold::catalogue {

/// How a store of dumps is asked.
struct DownloadOptions {
    std::string user_agent;
    std::string ca_file; ///< PEM; empty: the system's certificates
    Millis connect_timeout{10'000};
    Millis read_timeout{30'000}; ///< without a byte
    Millis first_pause{2'000};   ///< before another try; doubles up to ten minutes
    int most_tries = 8;          ///< without a byte of progress
};

/// A small text, at most `mostBytes`. Tries again after failures that may pass (no connection,
/// 429, 5xx). Throws Error: `unavailable` with what went wrong in words, `conflict` when stopped.
std::string downloadText(const std::string& address, std::size_t mostBytes,
                         const DownloadOptions& options, const std::stop_token& stop);

struct FileDownload {
    std::string address;
    std::filesystem::path target; ///< where it stands once it is whole and right
    std::string sha256;           ///< 64 hex digits, lower case
    /// Told the bytes that are still to come before the first one is written; throws when there is
    /// no room for them.
    std::function<void(std::uint64_t missing, std::uint64_t total)> makeRoom;
    std::function<void(std::uint64_t bytes, std::uint64_t total)> progress;
};

/// Fetches a file into `<target>.part`, goes on where an earlier try or process ended (HTTP Range),
/// checks its SHA-256 and gives it its name. The part stays after failures that may pass, and goes
/// after a wrong checksum (once a resumed file is fetched anew first). Throws Error: `unavailable`,
/// `malformed` (wrong checksum, a web page), `diskFull`, `forbidden`, `conflict` (stopped, or
/// another process fetches it).
void downloadFile(const FileDownload& file, const DownloadOptions& options,
                  const std::stop_token& stop);

} // namespace gatefold::catalogue
