#include "print/canvas.hpp"

#include "core/error.hpp"
#include "core/text.hpp"

#include <cairo-pdf.h>
#include <cairo.h>

#include <algorithm>
#include <utility>

namespace gatefold::print {

namespace {

constexpr double leastShrink = 0.6;
constexpr std::size_t longestText = 200;

cairo_status_t append(void* bytes, const unsigned char* data, unsigned int size) {
    static_cast<std::string*>(bytes)->append(reinterpret_cast<const char*>(data), size);
    return CAIRO_STATUS_SUCCESS;
}

/// What cairo can draw: UTF-8 without controls.
std::string drawable(std::string_view text) {
    return isUtf8(text) && !hasControlCharacters(text) ? std::string(text)
                                                       : printable(text, longestText);
}

std::size_t characters(const std::string& text) {
    std::size_t count = 0;
    for (const char byte : text)
        count += (static_cast<unsigned char>(byte) & 0xC0) != 0x80;
    return count;
}

} // namespace

void Canvas::Release::operator()(_cairo* context) const {
    cairo_destroy(context);
}
void Canvas::Release::operator()(_cairo_surface* surface) const {
    cairo_surface_destroy(surface);
}

Canvas::Canvas(const std::string& title)
    : surface_(cairo_pdf_surface_create_for_stream(append, &bytes_, pageWidth, pageHeight)),
      context_(cairo_create(surface_.get())) {
    cairo_pdf_surface_set_metadata(surface_.get(), CAIRO_PDF_METADATA_TITLE, title.c_str());
    cairo_pdf_surface_set_metadata(surface_.get(), CAIRO_PDF_METADATA_CREATOR,
                                   "Gatefold " GATEFOLD_VERSION);
}

Canvas::~Canvas() = default;

void Canvas::select(const TextStyle& style) {
    cairo_select_font_face(context_.get(), "sans-serif", CAIRO_FONT_SLANT_NORMAL,
                           style.bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
    cairo_set_font_size(context_.get(), style.size);
    cairo_set_source_rgb(context_.get(), style.grey, style.grey, style.grey);
}

double Canvas::widthOf(const std::string& text) const {
    cairo_text_extents_t extents;
    cairo_text_extents(context_.get(), text.c_str(), &extents);
    return extents.x_advance;
}

std::string Canvas::fitted(std::string text, double width) const {
    for (std::size_t length = characters(text); length > 1 && widthOf(text) > width; --length)
        text = shortened(text, length - 1);
    return text;
}

bool Canvas::fits(std::string_view text, double width, const TextStyle& style) {
    select(style);
    return widthOf(shortened(drawable(text), longestText)) <= width;
}

void Canvas::textLine(std::string_view text, double x, double y, double width,
                      const TextStyle& style) {
    const std::string words = shortened(drawable(text), longestText);
    select(style);
    if (const double wanted = widthOf(words); wanted > width)
        cairo_set_font_size(context_.get(), style.size * std::max(leastShrink, width / wanted));
    cairo_move_to(context_.get(), x, y);
    cairo_show_text(context_.get(), fitted(words, width).c_str());
}

void Canvas::paragraph(std::string_view text, double x, double y, double width, int lines,
                       const TextStyle& style) {
    std::string rest = shortened(drawable(text), longestText);
    select(style);
    for (int line = 1; line <= lines && !rest.empty(); ++line) {
        std::size_t end = rest.size();
        while (line < lines && end != std::string::npos && end > 0 &&
               widthOf(rest.substr(0, end)) > width)
            end = rest.rfind(' ', end - 1);
        const bool broken = end != std::string::npos && end > 0;
        const std::string part = broken ? rest.substr(0, end) : rest;
        cairo_move_to(context_.get(), x, y + (line - 1) * style.size * 1.25);
        cairo_show_text(context_.get(), fitted(part, width).c_str());
        rest = broken && end < rest.size() ? rest.substr(end + 1) : std::string();
    }
}

void Canvas::symbol(const Symbol& symbol, const Box& box) {
    const double width = box.width / symbol.width, height = box.height / symbol.height;
    for (int y = 0; y < symbol.height; ++y)
        for (int x = 0; x < symbol.width;) {
            const int first = x;
            while (x < symbol.width && symbol.at(x, y))
                ++x;
            if (x > first)
                cairo_rectangle(context_.get(), box.x + first * width, box.y + y * height,
                                (x - first) * width, height);
            else
                ++x;
        }
    cairo_set_source_rgb(context_.get(), 0, 0, 0);
    cairo_fill(context_.get());
}

void Canvas::line(double x1, double y1, double x2, double y2) {
    cairo_set_source_rgb(context_.get(), 0.6, 0.6, 0.6);
    cairo_set_line_width(context_.get(), 0.4);
    cairo_move_to(context_.get(), x1, y1);
    cairo_line_to(context_.get(), x2, y2);
    cairo_stroke(context_.get());
}

void Canvas::newPage() {
    cairo_show_page(context_.get());
}

std::string Canvas::finish() {
    cairo_show_page(context_.get());
    cairo_surface_finish(surface_.get());
    if (const cairo_status_t status = cairo_status(context_.get()); status != CAIRO_STATUS_SUCCESS)
        throw Error(ErrorCode::internal,
                    std::string("the PDF could not be drawn: ") + cairo_status_to_string(status));
    return std::move(bytes_);
}

} // namespace gatefold::print
