#include "drivers/hid_scanner/layouts.hpp"

#include <algorithm>
#include <optional>

namespace gatefold::drivers {

namespace {

constexpr std::uint8_t deadPlain = 1, deadShift = 2, deadAltGr = 4;

// Keys by HID usage (USB HID usage tables 1.12, page 0x07). 31 and 32 are one key in two places; 64
// stands beside the left Shift.
constexpr std::array us{
    KeyRow{0x1E, '1', '!'},   KeyRow{0x1F, '2', '@'},   KeyRow{0x20, '3', '#'},
    KeyRow{0x21, '4', '$'},   KeyRow{0x22, '5', '%'},   KeyRow{0x23, '6', '^'},
    KeyRow{0x24, '7', '&'},   KeyRow{0x25, '8', '*'},   KeyRow{0x26, '9', '('},
    KeyRow{0x27, '0', ')'},   KeyRow{0x2C, ' ', ' '},   KeyRow{0x2D, '-', '_'},
    KeyRow{0x2E, '=', '+'},   KeyRow{0x2F, '[', '{'},   KeyRow{0x30, ']', '}'},
    KeyRow{0x31, '\\', '|'},  KeyRow{0x32, '\\', '|'},  KeyRow{0x33, ';', ':'},
    KeyRow{0x34, '\'', '"'},  KeyRow{0x35, '`', '~'},   KeyRow{0x36, ',', '<'},
    KeyRow{0x37, '.', '>'},   KeyRow{0x38, '/', '?'},   KeyRow{0x64, '\\', '|'},
    KeyRow{0x54, '/', '/'},   KeyRow{0x55, '*', '*'},   KeyRow{0x56, '-', '-'},
    KeyRow{0x57, '+', '+'},   KeyRow{0x63, '.', '.'},   KeyRow{0x67, '=', '='},
    KeyRow{0x2B, '\t', '\t'}, KeyRow{0x28, '\r', '\r'}, KeyRow{0x58, '\r', '\r'},
    KeyRow{0x29, 0x1B, 0x1B}, KeyRow{0x2A, 0x08, 0x08},
};

constexpr std::array uk{
    KeyRow{0x1F, '2', '"'},        KeyRow{0x20, '3', U'£'}, KeyRow{0x21, '4', '$', U'€'},
    KeyRow{0x31, '#', '~'},        KeyRow{0x32, '#', '~'},  KeyRow{0x34, '\'', '@'},
    KeyRow{0x35, '`', U'¬', U'¦'}, KeyRow{0x64, '\\', '|'},
};

constexpr std::array de{
    KeyRow{0x1C, 'z', 'Z'},
    KeyRow{0x1D, 'y', 'Y'},
    KeyRow{0x14, 'q', 'Q', '@'},
    KeyRow{0x08, 'e', 'E', U'€'},
    KeyRow{0x10, 'm', 'M', U'µ'},
    KeyRow{0x1F, '2', '"', U'²'},
    KeyRow{0x20, '3', U'§', U'³'},
    KeyRow{0x23, '6', '&'},
    KeyRow{0x24, '7', '/', '{'},
    KeyRow{0x25, '8', '(', '['},
    KeyRow{0x26, '9', ')', ']'},
    KeyRow{0x27, '0', '=', '}'},
    KeyRow{0x2D, U'ß', '?', '\\'},
    KeyRow{0x2E, U'´', '`', 0, deadPlain | deadShift},
    KeyRow{0x2F, U'ü', U'Ü'},
    KeyRow{0x30, '+', '*', '~'},
    KeyRow{0x31, '#', '\''},
    KeyRow{0x32, '#', '\''},
    KeyRow{0x33, U'ö', U'Ö'},
    KeyRow{0x34, U'ä', U'Ä'},
    KeyRow{0x35, '^', U'°', 0, deadPlain},
    KeyRow{0x36, ',', ';'},
    KeyRow{0x37, '.', ':'},
    KeyRow{0x38, '-', '_'},
    KeyRow{0x64, '<', '>', '|'},
};

constexpr std::array fr{
    KeyRow{0x04, 'q', 'Q'},
    KeyRow{0x14, 'a', 'A'},
    KeyRow{0x1A, 'z', 'Z'},
    KeyRow{0x1D, 'w', 'W'},
    KeyRow{0x10, ',', '?'},
    KeyRow{0x33, 'm', 'M'},
    KeyRow{0x08, 'e', 'E', U'€'},
    KeyRow{0x1E, '&', '1'},
    KeyRow{0x1F, U'é', '2', '~', deadAltGr},
    KeyRow{0x20, '"', '3', '#'},
    KeyRow{0x21, '\'', '4', '{'},
    KeyRow{0x22, '(', '5', '['},
    KeyRow{0x23, '-', '6', '|'},
    KeyRow{0x24, U'è', '7', '`', deadAltGr},
    KeyRow{0x25, '_', '8', '\\'},
    KeyRow{0x26, U'ç', '9', '^'},
    KeyRow{0x27, U'à', '0', '@'},
    KeyRow{0x2D, ')', U'°', ']'},
    KeyRow{0x2E, '=', '+', '}'},
    KeyRow{0x2F, '^', U'¨', 0, deadPlain | deadShift},
    KeyRow{0x30, '$', U'£', U'¤'},
    KeyRow{0x31, '*', U'µ'},
    KeyRow{0x32, '*', U'µ'},
    KeyRow{0x34, U'ù', '%'},
    KeyRow{0x35, U'²', 0},
    KeyRow{0x36, ';', '.'},
    KeyRow{0x37, ':', '/'},
    KeyRow{0x38, '!', U'§'},
    KeyRow{0x64, '<', '>'},
};

constexpr std::array dk{
    KeyRow{0x1F, '2', '"', '@'},
    KeyRow{0x20, '3', '#', U'£'},
    KeyRow{0x21, '4', U'¤', '$'},
    KeyRow{0x22, '5', '%', U'€'},
    KeyRow{0x23, '6', '&'},
    KeyRow{0x24, '7', '/', '{'},
    KeyRow{0x25, '8', '(', '['},
    KeyRow{0x26, '9', ')', ']'},
    KeyRow{0x27, '0', '=', '}'},
    KeyRow{0x08, 'e', 'E', U'€'},
    KeyRow{0x10, 'm', 'M', U'µ'},
    KeyRow{0x2D, '+', '?'},
    KeyRow{0x2E, U'´', '`', '|', deadPlain | deadShift},
    KeyRow{0x2F, U'å', U'Å'},
    KeyRow{0x30, U'¨', '^', '~', deadPlain | deadShift | deadAltGr},
    KeyRow{0x31, '\'', '*'},
    KeyRow{0x32, '\'', '*'},
    KeyRow{0x33, U'æ', U'Æ'},
    KeyRow{0x34, U'ø', U'Ø'},
    KeyRow{0x35, U'½', U'§'},
    KeyRow{0x36, ',', ';'},
    KeyRow{0x37, '.', ':'},
    KeyRow{0x38, '-', '_'},
    KeyRow{0x64, '<', '>', '\\'},
};

constexpr std::array no{
    KeyRow{0x1F, '2', '"', '@'},
    KeyRow{0x20, '3', '#', U'£'},
    KeyRow{0x21, '4', U'¤', '$'},
    KeyRow{0x22, '5', '%', U'€'},
    KeyRow{0x23, '6', '&'},
    KeyRow{0x24, '7', '/', '{'},
    KeyRow{0x25, '8', '(', '['},
    KeyRow{0x26, '9', ')', ']'},
    KeyRow{0x27, '0', '=', '}'},
    KeyRow{0x08, 'e', 'E', U'€'},
    KeyRow{0x10, 'm', 'M', U'µ'},
    KeyRow{0x2D, '+', '?'},
    KeyRow{0x2E, '\\', '`', U'´', deadShift | deadAltGr},
    KeyRow{0x2F, U'å', U'Å'},
    KeyRow{0x30, U'¨', '^', '~', deadPlain | deadShift | deadAltGr},
    KeyRow{0x31, '\'', '*'},
    KeyRow{0x32, '\'', '*'},
    KeyRow{0x33, U'ø', U'Ø'},
    KeyRow{0x34, U'æ', U'Æ'},
    KeyRow{0x35, '|', U'§'},
    KeyRow{0x36, ',', ';'},
    KeyRow{0x37, '.', ':'},
    KeyRow{0x38, '-', '_'},
    KeyRow{0x64, '<', '>'},
};

constexpr std::array se{
    KeyRow{0x1F, '2', '"', '@'},
    KeyRow{0x20, '3', '#', U'£'},
    KeyRow{0x21, '4', U'¤', '$'},
    KeyRow{0x22, '5', '%', U'€'},
    KeyRow{0x23, '6', '&'},
    KeyRow{0x24, '7', '/', '{'},
    KeyRow{0x25, '8', '(', '['},
    KeyRow{0x26, '9', ')', ']'},
    KeyRow{0x27, '0', '=', '}'},
    KeyRow{0x08, 'e', 'E', U'€'},
    KeyRow{0x10, 'm', 'M', U'µ'},
    KeyRow{0x2D, '+', '?', '\\'},
    KeyRow{0x2E, U'´', '`', 0, deadPlain | deadShift},
    KeyRow{0x2F, U'å', U'Å'},
    KeyRow{0x30, U'¨', '^', '~', deadPlain | deadShift | deadAltGr},
    KeyRow{0x31, '\'', '*'},
    KeyRow{0x32, '\'', '*'},
    KeyRow{0x33, U'ö', U'Ö'},
    KeyRow{0x34, U'ä', U'Ä'},
    KeyRow{0x35, U'§', U'½'},
    KeyRow{0x36, ',', ';'},
    KeyRow{0x37, '.', ':'},
    KeyRow{0x38, '-', '_'},
    KeyRow{0x64, '<', '>', '|'},
};

constexpr std::array es{
    KeyRow{0x1E, '1', '!', '|'},
    KeyRow{0x1F, '2', '"', '@'},
    KeyRow{0x20, '3', U'·', '#'},
    KeyRow{0x21, '4', '$', '~', deadAltGr},
    KeyRow{0x22, '5', '%', U'€'},
    KeyRow{0x23, '6', '&', U'¬'},
    KeyRow{0x24, '7', '/'},
    KeyRow{0x25, '8', '('},
    KeyRow{0x26, '9', ')'},
    KeyRow{0x27, '0', '='},
    KeyRow{0x08, 'e', 'E', U'€'},
    KeyRow{0x2D, '\'', '?'},
    KeyRow{0x2E, U'¡', U'¿'},
    KeyRow{0x2F, '`', '^', '[', deadPlain | deadShift},
    KeyRow{0x30, '+', '*', ']'},
    KeyRow{0x31, U'ç', U'Ç', '}'},
    KeyRow{0x32, U'ç', U'Ç', '}'},
    KeyRow{0x33, U'ñ', U'Ñ'},
    KeyRow{0x34, U'´', U'¨', '{', deadPlain | deadShift},
    KeyRow{0x35, U'º', U'ª', '\\'},
    KeyRow{0x36, ',', ';'},
    KeyRow{0x37, '.', ':'},
    KeyRow{0x38, '-', '_'},
    KeyRow{0x64, '<', '>'},
};

constexpr std::array it{
    KeyRow{0x1F, '2', '"'},        KeyRow{0x20, '3', U'£'},       KeyRow{0x22, '5', '%', U'€'},
    KeyRow{0x23, '6', '&'},        KeyRow{0x24, '7', '/'},        KeyRow{0x25, '8', '('},
    KeyRow{0x26, '9', ')'},        KeyRow{0x27, '0', '='},        KeyRow{0x08, 'e', 'E', U'€'},
    KeyRow{0x2D, '\'', '?'},       KeyRow{0x2E, U'ì', '^'},       KeyRow{0x2F, U'è', U'é', '['},
    KeyRow{0x30, '+', '*', ']'},   KeyRow{0x31, U'ù', U'§'},      KeyRow{0x32, U'ù', U'§'},
    KeyRow{0x33, U'ò', U'ç', '@'}, KeyRow{0x34, U'à', U'°', '#'}, KeyRow{0x35, '\\', '|'},
    KeyRow{0x36, ',', ';'},        KeyRow{0x37, '.', ':'},        KeyRow{0x38, '-', '_'},
    KeyRow{0x64, '<', '>'},
};

constexpr std::array<Layout, 9> table{{
    {"us", us},
    {"uk", uk},
    {"de", de},
    {"fr", fr},
    {"dk", dk},
    {"no", no},
    {"se", se},
    {"es", es},
    {"it", it},
}};

/// Accent + letter = one character; what is missing here comes out as accent and letter.
struct Composed {
    char32_t accent;
    std::string_view letters;
    std::u32string_view results;
};
constexpr std::array composed{
    Composed{'`', "aeiouAEIOU", U"àèìòùÀÈÌÒÙ"}, Composed{U'´', "aeiouyAEIOUY", U"áéíóúýÁÉÍÓÚÝ"},
    Composed{'^', "aeiouAEIOU", U"âêîôûÂÊÎÔÛ"}, Composed{U'¨', "aeiouyAEIOU", U"äëïöüÿÄËÏÖÜ"},
    Composed{'~', "anoANO", U"ãñõÃÑÕ"},
};

const KeyRow* findRow(std::span<const KeyRow> rows, std::uint8_t usage) {
    const auto row =
        std::find_if(rows.begin(), rows.end(), [&](const KeyRow& r) { return r.usage == usage; });
    return row == rows.end() ? nullptr : &*row;
}

struct Typed {
    char32_t character = 0;
    bool dead = false;
};

/// Which column of a row the modifiers choose. Ctrl + left Alt is AltGr on hosts that have no such
/// key.
enum class Level { plain, shift, altGr };
Level levelOf(std::uint8_t modifiers) {
    const bool ctrlAlt = (modifiers & modifier::ctrl) != 0 && (modifiers & modifier::leftAlt) != 0;
    if ((modifiers & modifier::rightAlt) != 0 || ctrlAlt)
        return Level::altGr;
    return (modifiers & modifier::shift) != 0 ? Level::shift : Level::plain;
}

Typed typedBy(const Stroke& stroke, const Layout& layout) {
    if (const auto digit = keypadDigit(stroke.usage))
        return {static_cast<char32_t>('0' + *digit)};
    const Level level = levelOf(stroke.modifiers);
    const KeyRow* row = findRow(layout.rows, stroke.usage);
    if (row == nullptr)
        row = findRow(us, stroke.usage);
    if (row != nullptr) {
        switch (level) {
        case Level::plain: return {row->plain, (row->dead & deadPlain) != 0};
        case Level::shift: return {row->shift, (row->dead & deadShift) != 0};
        case Level::altGr: return {row->alt_gr, (row->dead & deadAltGr) != 0};
        }
    }
    const int letter = stroke.usage - key::firstLetter;
    if (letter < 0 || letter >= 26 || level == Level::altGr)
        return {};
    return {static_cast<char32_t>((level == Level::shift ? 'A' : 'a') + letter)};
}

void appendUtf8(char32_t c, std::string& out) {
    const auto byte = [&](std::uint32_t value) { out += static_cast<char>(value); };
    if (c < 0x80) {
        byte(c);
    } else if (c < 0x800) {
        byte(0xC0 | (c >> 6));
        byte(0x80 | (c & 0x3F));
    } else {
        byte(0xE0 | (c >> 12));
        byte(0x80 | ((c >> 6) & 0x3F));
        byte(0x80 | (c & 0x3F));
    }
}

bool saysNothing(const Stroke& stroke) {
    return !stroke.character && (stroke.usage == key::capsLock || stroke.usage == key::numLock ||
                                 stroke.usage == key::scrollLock);
}

bool isDigitKey(const Stroke& stroke) {
    return !stroke.character && stroke.usage >= key::firstDigit && stroke.usage <= key::lastDigit &&
           (stroke.modifiers & ~modifier::shift) == 0;
}

/// The digits rule: key positions decide, whatever the layout says.
std::optional<std::string> digitsByPosition(std::span<const Stroke> strokes) {
    std::string digits;
    std::optional<bool> shifted;
    for (const Stroke& stroke : strokes) {
        if (saysNothing(stroke))
            continue;
        if (const auto digit = keypadDigit(stroke.usage); digit && !stroke.character) {
            digits += static_cast<char>('0' + *digit);
        } else if (isDigitKey(stroke)) {
            const bool shift = (stroke.modifiers & modifier::shift) != 0;
            if (shifted.value_or(shift) != shift)
                return std::nullopt;
            shifted = shift;
            digits += static_cast<char>('0' + (stroke.usage - key::firstDigit + 1) % 10);
        } else {
            return std::nullopt;
        }
    }
    return digits;
}

/// Puts a waiting accent and the next character together, as the host of a keyboard does.
class Composer {
public:
    void take(Typed typed) {
        if (accent_ != 0 && !typed.dead) {
            appendUtf8(compose(accent_, typed.character), out_);
            accent_ = 0;
        } else if (typed.dead) {
            flush();
            accent_ = typed.character;
        } else {
            appendUtf8(typed.character, out_);
        }
    }

    std::string finish() {
        flush();
        return std::move(out_);
    }

private:
    void flush() {
        if (accent_ != 0)
            appendUtf8(accent_, out_);
        accent_ = 0;
    }

    /// Accent + space is the accent alone; a pair that makes no letter gives both.
    char32_t compose(char32_t accent, char32_t character) {
        if (character == ' ')
            return accent;
        for (const Composed& row : composed)
            if (row.accent == accent && character < 0x80)
                if (const auto at = row.letters.find(static_cast<char>(character));
                    at != std::string_view::npos)
                    return row.results[at];
        appendUtf8(accent, out_);
        return character;
    }

    std::string out_;
    char32_t accent_ = 0;
};

Typed decode(const Stroke& stroke, const Layout& layout) {
    if (stroke.character)
        return {*stroke.character};
    const bool control =
        (stroke.modifiers & modifier::ctrl) != 0 && (stroke.modifiers & modifier::alt) == 0;
    if (control) {
        // Scanners send GS (0x1D) of a GS1 code as Ctrl+]: positions as on the us layout, as their
        // manuals say.
        const char32_t c =
            typedBy({stroke.usage, modifier::leftShift}, layouts().front()).character;
        const char32_t plain = typedBy({stroke.usage, 0}, layouts().front()).character;
        const char32_t chosen = plain >= '[' && plain <= ']' ? plain : c;
        return {chosen >= '@' && chosen <= '_' ? chosen & 0x1F : replacementCharacter};
    }
    const Typed typed = typedBy(stroke, layout);
    return typed.character == 0 ? Typed{replacementCharacter} : typed;
}

} // namespace

std::span<const Layout> layouts() {
    return table;
}

const Layout* findLayout(std::string_view name) {
    const auto layout =
        std::find_if(table.begin(), table.end(), [&](const Layout& l) { return l.name == name; });
    return layout == table.end() ? nullptr : &*layout;
}

std::string textOf(std::span<const Stroke> strokes, const Layout& layout) {
    if (auto digits = digitsByPosition(strokes))
        return *std::move(digits);
    Composer text;
    for (const Stroke& stroke : strokes)
        if (!saysNothing(stroke))
            text.take(decode(stroke, layout));
    return text.finish();
}

} // namespace gatefold::drivers
