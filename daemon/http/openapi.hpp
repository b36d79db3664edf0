#pragma once

#include "json/value.hpp"

namespace gatefold::http {

/// The OpenAPI 3.1 document, made from the route table and the field lists of the documents. Any
/// thread; some milliseconds.
json::Value apiDocument();

} // namespace gatefold::http
