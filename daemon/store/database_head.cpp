#include "store/database_head.hpp"

#include <algorithm>
#include <string_view>

namespace gatefold::store {

namespace {

std::int64_t numberAt(const unsigned char* at, int bytes) {
    std::int64_t number = 0;
    for (int n = 0; n < bytes; ++n)
        number = number * 256 + at[n];
    return number;
}

/// The number of pages is not valid where two counters differ.
std::int64_t bytesOf(const DatabaseHead::Bytes& head) {
    if (numberAt(&head[24], 4) != numberAt(&head[92], 4))
        return 0;
    const auto page_bytes = numberAt(&head[16], 2) == 1 ? 65536 : numberAt(&head[16], 2);
    return numberAt(&head[28], 4) * page_bytes;
}

} // namespace

std::optional<DatabaseHead> headIn(const DatabaseHead::Bytes& bytes, std::size_t read) {
    constexpr std::string_view magic("SQLite format 3\0", 16);
    if (read < bytes.size() || !std::equal(magic.begin(), magic.end(), bytes.begin()))
        return std::nullopt;
    return DatabaseHead{.uses_log = bytes[18] == 2,
                        .schema = static_cast<int>(numberAt(&bytes[60], 4)),
                        .application_id = static_cast<int>(numberAt(&bytes[68], 4)),
                        .bytes = bytesOf(bytes)};
}

} // namespace gatefold::store
