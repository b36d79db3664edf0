#pragma once

#include "drivers/vision_link/limits.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// What the daemon and `gatefold-vision` say to each other over one socket. A frame is
/// `u32 size (little endian, of what follows) | u8 version | u8 type | payload`; in a payload a
/// number is little endian and a text is `u32 size | bytes`. Both processes use it.
namespace gatefold::vision_link {

inline constexpr std::uint8_t wireVersion = 1;
/// Bounds of a frame: towards the vision process (a picture) and back from it.
inline constexpr std::size_t maxRequestBytes = maxPhotoBytes + 64;
inline constexpr std::size_t maxReplyBytes = 64 * 1024;
/// The same where the answer holds pictures.
inline constexpr std::size_t maxPicturesBytes = std::size_t{4} * 1024 * 1024;

/// The kinds of symbol that are read.
enum class CodeFormat : std::uint8_t { ean8, ean13, upcA, upcE, qr, code128 };
inline constexpr std::uint8_t codeFormats = 6;

/// Its name in answers: "EAN-13", "QR Code".
std::string_view name(CodeFormat format);

struct WirePoint {
    std::int32_t x = 0, y = 0;
    bool operator==(const WirePoint&) const = default;
};

/// One code in a picture; corners are clockwise from the symbol's top left.
struct WireCode {
    CodeFormat format = CodeFormat::ean13;
    std::string text;
    std::vector<WirePoint> corners;
    bool operator==(const WireCode&) const = default;
};

/// To the process: serve cameras. `pins` are `video:PATH` and `folder:PATH`; of a folder's frames
/// those up to `after` (a file name) were played before the process was started again.
struct Configure {
    struct Pin {
        std::string port, after;
        bool operator==(const Pin&) const = default;
    };
    std::vector<Pin> pins;
    bool operator==(const Configure&) const = default;
};

/// To the process: read this photo, then end. Answered by `Codes` or `Refused`.
struct Photo {
    std::string bytes;
    bool operator==(const Photo&) const = default;
};

struct Codes {
    std::vector<WireCode> codes;
    bool operator==(const Codes&) const = default;
};

enum class RefusalReason : std::uint8_t { malformed, tooLarge, unavailable };
inline constexpr std::uint8_t refusalReasons = 3;

struct Refused {
    RefusalReason reason = RefusalReason::malformed;
    std::string message;
    bool operator==(const Refused&) const = default;
};

/// A camera came, went, is read or cannot be.
struct CameraStatus {
    std::string id, port, product, note;
    bool present = false, claimed = false;
    bool operator==(const CameraStatus&) const = default;
};

/// A camera's reads agreed on a code.
struct CameraScan {
    std::string camera;
    WireCode code;
    bool operator==(const CameraScan&) const = default;
};

/// A folder's frame is about to be decoded: should it end the process, it is not tried again.
struct FrameStarted {
    std::string port, frame;
    bool operator==(const FrameStarted&) const = default;
};

/// To the process: make JPEG files of this picture, one of each size, then end. Answered by
/// `Pictures` or `Refused`.
struct Shrink {
    struct Size {
        std::int32_t edge_px = 0, most_bytes = 0;
        bool operator==(const Size&) const = default;
    };
    std::string bytes;
    std::vector<Size> sizes;
    bool operator==(const Shrink&) const = default;
};

struct Pictures {
    std::vector<std::string> jpegs;
    bool operator==(const Pictures&) const = default;
};

/// To the process: look at this frame in way `pass`; without bytes at the one before it. Answered
/// by `Codes` with at most one code, or the process ends because it took too much work.
struct LookAt {
    std::string bytes;
    bool yuyv = false; ///< packed 4:2:2 of the size below; else a JPEG or PNG file
    std::int32_t width = 0, height = 0, stride = 0, pass = 0;
    bool operator==(const LookAt&) const = default;
};

using Message = std::variant<Configure, Photo, Codes, Refused, CameraStatus, CameraScan,
                             FrameStarted, Shrink, Pictures, LookAt>;

/// Bytes that are no message: wrong version, size, type or content.
class WireError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// The message as one frame. Throws WireError when a text has more than 4 GB.
std::string encode(const Message& message);

/// Cuts a stream into messages. Holds at most one frame and what came with it.
class FrameReader {
public:
    explicit FrameReader(std::size_t max_frame_bytes) : max_frame_bytes_(max_frame_bytes) {}
    void feed(std::string_view bytes) { buffer_.append(bytes); }
    /// The next whole message, or nothing until more is fed. Throws WireError; the stream is
    /// useless then.
    std::optional<Message> next();

private:
    std::size_t max_frame_bytes_;
    std::size_t taken_ = 0;
    std::string buffer_;
};

} // namespace gatefold::vision_link
