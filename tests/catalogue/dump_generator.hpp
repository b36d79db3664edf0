#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace gatefold::test {

/// Something that finds a generated release when the catalogue is right.
struct PlantedQuestion {
    enum class Kind { barcode, catno, runout, text } kind = Kind::barcode;
    std::string name;  ///< class of the question: "EAN-13, printed with blanks"
    std::string query; ///< what a person types or a scanner reads
    std::uint32_t release_id = 0;
    bool weak = false; ///< to be answered as weak
};

/// One made-up release: its element as the dump writes it, and what must find it.
struct GeneratedRelease {
    std::uint32_t release_id = 0;
    bool vinyl = false;
    std::string xml;
    std::vector<PlantedQuestion> questions;
};

/// Makes releases that look like Discogs' (3.4 KB each on average, half of them on vinyl, one
/// barcode in eight there): the same for the same seed and number.
class DumpGenerator {
public:
    explicit DumpGenerator(std::uint64_t seed) : seed_(seed) {}

    /// `lean`: without videos and companies, which no catalogue keeps.
    GeneratedRelease release(std::uint32_t number, bool lean = false) const;
    /// A whole dump of `count` releases, in pieces.
    void write(std::uint32_t count, const std::function<void(std::string_view)>& out,
               bool lean = false) const;
    std::string dump(std::uint32_t count) const;

private:
    std::uint64_t seed_;
};

} // namespace gatefold::test
