#include "catalogue/main_releases.hpp"

#include "catalogue/dump_reader.hpp"
#include "catalogue/release_parser.hpp"
#include "catalogue/xml_scanner.hpp"
#include "core/error.hpp"
#include "core/text.hpp"

#include <charconv>

namespace gatefold::catalogue {

namespace {

/// The number in `<main_release>`, 0 when there is none or the element is damaged.
std::uint32_t mainReleaseOf(std::string_view element) {
    try {
        XmlScanner xml(element);
        bool inside = false;
        for (auto event = xml.next(); event != XmlScanner::Event::finished; event = xml.next()) {
            if (event == XmlScanner::Event::start) {
                inside = xml.depth() == 2 && xml.name() == "main_release";
                continue;
            }
            if (!inside || event != XmlScanner::Event::text)
                continue;
            const std::string_view text = trimmed(xml.text());
            std::uint32_t id = 0;
            std::from_chars(text.data(), text.data() + text.size(), id);
            return id <= ReleaseParser::maxReleaseId ? id : 0;
        }
    } catch (const XmlError&) {
        return 0;
    }
    return 0;
}

} // namespace

std::vector<bool> mainReleasesOf(const std::filesystem::path& masters,
                                 const std::stop_token& stop) {
    ByteSource source(masters);
    DumpReader reader(source, mastersDump);
    DumpBatch batch;
    std::vector<bool> mainReleases;
    while (reader.next(batch)) {
        if (stop.stop_requested())
            throw Error(ErrorCode::conflict, "the build was stopped");
        for (const DumpBatch::Element& element : batch.elements) {
            const std::uint32_t id = mainReleaseOf(batch.view(element));
            if (id >= mainReleases.size())
                mainReleases.resize(id + 1 + id / 8);
            mainReleases[id] = true;
        }
    }
    return mainReleases;
}

} // namespace gatefold::catalogue
