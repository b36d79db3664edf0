#pragma once

#include "core/absent.hpp"
#include "core/event.hpp"
#include "core/fields.hpp"
#include "core/grade.hpp"
#include "core/gtin.hpp"
#include "core/ids.hpp"
#include "core/outcome.hpp"
#include "core/question.hpp"
#include "core/release.hpp"
#include "core/role.hpp"
#include "core/session.hpp"
#include "core/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// The rows of the store as plain values, and the documents that are exactly such a row.
namespace gatefold {

/// Part of a list. `cursor` is opaque: what the page before gave as `next`.
struct PageRequest {
    int limit = 50; ///< 1 ... 500
    std::string cursor;
};
template <class T>
struct Page {
    std::vector<T> items;
    std::optional<std::string> next;
    std::int64_t total = 0;
    static constexpr auto fields =
        fieldList(field("items", &Page::items),
                  field("next", &Page::next, "cursor of the next page, null at the end"),
                  field("total", &Page::total));
};

// --- Scans
// -----------------------------------------------------------------------------------------------------------

/// What sticks to one source. Default: play, the default deck, nobody.
struct SourceContext {
    Mode mode = Mode::play;
    std::optional<PersonId> person;
    std::optional<LocationId> location;
    std::optional<DeckId> deck;
    static constexpr auto fields =
        fieldList(field("mode", &SourceContext::mode), field("person", &SourceContext::person),
                  field("location", &SourceContext::location), field("deck", &SourceContext::deck));
    bool operator==(const SourceContext&) const = default;
};

/// A source's context with the moment of its last scan: after 30 idle minutes it is forgotten.
struct KeptContext {
    SourceContext context;
    WallTime used_at{};
};

/// The raw scan, as transaction 1 journals it.
struct NewScan {
    std::string source; ///< device id, or the name a client gave itself
    std::string raw;    ///< bytes as they came, at most 4,096
    std::optional<std::string> client_id;
    std::optional<WallTime> scanned_at; ///< when a queued scan really happened
    WallTime at{};
    SourceContext context;
    Symbology symbology = Symbology::unknown;
};

/// What a scan did, so that UNDO can take it back.
struct ScanEffect {
    Absent<CopyId> added_copy;        ///< a copy made by add mode or the COPY card
    Absent<PlayId> played;            ///< a play session begun
    Absent<std::string> flipped_deck; ///< a flip
    Absent<SourceContext> context_before;
    Absent<InboxId> inbox;
    Absent<CopyId> labelled; ///< whom the blank label was put on, later
    Absent<bool> undone;
    static constexpr auto fields = fieldList(
        field("added_copy", &ScanEffect::added_copy), field("played", &ScanEffect::played),
        field("flipped_deck", &ScanEffect::flipped_deck),
        field("context_before", &ScanEffect::context_before), field("inbox", &ScanEffect::inbox),
        field("labelled", &ScanEffect::labelled), field("undone", &ScanEffect::undone));
};

/// What a scan answers: the document of POST /api/v1/scans, `gatefold scan`, the event stream's
/// `scan_result`.
struct ScanAnswer {
    ScanId id;
    Outcome outcome = Outcome::unknown;
    Absent<std::string> gtin;
    Absent<CopyId> copy_id;
    Absent<ReleaseId> release_id;
    Absent<InboxId> inbox_id;
    std::string message; ///< for people
    static constexpr auto fields = fieldList(
        field("id", &ScanAnswer::id), field("outcome", &ScanAnswer::outcome),
        field("gtin", &ScanAnswer::gtin, "14 digits"), field("copy_id", &ScanAnswer::copy_id),
        field("release_id", &ScanAnswer::release_id), field("inbox_id", &ScanAnswer::inbox_id),
        field("message", &ScanAnswer::message));
};

/// A journal row. No answer = transaction 2 has not happened yet.
struct ScanRecord {
    ScanId id;
    NewScan scan;
    std::optional<ScanAnswer> answer;
    ScanEffect effect;
};

/// A journal row as a document.
struct ScanView {
    ScanId id;
    std::string source, code; ///< code: printable form of the raw bytes
    WallTime at{};
    std::optional<WallTime> scanned_at;
    Mode mode = Mode::play;
    std::optional<PersonId> person;
    std::optional<Outcome> outcome;
    std::optional<std::string> gtin, message;
    std::optional<CopyId> copy_id;
    std::optional<ReleaseId> release_id;
    std::optional<InboxId> inbox_id;
    bool undone = false;
    static constexpr auto fields =
        fieldList(field("id", &ScanView::id), field("source", &ScanView::source),
                  field("code", &ScanView::code), field("at", &ScanView::at),
                  field("scanned_at", &ScanView::scanned_at), field("mode", &ScanView::mode),
                  field("person", &ScanView::person), field("outcome", &ScanView::outcome),
                  field("gtin", &ScanView::gtin), field("message", &ScanView::message),
                  field("copy_id", &ScanView::copy_id), field("release_id", &ScanView::release_id),
                  field("inbox_id", &ScanView::inbox_id), field("undone", &ScanView::undone));
};

enum class InboxKind { pressingOpen, unknown, blankLabel };
template <>
struct EnumNames<InboxKind> {
    static constexpr std::array<std::pair<InboxKind, std::string_view>, 3> names{{
        {InboxKind::pressingOpen, "pressing_open"},
        {InboxKind::unknown, "unknown"},
        {InboxKind::blankLabel, "blank_label"},
    }};
};

/// What people said to an item's questions so far.
struct InboxAnswers {
    std::vector<ReleaseId> ruled_out = {};
    std::vector<QuestionField> not_known = {};
    static constexpr auto fields = fieldList(field("ruled_out", &InboxAnswers::ruled_out),
                                             field("not_known", &InboxAnswers::not_known));
    bool operator==(const InboxAnswers&) const = default;
};

/// A scan that needs a human. Candidates are not stored: they are looked up when somebody looks,
/// and those that an answer ruled out are left out.
struct InboxRow {
    InboxId id;
    InboxKind kind = InboxKind::unknown;
    ScanId scan_id;
    std::string code;
    std::string source;
    WallTime at{};
    std::optional<CopyId> copy_id;
    std::optional<PlayId> play_id; ///< the play session that goes on with the pressing open
    bool settled = false;
    InboxAnswers answers = {};
    std::optional<ReleaseId> release_id = {}; ///< what it was settled as; none: dismissed
};

struct InboxItem {
    InboxId id;
    InboxKind kind = InboxKind::unknown;
    ScanId scan_id;
    std::string code, source;
    WallTime at{};
    std::optional<CopyId> copy_id;
    std::vector<Candidate> candidates; ///< best first, without those that an answer ruled out
    std::optional<Question> question;
    bool settled = false;
    Absent<ReleaseId> release_id;          ///< what it was settled as
    std::vector<Attribution> attributions; ///< of candidates that online sources gave
    static constexpr auto fields = fieldList(
        field("id", &InboxItem::id), field("kind", &InboxItem::kind),
        field("scan_id", &InboxItem::scan_id), field("code", &InboxItem::code),
        field("source", &InboxItem::source), field("at", &InboxItem::at),
        field("copy_id", &InboxItem::copy_id), field("candidates", &InboxItem::candidates),
        field("question", &InboxItem::question, "null: the list decides"),
        field("settled", &InboxItem::settled, "nothing is asked any more"),
        field("release_id", &InboxItem::release_id, "what it was settled as"),
        field("attributions", &InboxItem::attributions, "of candidates from online sources"));
};

// --- Collection
// ------------------------------------------------------------------------------------------------------

struct Copy {
    CopyId id;
    std::int64_t version = 1; ///< its ETag; rises with every change
    ReleaseId release_id = 0;
    bool pressing_open = false; ///< album known, release_id is the best guess
    std::optional<PersonId> owner;
    std::optional<LocationId> location;
    std::optional<Grade> media_grade, sleeve_grade;
    std::string notes;
    WallTime added_at{};
    std::optional<WallTime> last_played_at;
    std::int64_t plays = 0;           ///< times the record was put on
    std::optional<std::string> label; ///< digits of its own label, when one is bound
    std::optional<WallTime> deleted_at;
};

struct NamedPerson {
    PersonId id;
    std::string name;
    static constexpr auto fields =
        fieldList(field("id", &NamedPerson::id), field("name", &NamedPerson::name));
};
struct NamedLocation {
    LocationId id;
    std::string path; ///< "Living room / B / 3"
    static constexpr auto fields =
        fieldList(field("id", &NamedLocation::id), field("path", &NamedLocation::path));
};

/// A copy with what a person wants to see beside it.
struct CopyView {
    CopyId id;
    std::int64_t version = 1;
    ReleaseId release_id = 0;
    bool pressing_open = false;
    std::string title, artist;
    std::optional<int> year;
    std::optional<std::string> country;
    std::vector<LabelCatno> labels;
    std::vector<Format> formats;
    std::optional<NamedPerson> owner;
    std::optional<NamedLocation> location;
    std::optional<Grade> media_grade, sleeve_grade;
    std::string notes;
    WallTime added_at{};
    std::optional<WallTime> last_played_at;
    std::int64_t plays = 0;
    std::optional<std::string> label, cover_url;
    std::optional<WallTime> deleted_at;
    static constexpr auto fields = fieldList(
        field("id", &CopyView::id), field("version", &CopyView::version),
        field("release_id", &CopyView::release_id),
        field("pressing_open", &CopyView::pressing_open, "album known, pressing open"),
        field("title", &CopyView::title), field("artist", &CopyView::artist),
        field("year", &CopyView::year), field("country", &CopyView::country),
        field("labels", &CopyView::labels), field("formats", &CopyView::formats),
        field("owner", &CopyView::owner), field("location", &CopyView::location),
        field("media_grade", &CopyView::media_grade),
        field("sleeve_grade", &CopyView::sleeve_grade), field("notes", &CopyView::notes),
        field("added_at", &CopyView::added_at), field("last_played_at", &CopyView::last_played_at),
        field("plays", &CopyView::plays), field("label", &CopyView::label),
        field("cover_url", &CopyView::cover_url), field("deleted_at", &CopyView::deleted_at));
};

/// A release's cover from an online source.
struct ReleaseCover {
    std::string hash;   ///< of its files
    std::string source; ///< name of the source
    WallTime at{};
    std::optional<WallTime> ends_at; ///< its source lets nobody keep it for longer
};

/// What an online source answered to one question, and when it is asked again.
struct OnlineAsk {
    std::string source;
    std::string found; ///< JSON
    WallTime due_at{};
};

enum class CopySort { artist, title, added, year, relevance };
template <>
struct EnumNames<CopySort> {
    static constexpr std::array<std::pair<CopySort, std::string_view>, 5> names{{
        {CopySort::artist, "artist"},
        {CopySort::title, "title"},
        {CopySort::added, "added"},
        {CopySort::year, "year"},
        {CopySort::relevance, "relevance"},
    }};
};

struct CopyQuery {
    std::string text; ///< search as you type: every word a prefix; accents, case, "The" and word
                      ///< order forgiven
    std::optional<PersonId> owner;
    std::optional<LocationId> location; ///< with everything below it
    std::optional<ReleaseId> release;
    bool deleted = false; ///< the trash instead of the shelf
    CopySort sort = CopySort::artist;
    PageRequest page;
};

struct Location {
    LocationId id;
    std::int64_t version = 1;
    std::optional<LocationId> parent;
    std::string name;
    std::string path;
    std::string card; ///< digits of its control card
    static constexpr auto fields =
        fieldList(field("id", &Location::id), field("version", &Location::version),
                  field("parent", &Location::parent), field("name", &Location::name),
                  field("path", &Location::path), field("card", &Location::card));
};

struct Person {
    PersonId id;
    std::int64_t version = 1;
    std::string name;
    std::optional<Role> role;  ///< none: a person without sign-in
    std::string password_hash; ///< never leaves the server
    WallTime created_at{};
    std::string card; ///< digits of the control card
    static constexpr auto fields = fieldList(
        field("id", &Person::id), field("version", &Person::version), field("name", &Person::name),
        field("role", &Person::role, "null: a person without sign-in"),
        field("created_at", &Person::created_at), field("card", &Person::card));
};

// --- Accounts
// --------------------------------------------------------------------------------------------------------

struct SignIn {
    SignInId id;
    PersonId person;
    std::string secret_hash; ///< SHA-256 of the cookie's value
    WallTime created_at{}, used_at{}, expires_at{};
};

struct Token {
    TokenId id;
    std::string name;
    Role scope = Role::viewer;
    std::string secret_hash;
    std::optional<PersonId> maker; ///< none: the console made it
    WallTime created_at{};
    std::optional<WallTime> expires_at, used_at;
    std::optional<TokenId> made_with = {}; ///< the token it was made with over the API
    static constexpr auto fields = fieldList(
        field("id", &Token::id), field("name", &Token::name), field("scope", &Token::scope),
        field("maker", &Token::maker), field("created_at", &Token::created_at),
        field("expires_at", &Token::expires_at), field("used_at", &Token::used_at));
};

// --- Listening
// -------------------------------------------------------------------------------------------------------

struct Deck {
    DeckId id;
    std::string name;
    std::int64_t number = 0; ///< value of its control card; given once, never reused
    std::string card;
    static constexpr auto fields =
        fieldList(field("id", &Deck::id), field("name", &Deck::name), field("card", &Deck::card));
};

/// A play session as stored.
struct PlayRow {
    PlayId id;
    DeckId deck;
    std::optional<CopyId> copy;
    ReleaseId release_id = 0;
    Confidence confidence = Confidence::scanned;
    std::string how; ///< "scan", "manual"
    std::optional<PersonId> person;
    WallTime started_at{};
    std::optional<WallTime> ended_at;
    PlaySession::Saved saved;
};

/// A side that counts as played.
struct SidePlay {
    PlayId play;
    std::string side;
    double played_s = 0;
    double share = 0;
    WallTime at{};
};

/// A play as a document.
struct PlayView {
    PlayId id;
    std::string deck;
    std::optional<CopyId> copy_id;
    ReleaseId release_id = 0;
    std::string title, artist;
    WallTime started_at{};
    std::optional<WallTime> ended_at;
    std::vector<std::string> sides;
    static constexpr auto fields = fieldList(
        field("id", &PlayView::id), field("deck", &PlayView::deck),
        field("copy_id", &PlayView::copy_id), field("release_id", &PlayView::release_id),
        field("title", &PlayView::title), field("artist", &PlayView::artist),
        field("started_at", &PlayView::started_at), field("ended_at", &PlayView::ended_at),
        field("sides", &PlayView::sides, "sides that count as played"));
};

// --- Devices, jobs
// ---------------------------------------------------------------------------------------------------

/// What the household set for a device.
struct DeviceRow {
    std::string id;
    std::int64_t version = 1;
    std::optional<std::string> name, deck, layout;
};

struct Job {
    JobId id;
    std::string kind;    ///< "catalogue_update", "catalogue_build", "backup"
    std::string state;   ///< "running", "done", "failed"
    double progress = 0; ///< 0 ... 1
    std::string message;
    WallTime started_at{};
    std::optional<WallTime> ended_at;
    Absent<double> bytes_per_s = {}; ///< while it runs, where it is known
    Absent<std::int64_t> seconds_left = {};
    static constexpr auto fields =
        fieldList(field("id", &Job::id), field("kind", &Job::kind), field("state", &Job::state),
                  field("progress", &Job::progress), field("message", &Job::message),
                  field("started_at", &Job::started_at), field("ended_at", &Job::ended_at),
                  field("bytes_per_s", &Job::bytes_per_s, "while it runs"),
                  field("seconds_left", &Job::seconds_left, "while it runs"));
};

struct CollectionCounts {
    std::int64_t records = 0, releases = 0, played_30d = 0;
    static constexpr auto fields = fieldList(field("records", &CollectionCounts::records),
                                             field("releases", &CollectionCounts::releases),
                                             field("played_30d", &CollectionCounts::played_30d));
};

// --- Outbox
// ----------------------------------------------------------------------------------------------------------

/// One row a sink still has to hand over.
struct OutboxRow {
    LogRow log;
    std::string stream; ///< order is kept within it: deck id, "collection", "scan"
    int attempts = 0;
    std::string last_error;
};

struct OutboxStats {
    std::int64_t pending = 0, oldest_s = 0, parked = 0, expired = 0;
    static constexpr auto fields = fieldList(
        field("pending", &OutboxStats::pending), field("oldest_s", &OutboxStats::oldest_s),
        field("parked", &OutboxStats::parked), field("expired", &OutboxStats::expired));
};

} // namespace gatefold
