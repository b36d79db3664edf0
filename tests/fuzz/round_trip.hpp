// What every fuzz target asserts of a value that it read: its document can be read back.
#pragma once

#include "core/error.hpp"
#include "json/read.hpp"
#include "json/write.hpp"

#include <cstdlib>
#include <string>

namespace gatefold::fuzz {

/// The tree of a document that this program wrote. Aborts if it is refused, whatever its size.
inline json::Value readBack(const std::string& text) {
    try {
        return json::parse(text, {.max_bytes = 64 << 20});
    } catch (const Error&) {
        std::abort();
    }
}

/// Aborts if the value, written and read again, is refused or another one.
template <class T>
void checkRoundTrip(const T& value) {
    const json::Value written = readBack(json::write(value));
    try {
        if (!(json::read<T>(written) == value))
            std::abort();
    } catch (const Error&) {
        std::abort();
    }
}

} // namespace gatefold::fuzz
