#pragma once

#include <string_view>

namespace gatefold {

/// True for passwords that anybody would try first: the short list of words, names and keyboard
/// walks with the usual digits appended.
bool isCommonPassword(std::string_view password);

} // namespace gatefold
