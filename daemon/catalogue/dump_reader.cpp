#include "catalogue/dump_reader.hpp"

#include "catalogue/release_parser.hpp"
#include "catalogue/xml_scanner.hpp"
#include "core/error.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <cstring>
#include <optional>

namespace gatefold::catalogue {

namespace {

constexpr std::size_t maxPrologBytes = 64 * 1024;

bool endsName(char c) {
    return c == ' ' || c == '>' || c == '/' || c == '\n' || c == '\t' || c == '\r';
}

/// Position behind `</release>` when `text` holds that tag at `at`; 0 when it does not; npos when
/// more bytes are needed.
std::size_t endOfClosingTag(std::string_view text, std::size_t at, std::string_view element) {
    if (text.substr(at, 2) != "</" || text.substr(at + 2, element.size()) != element)
        return 0;
    const auto close = text.find_first_not_of(" \t\r\n", at + 2 + element.size());
    if (close == std::string_view::npos)
        return std::string_view::npos;
    return text[close] == '>' ? close + 1 : 0;
}

/// The blanks between the last line end and `at`, or nothing when something else stands there.
std::optional<std::size_t> indentAt(std::string_view text, std::size_t at) {
    std::size_t begin = at;
    while (begin > 0 && (text[begin - 1] == ' ' || text[begin - 1] == '\t'))
        --begin;
    return begin > 0 && text[begin - 1] == '\n' ? std::optional(at - begin) : std::nullopt;
}

/// Where the element ends by its structure, when it does: for records that hold CDATA, comments or
/// tags that look like releases.
struct Structure {
    enum class State { whole, incomplete, broken } state;
    std::size_t end = 0;
};
Structure structureOf(std::string_view element) {
    XmlScanner xml(element);
    try {
        while (xml.next() != XmlScanner::Event::finished)
            continue;
        return {Structure::State::whole, xml.position()};
    } catch (const XmlError& error) {
        return {error.incomplete ? Structure::State::incomplete : Structure::State::broken, 0};
    }
}

/// What a search for the end of the release at `begin` found.
struct Found {
    std::size_t end = 0;      ///< behind its closing tag, 0 = not there
    std::size_t nested = 0;   ///< a start tag that looks like the next release, 0 = none
    bool unusual = false;     ///< only the structure can tell where it ends
    std::size_t searched = 0; ///< where to go on searching when more has been read
};

/// "release" is looked for once: as start tag, as closing tag, or as part of "<released>" and
/// words.
Found searchEnd(std::string_view text, std::size_t begin, std::size_t from, std::string_view word) {
    Found found;
    for (std::size_t at = std::max(begin + 1, from);;) {
        const void* hit = ::memmem(text.data() + at, text.size() - at, word.data(), word.size());
        if (hit == nullptr) {
            found.searched = text.size() - std::min(text.size() - begin, word.size() + 2);
            return found;
        }
        at = static_cast<std::size_t>(static_cast<const char*>(hit) - text.data());
        const std::size_t after = at + word.size();
        if (at > begin + 1 && text[at - 1] == '<' && after < text.size() && endsName(text[after])) {
            found.unusual = true;
            if (found.nested == 0)
                found.nested = at - 1;
        } else if (text[at - 1] == '/' && at - 2 >= begin) {
            const std::size_t end = endOfClosingTag(text, at - 2, word);
            if (end == std::string_view::npos) {
                found.searched = at - 2;
                return found;
            }
            if (end != 0) {
                found.end = end;
                return found;
            }
        }
        at = after;
    }
}

bool hasMarkup(std::string_view element) {
    for (const char mark : {'!', '?'})
        for (auto at = element.find(mark); at != std::string_view::npos;
             at = element.find(mark, at + 1))
            if (at > 0 && element[at - 1] == '<')
                return true;
    return false;
}

} // namespace

void ByteBuffer::reserve(std::size_t capacity) {
    if (capacity <= capacity_)
        return;
    std::unique_ptr<char[]> grown(new char[capacity]);
    if (size > 0)
        std::memcpy(grown.get(), bytes_.get(), size);
    bytes_ = std::move(grown);
    capacity_ = capacity;
}

void DumpBatch::clear() {
    bytes.size = 0;
    elements.clear();
    skipped.clear();
}

/// Fills `bytes` to its capacity; false when the source has ended before.
bool DumpReader::refill(ByteBuffer& bytes) {
    if (sourceEnded_)
        return false;
    const std::size_t count =
        source_.read({bytes.data() + bytes.size, bytes.capacity() - bytes.size});
    bytes.size += count;
    bytesRead_ += count;
    sourceEnded_ = bytes.size < bytes.capacity();
    return count > 0;
}

bool DumpReader::firstSeen(std::uint32_t id) {
    if (id == 0 || id > ReleaseParser::maxReleaseId)
        return true;
    if (id >= seen_.size())
        seen_.resize(std::max<std::size_t>(
            id + 1, std::min<std::size_t>(seen_.size() * 2, ReleaseParser::maxReleaseId + 1)));
    const bool first = !seen_[id];
    seen_[id] = true;
    return first;
}

void DumpReader::addElement(DumpBatch& batch, std::size_t length) {
    const std::string_view element = batch.bytes.view().substr(at_, length);
    const std::uint32_t id = releaseIdOf(element);
    if (firstSeen(id))
        batch.elements.push_back({at_, length, id});
    else
        batch.skipped.push_back({batch.offset + at_, id, "the release occurred before"});
    at_ += length;
    searched_ = 0;
}

bool DumpReader::opensElement(std::string_view text) const {
    const std::size_t size = kind_.element.size() + 1;
    return text.size() > size && text[0] == '<' &&
           text.substr(1, kind_.element.size()) == kind_.element && endsName(text[size]);
}

bool DumpReader::closesRoot(std::string_view text) const {
    return text.starts_with("</") && text.substr(2, kind_.root.size()) == kind_.root;
}

void DumpReader::failForeign(std::string_view rest) const {
    const std::string start = asciiLower(rest.substr(0, 256));
    const std::string wanted(kind_.root);
    for (const char* other : {"artists", "labels", "masters", "releases"})
        if (start.starts_with("<" + std::string(other)))
            throw Error(ErrorCode::malformed, "this is the " + std::string(other) + " dump; the " +
                                                  wanted + " dump is needed");
    if (start.starts_with("<!doctype html") || start.starts_with("<html"))
        throw Error(ErrorCode::malformed,
                    "this is a web page, not a dump: the download went wrong");
    if (start.starts_with("<!doctype") || start.starts_with("<!entity"))
        throw Error(ErrorCode::malformed,
                    "this file declares a document type; Discogs dumps never do, so it is refused");
    if (rest.empty())
        throw Error(ErrorCode::malformed, "the dump is empty");
    throw Error(ErrorCode::malformed, "this is not a Discogs " + wanted +
                                          " dump; it begins with \"" + printable(rest, 40) + "\"");
}

/// Everything up to the root's start tag. True when the cursor moved.
bool DumpReader::readProlog(std::string_view rest) {
    if (offset_ == 0 && at_ == 0 && rest.starts_with("\xEF\xBB\xBF")) {
        at_ += 3;
        return true;
    }
    if (const auto text = rest.find_first_not_of(" \t\r\n"); text != 0) {
        at_ += text == std::string_view::npos ? rest.size() : text;
        return !rest.empty();
    }
    for (const auto& [begin, end] :
         {std::pair<std::string_view, std::string_view>{"<?", "?>"}, {"<!--", "-->"}})
        if (rest.starts_with(begin)) {
            const auto close = rest.find(end, begin.size());
            at_ += close == std::string_view::npos ? 0 : close + end.size();
            return close != std::string_view::npos;
        }
    const std::string root = "<" + std::string(kind_.root);
    if (rest.size() > root.size() && rest.starts_with(root) && endsName(rest[root.size()])) {
        const auto close = rest.find('>');
        if (close == std::string_view::npos)
            return false;
        if (rest[close - 1] == '/')
            throw Error(ErrorCode::malformed, "the dump holds no " + std::string(kind_.root));
        at_ += close + 1;
        place_ = Place::inside;
        return true;
    }
    if (rest.size() > root.size() || sourceEnded_)
        failForeign(rest);
    return false;
}

/// Text or tags between releases: remains of a broken one. Skipped as one record up to the next
/// release.
bool DumpReader::skipJunk(DumpBatch& batch, std::string_view rest) {
    std::size_t next = 1;
    for (;; ++next) {
        next = rest.find('<', next);
        if (next == std::string_view::npos)
            break;
        if (closesRoot(rest.substr(next)) || opensElement(rest.substr(next)))
            break;
    }
    const bool found = next != std::string_view::npos;
    if (!found && (rest.size() < maxElementBytes || sourceEnded_))
        return false;
    batch.skipped.push_back({batch.offset + at_, 0, "unexpected content between releases"});
    at_ += found ? next : rest.size() - 16;
    return true;
}

/// Goes on behind a release that is larger than allowed. True when its end came.
bool DumpReader::skipOversized(DumpBatch&, std::string_view rest) {
    const auto at = rest.find("</" + std::string(kind_.element));
    const std::size_t end = at == std::string_view::npos ? std::string_view::npos
                                                         : endOfClosingTag(rest, at, kind_.element);
    if (end == std::string_view::npos || end == 0) {
        const std::size_t keep = at == std::string_view::npos ? std::size_t{16}
                                 : end == 0                   ? rest.size() - at - 1
                                                              : rest.size() - at;
        const std::size_t drop = rest.size() - std::min(rest.size(), keep);
        at_ += drop;
        return end == 0;
    }
    at_ += end;
    place_ = Place::inside;
    searched_ = 0;
    return true;
}

/// A record at the cursor. True when it was dealt with, false when more bytes are needed.
bool DumpReader::readElement(DumpBatch& batch, std::string_view rest) {
    const std::string_view text = batch.bytes.view();
    // "<release .../>": nothing in it, but whole.
    const auto tagEnd = rest.find('>');
    if (tagEnd != std::string_view::npos && tagEnd > 0 && rest[tagEnd - 1] == '/') {
        addElement(batch, tagEnd + 1);
        return true;
    }
    Found found = searchEnd(text, at_, at_ + searched_, kind_.element);
    const bool oversized = rest.size() >= maxElementBytes;
    if (found.end == 0 && found.nested == 0 && !oversized && !sourceEnded_) {
        searched_ = found.searched - at_;
        return false;
    }
    if (found.end != 0 && !found.unusual && !hasMarkup(text.substr(at_, found.end - at_))) {
        addElement(batch, found.end - at_);
        return true;
    }
    const auto indent = indentAt(text, at_);
    const bool nextBegins = found.nested != 0 && indent && indentAt(text, found.nested) == indent;
    const Structure structure = structureOf(rest);
    if (structure.state == Structure::State::whole) {
        addElement(batch, structure.end);
        return true;
    }
    if (structure.state == Structure::State::incomplete && !nextBegins && !oversized &&
        !sourceEnded_)
        return false;
    const std::size_t end = nextBegins || found.end == 0 ? found.nested : found.end;
    if (end == 0 && sourceEnded_)
        return false;
    if (end == 0) {
        batch.skipped.push_back(
            {batch.offset + at_, releaseIdOf(rest), "the release is larger than 16 MiB"});
        place_ = Place::discarding;
        return true;
    }
    addElement(batch, end - at_);
    return true;
}

/// One step forward in the batch's bytes; false when it needs more of them.
bool DumpReader::step(DumpBatch& batch) {
    const std::string_view rest = batch.bytes.view().substr(at_);
    if (place_ == Place::prolog)
        return readProlog(rest);
    if (place_ == Place::discarding)
        return skipOversized(batch, rest);
    if (const auto blanks = std::min(rest.find_first_not_of(" \t\r\n"), rest.size()); blanks > 0) {
        at_ += blanks;
        return true;
    }
    if (rest.starts_with("<!--") || rest.starts_with("<?")) {
        const auto end = rest.starts_with("<?") ? rest.find("?>") : rest.find("-->", 4);
        if (end == std::string_view::npos)
            return rest.size() > maxElementBytes ? skipJunk(batch, rest) : false;
        at_ += end + (rest[1] == '?' ? 2 : 3);
        return true;
    }
    const std::size_t closing = kind_.root.size() + 2;
    if (rest.size() <= closing + 1 && !sourceEnded_)
        return false;
    if (rest.empty())
        return false;
    if (place_ == Place::after)
        throw Error(
            ErrorCode::malformed,
            "something follows the dump's closing root: it is damaged, or two files were joined");
    if (closesRoot(rest)) {
        const auto end = rest.find_first_not_of(" \t\r\n", closing);
        if (end != std::string_view::npos && rest[end] == '>') {
            at_ += end + 1;
            place_ = Place::after;
            return true;
        }
        return end == std::string_view::npos ? false : skipJunk(batch, rest);
    }
    if (opensElement(rest))
        return readElement(batch, rest);
    return skipJunk(batch, rest);
}

bool DumpReader::next(DumpBatch& batch) {
    batch.clear();
    batch.bytes.reserve(std::max(batchBytes, tail_.size));
    if (tail_.size > 0)
        std::memcpy(batch.bytes.data(), tail_.view().data(), tail_.size);
    batch.bytes.size = tail_.size;
    tail_.size = 0;
    batch.offset = offset_;
    at_ = 0;
    while (!sourceEnded_ || at_ < batch.bytes.size) {
        refill(batch.bytes);
        while (step(batch))
            continue;
        if (!batch.elements.empty() || !batch.skipped.empty() || sourceEnded_)
            break;
        // Nothing whole yet: drop what is done with, or make room for a large record.
        const std::size_t left = batch.bytes.size - at_;
        if (place_ == Place::prolog && left > maxPrologBytes)
            failForeign(batch.bytes.view().substr(at_));
        std::memmove(batch.bytes.data(), batch.bytes.data() + at_, left);
        batch.bytes.size = left;
        batch.offset += at_;
        offset_ = batch.offset;
        at_ = 0;
        if (left * 2 > batch.bytes.capacity())
            batch.bytes.reserve(std::min(batch.bytes.capacity() * 2, maxElementBytes + batchBytes));
    }
    const std::size_t left = batch.bytes.size - at_;
    offset_ = batch.offset + at_;
    if (sourceEnded_ && (left > 0 || place_ != Place::after) && batch.elements.empty() &&
        batch.skipped.empty()) {
        if (place_ == Place::prolog)
            failForeign(batch.bytes.view().substr(at_));
        throw Error(ErrorCode::malformed,
                    "the dump is cut off: it ends at byte " + std::to_string(bytesRead_) +
                        " without its closing </" + std::string(kind_.root) + ">");
    }
    tail_.reserve(left);
    if (left > 0)
        std::memcpy(tail_.data(), batch.bytes.data() + at_, left);
    tail_.size = left;
    return !batch.elements.empty() || !batch.skipped.empty();
}

} // namespace gatefold::catalogue
