#pragma once

#include "core/codes.hpp"

#include <string>
#include <vector>

namespace gatefold {

/// One card: what it does in words, and its code.
struct CardToPrint {
    std::string title; ///< "mode: add"
    std::string hint;  ///< one line below it
    std::string code;  ///< 16 digits, or the layout test code
};

/// A group of cards under one heading.
struct CardSheet {
    std::string heading;
    std::vector<CardToPrint> cards;
};

/// Draws control cards. Any thread.
class CardPrinter {
public:
    virtual ~CardPrinter() = default;
    /// A4 pages as PDF bytes; each card as QR and Code 128 with the digits in groups of four and
    /// the words beside.
    virtual std::string pdf(const std::vector<CardSheet>& sheets) const = 0;
};

} // namespace gatefold
