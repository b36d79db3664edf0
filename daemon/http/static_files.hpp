#pragma once

#include "http/message.hpp"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace gatefold::http {

/// The page's files and the covers. The page's folder is listed once, at start: only what was found
/// then can be asked for, so no path climbs out of it. Any thread.
class StaticFiles {
public:
    /// Either folder may be missing: then there is nothing in it.
    StaticFiles(std::filesystem::path page_folder, std::filesystem::path covers_folder);

    /// A file of the page, or its index.html for a path without a file extension (the page has its
    /// own routes).
    /// `.br` and `.gz` beside a file are sent to who accepts them. Throws `notFound`.
    Reply page(const Request& request) const;
    /// "9f2c…-512.jpg". Throws `notFound`.
    Reply cover(std::string_view file_name) const;
    /// Content-Security-Policy of every reply, with the hash of the style sheet that index.html
    /// carries inside.
    const std::string& contentPolicy() const { return content_policy_; }

private:
    struct File {
        std::string tag;
        bool br = false;
        bool gzip = false;
    };
    void listPage();
    Reply send(const std::string& path, const File& file, const Request& request) const;

    std::filesystem::path page_folder_, covers_folder_;
    std::map<std::string, File, std::less<>> files_; ///< "/assets/index-4f2a.js"
    std::string content_policy_;
};

/// The policy for a page whose inlined style sheets are those of `html`.
std::string contentPolicyFor(std::string_view html);

} // namespace gatefold::http
