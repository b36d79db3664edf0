#pragma once

#include "ports/store.hpp"

#include <functional>

namespace gatefold {

/// Called first in the transaction that stores what took long to fetch or to make: throws Error
/// when the person or thing that asked may no longer do so; nothing is stored then.
using WriteCheck = std::function<void(const ReadTx& tx)>;

} // namespace gatefold
