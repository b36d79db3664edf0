#pragma once

#include "core/fields.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

namespace gatefold {

/// What a caller may be: roles of people, then scopes that only tokens carry.
enum class Role { guest, viewer, editor, admin, scanner, automation, kiosk };
template <>
struct EnumNames<Role> {
    static constexpr std::array<std::pair<Role, std::string_view>, 7> names{{
        {Role::guest, "guest"},
        {Role::viewer, "viewer"},
        {Role::editor, "editor"},
        {Role::admin, "admin"},
        {Role::scanner, "scanner"},
        {Role::automation, "automation"},
        {Role::kiosk, "kiosk"},
    }};
};
inline constexpr std::size_t roleCount = 7;

/// What a route, a command or a page asks for. `open` is for anybody, and has to be written out.
enum class Permission {
    open,            ///< no sign-in at all: health, setup, sign-in, covers, the page's files
    loopbackOrToken, ///< metrics: from the box itself, or any token
    signedIn,        ///< whoever is signed in: own session
    nowPlayingRead,  ///< see what is on the decks
    collectionRead,
    scan, ///< hand in a scan or a photo to decode
    play, ///< play, flip, stop, seek
    collectionEdit,
    inboxResolve,
    devicesRead,
    devicesEdit,
    accountsEdit, ///< users, tokens
    systemRead,   ///< jobs, logs, settings
    systemEdit,   ///< settings, backups, catalogue
};

/// Default deny: true only where the table of role.cpp says so. No role: only `open`.
bool mayDo(std::optional<Role> role, Permission permission);

/// True for guest, viewer, editor, admin: the roles of people.
bool isPersonRole(Role role);
/// Whether a maker with role `maker` may hand out a token of `scope`: never more than it may
/// itself.
bool mayGrant(Role maker, Role scope);

} // namespace gatefold
