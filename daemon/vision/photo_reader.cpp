#include "vision/photo_reader.hpp"

#include "vision/passes.hpp"

#include "core/error.hpp"

#include <algorithm>
#include <iterator>
#include <new>

namespace gatefold::vision {

using vision_link::RefusalReason;

namespace {

constexpr std::ptrdiff_t enoughLead = 2;

/// How many more reads have the last one's text than have another.
std::ptrdiff_t lead(const std::vector<vision_link::WireCode>& reads) {
    const auto same = std::count_if(reads.begin(), reads.end(), [&](const auto& read) {
        return read.text == reads.back().text;
    });
    return 2 * same - std::ssize(reads);
}

RefusalReason reasonOf(ErrorCode code) {
    switch (code) {
    case ErrorCode::malformed: return RefusalReason::malformed;
    case ErrorCode::tooLarge: return RefusalReason::tooLarge;
    default: return RefusalReason::unavailable;
    }
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
    try {
        return vision_link::Codes{readPhoto(file)};
    } catch (const Error& error) {
        return vision_link::Refused{reasonOf(error.code()), error.message()};
    } catch (const std::bad_alloc&) {
        return vision_link::Refused{RefusalReason::tooLarge, "the photo needs too much memory"};
    } catch (const std::exception&) {
        return vision_link::Refused{RefusalReason::unavailable,
                                    "the image reader failed on this photo"};
    }
}

} // namespace gatefold::vision
