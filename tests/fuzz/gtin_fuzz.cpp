// Scanned codes and the catalogue's barcode fields of any bytes: keys within 14 digits, strict ones
// with a right check digit.
#include "catalogue/search_keys.hpp"
#include "core/gtin.hpp"

#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace gatefold;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const GtinKeys keys = gtinKeysOfScan(text);
    for (const Gtin gtin : keys.strict)
        if (!gtin.checks() || gtin.text().size() != 14)
            std::abort();
    for (const Gtin gtin : keys.weak)
        if (gtin.text().size() != 14)
            std::abort();
    for (const CatalogueKey& key : gtinKeysOfField(text))
        if (key.gtin.value == 0 || key.gtin.text().size() != 14)
            std::abort();
    static catalogue::WordSplitter splitter;
    std::vector<std::string> words;
    splitter.split(text, words);
    for (const std::string& word : words)
        if (word.empty() || word.size() > catalogue::maxKeyBytes)
            std::abort();
    if (catalogue::foldedKey(text).size() > catalogue::maxKeyBytes ||
        catalogue::foldedTails(text, 3, 4).size() > 3)
        std::abort();
    return 0;
}
