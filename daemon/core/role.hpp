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

/// A set of permissions. Default deny: empty but for `open`.
class Rights {
public:
    constexpr Rights() = default;
    constexpr explicit Rights(Permission one) : bits_(bit(one)) {}
    constexpr bool allow(Permission permission) const {
        return permission == Permission::open || (bits_ & bit(permission)) != 0;
    }
    /// True when these rights hold everything that `other` holds.
    constexpr bool include(Rights other) const { return (other.bits_ & ~bits_) == 0; }
    /// What both hold.
    friend constexpr Rights operator&(Rights a, Rights b) { return Rights(a.bits_ & b.bits_); }
    /// What one of them holds.
    friend constexpr Rights operator|(Rights a, Rights b) { return Rights(a.bits_ | b.bits_); }
    constexpr bool operator==(const Rights&) const = default;

private:
    constexpr explicit Rights(std::uint32_t bits) : bits_(bits) {}
    static constexpr std::uint32_t bit(Permission permission) {
        return std::uint32_t{1} << static_cast<unsigned>(permission);
    }
    std::uint32_t bits_ = 0;
};

/// A role's row of the table in role.cpp.
Rights rightsOf(Role role);
/// Without a role: only `open`.
bool mayDo(std::optional<Role> role, Permission permission);

/// True for guest, viewer, editor, admin: the roles of people.
bool isPersonRole(Role role);

} // namespace gatefold
