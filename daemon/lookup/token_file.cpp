#include "lookup/token_file.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <fstream>

namespace gatefold::lookup {

std::string tokenIn(const std::filesystem::path& file) {
    constexpr std::size_t longest = 256;
    if (file.empty())
        return {};
    std::ifstream in(file, std::ios::binary);
    std::string text(longest + 1, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(in.gcount()));
    const std::string_view token = trimmed(text);
    // It goes into a header line: printable ASCII without blanks only.
    const bool sound =
        token.size() < longest &&
        std::all_of(token.begin(), token.end(), [](char c) { return c > ' ' && c <= '~'; });
    return sound ? std::string(token) : std::string();
}

} // namespace gatefold::lookup
