#include "catalogue/xml_scanner.hpp"

#include "core/text.hpp"

#include <charconv>
#include <cstdint>
#include <cstring>

namespace gatefold::catalogue {

namespace {

constexpr std::array<bool, 256> nameBytes = [] {
    std::array<bool, 256> table{};
    for (int c = 0; c < 256; ++c)
        table[static_cast<std::size_t>(c)] = isAsciiLetter(c) || isAsciiDigit(c) || c == '_' ||
                                             c == ':' || c == '-' || c == '.' || c >= 0x80;
    return table;
}();

bool isNameByte(char c) {
    return nameBytes[static_cast<unsigned char>(c)];
}
bool isBlank(char c) {
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

bool isXmlCharacter(std::uint32_t code) {
    return code == 9 || code == 10 || code == 13 || (code >= 0x20 && code < 0xD800) ||
           (code >= 0xE000 && code < 0xFFFE) || (code >= 0x10000 && code <= 0x10FFFF);
}

void appendUtf8(std::string& out, std::uint32_t code) {
    const auto put = [&](std::uint32_t byte) { out += static_cast<char>(byte); };
    if (code < 0x80) {
        put(code);
    } else if (code < 0x800) {
        put(0xC0 | code >> 6);
        put(0x80 | (code & 0x3F));
    } else if (code < 0x10000) {
        put(0xE0 | code >> 12);
        put(0x80 | (code >> 6 & 0x3F));
        put(0x80 | (code & 0x3F));
    } else {
        put(0xF0 | code >> 18);
        put(0x80 | (code >> 12 & 0x3F));
        put(0x80 | (code >> 6 & 0x3F));
        put(0x80 | (code & 0x3F));
    }
}

/// Appends what the reference `body` (between "&" and ";") stands for; false when it stands for
/// nothing.
bool appendReference(std::string& out, std::string_view body) {
    constexpr std::array<std::pair<std::string_view, char>, 5> named{
        {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}}};
    for (const auto& [name, character] : named)
        if (body == name) {
            out += character;
            return true;
        }
    if (body.size() < 2 || body[0] != '#')
        return false;
    const bool hex = body[1] == 'x';
    body.remove_prefix(hex ? 2 : 1);
    std::uint32_t code = 0;
    const auto [end, error] =
        std::from_chars(body.data(), body.data() + body.size(), code, hex ? 16 : 10);
    if (error != std::errc() || end != body.data() + body.size() || !isXmlCharacter(code))
        return false;
    appendUtf8(out, code);
    return true;
}

/// Checks the references of text that nobody reads.
void checkReferences(std::string_view text) {
    std::string ignored;
    for (auto at = text.find('&'); at != std::string_view::npos; at = text.find('&', at + 1)) {
        const auto end = text.substr(0, at + 14).find(';', at);
        ignored.clear();
        if (end == std::string_view::npos ||
            !appendReference(ignored, text.substr(at + 1, end - at - 1)))
            throw XmlError{"an ampersand that begins no known reference", at};
    }
}

bool isAscii(const char* bytes, std::size_t count) {
    std::uint64_t high = 0;
    for (std::size_t i = 0; i < count; i += 8) {
        std::uint64_t word;
        std::memcpy(&word, bytes + i, 8);
        high |= word;
    }
    return (high & 0x8080808080808080U) == 0;
}

/// Whether a byte below 0x20 other than tab and line ends is among them.
bool hasControl(const char* bytes, std::size_t count) {
    unsigned found = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const auto c = static_cast<unsigned char>(bytes[i]);
        found |= static_cast<unsigned>(c < 0x20) & static_cast<unsigned>(c != 9) &
                 static_cast<unsigned>(c != 10) & static_cast<unsigned>(c != 13);
    }
    return found != 0;
}

/// Length of the allowed character at the start, 0 when there is none. Same ranges as Unicode's
/// table 3-7, less U+FFFE/FFFF.
std::size_t characterLength(std::string_view bytes) {
    const auto first = static_cast<unsigned char>(bytes[0]);
    if (first < 0x80)
        return first >= 0x20 || first == 9 || first == 10 || first == 13 ? 1 : 0;
    const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (bytes.size() < length || !isUtf8(bytes.substr(0, length)))
        return 0;
    return bytes.starts_with("\xEF\xBF\xBE") || bytes.starts_with("\xEF\xBF\xBF") ? 0 : length;
}

} // namespace

std::size_t firstBadByte(std::string_view bytes) {
    constexpr std::size_t stride = 64;
    std::size_t at = 0;
    while (at < bytes.size()) {
        if (bytes.size() - at >= stride && isAscii(bytes.data() + at, stride) &&
            !hasControl(bytes.data() + at, stride)) {
            at += stride;
            continue;
        }
        // Character by character past this stretch, so that a character across its end stays whole.
        const std::size_t stretchEnd = std::min(bytes.size(), at + stride);
        while (at < stretchEnd) {
            const std::size_t length = characterLength(bytes.substr(at));
            if (length == 0)
                return at;
            at += length;
        }
    }
    return std::string_view::npos;
}

std::string_view decoded(std::string_view raw, TextArena& arena) {
    auto at = raw.find('&');
    if (at == std::string_view::npos)
        return raw;
    std::string out;
    out.reserve(raw.size());
    std::size_t copied = 0;
    for (; at != std::string_view::npos; at = raw.find('&', copied)) {
        out.append(raw, copied, at - copied);
        const auto end = raw.substr(0, at + 14).find(';', at);
        if (end == std::string_view::npos ||
            !appendReference(out, raw.substr(at + 1, end - at - 1)))
            throw XmlError{"an ampersand that begins no known reference", at};
        copied = end + 1;
    }
    out.append(raw, copied);
    return arena.keep(std::move(out));
}

void XmlScanner::fail(const char* reason) const {
    throw XmlError{reason, at_};
}
void XmlScanner::failAtEnd() const {
    throw XmlError{"the element is not closed", bytes_.size(), true};
}

std::string_view XmlScanner::readName() {
    const std::size_t begin = at_;
    while (at_ < bytes_.size() && isNameByte(bytes_[at_]))
        ++at_;
    if (at_ == bytes_.size())
        failAtEnd();
    const std::string_view name = bytes_.substr(begin, at_ - begin);
    if (name.empty() || name[0] == '-' || name[0] == '.' || (name[0] >= '0' && name[0] <= '9'))
        fail("a name was expected");
    if (name.size() > maxNameBytes)
        fail("a name is too long");
    return name;
}

void XmlScanner::skipBlanks() {
    while (at_ < bytes_.size() && isBlank(bytes_[at_]))
        ++at_;
    if (at_ == bytes_.size())
        failAtEnd();
}

void XmlScanner::readAttribute() {
    const std::string_view name = readName();
    skipBlanks();
    if (bytes_[at_] != '=')
        fail("an attribute has no value");
    ++at_;
    skipBlanks();
    const char quote = bytes_[at_];
    if (quote != '"' && quote != '\'')
        fail("an attribute's value is not in quotes");
    const std::size_t begin = ++at_;
    const auto end = bytes_.find(quote, begin);
    if (end == std::string_view::npos)
        failAtEnd();
    const std::string_view value = bytes_.substr(begin, end - begin);
    if (value.size() > maxAttributeBytes)
        fail("an attribute is too long");
    if (value.find('<') != std::string_view::npos)
        fail("\"<\" in an attribute");
    for (const Attribute& earlier : *this)
        if (earlier.name == name)
            fail("an attribute occurs twice");
    if (attributeCount_ == maxAttributes)
        fail("too many attributes");
    if (hasReferences_)
        checkReferences(value);
    attributes_[attributeCount_++] = {name, value};
    at_ = end + 1;
}

XmlScanner::Event XmlScanner::readStart() {
    name_ = readName();
    attributeCount_ = 0;
    for (;;) {
        const bool spaced = isBlank(bytes_[at_]);
        if (spaced)
            skipBlanks();
        if (bytes_[at_] == '>') {
            ++at_;
            break;
        }
        if (bytes_[at_] == '/') {
            if (at_ + 1 == bytes_.size())
                failAtEnd();
            if (bytes_[at_ + 1] != '>')
                fail("a stray \"/\" in a tag");
            at_ += 2;
            closing_ = true;
            break;
        }
        if (!spaced)
            fail("a tag is malformed");
        readAttribute();
        if (at_ == bytes_.size())
            failAtEnd();
    }
    if (depth_ == maxDepth)
        fail("elements are nested too deep");
    open_[depth_++] = name_;
    return Event::start;
}

XmlScanner::Event XmlScanner::readEnd() {
    // Nearly every closing tag is just the open element's name and ">".
    if (depth_ > 0) {
        const std::string_view expected = open_[depth_ - 1];
        const std::size_t close = at_ + expected.size();
        if (close < bytes_.size() && bytes_[close] == '>' &&
            bytes_.substr(at_, expected.size()) == expected) {
            name_ = expected;
            at_ = close + 1;
            --depth_;
            return Event::end;
        }
    }
    name_ = readName();
    skipBlanks();
    if (bytes_[at_] != '>')
        fail("a closing tag is malformed");
    if (depth_ == 0 || open_[depth_ - 1] != name_)
        fail("a closing tag does not match");
    ++at_;
    --depth_;
    return Event::end;
}

void XmlScanner::skipPast(std::string_view terminator) {
    const auto end = bytes_.find(terminator, at_);
    if (end == std::string_view::npos)
        failAtEnd();
    at_ = end + terminator.size();
}

/// "<!" or "<?" at the cursor. True when it was CDATA, which is text.
bool XmlScanner::readMarkup() {
    const std::string_view rest = bytes_.substr(at_);
    if (rest.starts_with("<!--")) {
        at_ += 4;
        skipPast("-->");
        return false;
    }
    if (rest.starts_with("<?")) {
        at_ += 2;
        skipPast("?>");
        return false;
    }
    constexpr std::string_view cdata = "<![CDATA[";
    if (!rest.starts_with(cdata)) {
        if (cdata.starts_with(rest) || std::string_view("<!--").starts_with(rest))
            failAtEnd();
        fail("a declaration inside a record");
    }
    at_ += cdata.size();
    const std::size_t begin = at_;
    skipPast("]]>");
    text_ = bytes_.substr(begin, at_ - 3 - begin);
    literal_ = true;
    return true;
}

XmlScanner::Event XmlScanner::next() {
    if (closing_) {
        closing_ = false;
        name_ = open_[--depth_];
        return Event::end;
    }
    if (at_ > 0 && depth_ == 0)
        return Event::finished;
    for (;;) {
        if (at_ >= bytes_.size())
            failAtEnd();
        if (bytes_[at_] != '<') {
            if (depth_ == 0)
                fail("text outside of an element");
            const void* found = std::memchr(bytes_.data() + at_, '<', bytes_.size() - at_);
            if (found == nullptr)
                failAtEnd();
            const auto end =
                static_cast<std::size_t>(static_cast<const char*>(found) - bytes_.data());
            text_ = bytes_.substr(at_, end - at_);
            literal_ = false;
            if (hasReferences_)
                checkReferences(text_);
            at_ = end;
            return Event::text;
        }
        if (at_ + 1 >= bytes_.size())
            failAtEnd();
        const char next = bytes_[at_ + 1];
        if (next == '/') {
            at_ += 2;
            return readEnd();
        }
        if (next != '!' && next != '?') {
            ++at_;
            return readStart();
        }
        if (readMarkup())
            return Event::text;
    }
}

void XmlScanner::skipTo(std::size_t depth) {
    while (depth_ > depth || closing_)
        next();
}

} // namespace gatefold::catalogue
