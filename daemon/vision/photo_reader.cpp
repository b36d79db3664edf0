#include "vision/photo_reader.hpp"

#include "vision/answers.hpp"
#include "vision/passes.hpp"

#include <algorithm>
#include <iterator>

namespace gatefold::vision {

namespace {

constexpr std::ptrdiff_t enoughLead = 2;

/// How many more reads have the last one's text than have another.
std::ptrdiff_t lead(const std::vector<vision_link::WireCode>& reads) {
    const auto same = std::count_if(reads.begin(), reads.end(), [&](const auto& read) {
        return read.text == reads.back().text;
    });
    return 2 * same - std::ssize(reads);
}

} // namespace

std::vector<vision_link::WireCode> readPhoto(std::span<const unsigned char> file) {
    const GrayImage image = decodeImage(file);
    std::vector<vision_link::WireCode> reads;
    for (std::size_t pass = 0; pass < passCount; ++pass) {
        auto code = lookAt(image, pass);
        if (!code)
            continue;
        reads.push_back(std::move(*code));
        // A QR code corrects itself; the one check digit of a bar code is right by chance now and
        // then.
        if (reads.back().format == vision_link::CodeFormat::qr || lead(reads) >= enoughLead)
            return {std::move(reads.back())};
    }
    const bool lone = reads.size() == 1;
    return lone ? std::move(reads) : std::vector<vision_link::WireCode>();
}

vision_link::Message answerPhoto(std::span<const unsigned char> file) noexcept {
    return answerOrRefuse([&] { return vision_link::Codes{readPhoto(file)}; });
}

} // namespace gatefold::vision
