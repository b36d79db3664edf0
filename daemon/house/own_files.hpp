#pragma once

#include "platform/settings.hpp"

#include <filesystem>

namespace gatefold::house {

/// Throws Error `invalid` when a file that a caller named as an output is one of Gatefold's own:
/// the store's database, locks, socket or answers, a file in its folders covers or secrets, the
/// configuration, the secrets that it names, the catalogue, or what lies beside one of these. Under
/// whatever name: folders are compared by device and inode, and so is a file that is there. The
/// store's folder backups is no such place. `configuration` is the file that the settings were read
/// from, empty for none.
void requireOtherThanOwn(const std::filesystem::path& output, const platform::Settings& settings,
                         const std::filesystem::path& configuration);

/// Whether both are one name in one folder, however the folder is written.
bool samePlace(const std::filesystem::path& a, const std::filesystem::path& b);

} // namespace gatefold::house
