#pragma once

#include "catalogue/batch_indexer.hpp"
#include "catalogue/dump_reader.hpp"

#include <functional>
#include <memory>
#include <stop_token>
#include <vector>

namespace gatefold::catalogue {

/// Reads the dump on one thread, indexes it on one thread for each indexer and hands the batches to
/// `write` on the caller's thread, in the dump's order. Never more than a few batches are under
/// way. The first exception of any thread stops all and is thrown; a stop request throws Error
/// `conflict`.
void runPipeline(DumpReader& reader, const std::vector<std::unique_ptr<BatchIndexer>>& indexers,
                 const std::stop_token& stop,
                 const std::function<void(const IndexedBatch&)>& write);

} // namespace gatefold::catalogue
