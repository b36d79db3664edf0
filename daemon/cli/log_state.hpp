#pragma once

#include "store/write_ahead_log.hpp"

#include <filesystem>

namespace gatefold::cli {

/// Of the log in the folder of a store. That of one that a daemon has open is taken for whole,
/// since it may look damaged. Throws Error as platform::StoreLock.
store::LogState stateOfLogIn(const std::filesystem::path& folder);

} // namespace gatefold::cli
