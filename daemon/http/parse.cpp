#include "http/parse.hpp"

#include "core/error.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <charconv>

namespace gatefold::http {

namespace {

constexpr std::size_t maxTargetBytes = 8 * 1024;
constexpr std::size_t maxParameters = 64;
constexpr std::string_view base64Url =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view hostCharacters = "abcdefghijklmnopqrstuvwxyz0123456789.-_:[]";

[[noreturn]] void refuse(const std::string& what) {
    throw Error(ErrorCode::malformed, "The address " + what + ".");
}

int hexDigit(char c) {
    if (isAsciiDigit(c))
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

std::string decoded(std::string_view text, bool plus_is_blank) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%') {
            const int high = i + 2 < text.size() ? hexDigit(text[i + 1]) : -1;
            const int low = high >= 0 ? hexDigit(text[i + 2]) : -1;
            if (low < 0)
                refuse("holds a bad percent sign");
            out += static_cast<char>(high * 16 + low);
            i += 2;
        } else {
            out += plus_is_blank && text[i] == '+' ? ' ' : text[i];
        }
    }
    if (!isUtf8(out))
        refuse("is not UTF-8");
    return out;
}

/// Calls `one` with each part of `text` between separators.
template <class F>
void eachPart(std::string_view text, char separator, F one) {
    for (;;) {
        const auto end = text.find(separator);
        one(text.substr(0, end));
        if (end == text.npos)
            return;
        text.remove_prefix(end + 1);
    }
}

void parsePath(std::string_view path, Target& out) {
    eachPart(path.substr(1), '/', [&](std::string_view part) {
        std::string segment = decoded(part, false);
        if (segment == "." || segment == "..")
            refuse("climbs out of its folder");
        if (segment.find_first_of("/\\") != segment.npos || hasControlCharacters(segment))
            refuse("holds a character that no path of ours has");
        out.segments.push_back(std::move(segment));
    });
    if (out.segments.back().empty())
        out.segments.pop_back();
}

void parseQuery(std::string_view query, Target& out) {
    eachPart(query, '&', [&](std::string_view part) {
        if (part.empty())
            return;
        const auto equals = part.find('=');
        std::string name = decoded(part.substr(0, equals), true);
        std::string value = equals == part.npos ? "" : decoded(part.substr(equals + 1), true);
        if (out.query.size() >= maxParameters)
            refuse("has too many parameters");
        const bool fresh = out.query.emplace(name, std::move(value)).second;
        if (!fresh)
            refuse("has the parameter " + printable(name, 40) + " twice");
    });
}

bool isSecretCharacter(char c) {
    return isAsciiLetter(c) || isAsciiDigit(c) || c == '_' || c == '-';
}

/// q=0, q=0.0 ...: "not this one".
bool isRefused(std::string_view parameters) {
    bool refused = false;
    eachPart(parameters, ';', [&](std::string_view part) {
        const std::string text = asciiLower(trimmed(part));
        if (text.starts_with("q="))
            refused = text.find_first_not_of("0.", 2) == text.npos;
    });
    return refused;
}

} // namespace

std::string Target::path() const {
    std::string out;
    for (const std::string& segment : segments)
        out.append("/").append(segment);
    return out.empty() ? "/" : out;
}

Target parseTarget(std::string_view raw) {
    if (raw.size() > maxTargetBytes)
        throw Error(ErrorCode::tooLarge, "The address is longer than 8 KiB.");
    if (!raw.starts_with('/'))
        refuse("does not begin with a slash");
    raw = raw.substr(0, raw.find('#'));
    Target out;
    const auto mark = raw.find('?');
    parsePath(raw.substr(0, mark), out);
    if (mark != raw.npos)
        parseQuery(raw.substr(mark + 1), out);
    return out;
}

std::optional<std::string> cookieValue(std::string_view header, std::string_view name) {
    std::optional<std::string> out;
    eachPart(header, ';', [&](std::string_view part) {
        part = trimmed(part);
        if (out || part.size() <= name.size() || !part.starts_with(name) ||
            part[name.size()] != '=')
            return;
        const std::string_view value = part.substr(name.size() + 1);
        if (!value.empty() && value.size() <= 128 &&
            std::all_of(value.begin(), value.end(), isSecretCharacter))
            out = std::string(value);
    });
    return out;
}

std::optional<std::string> bearerToken(std::string_view header) {
    header = trimmed(header);
    if (header.size() < 8 || asciiLower(header.substr(0, 7)) != "bearer ")
        return std::nullopt;
    const std::string_view token = trimmed(header.substr(7));
    if (token.empty() || token.size() > 256 ||
        !std::all_of(token.begin(), token.end(), isSecretCharacter))
        return std::nullopt;
    return std::string(token);
}

bool acceptsCoding(std::string_view header, std::string_view coding) {
    bool accepted = false;
    eachPart(header, ',', [&](std::string_view part) {
        const auto semicolon = part.find(';');
        if (asciiLower(trimmed(part.substr(0, semicolon))) == coding)
            accepted = semicolon == part.npos || !isRefused(part.substr(semicolon + 1));
    });
    return accepted;
}

EntityTags parseEntityTags(std::string_view header) {
    const auto refuseTags = [] {
        throw Error(ErrorCode::malformed, "If-Match and If-None-Match want entity tags in quotes.");
    };
    EntityTags out;
    header = trimmed(header);
    if (header == "*") {
        out.any = true;
        return out;
    }
    while (!header.empty()) {
        EntityTags::Tag tag;
        if (header.starts_with("W/")) {
            tag.weak = true;
            header.remove_prefix(2);
        }
        const auto end = header.starts_with('"') ? header.find('"', 1) : header.npos;
        if (end == header.npos || out.tags.size() >= 32)
            refuseTags();
        tag.value = header.substr(1, end - 1);
        out.tags.push_back(std::move(tag));
        header = trimmed(header.substr(end + 1));
        if (header.empty())
            break;
        if (!header.starts_with(','))
            refuseTags();
        header = trimmed(header.substr(1));
    }
    if (out.tags.empty())
        refuseTags();
    return out;
}

std::string mediaType(std::string_view header) {
    return asciiLower(trimmed(header.substr(0, header.find(';'))));
}

std::optional<std::int64_t> parseNumber(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc() || end != text.data() + text.size() || value < 0)
        return std::nullopt;
    return value;
}

std::string encodeCursor(std::string_view cursor) {
    std::string out;
    unsigned bits = 0;
    int count = 0;
    for (const char c : cursor) {
        bits = bits << 8 | static_cast<unsigned char>(c);
        for (count += 8; count >= 6; count -= 6)
            out += base64Url[bits >> (count - 6) & 63];
    }
    if (count > 0)
        out += base64Url[bits << (6 - count) & 63];
    return out;
}

std::optional<std::string> decodeCursor(std::string_view text) {
    std::string out;
    unsigned bits = 0;
    int count = 0;
    for (const char c : text) {
        const auto value = base64Url.find(c);
        if (value == base64Url.npos)
            return std::nullopt;
        bits = bits << 6 | static_cast<unsigned>(value);
        count += 6;
        if (count >= 8) {
            count -= 8;
            out += static_cast<char>(bits >> count & 255);
        }
    }
    return out;
}

std::optional<std::string> normalOrigin(std::string_view origin) {
    std::string text = asciiLower(trimmed(origin));
    if (text.ends_with('/'))
        text.pop_back();
    const bool secure = text.starts_with("https://");
    if (!secure && !text.starts_with("http://"))
        return std::nullopt;
    const std::string_view authority = std::string_view(text).substr(secure ? 8 : 7);
    if (authority.empty() || authority.find_first_not_of(hostCharacters) != authority.npos)
        return std::nullopt;
    const std::string_view default_port = secure ? ":443" : ":80";
    if (authority.ends_with(default_port))
        text.resize(text.size() - default_port.size());
    const bool whole =
        !text.ends_with('/') && !text.ends_with(':') && !text.ends_with(default_port);
    return whole ? std::optional(text) : std::nullopt;
}

} // namespace gatefold::http
