#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The small grammars of HTTP that the libraries leave to us. Pure functions over foreign bytes;
/// fuzzed.
namespace gatefold::http {

/// A request target (RFC 9112 origin form), decoded.
struct Target {
    std::vector<std::string> segments; ///< of the path; a trailing slash leaves no empty one
    std::map<std::string, std::string, std::less<>> query;

    /// "/api/v1/copies"
    std::string path() const;
};

/// Throws Error `malformed` for what is no origin form, bad percent signs, control characters,
/// broken UTF-8, "." and ".." segments, an encoded slash, more than 64 query parameters or one
/// given twice; `tooLarge` beyond 8 KiB.
Target parseTarget(std::string_view raw);

/// The value of a cookie, when its bytes are [A-Za-z0-9_-]{1,128}: all that we ever give out.
std::optional<std::string> cookieValue(std::string_view header, std::string_view name);

/// The token of "Bearer TOKEN" (scheme in any case).
std::optional<std::string> bearerToken(std::string_view header);

/// Whether an Accept-Encoding header lets us send this coding ("br", "gzip"): named and not with
/// q=0.
bool acceptsCoding(std::string_view header, std::string_view coding);

/// An If-Match or If-None-Match header.
struct EntityTags {
    bool any = false; ///< "*"
    struct Tag {
        std::string value; ///< between the quotes
        bool weak = false;
    };
    std::vector<Tag> tags;
};
/// Throws Error `malformed` when it is no list of entity tags.
EntityTags parseEntityTags(std::string_view header);

/// "image/jpeg; x=y" -> "image/jpeg", in lower case.
std::string mediaType(std::string_view header);

/// A plain decimal number from 0 up to 2^63 - 1.
std::optional<std::int64_t> parseNumber(std::string_view text);

/// A list's cursor in letters that an address takes as they are (base64url without padding), and
/// back; nothing for what is none.
std::string encodeCursor(std::string_view cursor);
std::optional<std::string> decodeCursor(std::string_view text);

/// "http://Box:8080/" -> "http://box:8080"; default ports left out. Nothing when it is no http(s)
/// origin.
std::optional<std::string> normalOrigin(std::string_view origin);

} // namespace gatefold::http
