#include "catalogue/build_pipeline.hpp"

#include "core/error.hpp"

#include <condition_variable>
#include <deque>
#include <exception>
#include <map>
#include <mutex>
#include <optional>
#include <thread>

namespace gatefold::catalogue {

namespace {

/// What the threads share: batches to parse, batches parsed, and how it ends. All functions are
/// safe from any thread.
class BatchExchange {
public:
    explicit BatchExchange(std::size_t batches) : free_(batches) {}

    /// An empty batch to fill, or nothing when all is over.
    std::optional<DumpBatch> takeFree() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return !free_.empty() || failure_; });
        if (failure_)
            return std::nullopt;
        DumpBatch batch = std::move(free_.back());
        free_.pop_back();
        return batch;
    }
    void putRead(DumpBatch batch) {
        change([&] { read_.emplace_back(readCount_++, std::move(batch)); });
    }
    void endOfDump() {
        change([&] { dumpEnded_ = true; });
    }
    std::optional<std::pair<std::uint64_t, DumpBatch>> takeRead() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return !read_.empty() || dumpEnded_ || failure_; });
        if (read_.empty() || failure_)
            return std::nullopt;
        auto next = std::move(read_.front());
        read_.pop_front();
        return next;
    }
    /// The bytes stay out of use until the result is written: that bounds what is under way.
    void putIndexed(std::uint64_t number, IndexedBatch result, DumpBatch batch) {
        change([&] {
            indexed_.emplace(number, std::move(result));
            waiting_.push_back(std::move(batch));
        });
    }
    /// The next result in the dump's order, or nothing after the last.
    std::optional<IndexedBatch> takeIndexed() {
        std::unique_lock lock(mutex_);
        const auto ready = [&] { return !indexed_.empty() && indexed_.begin()->first == written_; };
        changed_.wait(
            lock, [&] { return ready() || (dumpEnded_ && written_ == readCount_) || failure_; });
        if (failure_)
            std::rethrow_exception(failure_);
        if (!ready())
            return std::nullopt;
        IndexedBatch result = std::move(indexed_.begin()->second);
        indexed_.erase(indexed_.begin());
        ++written_;
        free_.push_back(std::move(waiting_.back()));
        waiting_.pop_back();
        changed_.notify_all();
        return result;
    }
    void rethrowFailure() {
        const std::lock_guard lock(mutex_);
        if (failure_)
            std::rethrow_exception(failure_);
    }
    void fail(std::exception_ptr failure) {
        change([&] {
            if (!failure_)
                failure_ = std::move(failure);
        });
    }

private:
    template <class Change>
    void change(Change apply) {
        {
            const std::lock_guard lock(mutex_);
            apply();
        }
        changed_.notify_all();
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<DumpBatch> free_, waiting_;
    std::deque<std::pair<std::uint64_t, DumpBatch>> read_;
    std::map<std::uint64_t, IndexedBatch> indexed_;
    std::uint64_t readCount_ = 0, written_ = 0;
    bool dumpEnded_ = false;
    std::exception_ptr failure_;
};

void readDump(DumpReader& reader, BatchExchange& exchange) noexcept {
    try {
        while (auto batch = exchange.takeFree()) {
            if (!reader.next(*batch))
                return exchange.endOfDump();
            exchange.putRead(std::move(*batch));
        }
    } catch (...) {
        exchange.fail(std::current_exception());
    }
}

void indexBatches(BatchIndexer& indexer, BatchExchange& exchange) noexcept {
    try {
        while (auto next = exchange.takeRead()) {
            IndexedBatch result = indexer.index(next->second);
            exchange.putIndexed(next->first, std::move(result), std::move(next->second));
        }
        indexer.finish();
    } catch (...) {
        exchange.fail(std::current_exception());
    }
}

} // namespace

void runPipeline(DumpReader& reader, const std::vector<std::unique_ptr<BatchIndexer>>& indexers,
                 const std::stop_token& stop,
                 const std::function<void(const IndexedBatch&)>& write) {
    BatchExchange exchange(indexers.size() * 2 + 2);
    std::vector<std::jthread> threads;
    threads.emplace_back([&] { readDump(reader, exchange); });
    for (const auto& indexer : indexers)
        threads.emplace_back([&exchange, &indexer] { indexBatches(*indexer, exchange); });
    const std::stop_callback onStop(stop, [&] {
        exchange.fail(std::make_exception_ptr(Error(ErrorCode::conflict, "the build was stopped")));
    });
    try {
        while (const auto batch = exchange.takeIndexed())
            write(*batch);
    } catch (...) {
        exchange.fail(std::current_exception());
        throw;
    }
    threads.clear(); // the indexers sort what is left before the lists are merged
    exchange.rethrowFailure();
}

} // namespace gatefold::catalogue
