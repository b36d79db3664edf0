#pragma once

#include "core/absent.hpp"
#include "core/fields.hpp"
#include "core/ids.hpp"

#include <optional>
#include <string>

/// `data` of the events that use cases write; names and nulls as documented for MQTT.
namespace gatefold {

struct RecordEvent {
    std::optional<CopyId> copy_id;
    ReleaseId release_id = 0;
    std::string artist, album, how;
    Absent<bool> undone;
    static constexpr auto fields = fieldList(
        field("copy_id", &RecordEvent::copy_id), field("release_id", &RecordEvent::release_id),
        field("artist", &RecordEvent::artist), field("album", &RecordEvent::album),
        field("how", &RecordEvent::how), field("undone", &RecordEvent::undone));
};

struct SideEvent {
    std::optional<CopyId> copy_id;
    ReleaseId release_id = 0;
    std::string side;
    std::optional<std::string> next_side;
    Absent<std::string> ends_at, since;
    static constexpr auto fields = fieldList(
        field("copy_id", &SideEvent::copy_id), field("release_id", &SideEvent::release_id),
        field("side", &SideEvent::side), field("next_side", &SideEvent::next_side),
        field("ends_at", &SideEvent::ends_at), field("since", &SideEvent::since));
};

struct TrackEvent {
    std::optional<CopyId> copy_id;
    ReleaseId release_id = 0;
    std::string track, title;
    static constexpr auto fields = fieldList(
        field("copy_id", &TrackEvent::copy_id), field("release_id", &TrackEvent::release_id),
        field("track", &TrackEvent::track), field("title", &TrackEvent::title));
};

struct PlayedEvent {
    std::optional<CopyId> copy_id;
    ReleaseId release_id = 0;
    std::string side;
    double played_s = 0, share = 0;
    static constexpr auto fields =
        fieldList(field("copy_id", &PlayedEvent::copy_id),
                  field("release_id", &PlayedEvent::release_id), field("side", &PlayedEvent::side),
                  field("played_s", &PlayedEvent::played_s), field("share", &PlayedEvent::share));
};

struct ScanEvent {
    std::string code, reader;
    std::string outcome;
    Absent<CopyId> copy_id;
    static constexpr auto fields =
        fieldList(field("code", &ScanEvent::code), field("reader", &ScanEvent::reader),
                  field("outcome", &ScanEvent::outcome), field("copy_id", &ScanEvent::copy_id));
};

struct CopyEvent {
    CopyId copy_id;
    std::string artist, album;
    std::optional<std::string> by; ///< null unless names are opted in
    static constexpr auto fields =
        fieldList(field("copy_id", &CopyEvent::copy_id), field("artist", &CopyEvent::artist),
                  field("album", &CopyEvent::album), field("by", &CopyEvent::by));
};

/// An item of the inbox that got candidates, was narrowed down, settled or opened again.
struct InboxEvent {
    InboxId inbox_id;
    std::optional<CopyId> copy_id;
    bool settled = false;
    static constexpr auto fields =
        fieldList(field("inbox_id", &InboxEvent::inbox_id), field("copy_id", &InboxEvent::copy_id),
                  field("settled", &InboxEvent::settled));
};

} // namespace gatefold
