#pragma once

#include "catalogue/dump_reader.hpp"
#include "catalogue/key_sorter.hpp"
#include "catalogue/records.hpp"
#include "catalogue/release_parser.hpp"
#include "catalogue/search_keys.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace gatefold::catalogue {

/// What became of one batch of the dump, ready to be written.
struct IndexedBatch {
    struct Block {
        std::uint32_t first = 0, last = 0;
        std::string facts, details; ///< packed
    };
    std::vector<Block> blocks;
    std::vector<SkippedRelease> skipped;
    std::uint64_t read = 0, kept = 0;
    std::uint64_t barcodes = 0, catnos = 0,
                  runouts = 0; ///< printed ones, however many keys each has
};

/// Parses batches, packs what is kept into blocks and collects the keys to find it by. One thread
/// each; the keys of all threads are merged at the end.
class BatchIndexer {
public:
    /// A block's releases lie within one stretch of this many ids, so that a release is found in
    /// few steps even when the dump is not in order.
    static constexpr unsigned idStretchBits = 16;
    static constexpr std::size_t blockReleases = 48;

    /// Uses about `memoryBytes` for keys before they go to `spill`. `mainReleases` marks main
    /// releases beside what the dump says and must outlive the indexer.
    BatchIndexer(SpillFile& spill, std::size_t memoryBytes, bool allFormats,
                 const std::vector<bool>& mainReleases);

    IndexedBatch index(DumpBatch& batch);
    /// Sorts the keys that are in memory; after the last batch.
    void finish();

    KeySorter barcodes, catnos, runouts, words;

private:
    void keep(RawRelease& release, IndexedBatch& out);
    void closeBlock(IndexedBatch& out);
    void addBarcodes(const RawRelease& release, IndexedBatch& out);
    void addCatnos(const RawRelease& release, IndexedBatch& out);
    void addRunouts(const RawRelease& release, IndexedBatch& out);
    void addWords(const RawRelease& release);

    bool allFormats_;
    const std::vector<bool>& mainReleases_;
    ReleaseParser parser_;
    WordSplitter splitter_;
    BlockPacker factsPacker_, detailsPacker_;
    std::vector<std::string> wordsOfRelease_;
    std::string facts_, details_;
    std::uint32_t first_ = 0, last_ = 0;
    std::size_t inBlock_ = 0;
};

/// A barcode's key in its sorted list: seven bytes, highest first, so that numbers and bytes sort
/// alike.
std::string barcodeKey(std::uint64_t gtin);

} // namespace gatefold::catalogue
