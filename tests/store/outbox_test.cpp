#include "tests/store/open_store.hpp"

#include <boost/test/unit_test.hpp>

#include <vector>

using namespace gatefold;
using namespace gatefold::test;
using namespace std::chrono_literals;

namespace {

using Seqs = std::vector<std::int64_t>;

struct OutboxHouse : OpenStore {
    std::int64_t event(const std::string& name, const std::string& stream) {
        return write([&](Tx& tx) {
            return tx.events
                .append({LogRow::Kind::event, name, stream, R"({"side":"A"})", stream},
                        clock.wall())
                .seq;
        });
    }
    std::int64_t state(const std::string& name, const std::string& deck) {
        return write([&](Tx& tx) {
            return tx.events
                .append({LogRow::Kind::state, name, deck, R"({"state":"playing"})", deck},
                        clock.wall())
                .seq;
        });
    }
    Seqs due(int limit = 50) {
        return write([&](Tx& tx) {
            Seqs seqs;
            for (const OutboxRow& row : tx.outbox.due("mqtt", clock.wall(), limit))
                seqs.push_back(row.log.seq);
            return seqs;
        });
    }
    OutboxStats stats() {
        return read([&](const ReadTx& tx) { return tx.outbox.stats("mqtt", clock.wall()); });
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(outbox, OutboxHouse)

BOOST_AUTO_TEST_CASE(events_and_states_share_one_number_line_and_scan_results_are_not_handed_out) {
    BOOST_TEST(event("record_on", "main") == 1);
    BOOST_TEST(state("now_playing", "main") == 2);
    write([&](Tx& tx) {
        const LogRow row = tx.events.append(
            {LogRow::Kind::scanResult, "scan_result", "", "{}", "scan"}, clock.wall());
        BOOST_TEST(row.seq == 3);
        BOOST_TEST(row.id.size() == 26u);
        BOOST_TEST(!row.expires_at.has_value());
    });
    BOOST_TEST(due() == (Seqs{1, 2}), boost::test_tools::per_element());
    const auto log = read([](const ReadTx& tx) { return tx.events.after(1, 10); });
    BOOST_TEST(log.size() == 2u);
    BOOST_TEST(log[0].body == R"({"state":"playing"})");
}

BOOST_AUTO_TEST_CASE(each_event_names_the_event_before_it) {
    event("record_on", "main");
    state("now_playing", "main");
    event("flipped", "main");
    const auto log = read([](const ReadTx& tx) { return tx.events.after(0, 10); });
    BOOST_TEST(log.at(0).prev == 0);
    BOOST_TEST(log.at(2).prev == 1);
    BOOST_TEST((log.at(0).expires_at == clock.wall() + 1h));
}

BOOST_AUTO_TEST_CASE(an_unknown_event_type_is_refused_and_leaves_nothing) {
    BOOST_TEST(throwsCode(ErrorCode::internal, [&] { event("dropped_it", "main"); }));
    BOOST_TEST(read([](const ReadTx& tx) { return tx.events.newest(); }) == 0);
}

BOOST_AUTO_TEST_CASE(a_state_supersedes_the_pending_one_of_its_deck_only) {
    state("now_playing", "main");
    state("now_playing", "den");
    state("now_playing", "main");
    BOOST_TEST(due() == (Seqs{2, 3}), boost::test_tools::per_element());
    const auto states = read([](const ReadTx& tx) { return tx.events.currentStates(); });
    BOOST_TEST(states.size() == 2u);
    BOOST_TEST(read([](const ReadTx& tx) {
                   return tx.events.currentState("now_playing", "main")->seq;
               }) == 3);
}

BOOST_AUTO_TEST_CASE(done_rows_are_not_due_again_also_after_a_restart) {
    event("record_on", "main");
    event("flipped", "main");
    write([&](Tx& tx) { tx.outbox.done("mqtt", Seqs{1}, clock.wall()); });
    reopen();
    BOOST_TEST(due() == (Seqs{2}), boost::test_tools::per_element());
    BOOST_TEST(stats().pending == 1);
}

BOOST_AUTO_TEST_CASE(what_is_no_news_any_more_is_counted_not_sent) {
    event("side_ended", "main"); // 10 minutes
    event("record_on", "main");  // an hour
    clock.advance(11min);
    BOOST_TEST(due() == (Seqs{2}), boost::test_tools::per_element());
    BOOST_TEST(stats().expired == 1);
    BOOST_TEST(stats().pending == 1);
    BOOST_TEST(stats().oldest_s == 660);
}

BOOST_AUTO_TEST_CASE(a_row_tried_again_later_is_overtaken_only_by_other_streams) {
    event("record_on", "main");
    event("flipped", "main");
    event("record_on", "den");
    write([&](Tx& tx) { tx.outbox.retryLater("mqtt", 1, clock.wall() + 30s, "quota"); });
    BOOST_TEST(due() == (Seqs{3}), boost::test_tools::per_element());
    clock.advance(30s);
    BOOST_TEST(due() == (Seqs{1, 2, 3}), boost::test_tools::per_element());
    write([&](Tx& tx) {
        const auto rows = tx.outbox.due("mqtt", clock.wall(), 1);
        BOOST_TEST(rows.at(0).attempts == 1);
        BOOST_TEST(rows.at(0).last_error == "quota");
        BOOST_TEST(rows.at(0).stream == "main");
    });
}

BOOST_AUTO_TEST_CASE(a_clock_set_back_does_not_stop_a_row_for_long) {
    event("record_on", "main");
    write([&](Tx& tx) { tx.outbox.retryLater("mqtt", 1, clock.wall() + 1min, "quota"); });
    clock.advance(-24h * 365);
    BOOST_TEST(due() == (Seqs{1}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_parked_row_stops_later_states_of_its_stream_and_no_event) {
    state("now_playing", "main");
    write([&](Tx& tx) { tx.outbox.park("mqtt", 1, "too large"); });
    event("flipped", "main");
    state("now_playing", "main");
    state("now_playing", "den");
    BOOST_TEST(due() == (Seqs{2, 4}), boost::test_tools::per_element());
    BOOST_TEST(stats().parked == 1);
    BOOST_TEST(read([](const ReadTx& tx) { return tx.outbox.parked("mqtt").at(0).last_error; }) ==
               "too large");

    write([&](Tx& tx) { tx.outbox.drop("mqtt", 1); });
    BOOST_TEST(due() == (Seqs{2, 3, 4}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_parked_state_tried_again_gives_way_to_a_newer_one) {
    state("now_playing", "main");
    write([&](Tx& tx) { tx.outbox.park("mqtt", 1, "too large"); });
    state("now_playing", "main");
    event("record_on", "main");
    write([&](Tx& tx) {
        tx.outbox.park("mqtt", 3, "too large");
        tx.outbox.unpark("mqtt", 1);
        tx.outbox.unpark("mqtt", 3);
    });
    BOOST_TEST(due() == (Seqs{2, 3}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(tidying_keeps_pending_rows_current_states_and_the_newest_event) {
    event("record_on", "main");
    state("collection", "");
    event("record_off", "main");
    event("copy_added", "collection");
    write([&](Tx& tx) { tx.outbox.done("mqtt", Seqs{1, 2, 4}, clock.wall()); });
    write([&](Tx& tx) {
        tx.events.append({LogRow::Kind::scanResult, "scan_result", "", "{}", "scan"}, clock.wall());
    });
    clock.advance(8 * 24h);
    store->tidy();
    Seqs left;
    for (const LogRow& row : read([](const ReadTx& tx) { return tx.events.after(0, 10); }))
        left.push_back(row.seq);
    BOOST_TEST(left == (Seqs{2, 3, 4}), boost::test_tools::per_element());
    BOOST_TEST(read([](const ReadTx& tx) { return tx.events.oldest(); }) == 2);
    // Numbers are never given twice.
    BOOST_TEST(read([](const ReadTx& tx) { return tx.events.newest(); }) == 5);
    BOOST_TEST(event("record_on", "main") == 6);
    BOOST_TEST(read([](const ReadTx& tx) { return tx.events.after(5, 1).at(0).prev; }) == 4);
}

BOOST_AUTO_TEST_CASE(more_than_the_cap_of_pending_rows_expire_but_never_a_play) {
    write([&](Tx& tx) {
        tx.events.append({LogRow::Kind::event, "played", "main", "{}", "main"}, clock.wall());
        for (int i = 0; i < 200'010; ++i)
            tx.events.append({LogRow::Kind::event, "copy_added", "", "{}", "collection"},
                             clock.wall());
    });
    store->tidy();
    BOOST_TEST(stats().expired + stats().pending <= 200'011);
    BOOST_TEST(stats().pending == 200'001); // the cap and the play below it
    BOOST_TEST(due(1) == (Seqs{1}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(more_than_64_mib_of_pending_rows_expire_from_the_oldest_but_never_a_play) {
    // Bodies of 64 KiB: the bound in bytes is met long before the one in rows.
    const std::string big = R"({"album":")" + std::string(65'536 - 12, 'x') + "\"}"; // 64 KiB
    BOOST_REQUIRE(big.size() == 65'536u);
    const auto append = [&](Tx& tx, const char* name, const std::string& body) {
        return tx.events.append({LogRow::Kind::event, name, "main", body, "main"}, clock.wall())
            .seq;
    };
    const std::int64_t play = write([&](Tx& tx) { return append(tx, "played", big); });
    const std::int64_t oldest = write([&](Tx& tx) { return append(tx, "copy_added", big); });
    // 1,023 more: 64 MiB to the byte above the play.
    write([&](Tx& tx) {
        for (int i = 0; i < 1'023; ++i)
            append(tx, "copy_added", big);
    });
    store->tidy();
    BOOST_TEST(stats().pending == 1'025); // 1,024 of 64 KiB and the play below them
    BOOST_TEST(stats().expired == 0);

    write([&](Tx& tx) {
        tx.events.append(
            {LogRow::Kind::state, "now_playing", "main", R"({"state":"playing"})", "main"},
            clock.wall());
        append(tx, "record_on", R"({"album":"Pastel Blues"})");
    });
    store->tidy();
    BOOST_TEST(stats().expired == 1); // told in health
    BOOST_TEST(stats().pending == 1'026);
    BOOST_TEST(due(2) == (Seqs{play, oldest + 1}), boost::test_tools::per_element());
    // The newest stay, whatever they are.
    const Seqs all = due(2'000);
    BOOST_TEST(all.size() == 1'026u);
    BOOST_TEST(all.back() == oldest + 1'023 + 2);
    // What expired is not sent later either.
    write([&](Tx& tx) { tx.outbox.done("mqtt", all, clock.wall()); });
    BOOST_TEST(due().empty());
    BOOST_TEST(stats().expired == 1);
}

BOOST_AUTO_TEST_CASE(without_sinks_nothing_is_queued) {
    store.reset();
    store.emplace(folder.path(), clock, std::vector<std::string>{});
    event("record_on", "main");
    BOOST_TEST(due().empty());
}

BOOST_AUTO_TEST_CASE(published_topics_are_remembered) {
    write([](Tx& tx) {
        tx.outbox.rememberTopic("a/b");
        tx.outbox.rememberTopic("a/b");
        tx.outbox.rememberTopic("a/a");
        tx.outbox.forgetTopic("a/b");
    });
    const auto topics = read([](const ReadTx& tx) { return tx.outbox.rememberedTopics(); });
    BOOST_TEST(topics == (std::vector<std::string>{"a/a"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_commands_answer_is_kept_for_a_day) {
    write([&](Tx& tx) { tx.command_answers.keep("c-1", "{}", clock.wall()); });
    BOOST_TEST(read([](const ReadTx& tx) { return tx.command_answers.find("c-1").value_or(""); }) ==
               "{}");
    clock.advance(25h);
    write([&](Tx& tx) { tx.command_answers.keep("c-2", "{}", clock.wall()); });
    BOOST_TEST(!read([](const ReadTx& tx) { return tx.command_answers.find("c-1"); }).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
