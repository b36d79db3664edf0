#include "drivers/vision_link/protocol.hpp"

#include <array>
#include <limits>
#include <type_traits>
#include <utility>

namespace gatefold::vision_link {

namespace {

constexpr std::size_t headerBytes = 4, kindBytes = 2; // size | version, type

/// Writes a payload. `Writer` and `Reader` have the same calls, so that one `describe` per message
/// serves both.
class Writer {
public:
    explicit Writer(std::string& out) : out_(out) {}

    void number(std::uint32_t value) {
        for (int shift = 0; shift < 32; shift += 8)
            out_ += static_cast<char>((value >> shift) & 0xff);
    }
    void operator()(const std::string& text) {
        if (text.size() > std::numeric_limits<std::uint32_t>::max())
            throw WireError("a text is too long for the wire");
        number(static_cast<std::uint32_t>(text.size()));
        out_ += text;
    }
    void operator()(std::int32_t value) { number(static_cast<std::uint32_t>(value)); }
    void operator()(bool value) { out_ += static_cast<char>(value); }
    template <class T>
    requires std::is_enum_v<T>
    void choice(T value, std::uint8_t) { out_ += static_cast<char>(value); }
    template <class T, class Each>
    void list(const std::vector<T>& items, Each each) {
        number(static_cast<std::uint32_t>(items.size()));
        for (const T& item : items)
            each(item);
    }

private:
    std::string& out_;
};

class Reader {
public:
    explicit Reader(std::string_view bytes) : rest_(bytes) {}

    std::uint32_t number() {
        std::uint32_t value = 0;
        const std::string_view bytes = take(4);
        for (std::size_t i = 0; i < 4; ++i)
            value |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
        return value;
    }
    void operator()(std::string& text) { text = take(number()); }
    void operator()(std::int32_t& value) { value = static_cast<std::int32_t>(number()); }
    void operator()(bool& value) { value = byte(2) == 1; }
    template <class T>
    requires std::is_enum_v<T>
    void choice(T& value, std::uint8_t count) { value = static_cast<T>(byte(count)); }
    template <class T, class Each>
    void list(std::vector<T>& items, Each each) {
        const std::uint32_t count = number();
        if (count > rest_.size()) // an item has at least one byte
            throw WireError("a list is longer than its message");
        items.resize(count);
        for (T& item : items)
            each(item);
    }
    bool atEnd() const { return rest_.empty(); }

private:
    std::string_view take(std::size_t size) {
        if (size > rest_.size())
            throw WireError("a message is cut off");
        const std::string_view bytes = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return bytes;
    }
    std::uint8_t byte(std::uint8_t below) {
        const auto value = static_cast<std::uint8_t>(take(1)[0]);
        if (value >= below)
            throw WireError("a message holds a value that does not exist");
        return value;
    }

    std::string_view rest_;
};

// One description per message: the order of its members on the wire. `M` is const when writing.
template <class M, class T>
concept Is = std::is_same_v<std::remove_const_t<M>, T>;

template <class Io, Is<WirePoint> M>
void describe(Io& io, M& point) {
    io(point.x);
    io(point.y);
}
template <class Io, Is<WireCode> M>
void describe(Io& io, M& code) {
    io.choice(code.format, codeFormats);
    io(code.text);
    io.list(code.corners, [&](auto& point) { describe(io, point); });
}
template <class Io, Is<Configure> M>
void describe(Io& io, M& configure) {
    io.list(configure.pins, [&](auto& pin) {
        io(pin.port);
        io(pin.after);
    });
}
template <class Io, Is<Photo> M>
void describe(Io& io, M& photo) {
    io(photo.bytes);
}
template <class Io, Is<Codes> M>
void describe(Io& io, M& codes) {
    io.list(codes.codes, [&](auto& code) { describe(io, code); });
}
template <class Io, Is<Refused> M>
void describe(Io& io, M& refused) {
    io.choice(refused.reason, refusalReasons);
    io(refused.message);
}
template <class Io, Is<CameraStatus> M>
void describe(Io& io, M& status) {
    io(status.id);
    io(status.port);
    io(status.product);
    io(status.note);
    io(status.present);
    io(status.claimed);
}
template <class Io, Is<CameraScan> M>
void describe(Io& io, M& scan) {
    io(scan.camera);
    describe(io, scan.code);
}
template <class Io, Is<FrameStarted> M>
void describe(Io& io, M& frame) {
    io(frame.port);
    io(frame.frame);
}
template <class Io, Is<Shrink> M>
void describe(Io& io, M& shrink) {
    io(shrink.bytes);
    io.list(shrink.sizes, [&](auto& size) {
        io(size.edge_px);
        io(size.most_bytes);
    });
}
template <class Io, Is<Pictures> M>
void describe(Io& io, M& pictures) {
    io.list(pictures.jpegs, [&](auto& jpeg) { io(jpeg); });
}
template <class Io, Is<LookAt> M>
void describe(Io& io, M& look) {
    io(look.bytes);
    io(look.yuyv);
    io(look.width);
    io(look.height);
    io(look.stride);
    io(look.pass);
}

/// The message of alternative `type`, read from `payload`.
template <std::size_t... I>
Message readMessage(std::uint8_t type, std::string_view payload, std::index_sequence<I...>) {
    Message message;
    Reader reader(payload);
    const bool known = ((type == I && (describe(reader, message.emplace<I>()), true)) || ...);
    if (!known || !reader.atEnd())
        throw WireError(known ? "a message is longer than it says" : "an unknown message");
    return message;
}

} // namespace

std::string_view name(CodeFormat format) {
    static constexpr std::array<std::string_view, codeFormats> names{
        "EAN-8", "EAN-13", "UPC-A", "UPC-E", "QR Code", "Code 128"};
    return names.at(static_cast<std::size_t>(format));
}

std::string encode(const Message& message) {
    std::string frame(headerBytes, '\0');
    frame += static_cast<char>(wireVersion);
    frame += static_cast<char>(message.index());
    Writer payload(frame);
    std::visit([&](const auto& each) { describe(payload, each); }, message);
    std::string size;
    Writer(size).number(static_cast<std::uint32_t>(frame.size() - headerBytes));
    return frame.replace(0, headerBytes, size);
}

std::optional<Message> FrameReader::next() {
    const std::string_view waiting = std::string_view(buffer_).substr(taken_);
    if (waiting.size() < headerBytes)
        return std::nullopt;
    const std::size_t size = Reader(waiting).number();
    if (size < kindBytes || size > max_frame_bytes_)
        throw WireError("a frame of " + std::to_string(size) + " bytes");
    if (waiting.size() - headerBytes < size) {
        buffer_.erase(0, std::exchange(taken_, 0));
        return std::nullopt;
    }
    const std::string_view frame = waiting.substr(headerBytes, size);
    if (static_cast<std::uint8_t>(frame[0]) != wireVersion)
        throw WireError("the other program is of another version: restart Gatefold");
    Message message = readMessage(static_cast<std::uint8_t>(frame[1]), frame.substr(kindBytes),
                                  std::make_index_sequence<std::variant_size_v<Message>>());
    taken_ += headerBytes + size;
    if (taken_ == buffer_.size()) {
        buffer_.clear();
        taken_ = 0;
    }
    return message;
}

} // namespace gatefold::vision_link
