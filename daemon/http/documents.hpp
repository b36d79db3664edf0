#pragma once

#include "core/fields.hpp"
#include "core/now_playing.hpp"
#include "core/role.hpp"
#include "ports/photo_decoder.hpp"
#include "ports/records.hpp"

#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace gatefold {

template <>
struct EnumNames<Permission> {
    static constexpr std::array<std::pair<Permission, std::string_view>, 14> names{{
        {Permission::open, "open"},
        {Permission::loopbackOrToken, "loopback_or_token"},
        {Permission::signedIn, "signed_in"},
        {Permission::nowPlayingRead, "now_playing_read"},
        {Permission::collectionRead, "collection_read"},
        {Permission::scan, "scan"},
        {Permission::play, "play"},
        {Permission::collectionEdit, "collection_edit"},
        {Permission::inboxResolve, "inbox_resolve"},
        {Permission::devicesRead, "devices_read"},
        {Permission::devicesEdit, "devices_edit"},
        {Permission::accountsEdit, "accounts_edit"},
        {Permission::systemRead, "system_read"},
        {Permission::systemEdit, "system_edit"},
    }};
};

} // namespace gatefold

/// Documents that only HTTP has.
namespace gatefold::http {

/// Whether the box is alive; `/healthz`.
struct Alive {
    std::string status = "ok";
    std::string version;
    static constexpr auto fields =
        fieldList(field("status", &Alive::status), field("version", &Alive::version));
};

/// A fresh code for the first-run setup.
struct SetupCode {
    std::string code;
    static constexpr auto fields = fieldList(field("code", &SetupCode::code, "valid for an hour"));
};

enum class SignedInBy { password, token, console };

/// Who am I, and what may I.
struct Session {
    std::optional<NamedPerson> person;
    std::string name;
    Role role = Role::guest;
    std::vector<Permission> permissions;
    SignedInBy via = SignedInBy::password;
    static constexpr auto fields =
        fieldList(field("person", &Session::person, "null for tokens and the console"),
                  field("name", &Session::name), field("role", &Session::role),
                  field("permissions", &Session::permissions),
                  field("via", &Session::via, "password, token or console"));
};

/// A scan as a client hands it in.
struct NewScanRequest {
    std::string code;
    Absent<std::string> source;
    Absent<std::string> client_id;
    Absent<WallTime> scanned_at;
    static constexpr auto fields = fieldList(
        field("code", &NewScanRequest::code, "1-512 bytes after trimming"),
        field("source", &NewScanRequest::source, "what the client calls itself"),
        field("client_id", &NewScanRequest::client_id,
              "the same id again answers what was answered first"),
        field("scanned_at", &NewScanRequest::scanned_at, "when a queued scan really happened"));
};

/// The now-playing document with its head, as on MQTT.
struct NowPlayingDocument : NowPlaying {
    int v = 1;
    std::int64_t seq = 0;
    WallTime ts{};
    static constexpr auto fields =
        joined(fieldList(field("v", &NowPlayingDocument::v),
                         field("seq", &NowPlayingDocument::seq, "place in the event log"),
                         field("ts", &NowPlayingDocument::ts)),
               NowPlaying::fields);
};

struct PhotoCodes {
    std::vector<DecodedCode> codes;
    static constexpr auto fields = fieldList(field("codes", &PhotoCodes::codes));
};

} // namespace gatefold::http

template <>
struct gatefold::EnumNames<gatefold::http::SignedInBy> {
    static constexpr std::array<std::pair<gatefold::http::SignedInBy, std::string_view>, 3> names{
        {{gatefold::http::SignedInBy::password, "password"},
         {gatefold::http::SignedInBy::token, "token"},
         {gatefold::http::SignedInBy::console, "console"}}};
};
