#include "hostile.hpp"

#include "drawn.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>

namespace gatefold::test {

namespace {

using namespace std::string_literals;

std::string bigEndian(std::uint32_t value) {
    std::string bytes;
    for (int shift = 24; shift >= 0; shift -= 8)
        bytes += static_cast<char>((value >> shift) & 0xff);
    return bytes;
}

std::string chunk(const std::string& type, const std::string& data) {
    const std::string body = type + data;
    const auto check =
        ::crc32(0, reinterpret_cast<const Bytef*>(body.data()), static_cast<uInt>(body.size()));
    return bigEndian(static_cast<std::uint32_t>(data.size())) + body +
           bigEndian(static_cast<std::uint32_t>(check));
}

std::string pngOf(std::uint32_t width, std::uint32_t height, const PngForm& form,
                  const std::string& data) {
    const std::string head = bigEndian(width) + bigEndian(height) + static_cast<char>(form.depth) +
                             static_cast<char>(form.colours) + "\0\0"s +
                             static_cast<char>(form.interlaced);
    const std::string palette = form.colours == 3 ? chunk("PLTE", "\xff\xff\xff"s) : "";
    return "\x89PNG\r\n\x1a\n"s + chunk("IHDR", head) + palette + chunk("IDAT", data) +
           chunk("IEND", "");
}

std::string deflatedZeros(std::uint64_t size) {
    z_stream stream{};
    ::deflateInit(&stream, Z_BEST_SPEED);
    std::array<Bytef, 65'536> zeros{}, out;
    std::string result;
    for (int state = Z_OK; state != Z_STREAM_END;) {
        if (stream.avail_in == 0 && size > 0) {
            stream.next_in = zeros.data();
            stream.avail_in = static_cast<uInt>(std::min<std::uint64_t>(size, zeros.size()));
            size -= stream.avail_in;
        }
        stream.next_out = out.data();
        stream.avail_out = static_cast<uInt>(out.size());
        state = ::deflate(&stream, size == 0 ? Z_FINISH : Z_NO_FLUSH);
        result.append(reinterpret_cast<char*>(out.data()), out.size() - stream.avail_out);
    }
    ::deflateEnd(&stream);
    return result;
}

/// Bytes of the picture's rows, each with the byte that names its filter.
std::uint64_t rawBytes(std::uint32_t width, std::uint32_t height, const PngForm& form) {
    const std::uint64_t parts = form.colours == 2 ? 3 : form.colours == 6 ? 4 : 1;
    const std::uint64_t bits = parts * static_cast<std::uint64_t>(form.depth);
    const auto rows = [&](std::uint64_t columns, std::uint64_t lines) {
        return columns == 0 ? 0 : lines * (1 + (columns * bits + 7) / 8);
    };
    if (!form.interlaced)
        return rows(width, height);
    struct Part { // of the seven of Adam7: where it begins and its steps
        std::uint32_t x, y, right, down;
    };
    constexpr std::array<Part, 7> parts7{{{0, 0, 8, 8},
                                          {4, 0, 8, 8},
                                          {0, 4, 4, 8},
                                          {2, 0, 4, 4},
                                          {0, 2, 2, 4},
                                          {1, 0, 2, 2},
                                          {0, 1, 1, 2}}};
    std::uint64_t total = 0;
    for (const Part& part : parts7) {
        const auto steps = [](std::uint64_t side, std::uint64_t from, std::uint64_t step) {
            return side > from ? (side - from + step - 1) / step : 0;
        };
        total += rows(steps(width, part.x, part.right), steps(height, part.y, part.down));
    }
    return total;
}

} // namespace

std::string flatPng(std::uint32_t width, std::uint32_t height, const PngForm& form) {
    return pngOf(width, height, form, deflatedZeros(rawBytes(width, height, form)));
}

std::string pngBomb(std::uint32_t width, std::uint32_t height) {
    return pngOf(width, height, {}, "\x78\x9c\x63\0\0\0\x01\0\x01"s);
}

std::string withOrientation(const std::string& jpeg, char orientation) {
    const std::string tiff =
        "MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0"s + orientation + "\0\0\0\0\0\0"s;
    const std::string body = "Exif\0\0"s + tiff;
    return jpeg.substr(0, 2) + "\xff\xe1"s +
           bigEndian(static_cast<std::uint32_t>(body.size() + 2)).substr(2) + body + jpeg.substr(2);
}

std::string withScansAgain(const std::string& jpeg, int times) {
    const std::size_t first = jpeg.find("\xff\xda"s), end = jpeg.rfind("\xff\xd9"s);
    const std::string scan = jpeg.substr(first, jpeg.find("\xff\xc4"s, first) - first);
    std::string result = jpeg.substr(0, end);
    for (int i = 0; i < times; ++i)
        result += scan;
    return result + "\xff\xd9"s;
}

vision::GrayImage finderPatterns(int width, int height) {
    constexpr int module = 2, mark = 7 * module, gap = 2 * module;
    vision::GrayImage image = emptyPage(width, height);
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) {
            const int in_x = x % (mark + gap) / module, in_y = y % (mark + gap) / module;
            if (in_x > 6 || in_y > 6)
                continue;
            const int ring = std::min({in_x, in_y, 6 - in_x, 6 - in_y});
            if (ring != 1)
                image.pixels[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
                             static_cast<std::size_t>(x)] = 25;
        }
    return image;
}

} // namespace gatefold::test
