#include "json/read.hpp"

#include "core/error.hpp"
#include "core/text.hpp"

#include <algorithm>

namespace gatefold::json::detail {

void refuse(const Path& path, const std::string& what) {
    throw Error(ErrorCode::invalid, (path.empty() ? "the document" : path) + " " + what, path);
}

void refuseName(const Path& path, std::span<const std::string_view> names) {
    std::string list;
    for (const std::string_view name : names)
        list.append(list.empty() ? "" : ", ").append(name);
    refuse(path, "must be one of " + list);
}

Path below(const Path& path, std::string_view name) {
    return path.empty() ? std::string(name) : path + "." + std::string(name);
}

Path below(const Path& path, std::size_t index) {
    return path + "[" + std::to_string(index) + "]";
}

bool asBool(const Value& value, const Path& path) {
    if (const bool* boolean = value.boolean())
        return *boolean;
    refuse(path, "must be true or false");
}

std::int64_t asInteger(const Value& value, const Path& path) {
    if (const std::int64_t* integer = value.integer())
        return *integer;
    refuse(path, "must be a whole number");
}

double asReal(const Value& value, const Path& path) {
    if (const double* real = value.real())
        return *real;
    if (const std::int64_t* integer = value.integer())
        return static_cast<double>(*integer);
    refuse(path, "must be a number");
}

const std::string& asString(const Value& value, const Path& path) {
    const std::string* string = value.string();
    if (!string)
        refuse(path, "must be a string");
    if (string->size() > maxStringBytes)
        refuse(path, "is longer than " + std::to_string(maxStringBytes) + " bytes");
    return *string;
}

WallTime asTime(const Value& value, const Path& path) {
    if (const std::string* string = value.string())
        if (const auto time = parseIsoTime(*string))
            return *time;
    refuse(path, "must be a time like \"2026-03-01T20:01:07Z\"");
}

const Array& asArray(const Value& value, const Path& path) {
    const Array* array = value.array();
    if (!array)
        refuse(path, "must be a list");
    if (array->size() > maxItems)
        refuse(path, "has more than " + std::to_string(maxItems) + " items");
    return *array;
}

const Object& asObject(const Value& value, const Path& path,
                       std::span<const std::string_view> names) {
    const Object* object = value.object();
    if (!object)
        refuse(path, "must be an object");
    for (const Member& member : *object)
        if (std::find(names.begin(), names.end(), member.name) == names.end())
            refuse(below(path, printable(member.name, 60)), "is not known here");
    return *object;
}

} // namespace gatefold::json::detail
