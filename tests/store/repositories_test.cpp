#include "tests/store/open_store.hpp"

#include <SQLiteCpp/Database.h>
#include <boost/test/unit_test.hpp>

#include <vector>

using namespace gatefold;
using namespace gatefold::test;
using namespace std::chrono_literals;

BOOST_FIXTURE_TEST_SUITE(repositories, OpenStore)

BOOST_AUTO_TEST_CASE(a_scan_keeps_its_raw_bytes_and_its_context) {
    const std::string raw("07\0\xFF"
                          "4",
                          5);
    const ScanId id = write([&](Tx& tx) {
        NewScan scan;
        scan.source = "usb:1";
        scan.raw = raw;
        scan.client_id = "phone-1";
        scan.scanned_at = clock.wall() - 1h;
        scan.at = clock.wall();
        scan.context = {Mode::add, PersonId{3}, LocationId{4}, "den"};
        scan.symbology = Symbology::ean13;
        return tx.scans.insert(scan);
    });
    reopen();
    read([&](const ReadTx& tx) {
        const auto stored = tx.scans.byClientId("phone-1");
        BOOST_TEST_REQUIRE(stored.has_value());
        BOOST_TEST((stored->id == id));
        BOOST_TEST(stored->scan.raw == raw);
        BOOST_TEST(
            (stored->scan.context == SourceContext{Mode::add, PersonId{3}, LocationId{4}, "den"}));
        BOOST_TEST((stored->scan.scanned_at == clock.wall() - 1h));
        BOOST_TEST((stored->scan.symbology == Symbology::ean13));
        BOOST_TEST(!stored->answer.has_value());
        BOOST_TEST(tx.scans.unanswered().size() == 1u);
        BOOST_TEST(tx.scans.recentOf("usb:1", clock.wall(), 10).empty()); // no answer yet
    });
    write([&](Tx& tx) {
        ScanAnswer answer;
        answer.id = id;
        answer.outcome = Outcome::added;
        answer.gtin = "00075992731312";
        answer.message = "added";
        ScanEffect effect;
        effect.added_copy = CopyId{7};
        tx.scans.answer(id, answer, effect);
    });
    read([&](const ReadTx& tx) {
        BOOST_TEST(tx.scans.unanswered().empty());
        const auto recent = tx.scans.recentOf("usb:1", clock.wall(), 10);
        BOOST_TEST_REQUIRE(recent.size() == 1u);
        BOOST_TEST((recent[0].effect.added_copy.value() == CopyId{7}));
        const auto page = tx.scans.list({});
        BOOST_TEST(page.total == 1);
        BOOST_TEST(page.items[0].code == "07\\x00\\xff"
                                         "4");
        BOOST_TEST((page.items[0].outcome == Outcome::added));
    });
}

BOOST_AUTO_TEST_CASE(scans_come_newest_first_page_by_page) {
    for (int i = 0; i < 5; ++i)
        scan(std::to_string(i));
    read([](const ReadTx& tx) {
        const auto first = tx.scans.list({2, ""});
        BOOST_TEST(first.items.at(0).code == "4");
        const auto last = tx.scans.list({3, *first.next});
        BOOST_TEST(last.items.size() == 3u);
        BOOST_TEST(last.items.at(2).code == "0");
        BOOST_TEST(!last.next.has_value());
        BOOST_TEST(throwsCode(ErrorCode::invalid, [&] { tx.scans.list({2, "x"}); }));
    });
}

BOOST_AUTO_TEST_CASE(a_sources_context_is_kept_with_its_moment) {
    write([&](Tx& tx) { tx.scans.keepContext("usb:1", {{Mode::find, {}, {}, {}}, clock.wall()}); });
    read([&](const ReadTx& tx) {
        BOOST_TEST((tx.scans.context("usb:1")->context.mode == Mode::find));
        BOOST_TEST((tx.scans.context("usb:1")->used_at == clock.wall()));
        BOOST_TEST(!tx.scans.context("usb:2").has_value());
    });
}

BOOST_AUTO_TEST_CASE(an_inbox_item_waits_until_it_is_settled_and_can_come_back) {
    const ScanId id = scan("123");
    const CopyId copy = put("A", "B");
    write([&](Tx& tx) {
        const InboxId item = tx.inbox.insert(
            {{}, InboxKind::pressingOpen, id, "123", "usb:1", clock.wall(), copy, {}, false});
        BOOST_TEST(tx.inbox.open({}).total == 1);
        BOOST_TEST(tx.inbox.ofCopy(copy).size() == 1u);
        BOOST_TEST(tx.inbox.same(InboxKind::pressingOpen, "123", copy).has_value());
        BOOST_TEST(!tx.inbox.same(InboxKind::unknown, "123", copy).has_value());
        BOOST_TEST(!tx.inbox.same(InboxKind::pressingOpen, "123", std::nullopt).has_value());
        tx.inbox.settle(item);
        BOOST_TEST(tx.inbox.open({}).items.empty());
        BOOST_TEST(tx.inbox.find(item)->settled);
        tx.inbox.reopen(item);
        BOOST_TEST(tx.inbox.open({}).total == 1);
    });
}

BOOST_AUTO_TEST_CASE(owned_releases_are_found_by_exact_codes_before_weak_ones) {
    write([&](Tx& tx) {
        Release release;
        release.release_id = 11;
        release.artist = "A";
        release.title = "One";
        release.identifiers = {{IdentifierType::barcode, "0 75992-73131 7", std::nullopt},
                               {IdentifierType::runout, "4006381333931", std::nullopt}};
        tx.releases.keep(release);
        BOOST_TEST(tx.releases.ownedByGtin(gtinKeysOfScan("075992731317")).empty());
        Copy copy;
        copy.release_id = 11;
        const CopyId id = tx.copies.insert(copy);
        const std::vector<Releases::Owned> exact{{11, MatchKind::exact}};
        BOOST_TEST((tx.releases.ownedByGtin(gtinKeysOfScan("075992731317")) == exact));
        BOOST_TEST((tx.releases.ownedByGtin(gtinKeysOfScan("0075992731317")) == exact));
        BOOST_TEST(tx.releases.ownedByGtin(gtinKeysOfScan("4006381333931")).empty());
        const auto weak = tx.releases.ownedByGtin(gtinKeysOfScan("75992731317"));
        BOOST_TEST_REQUIRE(weak.size() == 1u);
        BOOST_TEST((weak[0].match == MatchKind::weak));
        copy = *tx.copies.find(id);
        copy.deleted_at = clock.wall();
        tx.copies.save(copy, std::nullopt);
        BOOST_TEST(tx.releases.ownedByGtin(gtinKeysOfScan("075992731317")).empty());
    });
}

BOOST_AUTO_TEST_CASE(own_releases_get_numbers_above_two_to_the_forty_and_are_not_overwritten) {
    write([](Tx& tx) {
        Release release;
        release.title = "Demo tape";
        const ReleaseId first = tx.releases.create(release);
        BOOST_TEST(first == 1099511627777);
        BOOST_TEST(tx.releases.create(release) == 1099511627778);
        release.release_id = first;
        release.title = "From a sync";
        tx.releases.keep(release);
        BOOST_TEST(tx.releases.find(first)->title == "Demo tape");
    });
}

BOOST_AUTO_TEST_CASE(a_learned_code_is_replaced_and_forgotten) {
    write([&](Tx& tx) {
        tx.learned.learn("00075992731312", 1, clock.wall());
        tx.learned.learn("00075992731312", 2, clock.wall());
        BOOST_TEST(tx.learned.find("00075992731312").value_or(0) == 2);
        tx.learned.forget("00075992731312");
        BOOST_TEST(!tx.learned.find("00075992731312").has_value());
    });
}

BOOST_AUTO_TEST_CASE(an_edit_of_a_copy_needs_the_version_it_saw) {
    const CopyId id = put("A", "B");
    write([&](Tx& tx) {
        Copy copy = *tx.copies.find(id);
        copy.notes = "first";
        BOOST_TEST(tx.copies.save(copy, 1).version == 2);
        BOOST_TEST(throwsCode(ErrorCode::preconditionFailed, [&] { tx.copies.save(copy, 1); }));
        copy.id = {99};
        BOOST_TEST(throwsCode(ErrorCode::notFound, [&] { tx.copies.save(copy, std::nullopt); }));
        BOOST_TEST(tx.copies.find(id)->notes == "first");
    });
}

BOOST_AUTO_TEST_CASE(counts_follow_adding_deleting_and_another_pressing) {
    const CopyId one = put("A", "One");
    put("A", "Two");
    const auto counts = [&] {
        return read([&](const ReadTx& tx) { return tx.copies.counts(clock.wall()); });
    };
    write([&](Tx& tx) {
        Copy again = *tx.copies.find(one);
        tx.copies.insert(again);
    });
    BOOST_TEST(counts().records == 3);
    BOOST_TEST(counts().releases == 2);
    write([&](Tx& tx) {
        Copy copy = *tx.copies.find(one);
        copy.release_id = tx.copies.find({2})->release_id;
        tx.copies.save(copy, std::nullopt);
    });
    BOOST_TEST(counts().releases == 2);
    write([&](Tx& tx) {
        Copy copy = *tx.copies.find({3});
        copy.deleted_at = clock.wall();
        tx.copies.save(copy, std::nullopt);
    });
    BOOST_TEST(counts().records == 2);
    BOOST_TEST(counts().releases == 1);
}

BOOST_AUTO_TEST_CASE(a_label_belongs_to_one_copy_and_a_copy_has_one_label) {
    const CopyId one = put("A", "One"), two = put("A", "Two");
    write([&](Tx& tx) {
        tx.copies.bindLabel(123456789, one);
        BOOST_TEST(tx.copies.find(one)->label.value_or("") == "9743112345678957");
        tx.copies.bindLabel(123456789, two);
        BOOST_TEST((tx.copies.byLabel(123456789) == two));
        BOOST_TEST(!tx.copies.find(one)->label.has_value());
        tx.copies.bindLabel(5, two);
        BOOST_TEST(!tx.copies.byLabel(123456789).has_value());
    });
}

BOOST_AUTO_TEST_CASE(locations_have_paths_cards_and_no_circles) {
    write([](Tx& tx) {
        const LocationId room = tx.locations.insert("Living room", std::nullopt);
        const LocationId shelf = tx.locations.insert("B", room);
        const LocationId slot = tx.locations.insert("3", shelf);
        BOOST_TEST(tx.locations.find(slot)->path == "Living room / B / 3");
        BOOST_TEST(tx.locations.find(room)->card == "9743300000000164");
        Location moved = *tx.locations.find(room);
        moved.parent = slot;
        BOOST_TEST(throwsCode(ErrorCode::invalid, [&] { tx.locations.save(moved, std::nullopt); }));
        BOOST_TEST(
            throwsCode(ErrorCode::invalid, [&] { tx.locations.insert("x", LocationId{99}); }));
        moved = *tx.locations.find(shelf);
        moved.parent.reset();
        moved.name = "Attic";
        tx.locations.save(moved, 1);
        BOOST_TEST(throwsCode(ErrorCode::preconditionFailed, [&] { tx.locations.save(moved, 1); }));
        std::vector<std::string> paths;
        for (const Location& location : tx.locations.all())
            paths.push_back(location.path);
        BOOST_TEST(paths == (std::vector<std::string>{"Attic", "Attic / 3", "Living room"}),
                   boost::test_tools::per_element());
    });
}

BOOST_AUTO_TEST_CASE(names_of_people_are_taken_whatever_their_case) {
    write([&](Tx& tx) {
        Person anna;
        anna.name = "Anna";
        anna.created_at = clock.wall();
        const PersonId id = tx.people.insert(anna);
        anna.name = "ANNA";
        BOOST_TEST(throwsCode(ErrorCode::conflict, [&] { tx.people.insert(anna); }));
        BOOST_TEST(tx.people.byName("anna")->card == "9743200000000169");
        BOOST_TEST(!tx.people.anyAdmin());
        Person admin = *tx.people.find(id);
        admin.role = Role::admin;
        admin.password_hash = "hash";
        tx.people.save(admin, 1);
        BOOST_TEST(tx.people.anyAdmin());
        BOOST_TEST(tx.people.find(id)->version == 2);
    });
}

BOOST_AUTO_TEST_CASE(sign_ins_end_by_hand_with_their_person_and_by_time) {
    write([&](Tx& tx) {
        Person anna;
        anna.name = "Anna";
        const PersonId id = tx.people.insert(anna);
        const auto signIn = [&](const std::string& hash, Millis lasts) {
            return tx.sign_ins.insert(
                {{}, id, hash, clock.wall(), clock.wall(), clock.wall() + lasts});
        };
        const SignInId one = signIn(std::string("\x00\x01", 2), 1h);
        signIn("two", 2h);
        BOOST_TEST((tx.sign_ins.bySecretHash(std::string("\x00\x01", 2))->id == one));
        tx.sign_ins.touch(one, clock.wall() + 1min);
        BOOST_TEST(
            (tx.sign_ins.bySecretHash(std::string("\x00\x01", 2))->used_at == clock.wall() + 1min));
        tx.sign_ins.removeExpired(clock.wall() + 90min);
        BOOST_TEST(!tx.sign_ins.find(one).has_value());
        const SignInId three = signIn("three", 2h);
        tx.sign_ins.removeOf(id, three);
        BOOST_TEST(!tx.sign_ins.bySecretHash("two").has_value());
        BOOST_TEST(tx.sign_ins.find(three).has_value());
        tx.sign_ins.removeOf(id, std::nullopt);
        BOOST_TEST(!tx.sign_ins.find(three).has_value());
    });
}

BOOST_AUTO_TEST_CASE(a_token_is_kept_until_it_is_removed_once) {
    write([&](Tx& tx) {
        const TokenId id =
            tx.tokens.insert({{}, "kitchen", Role::kiosk, "hash", {}, clock.wall(), {}, {}});
        tx.tokens.touch(id, clock.wall());
        BOOST_TEST((tx.tokens.find(id)->scope == Role::kiosk));
        BOOST_TEST((tx.tokens.find(id)->used_at == clock.wall()));
        BOOST_TEST(tx.tokens.all().size() == 1u);
        BOOST_TEST(tx.tokens.remove(id));
        BOOST_TEST(!tx.tokens.remove(id));
    });
}

BOOST_AUTO_TEST_CASE(a_token_takes_those_that_were_made_with_it_along) {
    write([&](Tx& tx) {
        Person anna;
        anna.name = "Anna";
        const PersonId id = tx.people.insert(anna);
        const auto add = [&](const char* name, std::optional<PersonId> maker,
                             std::optional<TokenId> made_with) {
            return tx.tokens.insert(
                {{}, name, Role::admin, "hash", maker, clock.wall(), {}, {}, made_with});
        };
        const TokenId first = add("first", {}, {});
        const TokenId second = add("second", {}, first);
        add("third", {}, second);
        const TokenId hers = add("hers", id, {});
        add("made with hers", id, hers);
        const TokenId other = add("other", {}, {});
        BOOST_TEST((tx.tokens.find(second)->made_with == first));
        BOOST_TEST(tx.tokens.remove(first));
        BOOST_TEST(tx.tokens.all().size() == 3u);
        tx.tokens.removeMadeBy(id);
        BOOST_TEST_REQUIRE(tx.tokens.all().size() == 1u);
        BOOST_TEST((tx.tokens.all().at(0).id == other));
    });
}

BOOST_AUTO_TEST_CASE(a_removed_persons_tokens_do_not_become_the_consoles) {
    write([&](Tx& tx) {
        Person anna;
        anna.name = "Anna";
        const PersonId id = tx.people.insert(anna);
        tx.tokens.insert({{}, "hers", Role::admin, "hash", id, clock.wall(), {}, {}});
    });
    SQLite::Database database(store::databaseFile(folder.path()).string(), SQLite::OPEN_READWRITE);
    database.exec("PRAGMA foreign_keys = ON");
    database.exec("DELETE FROM people");
    read([](const ReadTx& tx) { BOOST_TEST(tx.tokens.all().empty()); });
}

BOOST_AUTO_TEST_CASE(a_password_hash_is_replaced_only_while_it_is_the_one_that_was_read) {
    write([&](Tx& tx) {
        Person anna;
        anna.name = "Anna";
        anna.role = Role::viewer;
        anna.password_hash = "one";
        const PersonId id = tx.people.insert(anna);
        BOOST_TEST(tx.people.replacePasswordHash(id, "one", "two"));
        BOOST_TEST(!tx.people.replacePasswordHash(id, "one", "three"));
        const Person stored = *tx.people.find(id);
        BOOST_TEST(stored.password_hash == "two");
        BOOST_TEST((stored.role == Role::viewer));
        BOOST_TEST(stored.version == 1);
    });
}

BOOST_AUTO_TEST_CASE(a_decks_number_outlives_its_configuration) {
    write([](Tx& tx) {
        tx.decks.configure({{"main", "Main"}, {"den", "Den"}});
        tx.decks.configure({{"attic", "Attic"}});
        BOOST_TEST(tx.decks.all().at(0).number == 3);
        BOOST_TEST(!tx.decks.find("den").has_value());
        BOOST_TEST(!tx.decks.byNumber(2).has_value());
        tx.decks.configure({{"den", "Cellar"}, {"attic", "Attic"}});
        BOOST_TEST(tx.decks.all().at(0).name == "Cellar");
        BOOST_TEST(tx.decks.byNumber(2)->id == "den");
        BOOST_TEST(tx.decks.find("den")->card == "9743400000000256");
    });
}

BOOST_AUTO_TEST_CASE(a_play_is_open_until_closed_and_undo_leaves_nothing) {
    const CopyId copy = put("Nina Simone", "Pastel Blues");
    write([&](Tx& tx) {
        PlayRow row;
        row.deck = "main";
        row.copy = copy;
        row.release_id = tx.copies.find(copy)->release_id;
        row.how = "scan";
        row.started_at = clock.wall();
        const PlayId first = tx.plays.insert(row);
        tx.copies.countPlay(copy, clock.wall());
        PlaySession::Saved saved;
        saved.position_s = 41.25;
        tx.plays.save(first, saved);
        BOOST_TEST(tx.plays.openOnes().at(0).saved.position_s == 41.25);
        tx.plays.countSide({first, "A", 600, 1, clock.wall()});
        tx.plays.close(first, saved, clock.wall() + 1h);
        BOOST_TEST(tx.plays.openOnes().empty());
        const auto page = tx.plays.list({});
        BOOST_TEST(page.items.at(0).title == "Pastel Blues");
        BOOST_TEST(page.items.at(0).sides.at(0) == "A");

        row.started_at = clock.wall() + 2h;
        const PlayId second = tx.plays.insert(row);
        tx.copies.countPlay(copy, clock.wall() + 2h);
        BOOST_TEST((tx.plays.lastOfDeck("main")->id == second));
        tx.copies.uncountPlay(copy);
        tx.plays.remove(second);
        BOOST_TEST(tx.copies.find(copy)->plays == 1);
        BOOST_TEST((tx.copies.find(copy)->last_played_at == clock.wall()));
        BOOST_TEST(tx.plays.list({}).total == 1);
    });
}

BOOST_AUTO_TEST_CASE(devices_settings_and_jobs_are_kept) {
    write([&](Tx& tx) {
        tx.devices.save({"usb:1-1.3", 1, "Shelf", std::nullopt, "de"}, std::nullopt);
        BOOST_TEST(tx.devices.find("usb:1-1.3")->layout.value_or("") == "de");
        const std::int64_t version = tx.devices.find("usb:1-1.3")->version;
        tx.devices.save({"usb:1-1.3", 1, "Desk", std::nullopt, std::nullopt}, version);
        BOOST_TEST(throwsCode(ErrorCode::preconditionFailed, [&] {
            tx.devices.save({"usb:1-1.3", 1, "Attic", std::nullopt, std::nullopt}, version);
        }));
        tx.settings.set("node", "a1");
        tx.settings.set("node", "b2");
        BOOST_TEST(tx.settings.get("node").value_or("") == "b2");
        tx.settings.remove("node");
        BOOST_TEST(!tx.settings.get("node").has_value());
        const JobId job = tx.jobs.insert({{}, "backup", "running", 0, "", clock.wall(), {}});
        tx.jobs.failRunning("stopped", clock.wall());
        BOOST_TEST(tx.jobs.find(job)->state == "failed");
        BOOST_TEST(tx.jobs.list({}).total == 1);
    });
}

BOOST_AUTO_TEST_SUITE_END()
