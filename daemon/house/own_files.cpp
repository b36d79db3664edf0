#include "house/own_files.hpp"

#include "core/error.hpp"
#include "house/house.hpp"
#include "store/store.hpp"

#include <algorithm>
#include <string>
#include <system_error>
#include <vector>

namespace gatefold::house {

namespace {

namespace fs = std::filesystem;

/// The files of a folder that have the name `stem`, or `stem` and an ending after '.' or '-'; with
/// an empty `stem` the folder and all that is in it.
struct Family {
    fs::path folder;
    std::string stem;

    bool has(const std::string& name) const {
        return stem.empty() || name == stem || name.starts_with(stem + '.') ||
               name.starts_with(stem + '-');
    }
};

std::vector<Family> ownFamilies(platform::Settings settings, const fs::path& configuration) {
    const fs::path store = settings.store.path;
    std::vector<Family> own{{store / "covers", ""}, {store / "secrets", ""}};
    for (const char* stem :
         {"gatefold.db", "gatefold.lock", "gatefold.toml", "restore", "control.sock", "answers.db"})
        own.push_back({store, stem});
    std::vector<fs::path> files{store::databaseFile(store), catalogueFile(settings), configuration};
    for (const std::string* named : platform::filesNamedIn(settings))
        files.emplace_back(*named);
    for (const fs::path& file : files) {
        if (file.empty())
            continue;
        std::error_code missing;
        const fs::path real = fs::canonical(file, missing); // logs lie beside the file itself
        for (const fs::path& name : {file, real})
            own.push_back({name.parent_path(), name.filename().string()});
        if (missing)
            own.pop_back();
    }
    return own;
}

fs::path realPath(const fs::path& path) {
    std::error_code unreadable;
    const fs::path real = fs::weakly_canonical(fs::absolute(path), unreadable);
    return unreadable ? fs::absolute(path).lexically_normal() : real;
}

fs::path folderOf(const fs::path& file) {
    return realPath(fs::absolute(file).parent_path());
}

bool same(const fs::path& a, const fs::path& b) {
    std::error_code missing;
    return fs::equivalent(a, b, missing);
}

/// A folder that is missing yet has only its name.
bool sameFolder(const fs::path& a, const fs::path& b) {
    return same(a, b) || realPath(a) == realPath(b);
}

/// Whether the name, or that of a folder above it, is one of the family's.
bool isNamedIn(const Family& family, const fs::path& output) {
    for (fs::path path = output; path.has_relative_path(); path = path.parent_path())
        if (family.stem.empty() ? sameFolder(path, family.folder)
                                : family.has(path.filename().string()) &&
                                      sameFolder(path.parent_path(), family.folder))
            return true;
    return false;
}

bool isLinkedFrom(const Family& family, const fs::path& output) {
    std::error_code missing;
    const fs::directory_iterator files(family.folder, missing);
    return std::any_of(begin(files), end(files), [&](const fs::directory_entry& file) {
        return family.has(file.path().filename().string()) && same(file.path(), output);
    });
}

} // namespace

bool samePlace(const fs::path& a, const fs::path& b) {
    return a.filename() == b.filename() && sameFolder(folderOf(a), folderOf(b));
}

void requireOtherThanOwn(const fs::path& output, const platform::Settings& settings,
                         const fs::path& configuration) {
    const fs::path place = folderOf(output) / output.filename();
    std::error_code missing;
    const bool there = fs::is_regular_file(output, missing);
    for (const Family& family : ownFamilies(settings, configuration))
        if (isNamedIn(family, place) || (there && isLinkedFrom(family, output)))
            throw Error(ErrorCode::invalid, output.string() +
                                                " is one of Gatefold's own files: name another "
                                                "one. Nothing was written.");
}

} // namespace gatefold::house
