#include "reference_points.hpp"

#include "catalogue/byte_source.hpp"

#include <expat.h>
#include <zlib.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <vector>

namespace gatefold::bench {

namespace {

constexpr std::size_t pieceBytes = 1024 * 1024;

double secondsSince(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// Two pieces of memory that go back and forth between a reader and a parser.
struct Pieces {
    std::mutex mutex;
    std::condition_variable changed;
    std::vector<char> bytes[2] = {std::vector<char>(pieceBytes), std::vector<char>(pieceBytes)};
    std::size_t sizes[2] = {0, 0};
    bool full[2] = {false, false};
};

} // namespace

Pass gunzip(const std::filesystem::path& file) {
    const auto start = std::chrono::steady_clock::now();
    const gzFile in = gzopen(file.c_str(), "rb");
    if (in == nullptr)
        throw std::runtime_error("cannot open " + file.string());
    gzbuffer(in, 256 * 1024);
    std::vector<char> piece(pieceBytes);
    Pass pass;
    for (int count; (count = gzread(in, piece.data(), pieceBytes)) > 0;)
        pass.bytes += static_cast<std::uint64_t>(count);
    gzclose(in);
    pass.seconds = secondsSince(start);
    return pass;
}

Pass inflateOnly(const std::filesystem::path& file) {
    const auto start = std::chrono::steady_clock::now();
    catalogue::ByteSource source(file);
    std::vector<char> piece(pieceBytes);
    Pass pass;
    while (const std::size_t count = source.read(piece))
        pass.bytes += count;
    pass.seconds = secondsSince(start);
    return pass;
}

Pass expatOnly(const std::filesystem::path& file) {
    const auto start = std::chrono::steady_clock::now();
    Pieces pieces;
    std::jthread reader([&] {
        catalogue::ByteSource source(file);
        for (int turn = 0;; turn = 1 - turn) {
            std::unique_lock lock(pieces.mutex);
            pieces.changed.wait(lock, [&] { return !pieces.full[turn]; });
            lock.unlock();
            const std::size_t count = source.read(pieces.bytes[turn]);
            lock.lock();
            pieces.sizes[turn] = count;
            pieces.full[turn] = true;
            lock.unlock();
            pieces.changed.notify_all();
            if (count == 0)
                return;
        }
    });
    const XML_Parser parser = XML_ParserCreate(nullptr);
    std::uint64_t elements = 0;
    XML_SetUserData(parser, &elements);
    XML_SetElementHandler(
        parser,
        [](void* count, const XML_Char*, const XML_Char**) {
            ++*static_cast<std::uint64_t*>(count);
        },
        [](void*, const XML_Char*) {});
    XML_SetCharacterDataHandler(parser, [](void*, const XML_Char*, int) {});
    Pass pass;
    for (int turn = 0;; turn = 1 - turn) {
        std::unique_lock lock(pieces.mutex);
        pieces.changed.wait(lock, [&] { return pieces.full[turn]; });
        const std::size_t count = pieces.sizes[turn];
        lock.unlock();
        if (XML_Parse(parser, pieces.bytes[turn].data(), static_cast<int>(count), count == 0) ==
            XML_STATUS_ERROR)
            throw std::runtime_error("expat does not read the dump");
        if (count == 0)
            break;
        pass.bytes += count;
        lock.lock();
        pieces.full[turn] = false;
        lock.unlock();
        pieces.changed.notify_all();
    }
    XML_ParserFree(parser);
    pass.seconds = secondsSince(start);
    return pass;
}

} // namespace gatefold::bench
