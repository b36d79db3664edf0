#pragma once

#include "catalogue/index_file.hpp"
#include "catalogue/records.hpp"

#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <string_view>
#include <vector>

namespace gatefold::catalogue {

/// What a masters dump said.
struct Masters {
    /// By release id: releases dumps before about 2019 do not mark them.
    std::vector<bool> mainReleases;
    std::int64_t count = 0; ///< with a title
};

/// What of one `<master>` element is kept; without an id when it is damaged.
Master parsedMaster(std::string_view element);

/// Writes titles and years of a masters dump into `file`. Damaged masters are left out; those that
/// stand behind one of a higher number may not be found again. Throws Error `malformed` when it is
/// no masters dump or not whole, `conflict` when stopped.
Masters readMasters(const std::filesystem::path& masters, IndexFile& file,
                    const std::stop_token& stop);

} // namespace gatefold::catalogue
