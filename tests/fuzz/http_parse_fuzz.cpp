// What HTTP clients may write into addresses and headers: every parser of ours takes it or refuses
// it, and what it lets through keeps its promise (no climbing out, no control characters, plain
// secrets).
#include "core/error.hpp"
#include "http/parse.hpp"

#include <cstdint>
#include <cstdlib>
#include <string_view>

using namespace gatefold;
using namespace gatefold::http;

namespace {

void check(bool kept) {
    if (!kept)
        std::abort();
}

void target(std::string_view text) {
    const Target out = parseTarget(text);
    for (const std::string& segment : out.segments) {
        check(segment != ".." && segment != ".");
        check(segment.find_first_of("/\\") == segment.npos && segment.find('\0') == segment.npos);
    }
}

void headers(std::string_view text) {
    if (const auto cookie = cookieValue(text, "gf"))
        check(cookie->find_first_of("\r\n;, \"") == cookie->npos);
    if (const auto token = bearerToken(text))
        check(token->size() <= 256 && token->find_first_of("\r\n ") == token->npos);
    acceptsCoding(text, "br");
    mediaType(text);
    if (const auto number = parseNumber(text))
        check(*number >= 0);
    if (const auto origin = normalOrigin(text))
        check(normalOrigin(*origin) == origin);
    parseEntityTags(text);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    for (const auto parse : {target, headers})
        try {
            parse(text);
        } catch (const Error&) {
            // refused, as it should be
        }
    return 0;
}
