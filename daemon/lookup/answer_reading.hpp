#pragma once

#include "core/release.hpp"
#include "core/time.hpp"
#include "json/value.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Foreign JSON read with forgiveness: sources leave members out, add some, and write numbers as
/// strings; only the skeleton of an answer must be as documented. Everything read is bounded and
/// free of control characters.
namespace gatefold::lookup {

/// The document within the bounds of this folder. Throws Error `malformed` or `tooLarge`.
json::Value parsedAnswer(std::string_view body);

/// The member, or a null value. '-' and '_' in names are the same: mirrors and client libraries
/// differ in it ("label-info", "label_info").
const json::Value& member(const json::Value& value, std::string_view name);

/// A string or a whole number as one line of at most `most` characters, without blanks around;
/// empty for everything else.
std::string textOf(const json::Value& value, std::size_t most = 1'000);
std::string text(const json::Value& value, std::string_view name);
std::optional<std::string> textIfAny(const json::Value& value, std::string_view name);

/// A whole number above zero, also one in a string; zero and everything else is "none".
std::optional<std::int64_t> number(const json::Value& value, std::string_view name);

bool isTrue(const json::Value& value, std::string_view name);

/// The list's items, at most `mostItems` of them; none when it is no list.
inline constexpr std::size_t mostItems = 2'000;
void eachItem(const json::Value& list, const std::function<void(const json::Value&)>& read);
void eachItem(const json::Value& value, std::string_view name,
              const std::function<void(const json::Value&)>& read);
/// The texts of a list of strings; one string counts as a list of itself.
std::vector<std::string> texts(const json::Value& value, std::string_view name);

/// The list that the answer must have. Throws Error `malformed` when it has none.
const json::Array& listOf(const json::Value& answer, std::string_view name);
/// Throws Error `malformed` unless the answer is an object with a text or number under `name`.
void mustHave(const json::Value& answer, std::string_view name);

/// A date as far as it is known, "1999-03-00" -> 1999 and "1999-03"; nothing without a year.
struct PartialDate {
    int year = 0;
    std::string text;
};
std::optional<PartialDate> partialDate(std::string_view text);

/// Full-length codes with a right check digit in the field, 14 digits each.
void addBarcodes(std::string_view field, std::vector<std::string>& barcodes);

/// The address when it is one of the web over TLS, else nothing (it may be empty or a path).
std::optional<std::string> webAddress(const json::Value& value, std::string_view name);

} // namespace gatefold::lookup
