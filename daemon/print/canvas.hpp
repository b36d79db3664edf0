#pragma once

#include "print/symbols.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct _cairo;         // NOLINT(bugprone-reserved-identifier): Cairo names it so
struct _cairo_surface; // NOLINT(bugprone-reserved-identifier)

namespace gatefold::print {

/// Lengths are PostScript points (1/72 inch), from the page's top left.
inline constexpr double pointsPerMm = 72 / 25.4;
constexpr double mm(double value) {
    return value * pointsPerMm;
}

struct Box {
    double x, y, width, height;
};

struct TextStyle {
    double size;
    bool bold;
    double grey; ///< 0 black ... 1 white
};

/// A4 pages drawn into a PDF in memory. One thread. Not copyable.
class Canvas {
public:
    static constexpr double pageWidth = mm(210), pageHeight = mm(297);

    explicit Canvas(const std::string& title);
    ~Canvas();

    bool fits(std::string_view text, double width, const TextStyle& style);
    /// Text on the baseline `y`, smaller (down to 60 %) and then shortened until it fits `width`.
    /// Bytes that are not UTF-8 are shown as \xNN.
    void textLine(std::string_view text, double x, double y, double width, const TextStyle& style);
    /// Words in at most `lines` lines from the first baseline `y` on; the last one is shortened.
    void paragraph(std::string_view text, double x, double y, double width, int lines,
                   const TextStyle& style);
    /// The symbol filling the box, as one shape so that no seams show between its modules.
    void symbol(const Symbol& symbol, const Box& box);
    /// A thin grey line.
    void line(double x1, double y1, double x2, double y2);
    void newPage();
    /// The document. Throws Error `internal` when a page could not be drawn. The canvas is used up.
    std::string finish();

private:
    struct Release {
        void operator()(_cairo* context) const;
        void operator()(_cairo_surface* surface) const;
    };
    void select(const TextStyle& style);
    double widthOf(const std::string& text) const;
    std::string fitted(std::string text, double width) const;

    std::string bytes_;
    std::unique_ptr<_cairo_surface, Release> surface_;
    std::unique_ptr<_cairo, Release> context_;
};

} // namespace gatefold::print
