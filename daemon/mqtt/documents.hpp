#pragma once

#include "core/absent.hpp"
#include "core/fields.hpp"
#include "ports/records.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// Small documents that only MQTT has; each with v, seq, ts.
namespace gatefold::mqtt {

struct DeckName {
    std::string id, name;
    static constexpr auto fields =
        fieldList(field("id", &DeckName::id), field("name", &DeckName::name));
};

struct Info {
    int v = 1;
    std::int64_t seq = 0;
    std::string ts, version, api = "v1", boot_id, base_url;
    std::vector<DeckName> decks;
    std::vector<std::string> event_types;
    static constexpr auto fields =
        fieldList(field("v", &Info::v), field("seq", &Info::seq), field("ts", &Info::ts),
                  field("version", &Info::version), field("api", &Info::api),
                  field("boot_id", &Info::boot_id), field("base_url", &Info::base_url),
                  field("decks", &Info::decks), field("event_types", &Info::event_types));
};

struct LinkFacts {
    std::int64_t reconnects = 0;
    std::optional<std::string> problem; ///< in words
    static constexpr auto fields = fieldList(field("reconnects", &LinkFacts::reconnects),
                                             field("problem", &LinkFacts::problem));
};

struct Health {
    int v = 1;
    std::int64_t seq = 0;
    std::string ts;
    std::int64_t uptime_s = 0;
    OutboxStats outbox;
    LinkFacts mqtt;
    std::int64_t disk_free_mb = 0;
    std::optional<double> temp_c;
    static constexpr auto fields =
        fieldList(field("v", &Health::v), field("seq", &Health::seq), field("ts", &Health::ts),
                  field("uptime_s", &Health::uptime_s), field("outbox", &Health::outbox),
                  field("mqtt", &Health::mqtt), field("disk_free_mb", &Health::disk_free_mb),
                  field("temp_c", &Health::temp_c));
};

/// `latest_version` is the installed one until something looks for newer ones.
struct Update {
    std::string installed_version, latest_version;
    static constexpr auto fields = fieldList(field("installed_version", &Update::installed_version),
                                             field("latest_version", &Update::latest_version));
};

/// What a command may say; every member may be missing.
struct CommandBody {
    Absent<std::string> id, deck, copy_id, side, code, source, requester;
    Absent<std::int64_t> release_id, from_seq, max;
    Absent<bool> start;
    static constexpr auto fields = fieldList(
        field("id", &CommandBody::id), field("deck", &CommandBody::deck),
        field("copy_id", &CommandBody::copy_id), field("side", &CommandBody::side),
        field("code", &CommandBody::code), field("source", &CommandBody::source),
        field("requester", &CommandBody::requester), field("release_id", &CommandBody::release_id),
        field("from_seq", &CommandBody::from_seq), field("max", &CommandBody::max),
        field("start", &CommandBody::start));
};

struct CommandProblem {
    std::string code, message;
    static constexpr auto fields =
        fieldList(field("code", &CommandProblem::code), field("message", &CommandProblem::message));
};

struct CommandAnswer {
    int v = 1;
    Absent<std::string> id;
    bool ok = true;
    Absent<std::int64_t> seq;
    Absent<CommandProblem> error;
    static constexpr auto fields =
        fieldList(field("v", &CommandAnswer::v), field("id", &CommandAnswer::id),
                  field("ok", &CommandAnswer::ok), field("seq", &CommandAnswer::seq),
                  field("error", &CommandAnswer::error));
};

} // namespace gatefold::mqtt
