#include "catalogue/builder.hpp"

#include "catalogue/batch_indexer.hpp"
#include "catalogue/build_pipeline.hpp"
#include "catalogue/catalogue_files.hpp"
#include "catalogue/index_file.hpp"
#include "catalogue/key_pages.hpp"
#include "catalogue/masters.hpp"
#include "catalogue/progress_file.hpp"
#include "catalogue/skip_report.hpp"
#include "core/error.hpp"
#include "core/text.hpp"
#include "core/time.hpp"

#include <algorithm>
#include <chrono>
#include <exception>
#include <thread>
#include <vector>

namespace gatefold::catalogue {

namespace {

/// For the keys of all threads together; what sorting and merging need beside it keeps the whole
/// below 256 MB.
constexpr std::size_t keyMemoryBytes = 72 * 1024 * 1024;
constexpr std::size_t reversedMemoryBytes = 16 * 1024 * 1024;
constexpr unsigned maxJobs = 16;
/// Words worth correcting a typo in.
constexpr std::size_t shortestCorrectable = 4;

using Sorters = std::vector<KeySorter*>;

KeyPageWriter pagesOf(IndexFile& file, KeyList list) {
    return KeyPageWriter([&file, list](std::string_view first, std::string_view page) {
        file.addPage(list, first, page);
    });
}

void writeList(IndexFile& file, KeyList list, const Sorters& sorters, const std::stop_token& stop) {
    KeyPageWriter pages = pagesOf(file, list);
    mergeSorted(sorters, [&](std::string_view key, std::uint32_t value) {
        pages.add(key, value);
        if (stop.stop_requested())
            throw Error(ErrorCode::conflict, "the build was stopped");
    });
    pages.finish();
}

bool correctable(std::string_view word) {
    return word.size() >= shortestCorrectable &&
           std::none_of(word.begin(), word.end(), isAsciiDigit);
}

/// The words, each with its releases; beside them the vocabulary forwards and backwards, in which
/// words with a typo are looked for.
void writeWords(IndexFile& file, const Sorters& sorters, SpillFile& spill,
                const std::stop_token& stop) {
    KeyPageWriter words = pagesOf(file, KeyList::word);
    KeyPageWriter vocabulary = pagesOf(file, KeyList::vocabulary);
    KeySorter reversed(spill, reversedMemoryBytes);
    std::string current;
    std::uint32_t releases = 0;
    const auto closeWord = [&] {
        if (!correctable(current))
            return;
        vocabulary.add(current, releases);
        reversed.add(std::string(current.rbegin(), current.rend()), releases);
    };
    mergeSorted(sorters, [&](std::string_view word, std::uint32_t release) {
        if (word != current) {
            closeWord();
            current = word;
            releases = 0;
            if (stop.stop_requested())
                throw Error(ErrorCode::conflict, "the build was stopped");
        }
        ++releases;
        words.add(word, release);
    });
    closeWord();
    words.finish();
    vocabulary.finish();
    reversed.finish();
    writeList(file, KeyList::reversed, {&reversed}, stop);
}

/// All lists, the words on a thread of their own: they are half of the work.
void writeLists(IndexFile& file, std::vector<std::unique_ptr<BatchIndexer>>& indexers,
                SpillFile& spill, const std::stop_token& stop) {
    const auto all = [&](KeySorter BatchIndexer::*member) {
        Sorters sorters;
        for (const auto& indexer : indexers)
            sorters.push_back(&((*indexer).*member));
        return sorters;
    };
    std::exception_ptr failure;
    {
        std::jthread words([&]() noexcept {
            try {
                writeWords(file, all(&BatchIndexer::words), spill, stop);
            } catch (...) {
                failure = std::current_exception();
            }
        });
        writeList(file, KeyList::barcode, all(&BatchIndexer::barcodes), stop);
        writeList(file, KeyList::catno, all(&BatchIndexer::catnos), stop);
        writeList(file, KeyList::runout, all(&BatchIndexer::runouts), stop);
    }
    if (failure)
        std::rethrow_exception(failure);
}

void writeMeta(IndexFile& file, const BuildRequest& request, const BuildSummary& summary) {
    const auto now = std::chrono::time_point_cast<Millis>(std::chrono::system_clock::now());
    file.setMeta("built_at", isoTime(now));
    file.setMeta("source", request.input == "-" ? std::string("standard input")
                                                : request.input.filename().string());
    file.setMeta("all_formats", std::int64_t{request.formats == Formats::all});
    file.setMeta("masters", summary.masters);
    file.setMeta("releases", summary.releases_kept);
    file.setMeta("barcodes", summary.barcodes);
    file.setMeta("catnos", summary.catnos);
    file.setMeta("runouts", summary.runouts);
}

/// Main releases by the masters dump, when one is given; titles and years go into `file`.
std::vector<bool> mastersOf(const BuildRequest& request, IndexFile& file, BuildSummary& summary) {
    if (!request.masters)
        return {};
    try {
        Masters masters = readMasters(*request.masters, file, request.stop);
        summary.masters = masters.count;
        return std::move(masters.mainReleases);
    } catch (const Error& error) {
        if (!request.mastersFailed || error.code() == ErrorCode::conflict ||
            error.code() == ErrorCode::diskFull)
            throw;
        file.dropMasters();
        request.mastersFailed(error.message());
        return {};
    }
}

void addCounts(BuildSummary& summary, const IndexedBatch& batch) {
    summary.releases_read += static_cast<std::int64_t>(batch.read);
    summary.releases_kept += static_cast<std::int64_t>(batch.kept);
    summary.releases_skipped += static_cast<std::int64_t>(batch.skipped.size());
    summary.barcodes += static_cast<std::int64_t>(batch.barcodes);
    summary.catnos += static_cast<std::int64_t>(batch.catnos);
    summary.runouts += static_cast<std::int64_t>(batch.runouts);
}

} // namespace

BuildSummary buildCatalogue(const BuildRequest& request) {
    const auto started = std::chrono::steady_clock::now();
    const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
    const unsigned jobs = std::clamp(request.jobs == 0 ? cores : request.jobs, 1U, maxJobs);
    const CatalogueFiles files(request.output);
    ByteSource source(request.input);
    const BuildLock lock(files);
    SpillFile spill(files.folder);
    IndexFile file(files.building);
    SkipReport report(files.reportInWork);
    BuildSummary summary;
    const std::vector<bool> mainReleases = mastersOf(request, file, summary);
    std::vector<std::unique_ptr<BatchIndexer>> indexers;
    for (unsigned i = 0; i < jobs; ++i)
        indexers.push_back(std::make_unique<BatchIndexer>(
            spill, keyMemoryBytes / jobs, request.formats == Formats::all, mainReleases));

    ProgressFile shown(request.output, CataloguePhase::build);
    DumpReader reader(source);
    runPipeline(reader, indexers, request.stop, [&](const IndexedBatch& batch) {
        for (const IndexedBatch::Block& block : batch.blocks)
            file.addBlock(block.first, block.last, block.facts, block.details);
        addCounts(summary, batch);
        report.add(batch.skipped);
        shown.show(source.packedRead(), source.packedTotal(),
                   static_cast<std::uint64_t>(summary.releases_read));
        if (request.progress)
            request.progress({source.packedRead(), source.packedTotal(),
                              static_cast<std::uint64_t>(summary.releases_read)});
    });
    if (summary.releases_read == summary.releases_skipped)
        throw Error(ErrorCode::malformed,
                    summary.releases_read == 0
                        ? "the dump holds no releases"
                        : "not one release of the dump could be read: " + report.firstReason());
    writeLists(file, indexers, spill, request.stop);
    writeMeta(file, request, summary);
    file.finish();
    summary.bytes_read = static_cast<std::int64_t>(reader.bytesRead());
    summary.output_bytes = static_cast<std::int64_t>(std::filesystem::file_size(files.building));
    report.finish(files.report);
    switchOver(files);
    summary.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    return summary;
}

} // namespace gatefold::catalogue
