#pragma once

#include "core/release.hpp"
#include "ports/store.hpp"

#include <string>

/// A household of any size, the same at every run: for tests, measurements and end-to-end runs.
namespace gatefold::test {

/// The record that the i-th seeded copy is of, from 0: made-up names, a label, a tracklist of two
/// sides and a barcode.
Release seededRelease(int index);
/// Its barcode as printed: 13 digits with a right check digit.
std::string seededBarcode(int index);
/// Puts `copies` records onto the shelves of Anna and Ben.
void seed(UnitOfWork& store, int copies);

} // namespace gatefold::test
