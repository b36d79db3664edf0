#pragma once

#include "core/error.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace gatefold::catalogue {

/// Numbers as little-endian groups of seven bits, texts behind their length: what blocks and pages
/// of the catalogue are made of.
inline void putNumber(std::string& out, std::uint64_t value) {
    for (; value >= 0x80; value >>= 7)
        out += static_cast<char>(value | 0x80);
    out += static_cast<char>(value);
}

inline void putText(std::string& out, std::string_view text) {
    putNumber(out, text.size());
    out += text;
}

/// Reads what the functions above wrote. Bytes that end too early throw Error `unavailable`: the
/// file is damaged.
class BytesReader {
public:
    explicit BytesReader(std::string_view bytes) : rest_(bytes) {}
    bool atEnd() const { return rest_.empty(); }
    std::string_view rest() const { return rest_; }

    std::uint64_t number() {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 64; shift += 7) {
            const auto byte = static_cast<unsigned char>(bytes(1)[0]);
            value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
            if (byte < 0x80)
                return value;
        }
        fail();
    }
    std::string_view text() { return bytes(number()); }
    std::string_view bytes(std::uint64_t count) {
        if (count > rest_.size())
            fail();
        const std::string_view taken = rest_.substr(0, count);
        rest_.remove_prefix(count);
        return taken;
    }
    [[noreturn]] static void fail() {
        throw Error(ErrorCode::unavailable, "the catalogue is damaged: build it again, or go back "
                                            "with \"gatefold catalogue rollback\"");
    }

private:
    std::string_view rest_;
};

} // namespace gatefold::catalogue
