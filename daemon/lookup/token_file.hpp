#pragma once

#include <filesystem>
#include <string>

namespace gatefold::lookup {

/// The personal token in a file of the household, read anew each time so that a new one works
/// without a restart. Empty without a file name, when the file is missing, or when what it holds
/// cannot be a token. Never logged, never part of a cache's key.
std::string tokenIn(const std::filesystem::path& file);

} // namespace gatefold::lookup
