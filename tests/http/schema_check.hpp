#pragma once

#include "json/value.hpp"

#include <string>
#include <vector>

/// Enough of JSON Schema for the documents that we generate; stricter in one way: members that a
/// schema does not list are violations even where it does not forbid them, so that no reply carries
/// what the API document does not say.
std::vector<std::string> violations(const gatefold::json::Value& document,
                                    const gatefold::json::Value& schema,
                                    const gatefold::json::Value& instance,
                                    const std::string& path = "");

/// What is wrong with a reply by the API document: route, status, media type, body. Empty when
/// nothing is.
std::vector<std::string> replyViolations(const gatefold::json::Value& document,
                                         const std::string& method, const std::string& path,
                                         int status, const std::string& media,
                                         const std::string& body);
