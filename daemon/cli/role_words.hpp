#pragma once

#include "core/role.hpp"

#include <string>
#include <vector>

namespace gatefold::cli {

/// The words of core's table of roles that a token may carry: all of them.
inline std::vector<std::string> scopeNames() {
    const auto names = namesOf<Role>();
    return {names.begin(), names.end()};
}

/// Those of them that a person may have.
inline std::vector<std::string> personRoleNames() {
    std::vector<std::string> names;
    for (const auto& [role, name] : EnumNames<Role>::names)
        if (isPersonRole(role))
            names.emplace_back(name);
    return names;
}

} // namespace gatefold::cli
