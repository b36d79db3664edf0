#include "store/id_set.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <cstring>
#include <string>

namespace gatefold::store {

namespace {

using Ids = std::vector<std::int64_t>;

/// SQLite keeps the pointer between the rows of one aggregate; zero before the first.
Ids*& idsOf(sqlite3_context* context) {
    return *static_cast<Ids**>(sqlite3_aggregate_context(context, static_cast<int>(sizeof(Ids*))));
}

void gatherOne(sqlite3_context* context, int, sqlite3_value** values) noexcept {
    try {
        Ids*& ids = idsOf(context);
        if (!ids)
            ids = new Ids; // handed over to gatherEnd(), which SQLite calls in every case
        ids->push_back(sqlite3_value_int64(values[0]));
    } catch (const std::exception&) {
        sqlite3_result_error_nomem(context);
    }
}

void gatherEnd(sqlite3_context* context) noexcept {
    const std::unique_ptr<Ids> ids(idsOf(context));
    if (ids)
        sqlite3_result_blob64(context, ids->data(), ids->size() * sizeof(Ids::value_type),
                              SQLITE_TRANSIENT);
    else
        sqlite3_result_zeroblob(context, 0);
}

} // namespace

void IdSet::insert(std::int64_t id) {
    const auto at = static_cast<std::size_t>(id);
    if (at >= has_.size())
        has_.resize(std::max(at + 1, has_.size() * 2));
    size_ += has_[at] ? 0 : 1;
    has_[at] = true;
}

bool IdSet::contains(std::int64_t id) const {
    const auto at = static_cast<std::size_t>(id);
    return at < has_.size() && has_[at];
}

void IdSet::keepOnly(const IdSet& other) {
    size_ = 0;
    for (std::size_t at = 0; at < has_.size(); ++at) {
        has_[at] = has_[at] && at < other.has_.size() && other.has_[at];
        size_ += has_[at] ? 1 : 0;
    }
}

std::vector<std::int64_t> IdSet::ids() const {
    std::vector<std::int64_t> ids;
    ids.reserve(size_);
    for (std::size_t at = 0; ids.size() < size_; ++at)
        if (has_[at])
            ids.push_back(static_cast<std::int64_t>(at));
    return ids;
}

void teachGather(SQLite::Database& database) {
    database.check(sqlite3_create_function_v2(
        database.getHandle(), "gather", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY,
        nullptr, nullptr, gatherOne, gatherEnd, nullptr));
}

IdSet gathered(Query& query) {
    IdSet set;
    if (!query.step())
        return set;
    const std::string bytes = query.text(0);
    std::int64_t id = 0;
    for (std::size_t at = 0; at + sizeof id <= bytes.size(); at += sizeof id) {
        std::memcpy(&id, bytes.data() + at, sizeof id);
        set.insert(id);
    }
    return set;
}

} // namespace gatefold::store
