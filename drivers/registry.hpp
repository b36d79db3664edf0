#pragma once

#include "ports/scanner.hpp"

#include <span>

namespace gatefold::drivers {

/// All drivers that are built in, in the order in which they are started.
std::span<const DriverDescriptor> registry();

} // namespace gatefold::drivers
