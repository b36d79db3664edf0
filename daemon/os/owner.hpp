#pragma once

#include <filesystem>
#include <string>

namespace gatefold::os {

/// As root: becomes the user and group that own `file` in `folder`, for good, so that whatever is
/// made there belongs to them. Where the file is missing, or it or the link of that name is root's,
/// it is the folder's owner, and where that is missing the owner of the nearest folder above it.
/// Other callers, and a folder of root's, change nothing. Call it before the first thread starts.
/// Throws Error `fileAccess`.
void becomeOwner(const std::filesystem::path& folder, const std::filesystem::path& file);

/// As root: gives what was made in `folder` to the folder's owner. `fd` is open on it. Throws Error
/// `fileAccess`.
void giveToOwner(int fd, const std::filesystem::path& folder);

/// The name of the user with whose rights this process runs; the number of one without a name.
std::string userName();

} // namespace gatefold::os
