#pragma once

#include "ports/records.hpp"
#include "store/connection.hpp"

#include <map>
#include <optional>
#include <string_view>

namespace gatefold::store {

/// What copyOf() reads, from copies `c` and labels `l`.
inline constexpr std::string_view copyColumns =
    "c.id, c.version, c.release, c.pressing_open, c.owner, c.location, c.media_grade, "
    "c.sleeve_grade, c.notes, c.added_ms, c.last_played_ms, c.plays, c.deleted_ms, l.value";
Copy copyOf(Query& row);

/// Reads copies with what a person wants to see beside them. One per list: it remembers the paths
/// of the locations it met.
class CopyViews {
public:
    explicit CopyViews(Connection& db) : db_(db) {}
    std::optional<CopyView> view(CopyId id);

private:
    const NamedLocation& location(LocationId id);

    Connection& db_;
    std::map<LocationId, NamedLocation> locations_;
};

} // namespace gatefold::store
