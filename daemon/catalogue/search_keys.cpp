#include "catalogue/search_keys.hpp"

#include "core/error.hpp"

#include <sqlite3.h>

#include <array>
#include <cstdint>

namespace gatefold::catalogue {

namespace {

std::size_t lengthOf(char first) {
    const auto byte = static_cast<unsigned char>(first);
    return byte < 0x80 ? 1 : byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2;
}

std::uint32_t codeOf(std::string_view character) {
    const auto byte = [&](std::size_t i) {
        return static_cast<std::uint32_t>(static_cast<unsigned char>(character[i]));
    };
    switch (character.size()) {
    case 1: return byte(0);
    case 2: return (byte(0) & 0x1F) << 6 | (byte(1) & 0x3F);
    case 3: return (byte(0) & 0x0F) << 12 | (byte(1) & 0x3F) << 6 | (byte(2) & 0x3F);
    default: return 0x10000; // beyond the plane that matters here
    }
}

void append(std::string& out, std::uint32_t code) {
    if (code < 0x80) {
        out += static_cast<char>(code);
    } else {
        out += static_cast<char>(0xC0 | code >> 6);
        out += static_cast<char>(0x80 | (code & 0x3F));
    }
}

/// The character's folded form behind `out`; nothing for separators, signs and stamps.
void fold(std::string_view character, std::string& out) {
    std::uint32_t code = codeOf(character);
    if (code >= 0xFF01 && code <= 0xFF5E)
        code -= 0xFEE0;
    if (code < 0x80) {
        if (code >= 'A' && code <= 'Z')
            code += 'a' - 'A';
        if ((code >= 'a' && code <= 'z') || (code >= '0' && code <= '9'))
            out += static_cast<char>(code);
        return;
    }
    const bool sign = code < 0xC0 || code == 0xD7 || code == 0xF7 ||
                      (code >= 0x2000 && code <= 0x2BFF) || (code >= 0x3000 && code <= 0x3020);
    if (sign)
        return;
    if ((code >= 0xC0 && code <= 0xDE) || (code >= 0x391 && code <= 0x3A9) ||
        (code >= 0x410 && code <= 0x42F))
        append(out, code + 0x20);
    else if (code >= 0x400 && code <= 0x40F)
        append(out, code + 0x50);
    else
        out += character;
}

/// Letters that Unicode does not take apart, though people without the key type them so.
constexpr std::array<std::pair<std::string_view, std::string_view>, 9> plainLetters{{{"ø", "o"},
                                                                                     {"æ", "ae"},
                                                                                     {"œ", "oe"},
                                                                                     {"ß", "ss"},
                                                                                     {"ł", "l"},
                                                                                     {"đ", "d"},
                                                                                     {"ð", "d"},
                                                                                     {"þ", "th"},
                                                                                     {"ı", "i"}}};

std::string plain(std::string_view word) {
    std::string out(word);
    for (std::size_t at = 0; at < out.size(); ++at)
        if (static_cast<unsigned char>(out[at]) >= 0xC3 &&
            static_cast<unsigned char>(out[at]) <= 0xC5)
            for (const auto& [letter, typed] : plainLetters)
                if (out.compare(at, letter.size(), letter) == 0)
                    out.replace(at, letter.size(), typed);
    return std::string(cutAt(out, maxKeyBytes));
}

/// Scripts that write without blanks: each character is a word.
bool standsAlone(std::uint32_t code) {
    return (code >= 0x3041 && code <= 0x30FF) || (code >= 0x3400 && code <= 0x9FFF);
}

} // namespace

std::string_view cutAt(std::string_view bytes, std::size_t limit) {
    if (bytes.size() <= limit)
        return bytes;
    while (limit > 0 && (static_cast<unsigned char>(bytes[limit]) & 0xC0) == 0x80)
        --limit;
    return bytes.substr(0, limit);
}

std::string foldedKey(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size() && out.size() < maxKeyBytes;) {
        const std::string_view character = text.substr(at, lengthOf(text[at]));
        fold(character, out);
        at += character.size();
    }
    return std::string(cutAt(out, maxKeyBytes));
}

std::vector<std::string> foldedTails(std::string_view text, std::size_t count,
                                     std::size_t minBytes) {
    std::vector<std::string> tails;
    bool betweenWords = true;
    std::string folded;
    for (std::size_t at = 0; at < text.size() && tails.size() < count;) {
        const std::string_view character = text.substr(at, lengthOf(text[at]));
        folded.clear();
        fold(character, folded);
        if (folded.empty()) {
            betweenWords = true;
        } else if (betweenWords) {
            betweenWords = false;
            std::string key = foldedKey(text.substr(at));
            if (!tails.empty() && key.size() < minBytes)
                break;
            tails.push_back(std::move(key));
        }
        at += character.size();
    }
    return tails;
}

struct WordSplitter::Tokenizer {
    sqlite3* connection = nullptr;
    fts5_tokenizer methods{};
    Fts5Tokenizer* instance = nullptr;

    ~Tokenizer() {
        if (instance != nullptr)
            methods.xDelete(instance);
        sqlite3_close(connection);
    }
};

WordSplitter::WordSplitter() : tokenizer_(std::make_unique<Tokenizer>()) {
    Tokenizer& t = *tokenizer_;
    fts5_api* api = nullptr;
    sqlite3_stmt* statement = nullptr;
    bool ready =
        sqlite3_open_v2(":memory:", &t.connection, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX,
                        nullptr) == SQLITE_OK &&
        sqlite3_prepare_v2(t.connection, "SELECT fts5(?1)", -1, &statement, nullptr) == SQLITE_OK &&
        sqlite3_bind_pointer(statement, 1, &api, "fts5_api_ptr", nullptr) == SQLITE_OK;
    if (ready)
        sqlite3_step(statement);
    sqlite3_finalize(statement);
    std::array<const char*, 2> options{"remove_diacritics", "2"};
    void* context = nullptr;
    ready = ready && api != nullptr &&
            api->xFindTokenizer(api, "unicode61", &context, &t.methods) == SQLITE_OK &&
            t.methods.xCreate(context, options.data(), static_cast<int>(options.size()),
                              &t.instance) == SQLITE_OK;
    if (!ready)
        throw Error(ErrorCode::internal, "this SQLite has no full-text tokenizer (FTS5)");
}

WordSplitter::~WordSplitter() = default;

void WordSplitter::split(std::string_view text, std::vector<std::string>& words) {
    const auto onToken = [](void* context, int, const char* bytes, int size, int, int) {
        auto& list = *static_cast<std::vector<std::string>*>(context);
        const std::string_view word(bytes, static_cast<std::size_t>(size));
        std::size_t begin = 0;
        for (std::size_t at = 0; at < word.size();) {
            const std::string_view character = word.substr(at, lengthOf(word[at]));
            if (character.size() == 3 && standsAlone(codeOf(character))) {
                if (at > begin)
                    list.push_back(plain(word.substr(begin, at - begin)));
                list.emplace_back(character);
                begin = at + character.size();
            }
            at += character.size();
        }
        if (begin < word.size())
            list.push_back(plain(word.substr(begin)));
        return SQLITE_OK;
    };
    tokenizer_->methods.xTokenize(tokenizer_->instance, &words, FTS5_TOKENIZE_DOCUMENT, text.data(),
                                  static_cast<int>(text.size()), onToken);
}

} // namespace gatefold::catalogue
