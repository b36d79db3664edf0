#pragma once

#include "cli/api.hpp"
#include "platform/settings.hpp"
#include "platform/store_lock.hpp"

#include <memory>

namespace gatefold::cli {

/// The same dispatcher in this process, under the store's lock: for a box whose daemon does not
/// run.
class LocalApi final : public Api {
public:
    LocalApi(const platform::Settings& settings, platform::StoreLock lock);
    ~LocalApi() override;
    ApiReply call(std::string_view method, std::string_view target, std::string_view body,
                  std::string_view if_match) override;
    bool daemonRuns() const override { return false; }

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace gatefold::cli
