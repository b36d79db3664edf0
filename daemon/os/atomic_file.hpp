#pragma once

#include <filesystem>
#include <string_view>

/// The one way in which Gatefold writes a file that has to survive a power cut: under a temporary
/// name in the same folder, synced, renamed, and the folder synced. A reader, or the box after a
/// power cut, sees the old file or the new one. All functions from any thread; all throw Error
/// `diskFull`, `notFound` (no such folder) or `fileAccess`.
namespace gatefold::os {

/// What unfinishedName() ends with.
inline constexpr std::string_view hiddenEnding = ".gatefold";

/// The hidden name beside `file`, `.NAME.gatefold`, for what takes long to write: one that no other
/// program gives, and the same each time, so that the next run removes what a killed one left.
std::filesystem::path unfinishedName(const std::filesystem::path& file);

/// Replaces `file` whole. `mode` are the new file's permissions, whatever the umask. On an error
/// the old file is untouched and the temporary one removed.
void writeAtomically(const std::filesystem::path& file, std::string_view bytes, unsigned mode);

/// The same with the bytes of the file `from`.
void copyAtomically(const std::filesystem::path& from, const std::filesystem::path& file,
                    unsigned mode);

/// Syncs `written`, gives it the name `file` and syncs the folder of `file`; both lie in one file
/// system. `written` stays where it is when this throws before the rename.
void replaceFile(const std::filesystem::path& written, const std::filesystem::path& file);

/// Puts what was written into `file` on the disk.
void syncFile(const std::filesystem::path& file);

/// Puts the names in `folder` on the disk: needed after each rename, link and removal that counts.
void syncFolder(const std::filesystem::path& folder);

/// Makes `folder` and what is missing above it, and puts the new names on the disk. `mode` is what
/// the umask leaves of it. What root makes belongs to the owner of the folder above.
void makeFolder(const std::filesystem::path& folder, unsigned mode = 0777);

} // namespace gatefold::os
