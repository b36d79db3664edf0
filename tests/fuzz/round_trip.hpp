// What fuzz targets assert of a value that they read: its document can be read back.
#pragma once

#include "core/error.hpp"
#include "json/read.hpp"
#include "json/write.hpp"

#include <cstdlib>
#include <string>

namespace gatefold::fuzz {

/// The tree of a document that this program wrote. Aborts if it is refused.
inline json::Value readBack(const std::string& text) {
    try {
        return json::parse(text, {.max_bytes = 64 << 20, .max_values = 64 << 20});
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

/// Calls `read`, which may refuse its input with an Error, and checks what it gives.
template <class Read>
void survives(Read read) {
    try {
        checkRoundTrip(read());
    } catch (const Error&) {
        // refused, as it should be
    }
}

} // namespace gatefold::fuzz
