#include "core/role.hpp"

#include <array>

namespace gatefold {

namespace {

/// One row of what a role may do. Everything that is not listed is denied.
struct Grant {
    Permission permission;
    std::array<bool, roleCount> to; ///< guest, viewer, editor, admin, scanner, automation, kiosk
};

constexpr std::array grants{
    //                                    guest  viewer editor admin  scanner autom. kiosk
    Grant{Permission::loopbackOrToken, {true, true, true, true, true, true, true}},
    Grant{Permission::signedIn, {true, true, true, true, true, true, true}},
    Grant{Permission::nowPlayingRead, {true, true, true, true, false, true, true}},
    Grant{Permission::collectionRead, {true, true, true, true, false, true, false}},
    Grant{Permission::scan, {false, false, true, true, true, true, false}},
    Grant{Permission::play, {false, true, true, true, false, true, false}},
    Grant{Permission::collectionEdit, {false, false, true, true, false, false, false}},
    Grant{Permission::inboxResolve, {false, false, true, true, false, false, false}},
    Grant{Permission::devicesRead, {false, true, true, true, false, false, false}},
    Grant{Permission::devicesEdit, {false, false, false, true, false, false, false}},
    Grant{Permission::accountsEdit, {false, false, false, true, false, false, false}},
    Grant{Permission::systemRead, {false, false, false, true, false, false, false}},
    Grant{Permission::systemEdit, {false, false, false, true, false, false, false}},
};

} // namespace

Rights rightsOf(Role role) {
    Rights rights;
    for (const Grant& grant : grants)
        if (grant.to[static_cast<std::size_t>(role)])
            rights = rights | Rights(grant.permission);
    return rights;
}

bool mayDo(std::optional<Role> role, Permission permission) {
    return (role ? rightsOf(*role) : Rights()).allow(permission);
}

bool isPersonRole(Role role) {
    return role <= Role::admin;
}

} // namespace gatefold
