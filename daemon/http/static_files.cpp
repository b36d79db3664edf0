#include "http/static_files.hpp"

#include "core/error.hpp"
#include "ports/covers.hpp"

#include <Poco/Base64Encoder.h>
#include <Poco/DigestEngine.h>
#include <Poco/SHA2Engine.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>

namespace gatefold::http {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t maxFiles = 5'000;

struct MediaType {
    std::string_view extension, type;
};
constexpr std::array mediaTypes{
    MediaType{".html", "text/html; charset=utf-8"},
    MediaType{".js", "text/javascript; charset=utf-8"},
    MediaType{".mjs", "text/javascript; charset=utf-8"},
    MediaType{".css", "text/css; charset=utf-8"},
    MediaType{".json", "application/json"},
    MediaType{".webmanifest", "application/manifest+json"},
    MediaType{".wasm", "application/wasm"},
    MediaType{".svg", "image/svg+xml"},
    MediaType{".png", "image/png"},
    MediaType{".jpg", "image/jpeg"},
    MediaType{".webp", "image/webp"},
    MediaType{".ico", "image/x-icon"},
    MediaType{".woff2", "font/woff2"},
    MediaType{".txt", "text/plain; charset=utf-8"},
    MediaType{".mp3", "audio/mpeg"},
    MediaType{".wav", "audio/wav"},
};

std::string_view mediaTypeOf(std::string_view path) {
    for (const MediaType& entry : mediaTypes)
        if (path.ends_with(entry.extension))
            return entry.type;
    return "application/octet-stream";
}

std::string contentOf(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream out;
    out << in.rdbuf();
    if (!in || !out)
        throw Error(ErrorCode::notFound, "There is no such file.");
    return std::move(out).str();
}

/// Vite puts a hash of the content into names under assets/: such a name never means anything else.
bool isHashed(std::string_view path) {
    return path.starts_with("/assets/");
}

bool hasExtension(std::string_view path) {
    return path.substr(path.rfind('/') + 1).find('.') != path.npos;
}

std::string hashSource(std::string_view style) {
    Poco::SHA2Engine sha;
    sha.update(style.data(), style.size());
    const auto digest = sha.digest();
    std::ostringstream out;
    Poco::Base64Encoder encoder(out);
    encoder.write(reinterpret_cast<const char*>(digest.data()),
                  static_cast<std::streamsize>(digest.size()));
    encoder.close();
    return "'sha256-" + out.str() + "'";
}

} // namespace

std::string contentPolicyFor(std::string_view html) {
    std::string styles = "'self'";
    for (auto at = html.find("<style"); at != html.npos; at = html.find("<style", at + 1)) {
        const auto begin = html.find('>', at);
        const auto end = html.find("</style>", at);
        if (begin == html.npos || end == html.npos || end < begin)
            break;
        styles += " " + hashSource(html.substr(begin + 1, end - begin - 1));
    }
    return "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src " + styles +
           "; worker-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; "
           "frame-ancestors 'none'";
}

StaticFiles::StaticFiles(fs::path page_folder, fs::path covers_folder)
    : page_folder_(std::move(page_folder)), covers_folder_(std::move(covers_folder)) {
    listPage();
    content_policy_ = contentPolicyFor(
        files_.contains("/index.html") ? contentOf(page_folder_ / "index.html") : std::string());
}

void StaticFiles::listPage() {
    std::error_code error;
    fs::recursive_directory_iterator entries(page_folder_, error);
    for (; !error && entries != fs::recursive_directory_iterator(); entries.increment(error)) {
        if (files_.size() >= maxFiles)
            break;
        std::error_code unreadable;
        if (!entries->is_regular_file(unreadable) || unreadable)
            continue;
        const auto size = entries->file_size(unreadable);
        const auto time = entries->last_write_time(unreadable).time_since_epoch().count();
        const std::string path =
            "/" + entries->path().lexically_relative(page_folder_).generic_string();
        std::ostringstream tag;
        tag << std::hex << size << '-' << time;
        files_[path].tag = tag.str();
    }
    for (auto& [path, file] : files_) {
        file.br = files_.contains(path + ".br");
        file.gzip = files_.contains(path + ".gz");
    }
}

Reply StaticFiles::page(const Request& request) const {
    std::string path = request.target.path();
    auto at = files_.find(path);
    if (at == files_.end() && !hasExtension(path))
        at = files_.find("/index.html");
    if (at == files_.end())
        throw Error(ErrorCode::notFound, files_.empty() ? "The page is not installed on this box."
                                                        : "There is no such file.");
    return send(at->first, at->second, request);
}

Reply StaticFiles::send(const std::string& path, const File& file, const Request& request) const {
    const std::string_view accepted = request.header("Accept-Encoding");
    const bool br = file.br && acceptsCoding(accepted, "br");
    const bool gzip = !br && file.gzip && acceptsCoding(accepted, "gzip");
    const std::string tag = file.tag + (br ? "-br" : gzip ? "-gz" : "");

    Reply reply;
    reply.media = mediaTypeOf(path);
    reply.with("ETag", "\"" + tag + "\"");
    reply.with("Cache-Control",
               isHashed(path) ? "public, max-age=31536000, immutable" : "no-cache");
    if (file.br || file.gzip)
        reply.with("Vary", "Accept-Encoding");
    if (br || gzip)
        reply.with("Content-Encoding", br ? "br" : "gzip");
    if (const std::string_view known = request.header("If-None-Match"); !known.empty()) {
        const EntityTags tags = parseEntityTags(known);
        if (tags.any || std::any_of(tags.tags.begin(), tags.tags.end(),
                                    [&](const auto& one) { return one.value == tag; })) {
            reply.status = 304;
            return reply;
        }
    }
    reply.body = contentOf(page_folder_ / (path.substr(1) + (br ? ".br" : gzip ? ".gz" : "")));
    return reply;
}

Reply StaticFiles::cover(std::string_view file_name) const {
    if (!isCoverFileName(file_name))
        throw Error(ErrorCode::notFound, "There is no such cover.");
    Reply reply;
    reply.media = "image/jpeg";
    reply.body = contentOf(covers_folder_ / file_name);
    reply.with("Cache-Control", "public, max-age=31536000, immutable");
    // Dashboards of home automation show covers on pages of their own.
    reply.with("Cross-Origin-Resource-Policy", "cross-origin");
    return reply;
}

} // namespace gatefold::http
