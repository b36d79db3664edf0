#pragma once

#include <filesystem>
#include <string>

namespace gatefold::os {

/// As root: becomes the user and group that own `folder`, for good, so that whatever is made in it
/// belongs to them. Other callers, and a folder that is missing or root's, change nothing. Call it
/// before the first thread starts. Throws Error `unavailable`.
void becomeOwner(const std::filesystem::path& folder);

/// As root: gives what was made in `folder` to the folder's owner. `fd` is open on it. Throws Error
/// `unavailable`.
void giveToOwner(int fd, const std::filesystem::path& folder);

/// The name of the user with whose rights this process runs; the number of one without a name.
std::string userName();

} // namespace gatefold::os
