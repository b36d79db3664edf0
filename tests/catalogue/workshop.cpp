#include "catalogue/workshop.hpp"

#include "core/error.hpp"

#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace gatefold::test {

Workshop::Workshop() {
    std::string name =
        (std::filesystem::temp_directory_path() / "gatefold-catalogue-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr)
        throw std::runtime_error("no temporary folder");
    folder_ = name;
}

Workshop::~Workshop() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

std::filesystem::path Workshop::file(const std::string& name, std::string_view bytes) const {
    std::ofstream(path(name), std::ios::binary)
        .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    return path(name);
}

catalogue::BuildSummary Workshop::build(const std::filesystem::path& input,
                                        catalogue::Formats formats) const {
    catalogue::BuildRequest request;
    request.input = input;
    request.output = catalogue();
    request.formats = formats;
    request.jobs = 2;
    return catalogue::buildCatalogue(request);
}

catalogue::BuildSummary Workshop::buildFrom(std::string_view dump,
                                            catalogue::Formats formats) const {
    const auto input = file("dump.xml", dump);
    const auto summary = build(input, formats);
    std::filesystem::remove(input);
    return summary;
}

std::string Workshop::refusalOf(std::string_view dump) const {
    std::string refusal = "built";
    try {
        buildFrom(dump);
    } catch (const Error& error) {
        refusal = error.message();
    }
    std::filesystem::remove(path("dump.xml"));
    return refusal;
}

std::string Workshop::fileNames() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder_))
        names.push_back(entry.path().filename().string());
    std::sort(names.begin(), names.end());
    std::string line;
    for (const std::string& name : names)
        line += name + " ";
    return line;
}

std::string gzipped(std::string_view bytes) {
    z_stream stream{};
    if (deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        throw std::runtime_error("zlib");
    std::string out(deflateBound(&stream, bytes.size()), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

std::string contentOf(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::string idsOf(const std::vector<Candidate>& candidates) {
    std::string line;
    for (const Candidate& candidate : candidates)
        line += std::to_string(candidate.release_id) + " ";
    return line;
}

std::string dumpOf(std::string_view elements) {
    return "<releases>\n" + std::string(elements) + "</releases>\n";
}

std::string element(int id, std::string_view title) {
    return "<release id=\"" + std::to_string(id) +
           "\" status=\"Accepted\"><artists><artist><id>1</id><name>An "
           "Artist</name></artist></artists><title>" +
           std::string(title) +
           "</title><formats><format name=\"Vinyl\" qty=\"1\" text=\"\"/></formats></release>\n";
}

} // namespace gatefold::test
