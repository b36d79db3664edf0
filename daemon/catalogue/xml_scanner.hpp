#pragma once

#include <array>
#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace gatefold::catalogue {

/// Why one element could not be read. `incomplete`: the bytes ended before the element did.
struct XmlError {
    std::string reason;
    std::size_t offset = 0;
    bool incomplete = false;
};

/// Owns decoded pieces of text for as long as one element is read.
class TextArena {
public:
    std::string_view keep(std::string text) { return pieces_.emplace_back(std::move(text)); }
    void clear() { pieces_.clear(); }

private:
    std::deque<std::string> pieces_;
};

/// Pull scanner for one element of a Discogs dump: the XML of these files and nothing more. Names,
/// attributes, text, CDATA, comments and processing instructions; the five named references and
/// numeric ones; no DOCTYPE, so no entities. Strict about nesting, quotes and references; bounds on
/// depth, attributes and names. It sees bytes that `firstBadByte` has passed. Own code, because the
/// builder's aim is 250 MB/s into the finished index on two cores and expat alone parses 110 MB/s
/// of one core (bench/catalogue prints both beside each other on the same file); it is fuzzed
/// (tests/fuzz/dump_fuzz.cpp).
class XmlScanner {
public:
    enum class Event { start, text, end, finished };
    struct Attribute {
        std::string_view name, value; ///< value as written, references undecoded
    };
    static constexpr std::size_t maxDepth = 32;
    static constexpr std::size_t maxAttributes = 32;
    static constexpr std::size_t maxAttributeBytes = 64 * 1024;
    static constexpr std::size_t maxNameBytes = 64;

    /// `bytes` must outlive the scanner and begin with the element's "<".
    explicit XmlScanner(std::string_view bytes)
        : bytes_(bytes), hasReferences_(bytes.find('&') != std::string_view::npos) {}

    /// The next event; `finished` after the end of the outermost element. Throws XmlError.
    Event next();
    std::string_view name() const { return name_; }
    /// Text as written; `isLiteral` when it came from CDATA and needs no decoding.
    std::string_view text() const { return text_; }
    bool isLiteral() const { return literal_; }
    const Attribute* begin() const { return attributes_.data(); }
    const Attribute* end() const { return attributes_.data() + attributeCount_; }
    /// Number of open elements, the one just started included.
    std::size_t depth() const { return depth_; }
    /// Reads on until no more than `depth` elements are open.
    void skipTo(std::size_t depth);
    /// Bytes consumed so far.
    std::size_t position() const { return at_; }

private:
    [[noreturn]] void fail(const char* reason) const;
    [[noreturn]] void failAtEnd() const;
    std::string_view readName();
    void skipBlanks();
    Event readStart();
    Event readEnd();
    void readAttribute();
    bool readMarkup();
    void skipPast(std::string_view terminator);

    std::string_view bytes_;
    bool hasReferences_; ///< one look instead of one a text and attribute
    std::size_t at_ = 0;
    std::size_t depth_ = 0;
    bool closing_ = false; ///< an empty element "<x/>" was started; its end comes next
    bool literal_ = false;
    std::string_view name_, text_;
    std::array<Attribute, maxAttributes> attributes_;
    std::size_t attributeCount_ = 0;
    std::array<std::string_view, maxDepth> open_;
};

/// Offset of the first byte that XML does not allow (control characters, U+FFFE/FFFF, malformed
/// UTF-8), or npos.
std::size_t firstBadByte(std::string_view bytes);

/// `raw` with references replaced; a view of `raw` itself when there are none. Throws XmlError for
/// a bad reference.
std::string_view decoded(std::string_view raw, TextArena& arena);

} // namespace gatefold::catalogue
