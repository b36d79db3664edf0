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

bool mayDo(std::optional<Role> role, Permission permission) {
    if (permission == Permission::open)
        return true;
    if (!role)
        return false;
    for (const Grant& grant : grants)
        if (grant.permission == permission)
            return grant.to[static_cast<std::size_t>(*role)];
    return false;
}

bool isPersonRole(Role role) {
    return role <= Role::admin;
}

bool mayGrant(Role maker, Role scope) {
    for (const Grant& grant : grants)
        if (grant.to[static_cast<std::size_t>(scope)] && !grant.to[static_cast<std::size_t>(maker)])
            return false;
    return isPersonRole(maker);
}

} // namespace gatefold
