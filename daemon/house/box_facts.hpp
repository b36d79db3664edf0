#pragma once

#include "platform/settings.hpp"
#include "ports/clock.hpp"
#include "ports/message_link.hpp"
#include "ports/store.hpp"
#include "store/cover_folder.hpp"

#include <string>

namespace gatefold::house {

/// What this box tells about itself. Any thread.
class ThisBox final : public BoxFacts {
public:
    ThisBox(const platform::Settings& settings, const Clock& clock, const UnitOfWork& store,
            const store::CoverFolder& covers, std::string boot_id);

    BoxHealth health() const override;
    std::string version() const override;
    std::string bootId() const override { return boot_id_; }
    /// public_url where it is set, else http://<host name>.local:<port>.
    std::string baseUrl() const override;
    std::string cover(std::string_view deck) const override;

private:
    const platform::Settings& settings_;
    const Clock& clock_;
    const UnitOfWork& store_;
    const store::CoverFolder& covers_;
    std::string boot_id_;
    MonoTime started_;
};

} // namespace gatefold::house
