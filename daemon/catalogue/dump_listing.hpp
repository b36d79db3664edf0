#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gatefold::catalogue {

/// The years whose folders a store's index names ("data/2026/", also percent-encoded), newest
/// first. Form of https://data.discogs.com/: a page with links; only the names are looked at.
std::vector<std::string> yearsIn(std::string_view index);

/// The day ("20260801") of the newest dump of which the page names the releases and the checksums.
std::optional<std::string> newestDumpIn(std::string_view page);

/// The SHA-256 (64 hex digits, lower case) of `name` in a list in the form of `sha256sum`.
std::optional<std::string> checksumOf(std::string_view name, std::string_view list);

/// "discogs_20260801_releases.xml.gz" -> "2026-08-01"; nothing when the name holds no day.
std::optional<std::string> dumpDate(std::string_view fileName);

} // namespace gatefold::catalogue
