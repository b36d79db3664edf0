"""A Saturday at the shelf: what each code does in each mode, and who hears of it."""
import contextlib
import json
import tempfile

from box import Box, Broker, EventStream, Subscriber, wait_for

MODE_PLAY, MODE_ADD, MODE_FIND, MODE_LOOKUP = ("9743000000001052", "9743000000001149", "9743000000001246",
                                               "9743000000001343")
UNDO, COPY, STOP, FLIP = "9743000000000179", "9743000000000276", "9743000000000373", "9743000000000470"
ONE_RELEASE = "752743004318"    # Kerri Chandler, sides A and B, no durations
ANOTHER_RELEASE = "752743004813"
SEVERAL = "4099990000011"       # four pressings of one album
WEAK = "5025452406621"          # printed with a wrong check digit
UNKNOWN = "4006381333931"
DAMAGED = "4006381333932"


def card(kind, value):
    """The digits of a card by the rule in the contract."""
    head = f"9743{kind}{value:09d}"
    return f"{head}{98 - int(head) * 100 % 97:02d}"


@contextlib.contextmanager
def house(with_broker=False):
    with contextlib.ExitStack() as stack:
        broker = None
        if with_broker:
            broker = Broker(stack.enter_context(tempfile.TemporaryDirectory()))
            stack.callback(broker.stop)
        box = stack.enter_context(Box(broker))
        box.start()
        yield box


def outcome_of(box, code, source):
    return box.scan(code, source)["outcome"]


def now_playing(box, deck="main"):
    return box.console("GET", f"/api/v1/decks/{deck}/now-playing").json


def items(box, path):
    reply = box.console("GET", "/api/v1/" + path)
    assert reply.status == 200, reply.body
    return reply.json["items"]


def test_the_cards_have_the_contracts_numbers():
    assert card(0, 1) == UNDO and card(0, 11) == MODE_ADD
    assert [card(0, n) for n in (2, 3, 4, 10, 12, 13)] == [COPY, STOP, FLIP, MODE_PLAY, MODE_FIND, MODE_LOOKUP]


def test_play_mode():
    with house() as box:
        one = box.scan(ONE_RELEASE, "a")
        assert one["outcome"] == "played" and one["release_id"] == 24 and "copy_id" not in one, one
        assert one["gtin"] == "00752743004318", one
        playing = now_playing(box)
        assert (playing["state"], playing["artist"], playing["side"]) == ("playing", "Kerri Chandler", "A"), playing
        several = box.scan(SEVERAL, "b")
        assert several["outcome"] == "ambiguous" and several["inbox_id"], several
        playing = now_playing(box)
        assert playing["state"] == "playing" and playing["album"] == "Four Pressings (Made Up)", playing
        weak = box.scan(WEAK, "c")
        assert weak["outcome"] == "ambiguous" and weak["inbox_id"], weak
        assert now_playing(box)["album"] == "Four Pressings (Made Up)"
        unknown = box.scan(UNKNOWN, "d")
        assert unknown["outcome"] == "unknown" and unknown["inbox_id"], unknown
        damaged = box.scan(DAMAGED, "e")
        assert damaged["outcome"] == "invalid" and "gtin" not in damaged and "inbox_id" not in damaged, damaged
        inbox = {i["id"]: i for i in items(box, "inbox")}
        assert len(inbox) == 3, inbox
        assert inbox[several["inbox_id"]]["kind"] == "pressing_open"
        assert sorted(c["release_id"] for c in inbox[several["inbox_id"]]["candidates"]) == [
            90000001, 90000002, 90000003, 90000004]
        assert inbox[unknown["inbox_id"]]["kind"] == "unknown"
        assert items(box, "copies") == []


def test_add_mode_and_the_owned_copy():
    with house() as box:
        assert outcome_of(box, MODE_ADD, "a") == "control"
        added = box.scan(ONE_RELEASE, "a")
        assert added["outcome"] == "added" and added["copy_id"] and added["release_id"] == 24, added
        assert outcome_of(box, ANOTHER_RELEASE, "a") == "added"
        double = box.scan(ONE_RELEASE, "a")
        assert double["outcome"] == "duplicate" and double["copy_id"] == added["copy_id"], double
        assert len(items(box, "copies")) == 2
        second = box.scan(COPY, "a")
        assert second["outcome"] == "control" and second["copy_id"] not in (None, added["copy_id"]), second
        assert len(items(box, "copies")) == 3
        several = box.scan(SEVERAL, "a")
        assert several["outcome"] == "ambiguous" and several["copy_id"] and several["inbox_id"], several
        assert box.console("GET", "/api/v1/copies/" + several["copy_id"]).json["pressing_open"] is True
        before = len(items(box, "copies"))
        assert outcome_of(box, WEAK, "a") == "ambiguous"
        assert outcome_of(box, UNKNOWN, "a") == "unknown"
        assert outcome_of(box, DAMAGED, "a") == "invalid"
        assert len(items(box, "copies")) == before
        # Another scanner has a context of its own: it is still in play mode.
        played = box.scan(ONE_RELEASE, "b")
        assert played["outcome"] == "played" and played["copy_id"] in (added["copy_id"], second["copy_id"]), played
        assert now_playing(box)["copy_id"] == played["copy_id"]


def test_find_and_lookup_modes_change_nothing():
    with house() as box:
        box.scan(MODE_ADD, "owner")
        owned = box.scan(ANOTHER_RELEASE, "owner")["copy_id"]
        copies = items(box, "copies")
        for mode, if_owned in ((MODE_FIND, "found"), (MODE_LOOKUP, "looked_up")):
            source = "scanner " + mode
            assert outcome_of(box, mode, source) == "control"
            answer = box.scan(ANOTHER_RELEASE, source)
            assert (answer["outcome"], answer["copy_id"]) == (if_owned, owned), answer
            for code, outcome in ((ONE_RELEASE, "looked_up"), (SEVERAL, "looked_up"), (WEAK, "looked_up"),
                                  (UNKNOWN, "unknown"), (DAMAGED, "invalid")):
                assert outcome_of(box, code, source) == outcome, (mode, code)
        assert items(box, "copies") == copies
        assert now_playing(box)["state"] == "stopped"


def test_stop_flip_and_undo():
    with house() as box:
        box.scan(ONE_RELEASE, "a")
        assert now_playing(box)["side"] == "A"
        assert outcome_of(box, FLIP, "a") == "control"
        assert now_playing(box)["side"] == "B"
        assert outcome_of(box, STOP, "a") == "control"
        assert now_playing(box)["state"] == "stopped"
        box.scan(MODE_ADD, "b")
        copy = box.scan(ANOTHER_RELEASE, "b")["copy_id"]
        assert [c["id"] for c in items(box, "copies")] == [copy]
        undone = box.scan(UNDO, "b")
        assert undone["outcome"] == "control" and items(box, "copies") == [], undone
        box.scan(SEVERAL, "c")
        assert now_playing(box)["state"] == "playing" and len(items(box, "inbox")) == 1
        box.scan(UNDO, "c")
        assert now_playing(box)["state"] == "stopped" and items(box, "inbox") == []


def test_person_location_and_deck_cards():
    decks = '[[deck]]\nid = "living-room"\nname = "Living room"\n[[deck]]\nid = "study"\nname = "Study"\n'
    with Box(config=decks) as box:
        box.start()
        anna = box.console("POST", "/api/v1/users", {"name": "Anna"}).json
        shelf = box.console("POST", "/api/v1/locations", {"name": "Shelf B3"}).json
        study = {d["id"]: d for d in items(box, "decks")}["study"]
        for thing in (anna, shelf, study):
            assert outcome_of(box, thing["card"], "a") == "control", thing
        box.scan(MODE_ADD, "a")
        copy = box.console("GET", "/api/v1/copies/" + box.scan(ONE_RELEASE, "a")["copy_id"]).json
        assert anna["id"] in json.dumps(copy["owner"]) and shelf["id"] in json.dumps(copy["location"]), copy
        box.scan(MODE_PLAY, "a")
        assert outcome_of(box, ONE_RELEASE, "a") == "played"
        assert now_playing(box, "study")["state"] == "playing"
        assert now_playing(box, "living-room")["state"] == "stopped"
        # Made by nobody: the card of a person that is not there.
        assert outcome_of(box, card(2, 99), "a") == "invalid"
        assert outcome_of(box, "9743000000001150", "a") == "invalid"


def test_one_read_of_a_held_trigger_is_one_scan():
    with house() as box:
        first = box.console("POST", "/api/v1/scans", {"code": UNKNOWN, "source": "a"})
        again = box.console("POST", "/api/v1/scans", {"code": UNKNOWN, "source": "a"})
        assert (first.status, again.status) == (201, 200) and first.json == again.json
        other = box.console("POST", "/api/v1/scans", {"code": UNKNOWN, "source": "b"})
        assert other.status == 201 and other.json["id"] != first.json["id"]
        queued = [box.console("POST", "/api/v1/scans", {"code": ONE_RELEASE, "client_id": "phone-1"}) for _ in range(2)]
        assert [q.status for q in queued] == [201, 200] and queued[0].json == queued[1].json
        assert box.console("GET", "/api/v1/scans").json["total"] == 3


def test_the_console_command_scans():
    with house() as box:
        answer = box.cli_json("scan", ONE_RELEASE, "--source", "desk")
        assert answer["outcome"] == "played" and answer["release_id"] == 24, answer
        assert now_playing(box)["state"] == "playing"
        assert box.cli("scan", UNDO, "--source", "desk", check=True).stdout.strip()
        assert now_playing(box)["state"] == "stopped"


def test_mqtt_tells_the_same_in_order():
    with house(with_broker=True) as box:
        subscriber = Subscriber(box.broker.port, "gatefold/v1/test/#")
        try:
            wait_for("the birth", lambda: any(t.endswith("/status") and p == "online"
                                              for t, _, p in list(subscriber.messages)))
            box.scan(ONE_RELEASE, "a")
            box.scan(FLIP, "a")
            box.scan(UNKNOWN, "a")
            box.scan(MODE_ADD, "a")
            box.scan(ANOTHER_RELEASE, "a")
            box.scan(STOP, "a")
            over_http = now_playing(box)
            over_mqtt = wait_for("the stopped deck", lambda: [
                d for d in subscriber.documents("/main/now_playing") if d["seq"] == over_http["seq"]])[-1]
            assert over_http == over_mqtt, (over_http, over_mqtt)

            def events():
                return [json.loads(p) for t, _, p in list(subscriber.messages) if "/event/" in t]
            wait_for("all events", lambda: sum(e["event_type"] == "record_off" for e in events()) == 1)
            wait_for("the added copy's scan", lambda: sum(
                e["data"].get("outcome") == "added" for e in events()) == 1)
            seen = events()
            assert [e["seq"] for e in seen] == sorted({e["seq"] for e in seen})
            assert all(after["prev"] == before["seq"] for before, after in zip(seen, seen[1:])), seen
            told = [e["event_type"] for e in seen]
            for types in (["barcode", "record_on", "side_started", "track_started", "played", "flipped", "side_started"],
                          ["unknown", "barcode", "copy_added", "played", "record_off"]):
                rest = iter(told)
                assert all(t in rest for t in types), (types, told)
        finally:
            subscriber.stop()


def test_the_event_stream_tells_and_replays():
    with house() as box:
        live = EventStream(box)
        try:
            first = box.scan(ONE_RELEASE, "a")

            def results(stream):
                return [document for _, name, document in stream.events if name == "scan_result"]
            wait_for("the scan's result", lambda: live.read(len(live.events) + 1, 0.5) and results(live))
            assert results(live)[0]["id"] == first["id"] and results(live)[0]["outcome"] == "played"
            names = [name for _, name, _ in live.events]
            assert "now_playing" in names and "deck" in names and "scan" in names, names
            ids = [i for i, _, _ in live.events]
            assert ids == sorted(ids)
            last = ids[-1]
        finally:
            live.close()
        missed = [box.scan(UNKNOWN, "a")["id"], box.scan(ANOTHER_RELEASE, "a")["id"]]
        again = EventStream(box, last_id=last)
        try:
            wait_for("what was missed", lambda: again.read(len(again.events) + 1, 0.5) and len(results(again)) >= 2)
            assert [r["id"] for r in results(again)] == missed
            assert all(i > last for i, _, _ in again.events)
        finally:
            again.close()
