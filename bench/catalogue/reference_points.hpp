#pragma once

#include <cstdint>
#include <filesystem>

namespace gatefold::bench {

/// Unpacked bytes and seconds of one way through a gzip file.
struct Pass {
    std::uint64_t bytes = 0;
    double seconds = 0;
};

/// zlib, as plain gunzip does it, into nothing.
Pass gunzip(const std::filesystem::path& file);
/// The inflater that the builder uses, into nothing.
Pass inflateOnly(const std::filesystem::path& file);
/// Inflate on one thread and expat on another, which counts elements and stores nothing.
Pass expatOnly(const std::filesystem::path& file);

} // namespace gatefold::bench
