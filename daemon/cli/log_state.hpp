#pragma once

#include "store/write_ahead_log.hpp"

#include <filesystem>

namespace gatefold::cli {

/// Of the log in the folder of a store. That of one that a daemon has open is whole, although it
/// may look damaged.
store::LogState stateOfLogIn(const std::filesystem::path& folder);

} // namespace gatefold::cli
