#pragma once

#include "ports/store.hpp"

#include <filesystem>
#include <memory>
#include <string>

namespace gatefold {
class Clock;
}

namespace gatefold::test {

/// A folder that goes with the test.
class TempFolder {
public:
    TempFolder();
    ~TempFolder();
    TempFolder(const TempFolder&) = delete;
    TempFolder& operator=(const TempFolder&) = delete;
    const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

/// The real store behind its port, so that tests of use cases see no more of it than the use cases
/// do.
class RealStore {
public:
    virtual ~RealStore() = default;
    virtual UnitOfWork& unitOfWork() = 0;
};
std::unique_ptr<RealStore> openStore(const std::filesystem::path& folder, const Clock& clock);

} // namespace gatefold::test
