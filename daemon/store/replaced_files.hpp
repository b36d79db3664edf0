#pragma once

#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <string_view>

/// The stores that restores have replaced, as they lie in `<store>/backups` (ReplacedStore makes
/// them). `folder` is the store's.
namespace gatefold::store {

/// What their names begin with.
inline constexpr std::string_view replacedBeginning = "replaced-";

/// Removes names that the files of the store itself have, too: those of a restore that was killed.
void removeSecondNames(const std::filesystem::path& folder) noexcept;

/// The own photos that they refer to, by hash: their files stay as long as these stores. None of a
/// store that is damaged; nothing where one cannot be read now.
std::optional<std::set<std::string>> photosOfReplaced(const std::filesystem::path& folder);

} // namespace gatefold::store
