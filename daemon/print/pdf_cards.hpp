#pragma once

#include "ports/card_printer.hpp"

namespace gatefold::print {

/// Control cards of the size of a bank card (85.6 x 54 mm), two beside each other, with marks to
/// cut along.
class PdfCards : public CardPrinter {
public:
    /// Throws Error `invalid` for a code that cannot be printed, `internal` when drawing failed.
    /// Any thread.
    std::string pdf(const std::vector<CardSheet>& sheets) const override;
};

} // namespace gatefold::print
