// A hostile photo: it is read or refused. Larger pictures are left out, so that time goes into
// forms rather than pixels.
#include "core/error.hpp"
#include "vision/passes.hpp"
#include "vision/shrinker.hpp"

using namespace gatefold;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr std::size_t mostPixels = 100'000;
    try {
        const vision::GrayImage image = vision::decodeImage({data, size});
        if (image.pixels.size() <= mostPixels)
            for (std::size_t pass = 0; pass < vision::quickPasses; ++pass)
                vision::lookAt(image, pass);
    } catch (const Error&) {
        // refused, as it should be
    }
    try {
        const vision::ColourImage image = vision::decodeColours({data, size}, 160);
        if (image.pixels.size() <= 3 * mostPixels)
            vision::shrink({data, size}, {{160, 30'000}});
    } catch (const Error&) {
        // the same
    }
    return 0;
}
