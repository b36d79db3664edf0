#pragma once

#include "store/connection.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace gatefold::store {

/// Row numbers, one bit each: a whole shelf of 100,000 copies is 12 KB.
class IdSet {
public:
    /// Takes numbers from 0 on.
    void insert(std::int64_t id);
    bool contains(std::int64_t id) const;
    std::size_t size() const { return size_; }
    bool empty() const { return size_ == 0; }
    /// Drops what `other` does not hold.
    void keepOnly(const IdSet& other);
    /// Rising.
    std::vector<std::int64_t> ids() const;

private:
    std::vector<bool> has_;
    std::size_t size_ = 0;
};

/// Teaches a connection the aggregate gather(id): the ids of all rows as one blob. A row that is
/// handed out by a step costs several times what it costs inside SQLite, and a letter typed into
/// the search can have 100,000 of them. Throws SQLite::Exception.
void teachGather(SQLite::Database& database);

/// The answer of a bound query whose one column is gather(id).
IdSet gathered(Query& query);

} // namespace gatefold::store
