#pragma once

#include "ports/records.hpp"

#include <functional>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

/// The store, as the use cases see it: one writer at a time, any number of readers, repositories by
/// aggregate. Methods marked const read and may be called in either kind of transaction; all others
/// need a Tx. Every method may throw Error `internal`, `diskFull`.
namespace gatefold {

class Scans {
public:
    virtual ~Scans() = default;
    virtual ScanId insert(const NewScan& scan) = 0;
    /// Transaction 2: the answer and what UNDO needs.
    virtual void answer(ScanId id, const ScanAnswer& answer, const ScanEffect& effect) = 0;
    virtual void setEffect(ScanId id, const ScanEffect& effect) = 0;
    virtual std::optional<ScanRecord> find(ScanId id) const = 0;
    virtual std::optional<ScanRecord> byClientId(std::string_view client_id) const = 0;
    /// This source's scans, newest first, not older than `since`.
    virtual std::vector<ScanRecord> recentOf(std::string_view source, WallTime since,
                                             int limit) const = 0;
    /// Journal rows without an answer, oldest first (after a crash).
    virtual std::vector<ScanRecord> unanswered() const = 0;
    /// Newest first.
    virtual Page<ScanView> list(const PageRequest& page) const = 0;
    virtual std::optional<KeptContext> context(std::string_view source) const = 0;
    virtual void keepContext(std::string_view source, const KeptContext& context) = 0;
};

class Inbox {
public:
    virtual ~Inbox() = default;
    virtual InboxId insert(const InboxRow& row) = 0; ///< `id` of the row is ignored
    virtual void settle(InboxId id) = 0;             ///< without a release: dismissed
    virtual void settleAs(InboxId id, ReleaseId release) = 0;
    virtual void reopen(InboxId id) = 0;
    virtual void keepAnswers(InboxId id, const InboxAnswers& answers) = 0;
    virtual void setCopy(InboxId id, std::optional<CopyId> copy) = 0;
    virtual std::optional<InboxRow> find(InboxId id) const = 0;
    /// Unsettled, newest first.
    virtual Page<InboxRow> open(const PageRequest& page) const = 0;
    /// Unsettled items of a copy.
    virtual std::vector<InboxRow> ofCopy(CopyId copy) const = 0;
    /// Unsettled items of a code without a copy, oldest first.
    virtual std::vector<InboxRow> ofCode(std::string_view code) const = 0;
    /// The unsettled item of this kind for the same code and copy, so that a second scan does not
    /// make a second one.
    virtual std::optional<InboxRow> same(InboxKind kind, std::string_view code,
                                         std::optional<CopyId> copy) const = 0;
};

/// Releases that the household has seen: copied from the catalogue when first needed, so that they
/// stay when it changes.
class Releases {
public:
    virtual ~Releases() = default;
    /// Inserts or replaces; a release the household corrected is left as it is. Indexes its
    /// barcodes.
    virtual void keep(const Release& release) = 0;
    /// A release Discogs does not have: gives it an id above 2^40.
    virtual ReleaseId create(Release release) = 0;
    virtual std::optional<Release> find(ReleaseId id) const = 0;
    /// Releases with undeleted copies under these keys: exact ones, else weak ones.
    struct Owned {
        ReleaseId release_id;
        MatchKind match;
        auto operator<=>(const Owned&) const = default;
    };
    virtual std::vector<Owned> ownedByGtin(const GtinKeys& keys) const = 0;
};

/// What the household taught: code -> release.
class LearnedCodes {
public:
    virtual ~LearnedCodes() = default;
    /// `key`: the GTIN's 14 digits, or the trimmed text of another code.
    virtual void learn(std::string_view key, ReleaseId release, WallTime at) = 0;
    virtual void forget(std::string_view key) = 0;
    virtual std::optional<ReleaseId> find(std::string_view key) const = 0;
};

class Copies {
public:
    virtual ~Copies() = default;
    /// `id`, `version`, `label` and the play counters of the value are ignored.
    virtual CopyId insert(const Copy& copy) = 0;
    /// Saves all editable fields and raises the version. Throws `notFound`; `preconditionFailed`
    /// when `expected_version` is given and is not the stored one.
    virtual Copy save(const Copy& copy, std::optional<std::int64_t> expected_version) = 0;
    virtual void countPlay(CopyId id, WallTime at) = 0;
    virtual void uncountPlay(CopyId id) = 0;
    virtual std::optional<Copy> find(CopyId id) const = 0;            ///< deleted ones too
    virtual std::vector<Copy> ofRelease(ReleaseId release) const = 0; ///< undeleted
    virtual std::optional<CopyView> view(CopyId id) const = 0;
    virtual Page<CopyView> search(const CopyQuery& query) const = 0;
    virtual CollectionCounts counts(WallTime now) const = 0;
    /// Binds an own label (value of the printed code) to a copy; the copy's former label is free
    /// again.
    virtual void bindLabel(std::int64_t label, CopyId copy) = 0;
    virtual void freeLabel(CopyId copy) = 0; ///< blank again
    virtual std::optional<CopyId> byLabel(std::int64_t label) const = 0;
};

/// Which cover belongs to what; the pictures are files (ports/covers.hpp).
class CoverLinks {
public:
    virtual ~CoverLinks() = default;
    /// The household's own photo of a copy.
    virtual void setOfCopy(CopyId copy, std::string_view hash, WallTime at) = 0;
    virtual bool removeOfCopy(CopyId copy) = 0; ///< false when there was none
    virtual void setOfRelease(ReleaseId release, const ReleaseCover& cover) = 0;
    /// Takes away what may be kept no longer; whose covers they were.
    virtual std::vector<ReleaseId> removeEnded(WallTime now) = 0;
    virtual std::optional<ReleaseCover> ofRelease(ReleaseId release) const = 0;
    /// Hash of what is shown: the household's photo of the copy, else the release's cover.
    virtual std::optional<std::string> shown(ReleaseId release,
                                             std::optional<CopyId> copy) const = 0;
    virtual std::set<std::string> used() const = 0;
};

/// What online sources were asked, so that a restart asks nothing twice. A `subject` is the
/// question: "code:00075992731317", "cover:1001".
class OnlineAsks {
public:
    virtual ~OnlineAsks() = default;
    virtual void keep(std::string_view subject, const OnlineAsk& ask) = 0; ///< inserts or replaces
    virtual std::optional<OnlineAsk> find(std::string_view subject,
                                          std::string_view source) const = 0;
    /// Of all sources, in the order of their names.
    virtual std::vector<OnlineAsk> of(std::string_view subject) const = 0;
    /// Releases owned or played that have no cover and whose "cover:" question is due, newest
    /// first.
    virtual std::vector<ReleaseId> coversDue(WallTime now, int limit) const = 0;
    /// Releases owned or played whose facts may be shown no longer at `then`, oldest first.
    virtual std::vector<ReleaseId> factsEnding(WallTime then, int limit) const = 0;
};

class Locations {
public:
    virtual ~Locations() = default;
    virtual LocationId insert(const std::string& name, std::optional<LocationId> parent) = 0;
    virtual void save(const Location& location, std::optional<std::int64_t> expected_version) = 0;
    virtual std::optional<Location> find(LocationId id) const = 0;
    virtual std::vector<Location> all() const = 0; ///< sorted by path
};

class People {
public:
    virtual ~People() = default;
    /// Throws `conflict` when the name is taken (case-insensitively).
    virtual PersonId insert(const Person& person) = 0;
    virtual void save(const Person& person, std::optional<std::int64_t> expected_version) = 0;
    /// Writes this one column, no new version; false when the stored hash is not `from` any more.
    virtual bool replacePasswordHash(PersonId id, std::string_view from, std::string_view to) = 0;
    virtual std::optional<Person> find(PersonId id) const = 0;
    virtual std::optional<Person> byName(std::string_view name) const = 0;
    virtual std::vector<Person> all() const = 0;
    virtual bool anyAdmin() const = 0;
};

class SignIns {
public:
    virtual ~SignIns() = default;
    virtual SignInId insert(const SignIn& sign_in) = 0;
    virtual std::optional<SignIn> bySecretHash(std::string_view hash) const = 0;
    virtual std::optional<SignIn> find(SignInId id) const = 0;
    virtual void touch(SignInId id, WallTime used_at) = 0;
    virtual void remove(SignInId id) = 0;
    virtual void removeOf(PersonId person, std::optional<SignInId> but) = 0;
    virtual void removeExpired(WallTime now) = 0;
};

class Tokens {
public:
    virtual ~Tokens() = default;
    virtual TokenId insert(const Token& token) = 0;
    virtual std::optional<Token> find(TokenId id) const = 0;
    virtual std::vector<Token> all() const = 0;
    virtual void touch(TokenId id, WallTime used_at) = 0;
    /// With all that were made with it; false when there is none.
    virtual bool remove(TokenId id) = 0;
    virtual void removeMadeBy(PersonId maker) = 0;
};

class Decks {
public:
    virtual ~Decks() = default;
    /// Makes the stored decks those of the configuration, in its order; numbers of decks seen
    /// before are kept for ever.
    virtual void configure(const std::vector<std::pair<DeckId, std::string>>& decks) = 0;
    virtual std::vector<Deck> all() const = 0; ///< configured ones; the first is the default deck
    virtual std::optional<Deck> find(std::string_view id) const = 0;
    virtual std::optional<Deck> byNumber(std::int64_t number) const = 0;
};

class Plays {
public:
    virtual ~Plays() = default;
    virtual PlayId insert(const PlayRow& row) = 0;
    virtual void save(PlayId id, const PlaySession::Saved& saved) = 0;
    virtual void setRelease(PlayId id, ReleaseId release, std::optional<CopyId> copy,
                            Confidence confidence) = 0;
    virtual void close(PlayId id, const PlaySession::Saved& saved, WallTime at) = 0;
    /// UNDO: the session and its side plays leave the statistics.
    virtual void remove(PlayId id) = 0;
    virtual void countSide(const SidePlay& side) = 0;
    virtual std::optional<PlayRow> find(PlayId id) const = 0;
    /// Sessions not closed yet; at most one a deck.
    virtual std::vector<PlayRow> openOnes() const = 0;
    virtual std::optional<PlayRow> lastOfDeck(std::string_view deck) const = 0;
    virtual Page<PlayView> list(const PageRequest& page) const = 0; ///< newest first
};

class DeviceRows {
public:
    virtual ~DeviceRows() = default;
    virtual std::optional<DeviceRow> find(std::string_view id) const = 0;
    /// Inserts or replaces; `preconditionFailed` like Copies::save.
    virtual void save(const DeviceRow& row, std::optional<std::int64_t> expected_version) = 0;
};

/// Small values by key: what was set on the page, node id, clean-stop mark.
class SettingsStore {
public:
    virtual ~SettingsStore() = default;
    virtual std::optional<std::string> get(std::string_view key) const = 0;
    virtual void set(std::string_view key, std::string_view value) = 0;
    virtual void remove(std::string_view key) = 0;
};

class Jobs {
public:
    virtual ~Jobs() = default;
    virtual JobId insert(const Job& job) = 0;
    virtual void save(const Job& job) = 0;
    virtual std::optional<Job> find(JobId id) const = 0;
    virtual Page<Job> list(const PageRequest& page) const = 0;
    /// Jobs that a dead process left running become failed.
    virtual void failRunning(std::string_view message, WallTime at) = 0;
};

/// What goes into the log.
struct NewEvent {
    LogRow::Kind kind = LogRow::Kind::event;
    std::string name; ///< of eventTypes(), or a state's name, or "scan_result"
    std::string deck; ///< or empty
    std::string body; ///< JSON object
    std::string stream;
};

/// The event log and the outbox: one number line, written in the transaction of the fact itself.
class Events {
public:
    virtual ~Events() = default;
    /// Appends one row, with an outbox row for every sink that takes its kind (events and states:
    /// "mqtt"). Sets id, seq, prev, expiry. A state supersedes pending outbox rows of the same name
    /// and deck.
    virtual LogRow append(const NewEvent& event, WallTime now) = 0;
    /// Rows after `seq`, oldest first.
    virtual std::vector<LogRow> after(std::int64_t seq, int limit) const = 0;
    /// Oldest `seq` that is still kept; 0 when the log is empty.
    virtual std::int64_t oldest() const = 0;
    virtual std::int64_t newest() const = 0;
    /// The latest row of each state (name, deck): what is retained at a broker.
    virtual std::vector<LogRow> currentStates() const = 0;
    virtual std::optional<LogRow> currentState(std::string_view name,
                                               std::string_view deck) const = 0;
};

class Outbox {
public:
    virtual ~Outbox() = default;
    /// Marks rows past their expiry, then gives the rows that are due, in order; at most `limit`.
    virtual std::vector<OutboxRow> due(std::string_view sink, WallTime now, int limit) = 0;
    virtual void done(std::string_view sink, std::span<const std::int64_t> seqs, WallTime now) = 0;
    virtual void retryLater(std::string_view sink, std::int64_t seq, WallTime not_before,
                            std::string_view error) = 0;
    /// Stops this row; later states of its stream wait until it is dropped or tried again, events
    /// go on.
    virtual void park(std::string_view sink, std::int64_t seq, std::string_view error) = 0;
    virtual void unpark(std::string_view sink, std::int64_t seq) = 0;
    virtual void drop(std::string_view sink, std::int64_t seq) = 0;
    virtual std::vector<OutboxRow> parked(std::string_view sink) const = 0;
    virtual OutboxStats stats(std::string_view sink, WallTime now) const = 0;
    /// Keeps sent rows 7 days or 50,000, deletes 500 at a time; caps pending at 200,000 rows
    /// (superseded and expired first, `played` never). Returns rows deleted.
    virtual int tidy(WallTime now) = 0;
    /// Topics of retained messages that were published, so that strangers can be cleared.
    virtual void rememberTopic(std::string_view topic) = 0;
    virtual void forgetTopic(std::string_view topic) = 0;
    virtual std::vector<std::string> rememberedTopics() const = 0;
};

/// Answers of commands that carried an id, kept 24 h so that a repeated one is not executed again.
class CommandAnswers {
public:
    virtual ~CommandAnswers() = default;
    virtual std::optional<std::string> find(std::string_view id) const = 0;
    virtual void keep(std::string_view id, std::string_view answer, WallTime at) = 0;
};

/// Everything within one transaction. References are valid only inside the function that got it.
struct ReadTx {
    const Scans& scans;
    const Inbox& inbox;
    const Releases& releases;
    const LearnedCodes& learned;
    const Copies& copies;
    const CoverLinks& covers;
    const OnlineAsks& online;
    const Locations& locations;
    const People& people;
    const SignIns& sign_ins;
    const Tokens& tokens;
    const Decks& decks;
    const Plays& plays;
    const DeviceRows& devices;
    const SettingsStore& settings;
    const Jobs& jobs;
    const Events& events;
    const Outbox& outbox;
    const CommandAnswers& command_answers;
};

struct Tx {
    Scans& scans;
    Inbox& inbox;
    Releases& releases;
    LearnedCodes& learned;
    Copies& copies;
    CoverLinks& covers;
    OnlineAsks& online;
    Locations& locations;
    People& people;
    SignIns& sign_ins;
    Tokens& tokens;
    Decks& decks;
    Plays& plays;
    DeviceRows& devices;
    SettingsStore& settings;
    Jobs& jobs;
    Events& events;
    Outbox& outbox;
    CommandAnswers& command_answers;

    ReadTx reading() const {
        return {scans,     inbox,  releases, learned, copies,         covers, online,
                locations, people, sign_ins, tokens,  decks,          plays,  devices,
                settings,  jobs,   events,   outbox,  command_answers};
    }
};

/// Transactions. Any thread. Writes are serialised (BEGIN IMMEDIATE, short); an exception out of
/// the function rolls back and goes on to the caller. Throws `diskFull` when the disk is,
/// `unavailable` when the store cannot be reached.
class UnitOfWork {
public:
    virtual ~UnitOfWork() = default;

    template <class F>
    auto write(F&& body) -> std::invoke_result_t<F&, Tx&> {
        using Result = std::invoke_result_t<F&, Tx&>;
        if constexpr (std::is_void_v<Result>) {
            runWrite([&](Tx& tx) { body(tx); });
        } else {
            std::optional<Result> result;
            runWrite([&](Tx& tx) { result.emplace(body(tx)); });
            return std::move(*result);
        }
    }

    template <class F>
    auto read(F&& body) const -> std::invoke_result_t<F&, const ReadTx&> {
        using Result = std::invoke_result_t<F&, const ReadTx&>;
        if constexpr (std::is_void_v<Result>) {
            runRead([&](const ReadTx& tx) { body(tx); });
        } else {
            std::optional<Result> result;
            runRead([&](const ReadTx& tx) { result.emplace(body(tx)); });
            return std::move(*result);
        }
    }

protected:
    virtual void runWrite(const std::function<void(Tx&)>& body) = 0;
    virtual void runRead(const std::function<void(const ReadTx&)>& body) const = 0;
};

} // namespace gatefold
