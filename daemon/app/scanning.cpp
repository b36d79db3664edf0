#include "app/scanning.hpp"

#include "app/event_data.hpp"
#include "app/scan_actions.hpp"
#include "core/error.hpp"
#include "core/text.hpp"
#include "json/write.hpp"

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

namespace gatefold {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t longestRaw = 4096;
constexpr std::size_t longestSource = 120;
constexpr std::size_t mostSources = 256;
constexpr auto sameScanWithin = 2s;
constexpr auto contextKept = 30min;
/// A queued scan that is older than this tells what happened, not what shall happen now.
constexpr auto stillNow = 10min;

/// `scan_result` of the event stream: what every open page and display shows.
struct ScanResult {
    std::string source, code;
    ScanAnswer answer;
    std::optional<std::string> artist, title;
};

std::string resultBody(const ScanResult& result) {
    std::string out = "{\"source\":";
    json::writeTo(out, result.source);
    out += ",\"code\":";
    json::writeTo(out, result.code);
    out += ",\"artist\":";
    json::writeTo(out, result.artist);
    out += ",\"title\":";
    json::writeTo(out, result.title);
    return out + ',' + json::write(result.answer).substr(1);
}

Tone toneOf(Outcome outcome) {
    switch (outcome) {
    case Outcome::control: return Tone::control;
    case Outcome::ambiguous: return Tone::open;
    case Outcome::unknown: return Tone::unknown;
    case Outcome::invalid: return Tone::error;
    default: return Tone::done;
    }
}

void tellScan(Tx& tx, const NewScan& scan, const ScanDone& done, WallTime now) {
    if (done.answer.outcome != Outcome::control && done.answer.outcome != Outcome::invalid) {
        const bool unknown = done.answer.outcome == Outcome::unknown;
        const ScanEvent event{done.code, scan.source, std::string(nameOf(done.answer.outcome)),
                              done.answer.copy_id};
        tx.events.append(
            {LogRow::Kind::event, unknown ? "unknown" : "barcode", "", json::write(event), "scan"},
            now);
    }
    ScanResult result{scan.source, done.code, done.answer, {}, {}};
    if (done.record) {
        result.artist = done.record->artist;
        result.title = done.record->title;
    }
    tx.events.append({LogRow::Kind::scanResult, "scan_result", "", resultBody(result), "scan"},
                     now);
}

/// What a scan did, held back until its own event stands before it in the log: whoever waits for
/// the answer has it first, and the log tells the cause before its effects.
class Consequences final : public Events {
public:
    explicit Consequences(Events& log) : log_(log) {}

    /// Held; the row has no number yet.
    LogRow append(const NewEvent& event, WallTime now) override {
        held_.emplace_back(event, now);
        return {};
    }
    void release() {
        for (const auto& [event, at] : held_)
            log_.append(event, at);
        held_.clear();
    }

    std::vector<LogRow> after(std::int64_t seq, int limit) const override {
        return log_.after(seq, limit);
    }
    std::int64_t oldest() const override { return log_.oldest(); }
    std::int64_t newest() const override { return log_.newest(); }
    std::vector<LogRow> currentStates() const override { return log_.currentStates(); }
    std::optional<LogRow> currentState(std::string_view name,
                                       std::string_view deck) const override {
        return log_.currentState(name, deck);
    }

private:
    Events& log_;
    std::vector<std::pair<NewEvent, WallTime>> held_;
};

/// The same transaction with another log in front of its own.
Tx loggingTo(Events& log, const Tx& tx) {
    return {tx.scans,  tx.inbox,  tx.releases,  tx.learned,        tx.copies,
            tx.covers, tx.online, tx.locations, tx.people,         tx.sign_ins,
            tx.tokens, tx.decks,  tx.plays,     tx.devices,        tx.settings,
            tx.jobs,   log,       tx.outbox,    tx.command_answers};
}

void checkRequest(const ScanRequest& request) {
    if (request.bytes.empty())
        throw Error(ErrorCode::invalid, "A scan needs a code.", "code");
    if (request.bytes.size() > longestRaw)
        throw Error(ErrorCode::tooLarge, "A code has at most 4,096 bytes.", "code");
    if (request.source.size() > longestSource || !isUtf8(request.source) ||
        hasControlCharacters(request.source))
        throw Error(ErrorCode::invalid, "A source's name is text of at most 120 bytes.", "source");
    if (request.client_id &&
        (request.client_id->empty() || request.client_id->size() > longestSource))
        throw Error(ErrorCode::invalid, "A client_id has 1 to 120 bytes.", "client_id");
}

} // namespace

Scanning::Scanning(UnitOfWork& store, const Clock& clock, const Identification& identification,
                   Listening& listening, Feedback& feedback,
                   std::function<std::optional<DeckId>(const std::string&)> deck_of)
    : store_(store),
      clock_(clock),
      identification_(identification),
      listening_(listening),
      feedback_(feedback),
      deck_of_(std::move(deck_of)) {}

std::optional<ScanAnswer> Scanning::repeatOf(const ScanRequest& request, Now now) {
    if (request.source.empty())
        return std::nullopt;
    const auto last = last_.find(request.source);
    if (last == last_.end() || last->second.bytes != request.bytes ||
        now.mono - last->second.at > sameScanWithin)
        return std::nullopt;
    last->second.at = now.mono; // a code that stays under the scanner stays one scan
    return last->second.answer;
}

ScanReply Scanning::scan(const ScanRequest& request) {
    checkRequest(request);
    const std::scoped_lock lock(mutex_);
    const Now now = clock_.now();
    if (request.client_id) {
        const auto known =
            store_.read([&](const ReadTx& tx) { return tx.scans.byClientId(*request.client_id); });
        if (known && known->answer)
            return {*known->answer, true};
        if (known)
            return {process(known->id, known->scan, true), true};
    }
    if (auto repeat = repeatOf(request, now))
        return {*std::move(repeat), true};
    if (unanswered_)
        recoverUnanswered();

    NewScan scan{request.source,     request.bytes, request.client_id,
                 request.scanned_at, now.wall,      {},
                 request.symbology};
    const ScanId id = store_.write([&](Tx& tx) {
        const auto kept = tx.scans.context(scan.source);
        if (kept && now.wall - kept->used_at <= contextKept)
            scan.context = kept->context;
        const ScanId journalled = tx.scans.insert(scan);
        if (kept)
            tx.scans.keepContext(scan.source, {scan.context, now.wall});
        return journalled;
    });
    feedback_.play(Tone::heard, scan.source);

    const bool late = scan.scanned_at && now.wall - *scan.scanned_at > stillNow;
    try {
        const ScanAnswer answer = process(id, scan, late);
        if (!request.source.empty()) {
            if (last_.size() >= mostSources && !last_.contains(request.source))
                last_.erase(
                    std::min_element(last_.begin(), last_.end(), [](const auto& a, const auto& b) {
                        return a.second.at < b.second.at;
                    }));
            last_[request.source] = {request.bytes, now.mono, answer};
        }
        feedback_.play(toneOf(answer.outcome), scan.source);
        return {answer, false};
    } catch (const Error&) {
        unanswered_ = true;
        feedback_.play(Tone::error, scan.source);
        throw;
    }
}

ScanAnswer Scanning::process(ScanId id, const NewScan& scan, bool late) {
    const Now now = clock_.now();
    Listening::Change change(listening_);
    ScanAnswer answer = store_.write([&](Tx& tx) {
        const ReadTx reading = tx.reading();
        Consequences consequences(tx.events);
        Tx holding = loggingTo(consequences, tx);
        ScanCase scan_case{holding, change, identification_, id, scan, {}, now, late};
        scan_case.deck = scan.context.deck.value_or(deck_of_(scan.source).value_or(""));
        if (!tx.decks.find(scan_case.deck))
            scan_case.deck = tx.decks.all().at(0).id;
        const Identified found =
            identification_.identify(reading, scan.raw, scan.symbology, scan.context.person);
        const ScanDone done = found.code == CodeIs::controlCard ? actOnCard(scan_case, found)
                                                                : actOnCode(scan_case, found);
        tx.scans.answer(id, done.answer, done.effect);
        tellScan(tx, scan, done, now.wall);
        consequences.release();
        return done.answer;
    });
    change.commit();
    return answer;
}

ScanAnswer Scanning::undo(ScanId id) {
    const std::scoped_lock lock(mutex_);
    const Now now = clock_.now();
    Listening::Change change(listening_);
    ScanAnswer answer = store_.write([&](Tx& tx) {
        const auto record = tx.scans.find(id);
        if (!record || !record->answer)
            throw Error(ErrorCode::notFound, "There is no scan " + id.text() + ".", "id");
        if (!takeBack(tx, change, *record, now))
            throw Error(ErrorCode::conflict, "This scan did nothing that could be taken back.",
                        "id");
        ScanAnswer undone = *record->answer;
        undone.message = "Taken back.";
        return undone;
    });
    change.commit();
    last_.clear(); // what was taken back may be scanned again at once
    return answer;
}

int Scanning::recover() {
    const std::scoped_lock lock(mutex_);
    const auto waiting = store_.read([](const ReadTx& tx) { return tx.scans.unanswered(); });
    recoverUnanswered();
    return static_cast<int>(waiting.size());
}

void Scanning::recoverUnanswered() {
    const auto waiting = store_.read([](const ReadTx& tx) { return tx.scans.unanswered(); });
    unanswered_ = false;
    for (const ScanRecord& record : waiting) {
        try {
            process(record.id, record.scan, true);
        } catch (const Error&) {
            unanswered_ = true; // it stays in the journal and is tried again; the others go on
        }
    }
}

Page<ScanView> Scanning::list(const PageRequest& page) const {
    return store_.read([&](const ReadTx& tx) { return tx.scans.list(page); });
}

} // namespace gatefold
