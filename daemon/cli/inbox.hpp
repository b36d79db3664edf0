#pragma once

#include "json/value.hpp"

namespace gatefold::cli {

/// An inbox item on standard output: what it is about, its candidates, its question and how to
/// answer it.
void printInboxItem(const json::Value& item);

/// Only the question with its answers and how to answer it; what to do instead when there is none.
void printQuestion(const json::Value& item);

} // namespace gatefold::cli
