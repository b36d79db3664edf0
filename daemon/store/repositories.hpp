#pragma once

#include "ports/store.hpp"
#include "store/connection.hpp"

#include <set>
#include <string>
#include <vector>

/// The repositories of ports/store.hpp over one connection. A file each.
namespace gatefold::store {

/// What a repository works with: the connection of its transaction.
class OnConnection {
public:
    explicit OnConnection(Connection& connection) : db_(connection) {}

protected:
    Connection& db_;
};

class ScanTable final : public Scans, OnConnection {
public:
    using OnConnection::OnConnection;
    ScanId insert(const NewScan& scan) override;
    void answer(ScanId id, const ScanAnswer& answer, const ScanEffect& effect) override;
    void setEffect(ScanId id, const ScanEffect& effect) override;
    std::optional<ScanRecord> find(ScanId id) const override;
    std::optional<ScanRecord> byClientId(std::string_view client_id) const override;
    std::vector<ScanRecord> recentOf(std::string_view source, WallTime since,
                                     int limit) const override;
    std::vector<ScanRecord> unanswered() const override;
    Page<ScanView> list(const PageRequest& page) const override;
    std::optional<KeptContext> context(std::string_view source) const override;
    void keepContext(std::string_view source, const KeptContext& context) override;
};

class InboxTable final : public Inbox, OnConnection {
public:
    using OnConnection::OnConnection;
    InboxId insert(const InboxRow& row) override;
    void settle(InboxId id) override;
    void settleAs(InboxId id, ReleaseId release) override;
    void reopen(InboxId id) override;
    void keepAnswers(InboxId id, const InboxAnswers& answers) override;
    void setCopy(InboxId id, std::optional<CopyId> copy) override;
    std::optional<InboxRow> find(InboxId id) const override;
    Page<InboxRow> open(const PageRequest& page) const override;
    std::vector<InboxRow> ofCopy(CopyId copy) const override;
    std::vector<InboxRow> ofCode(std::string_view code) const override;
    std::optional<InboxRow> same(InboxKind kind, std::string_view code,
                                 std::optional<CopyId> copy) const override;
};

class ReleaseTable final : public Releases, OnConnection {
public:
    using OnConnection::OnConnection;
    void keep(const Release& release) override;
    ReleaseId create(Release release) override;
    std::optional<Release> find(ReleaseId id) const override;
    std::vector<Owned> ownedByGtin(const GtinKeys& keys) const override;

private:
    std::vector<Owned> ownedUnder(Gtin key, MatchKind best) const;
};

class LearnedTable final : public LearnedCodes, OnConnection {
public:
    using OnConnection::OnConnection;
    void learn(std::string_view key, ReleaseId release, WallTime at) override;
    void forget(std::string_view key) override;
    std::optional<ReleaseId> find(std::string_view key) const override;
};

class CopyTable final : public Copies, OnConnection {
public:
    using OnConnection::OnConnection;
    CopyId insert(const Copy& copy) override;
    Copy save(const Copy& copy, std::optional<std::int64_t> expected_version) override;
    void countPlay(CopyId id, WallTime at) override;
    void uncountPlay(CopyId id) override;
    std::optional<Copy> find(CopyId id) const override;
    std::vector<Copy> ofRelease(ReleaseId release) const override;
    std::optional<CopyView> view(CopyId id) const override;
    Page<CopyView> search(const CopyQuery& query) const override;
    CollectionCounts counts(WallTime now) const override;
    void bindLabel(std::int64_t label, CopyId copy) override;
    void freeLabel(CopyId copy) override;
    std::optional<CopyId> byLabel(std::int64_t label) const override;
};

class CoverTable final : public CoverLinks, OnConnection {
public:
    using OnConnection::OnConnection;
    void setOfCopy(CopyId copy, std::string_view hash, WallTime at) override;
    bool removeOfCopy(CopyId copy) override;
    void setOfRelease(ReleaseId release, const ReleaseCover& cover) override;
    std::vector<ReleaseId> removeEnded(WallTime now) override;
    std::optional<ReleaseCover> ofRelease(ReleaseId release) const override;
    std::optional<std::string> shown(ReleaseId release, std::optional<CopyId> copy) const override;
    std::set<std::string> used() const override;
};

class OnlineTable final : public OnlineAsks, OnConnection {
public:
    using OnConnection::OnConnection;
    void keep(std::string_view subject, const OnlineAsk& ask) override;
    std::optional<OnlineAsk> find(std::string_view subject, std::string_view source) const override;
    std::vector<OnlineAsk> of(std::string_view subject) const override;
    std::vector<ReleaseId> coversDue(WallTime now, int limit) const override;
    std::vector<ReleaseId> factsEnding(WallTime then, int limit) const override;
};

class LocationTable final : public Locations, OnConnection {
public:
    using OnConnection::OnConnection;
    LocationId insert(const std::string& name, std::optional<LocationId> parent) override;
    void save(const Location& location, std::optional<std::int64_t> expected_version) override;
    std::optional<Location> find(LocationId id) const override;
    std::vector<Location> all() const override;
};

class PeopleTable final : public People, OnConnection {
public:
    using OnConnection::OnConnection;
    PersonId insert(const Person& person) override;
    void save(const Person& person, std::optional<std::int64_t> expected_version) override;
    bool replacePasswordHash(PersonId id, std::string_view from, std::string_view to) override;
    std::optional<Person> find(PersonId id) const override;
    std::optional<Person> byName(std::string_view name) const override;
    std::vector<Person> all() const override;
    bool anyAdmin() const override;
};

class SignInTable final : public SignIns, OnConnection {
public:
    using OnConnection::OnConnection;
    SignInId insert(const SignIn& sign_in) override;
    std::optional<SignIn> bySecretHash(std::string_view hash) const override;
    std::optional<SignIn> find(SignInId id) const override;
    void touch(SignInId id, WallTime used_at) override;
    void remove(SignInId id) override;
    void removeOf(PersonId person, std::optional<SignInId> but) override;
    void removeExpired(WallTime now) override;
};

class TokenTable final : public Tokens, OnConnection {
public:
    using OnConnection::OnConnection;
    TokenId insert(const Token& token) override;
    std::optional<Token> find(TokenId id) const override;
    std::vector<Token> all() const override;
    void touch(TokenId id, WallTime used_at) override;
    bool remove(TokenId id) override;
    void removeMadeBy(PersonId maker) override;
};

class DeckTable final : public Decks, OnConnection {
public:
    using OnConnection::OnConnection;
    void configure(const std::vector<std::pair<DeckId, std::string>>& decks) override;
    std::vector<Deck> all() const override;
    std::optional<Deck> find(std::string_view id) const override;
    std::optional<Deck> byNumber(std::int64_t number) const override;
};

class PlayTable final : public Plays, OnConnection {
public:
    using OnConnection::OnConnection;
    PlayId insert(const PlayRow& row) override;
    void save(PlayId id, const PlaySession::Saved& saved) override;
    void setRelease(PlayId id, ReleaseId release, std::optional<CopyId> copy,
                    Confidence confidence) override;
    void close(PlayId id, const PlaySession::Saved& saved, WallTime at) override;
    void remove(PlayId id) override;
    void countSide(const SidePlay& side) override;
    std::optional<PlayRow> find(PlayId id) const override;
    std::vector<PlayRow> openOnes() const override;
    std::optional<PlayRow> lastOfDeck(std::string_view deck) const override;
    Page<PlayView> list(const PageRequest& page) const override;
};

class DeviceTable final : public DeviceRows, OnConnection {
public:
    using OnConnection::OnConnection;
    std::optional<DeviceRow> find(std::string_view id) const override;
    void save(const DeviceRow& row, std::optional<std::int64_t> expected_version) override;
};

class SettingTable final : public SettingsStore, OnConnection {
public:
    using OnConnection::OnConnection;
    std::optional<std::string> get(std::string_view key) const override;
    void set(std::string_view key, std::string_view value) override;
    void remove(std::string_view key) override;
};

class JobTable final : public Jobs, OnConnection {
public:
    using OnConnection::OnConnection;
    JobId insert(const Job& job) override;
    void save(const Job& job) override;
    std::optional<Job> find(JobId id) const override;
    Page<Job> list(const PageRequest& page) const override;
    void failRunning(std::string_view message, WallTime at) override;
};

class EventTable final : public Events, OnConnection {
public:
    /// `sinks`: who is handed events and states ("mqtt").
    EventTable(Connection& connection, const std::vector<std::string>& sinks)
        : OnConnection(connection), sinks_(sinks) {}
    LogRow append(const NewEvent& event, WallTime now) override;
    std::vector<LogRow> after(std::int64_t seq, int limit) const override;
    std::int64_t oldest() const override;
    std::int64_t newest() const override;
    std::vector<LogRow> currentStates() const override;
    std::optional<LogRow> currentState(std::string_view name, std::string_view deck) const override;
    /// True when something was appended since the last call.
    bool takeAppended();

private:
    void intoOutbox(const LogRow& row);
    const std::vector<std::string>& sinks_;
    bool appended_ = false;
};

class OutboxTable final : public Outbox, OnConnection {
public:
    using OnConnection::OnConnection;
    std::vector<OutboxRow> due(std::string_view sink, WallTime now, int limit) override;
    void done(std::string_view sink, std::span<const std::int64_t> seqs, WallTime now) override;
    void retryLater(std::string_view sink, std::int64_t seq, WallTime not_before,
                    std::string_view error) override;
    void park(std::string_view sink, std::int64_t seq, std::string_view error) override;
    void unpark(std::string_view sink, std::int64_t seq) override;
    void drop(std::string_view sink, std::int64_t seq) override;
    std::vector<OutboxRow> parked(std::string_view sink) const override;
    OutboxStats stats(std::string_view sink, WallTime now) const override;
    int tidy(WallTime now) override;
    void rememberTopic(std::string_view topic) override;
    void forgetTopic(std::string_view topic) override;
    std::vector<std::string> rememberedTopics() const override;
};

class AnswerTable final : public CommandAnswers, OnConnection {
public:
    using OnConnection::OnConnection;
    std::optional<std::string> find(std::string_view id) const override;
    void keep(std::string_view id, std::string_view answer, WallTime at) override;
};

} // namespace gatefold::store
