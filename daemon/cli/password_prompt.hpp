#pragma once

#include <string>

namespace gatefold::cli {

/// A new password: from a terminal typed twice without echo, else the first line of standard input.
/// Throws Error `invalid`.
std::string newPassword();

} // namespace gatefold::cli
