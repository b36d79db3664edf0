#include "lookup/cover_answers.hpp"

#include "lookup/answer_reading.hpp"

#include <Poco/Exception.h>
#include <Poco/URI.h>

#include <array>
#include <span>

namespace gatefold::lookup::coverart {

namespace {

/// Names of thumbnails from small to large; older pictures have only "small" (250) and "large"
/// (500).
constexpr std::array<std::string_view, 5> thumbnails{"250", "small", "500", "large", "1200"};

std::span<const std::string_view> namesFrom(CoverSize size) {
    const std::span<const std::string_view> all(thumbnails);
    switch (size) {
    case CoverSize::small: return all;
    case CoverSize::medium: return all.subspan(2);
    case CoverSize::large: return all.subspan(4);
    case CoverSize::original: break;
    }
    return {};
}

/// The answers name addresses at the archive over plain HTTP; only the path counts, the archive is
/// asked over its own address.
std::optional<std::string> pathOf(const std::string& address) {
    try {
        const Poco::URI uri(address);
        if (uri.getHost() == "coverartarchive.org" && uri.getPath().starts_with("/release"))
            return uri.getPathEtc();
    } catch (const Poco::Exception&) {
        // no address
    }
    return std::nullopt;
}

bool isFront(const json::Value& image) {
    return isTrue(image, "front");
}

} // namespace

std::optional<std::string> frontPath(std::string_view body, CoverSize size) {
    const json::Value answer = parsedAnswer(body);
    const json::Value* front = nullptr;
    for (const json::Value& image : listOf(answer, "images"))
        if (!front && isFront(image))
            front = &image;
    if (!front)
        return std::nullopt;
    const json::Value& sizes = member(*front, "thumbnails");
    for (const std::string_view name : namesFrom(size))
        if (auto path = pathOf(text(sizes, name)))
            return path;
    return pathOf(text(*front, "image"));
}

std::optional<std::string> imageType(std::string_view bytes) {
    using namespace std::string_view_literals;
    if (bytes.starts_with("\xFF\xD8\xFF"sv))
        return "image/jpeg";
    if (bytes.starts_with("\x89PNG\r\n\x1A\n"sv))
        return "image/png";
    if (bytes.starts_with("GIF87a"sv) || bytes.starts_with("GIF89a"sv))
        return "image/gif";
    if (bytes.starts_with("RIFF"sv) && bytes.size() > 12 && bytes.substr(8, 4) == "WEBP"sv)
        return "image/webp";
    return std::nullopt;
}

} // namespace gatefold::lookup::coverart
