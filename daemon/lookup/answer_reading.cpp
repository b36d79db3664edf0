#include "lookup/answer_reading.hpp"

#include "core/error.hpp"
#include "core/gtin.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <charconv>

namespace gatefold::lookup {

namespace {

bool sameName(std::string_view a, std::string_view b) {
    const auto plain = [](char c) { return c == '-' ? '_' : c; };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [&](char x, char y) { return plain(x) == plain(y); });
}

std::optional<std::int64_t> wholeNumber(std::string_view digits) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (error != std::errc() || end != digits.data() + digits.size())
        return std::nullopt;
    return number;
}

/// Line feeds and other controls (C0, DEL, C1) as blanks; expects UTF-8.
std::string oneLine(std::string_view text) {
    std::string line;
    line.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const bool c1 =
            byte == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0;
        if (byte >= 0x20 && byte != 0x7F && !c1) {
            line += text[i];
            continue;
        }
        line += ' ';
        i += c1 ? 1 : 0;
    }
    return line;
}

} // namespace

json::Value parsedAnswer(std::string_view body) {
    json::Limits limits;
    limits.max_bytes = 8 << 20;
    return json::parse(body, limits);
}

const json::Value& member(const json::Value& value, std::string_view name) {
    static const json::Value none;
    if (const json::Object* object = value.object())
        for (const json::Member& one : *object)
            if (sameName(one.name, name))
                return one.value;
    return none;
}

std::string textOf(const json::Value& value, std::size_t most) {
    if (const std::int64_t* integer = value.integer())
        return std::to_string(*integer);
    if (const std::string* string = value.string())
        return shortened(trimmed(oneLine(*string)), most);
    return {};
}

std::string text(const json::Value& value, std::string_view name) {
    return textOf(member(value, name));
}

std::optional<std::string> textIfAny(const json::Value& value, std::string_view name) {
    std::string found = text(value, name);
    return found.empty() ? std::nullopt : std::optional(std::move(found));
}

std::optional<std::int64_t> number(const json::Value& value, std::string_view name) {
    const auto found = wholeNumber(text(value, name));
    return found && *found > 0 ? found : std::nullopt;
}

bool isTrue(const json::Value& value, std::string_view name) {
    const bool* boolean = member(value, name).boolean();
    return boolean && *boolean;
}

void eachItem(const json::Value& list, const std::function<void(const json::Value&)>& read) {
    if (const json::Array* array = list.array())
        for (std::size_t i = 0; i < std::min(array->size(), mostItems); ++i)
            read((*array)[i]);
}

void eachItem(const json::Value& value, std::string_view name,
              const std::function<void(const json::Value&)>& read) {
    eachItem(member(value, name), read);
}

std::vector<std::string> texts(const json::Value& value, std::string_view name) {
    std::vector<std::string> found;
    const auto add = [&](const json::Value& item) {
        if (std::string line = textOf(item); !line.empty())
            found.push_back(std::move(line));
    };
    const json::Value& list = member(value, name);
    if (list.array())
        eachItem(list, add);
    else
        add(list);
    return found;
}

const json::Array& listOf(const json::Value& answer, std::string_view name) {
    if (const json::Array* list = member(answer, name).array())
        return *list;
    throw Error(ErrorCode::malformed, "it has no list \"" + std::string(name) + "\"");
}

void mustHave(const json::Value& answer, std::string_view name) {
    if (text(answer, name).empty())
        throw Error(ErrorCode::malformed, "it has no \"" + std::string(name) + "\"");
}

std::optional<PartialDate> partialDate(std::string_view text) {
    const auto part = [&](std::size_t at, std::size_t length, std::int64_t least,
                          std::int64_t most) {
        const auto value =
            text.size() >= at + length ? wholeNumber(text.substr(at, length)) : std::nullopt;
        return value && *value >= least && *value <= most;
    };
    if (!part(0, 4, 1850, 2200) || (text.size() > 4 && text[4] != '-'))
        return std::nullopt;
    PartialDate date{static_cast<int>(*wholeNumber(text.substr(0, 4))),
                     std::string(text.substr(0, 4))};
    if (part(5, 2, 1, 12)) {
        date.text = text.substr(0, 7);
        if (text.size() == 10 && text[7] == '-' && part(8, 2, 1, 31))
            date.text = text;
    }
    return date;
}

void addBarcodes(std::string_view field, std::vector<std::string>& barcodes) {
    for (const CatalogueKey& key : gtinKeysOfField(field))
        if (std::string digits = key.gtin.text();
            !key.weak && !key.checkDigitWrong &&
            std::find(barcodes.begin(), barcodes.end(), digits) == barcodes.end())
            barcodes.push_back(std::move(digits));
}

std::optional<std::string> webAddress(const json::Value& value, std::string_view name) {
    auto found = textIfAny(value, name);
    return found && found->starts_with("https://") ? found : std::nullopt;
}

} // namespace gatefold::lookup
