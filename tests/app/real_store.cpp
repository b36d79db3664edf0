#include "tests/app/real_store.hpp"

#include "store/store.hpp"

#include <stdexcept>
#include <stdlib.h>

namespace gatefold::test {

namespace {

class OpenStore final : public RealStore {
public:
    OpenStore(const std::filesystem::path& folder, const Clock& clock)
        : store_(folder, clock, {"mqtt"}) {}
    UnitOfWork& unitOfWork() override { return store_; }

private:
    store::Store store_;
};

} // namespace

TempFolder::TempFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "gatefold-test-XXXXXX").string();
    if (!::mkdtemp(name.data()))
        throw std::runtime_error("no temporary folder");
    path_ = name;
}

TempFolder::~TempFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

std::unique_ptr<RealStore> openStore(const std::filesystem::path& folder, const Clock& clock) {
    return std::make_unique<OpenStore>(folder, clock);
}

} // namespace gatefold::test
