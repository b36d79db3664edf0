#pragma once

#include "core/error.hpp"

#include <string>

namespace gatefold::test {

/// "CODE: MESSAGE" of the Error that `body` throws; empty when it throws none.
template <class Body>
std::string errorText(Body&& body) {
    try {
        body();
    } catch (const Error& error) {
        return std::string(name(error.code())) + ": " + error.message();
    }
    return "";
}

/// For BOOST_CHECK_EXCEPTION: whether an Error has this code.
inline auto has(ErrorCode code) {
    return [code](const Error& error) { return error.code() == code; };
}

} // namespace gatefold::test
