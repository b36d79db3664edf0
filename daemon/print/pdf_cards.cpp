#include "print/pdf_cards.hpp"

#include "print/canvas.hpp"
#include "print/symbols.hpp"

#include <algorithm>
#include <string_view>

namespace gatefold::print {

namespace {

constexpr double cardWidth = mm(85.6), cardHeight = mm(54);
constexpr std::size_t columns = 2;
constexpr double left = (Canvas::pageWidth - columns * cardWidth) / 2;
constexpr double top = mm(12), bottom = Canvas::pageHeight - mm(8);
constexpr double headingHeight = mm(12);
constexpr double padding = mm(4);
constexpr double qrSize = mm(24), barHeight = mm(11);
constexpr double cutMark = mm(2.5);
constexpr std::size_t digitsOfCode = 16;

constexpr TextStyle headingStyle{16, true, 0.1}, titleStyle{17, true, 0},
    longTitleStyle{11, true, 0}, hintStyle{9, false, 0.25}, digitsStyle{10, false, 0};

void cutMarks(Canvas& canvas, double x, double y) {
    for (const double corner_x : {x, x + cardWidth})
        for (const double corner_y : {y, y + cardHeight}) {
            canvas.line(corner_x - cutMark, corner_y, corner_x + cutMark, corner_y);
            canvas.line(corner_x, corner_y - cutMark, corner_x, corner_y + cutMark);
        }
}

/// The digits in groups of four, and what follows them.
std::string readable(std::string_view code) {
    const std::string_view tail = code.substr(std::min(code.size(), digitsOfCode));
    return groupedDigits(code.substr(0, digitsOfCode)) +
           (tail.empty() ? "" : "  " + std::string(tail));
}

/// The symbol as wide as `width` with its quiet zones; modules at most 0.5 mm.
void bars(Canvas& canvas, const std::string& code, double x, double y, double width) {
    const Symbol symbol = code128(code);
    const double module = std::min(width / (symbol.width + 2 * code128QuietZone), mm(0.5));
    const double drawn = module * symbol.width;
    canvas.symbol(symbol, {x + (width - drawn) / 2, y, drawn, barHeight});
}

/// A short title large on one line, a long one (a place in the shelves) smaller on up to three.
void words(Canvas& canvas, const CardToPrint& card, const Box& box) {
    const bool brief = canvas.fits(card.title, box.width, titleStyle);
    canvas.paragraph(card.title, box.x, box.y + mm(brief ? 9 : 4), box.width, brief ? 1 : 3,
                     brief ? titleStyle : longTitleStyle);
    canvas.paragraph(card.hint, box.x, box.y + mm(brief ? 15 : 18), box.width, brief ? 3 : 2,
                     hintStyle);
}

void card(Canvas& canvas, const CardToPrint& card, double x, double y) {
    cutMarks(canvas, x, y);
    const Symbol qr = qrCode(card.code);
    const double quiet = qrSize * qrQuietZone / (qr.width + 2.0 * qrQuietZone);
    canvas.symbol(
        qr, {x + padding + quiet, y + padding + quiet, qrSize - 2 * quiet, qrSize - 2 * quiet});
    words(canvas, card,
          {x + padding + qrSize + mm(2), y + padding, cardWidth - 2 * padding - qrSize - mm(2),
           qrSize});
    bars(canvas, card.code, x, y + padding + qrSize + mm(3), cardWidth);
    canvas.textLine(readable(card.code), x + padding + mm(4), y + cardHeight - mm(5),
                    cardWidth - 2 * padding - mm(4), digitsStyle);
}

/// Walks down the pages, row by row.
class Flow {
public:
    explicit Flow(Canvas& canvas) : canvas_(canvas) {}

    void heading(const std::string& text) {
        room(headingHeight + cardHeight); // never alone at a page's end
        canvas_.textLine(text, left, y_ + headingHeight - mm(4), columns * cardWidth, headingStyle);
        y_ += headingHeight;
    }
    void row(const CardToPrint* first, std::size_t count) {
        room(cardHeight);
        for (std::size_t i = 0; i < count; ++i)
            card(canvas_, first[i], left + static_cast<double>(i) * cardWidth, y_);
        y_ += cardHeight;
    }

private:
    void room(double height) {
        if (y_ + height <= bottom)
            return;
        canvas_.newPage();
        y_ = top;
    }

    Canvas& canvas_;
    double y_ = top;
};

} // namespace

std::string PdfCards::pdf(const std::vector<CardSheet>& sheets) const {
    Canvas canvas("Gatefold control cards");
    Flow flow(canvas);
    for (const CardSheet& sheet : sheets) {
        flow.heading(sheet.heading);
        for (std::size_t i = 0; i < sheet.cards.size(); i += columns)
            flow.row(&sheet.cards[i], std::min(columns, sheet.cards.size() - i));
    }
    return canvas.finish();
}

} // namespace gatefold::print
