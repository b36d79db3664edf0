#include "catalogue/masters.hpp"

#include "catalogue/dump_reader.hpp"
#include "catalogue/release_parser.hpp"
#include "catalogue/search_keys.hpp"
#include "catalogue/xml_scanner.hpp"
#include "core/error.hpp"
#include "core/text.hpp"

#include <charconv>

namespace gatefold::catalogue {

namespace {

constexpr std::size_t blockMasters = 96;
constexpr int level = 5;
constexpr std::size_t longestTitle = 1024;

std::uint32_t number(std::string_view text) {
    text = trimmed(text);
    std::uint32_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

/// Collects masters into packed blocks.
class MastersWriter {
public:
    explicit MastersWriter(IndexFile& file) : file_(file) {}
    void add(const Master& master) {
        if (count_ == blockMasters || master.id <= last_)
            close();
        if (count_ == 0)
            first_ = master.id;
        last_ = master.id;
        ++count_;
        putMaster(block_, master);
    }
    void close() {
        if (count_ > 0)
            file_.addMasters(first_, packer_.pack(block_));
        block_.clear();
        count_ = 0;
    }

private:
    IndexFile& file_;
    BlockPacker packer_{level};
    std::string block_;
    std::uint32_t first_ = 0, last_ = 0;
    std::size_t count_ = 0;
};

void mark(std::vector<bool>& releases, std::uint32_t id) {
    if (id == 0 || id > ReleaseParser::maxReleaseId)
        return;
    if (id >= releases.size())
        releases.resize(id + 1 + id / 8);
    releases[id] = true;
}

} // namespace

/// Titles of videos lie deeper than the album's own.
Master parsedMaster(std::string_view element) {
    Master master;
    if (firstBadByte(element) != std::string_view::npos)
        return {};
    try {
        XmlScanner xml(element);
        TextArena arena;
        std::string_view inside;
        for (auto event = xml.next(); event != XmlScanner::Event::finished; event = xml.next()) {
            if (event == XmlScanner::Event::start) {
                inside = xml.depth() == 2 ? xml.name() : std::string_view();
                if (xml.depth() == 1)
                    for (const auto& [name, value] : xml)
                        master.id = name == "id" ? number(value) : master.id;
            } else if (event == XmlScanner::Event::end) {
                inside = {};
            } else if (inside == "main_release") {
                master.mainRelease = number(xml.text());
            } else if (inside == "year") {
                master.year = static_cast<int>(number(xml.text()));
            } else if (inside == "title") {
                master.title += xml.isLiteral() ? xml.text() : decoded(xml.text(), arena);
            }
        }
    } catch (const XmlError&) {
        return {};
    }
    master.title = std::string(cutAt(trimmed(master.title), longestTitle));
    if (master.year < 1850 || master.year > 2200)
        master.year = 0;
    return master;
}

Masters readMasters(const std::filesystem::path& masters, IndexFile& file,
                    const std::stop_token& stop) {
    ByteSource source(masters);
    DumpReader reader(source, mastersDump);
    DumpBatch batch;
    MastersWriter writer(file);
    Masters read;
    while (reader.next(batch)) {
        if (stop.stop_requested())
            throw Error(ErrorCode::conflict, "the build was stopped");
        for (const DumpBatch::Element& element : batch.elements) {
            const Master master = parsedMaster(batch.view(element));
            mark(read.mainReleases, master.mainRelease);
            if (master.id == 0 || master.title.empty())
                continue;
            writer.add(master);
            ++read.count;
        }
    }
    writer.close();
    return read;
}

} // namespace gatefold::catalogue
