#pragma once

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <stdlib.h>
#include <string>

namespace gatefold::test {

/// A folder of its own for one test, gone afterwards.
class TempFolder {
public:
    TempFolder() {
        std::string name =
            (std::filesystem::temp_directory_path() / "gatefold-test-XXXXXX").string();
        if (!::mkdtemp(name.data()))
            throw std::runtime_error("no temporary folder");
        path_ = name;
    }
    ~TempFolder() {
        std::error_code error;
        std::filesystem::remove_all(path_, error);
    }
    TempFolder(const TempFolder&) = delete;
    TempFolder& operator=(const TempFolder&) = delete;

    const std::filesystem::path& path() const { return path_; }
    /// Writes beside and moves into place, as careful writers do.
    std::filesystem::path write(const std::string& name, const std::string& bytes) const {
        std::ofstream(path_ / ".part", std::ios::binary) << bytes;
        std::filesystem::rename(path_ / ".part", path_ / name);
        return path_ / name;
    }

private:
    std::filesystem::path path_;
};

} // namespace gatefold::test
