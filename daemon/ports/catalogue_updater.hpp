#pragma once

#include <optional>
#include <stop_token>
#include <string>

namespace gatefold {

/// Which dump the catalogue is to be made of.
struct CatalogueWish {
    std::string file;                ///< of the user; empty: the newest of the public store
    std::optional<bool> all_formats; ///< none: as the one in use, else vinyl and shellac
    bool again = false;              ///< also when that dump is in use already
};

/// Fetches a dump and makes the offline catalogue of it.
class CatalogueUpdater {
public:
    virtual ~CatalogueUpdater() = default;
    /// Blocks, for hours perhaps, at low priority; says in words what was done. Throws Error and
    /// leaves the catalogue in use as it is. How far it is tells ReleaseLookup::info().
    virtual std::string update(const CatalogueWish& wish, const std::stop_token& stop) = 0;
};

} // namespace gatefold
