"""Point 14: the daemon is killed and the broker stopped, again and again, while several people scan. Nothing is lost."""
import json
import os
import random
import sqlite3
import tempfile
import threading
import time

from box import Box, Broker, Subscriber, wait_for

KILLS = 12
BROKER_STOPS = 4
SOURCES = 4
CODES = ["752743004318", "752743004813", "7961220922684", "4099990000011", "4006381333931", "4006381333932",
         "5025452406621", "9743000000000470", "9743000000001149", "9743000000001052", "9743000000000276",
         "9743000000000179"]


class Feeder(threading.Thread):
    """One scanner that never stops; keeps every answer it was given."""

    def __init__(self, box, number, stop):
        super().__init__(daemon=True)
        self.box, self.number, self.stopped = box, number, stop
        self.answers = {}  # client id -> (status, the answer)
        self.sent = 0
        self.faults = []

    def run(self):
        choice = random.Random(self.number)
        while not self.stopped.is_set():
            self.sent += 1
            client_id = f"feeder-{self.number}-{self.sent}"
            scan = {"code": choice.choice(CODES), "source": f"feeder {self.number}.{self.sent % 3}", "client_id": client_id}
            try:
                reply = self.box.console("POST", "/api/v1/scans", scan)
            except Exception:  # the daemon was killed: no answer, no promise
                time.sleep(0.02)
                continue
            if reply.status in (200, 201):
                self.answers[client_id] = reply.status, reply.json
            elif reply.status != 503:
                self.faults.append((reply.status, reply.body))
            time.sleep(choice.uniform(0, 0.01))


def journal_over_http(box):
    found, cursor = {}, None
    while True:
        page = box.console("GET", "/api/v1/scans?limit=200" + (f"&cursor={cursor}" if cursor else "")).json
        found.update((item["id"], item) for item in page["items"])
        cursor = page["next"]
        if not cursor:
            assert len(found) == page["total"], (len(found), page["total"])
            return found


def rows(box, sql):
    with sqlite3.connect(f"file:{database(box)}?mode=ro", uri=True) as connection:
        return connection.execute(sql).fetchall()


def database(box):
    return next(os.path.join(box.data, name) for name in os.listdir(box.data)
                if name.endswith(".db") and not name.startswith("catalogue"))


def told(subscriber):
    return [json.loads(p) for t, _, p in list(subscriber.messages) if "/event/" in t]


def shake(box, broker):
    """Kills the daemon KILLS times and stops the broker BROKER_STOPS times, at moments that differ from run to run."""
    chance = random.Random()
    for n in range(KILLS):
        time.sleep(chance.uniform(0.15, 0.6))
        stop_broker = n % (KILLS // BROKER_STOPS) == 1
        if stop_broker:
            broker.stop()
            time.sleep(chance.uniform(0, 0.2))
        box.kill()
        box.start()
        if stop_broker:
            time.sleep(chance.uniform(0, 0.4))
            broker.start()


def prove(box, feeders, subscriber):
    answers = {c: a for feeder in feeders for c, a in feeder.answers.items()}
    assert len(answers) > 100, f"only {len(answers)} scans were answered"
    journal = journal_over_http(box)
    stored = {c: (raw, answer) for c, raw, answer in rows(box, "SELECT client_id, raw, answer FROM scans")}
    for client_id, (status, answer) in answers.items():
        # 200: a repetition within 2 s, which is the scan before.
        assert status == 200 or client_id in stored, f"the answered scan {client_id} is not in the journal"
        assert answer["id"] in journal, f"{answer['id']} was answered and is not listed"
        assert journal[answer["id"]]["outcome"] == answer["outcome"], (journal[answer["id"]], answer)
    without = [i for i, scan in journal.items() if not scan["outcome"]]
    assert not without and all(answer for _, answer in stored.values()), f"without an outcome: {without}"

    # Everything that a home automation must not miss: what waited shorter than it may be told.
    log = rows(box, "SELECT seq, id, name, prev, body, expires_ms - at_ms FROM event_log WHERE kind = 0 ORDER BY seq")
    lasting = {event_id: (seq, name) for seq, event_id, name, _, _, lives_ms in log if lives_ms is None or lives_ms > 600_000}
    assert len(lasting) > 50, len(lasting)
    previous = 0
    for seq, _, _, prev, _, _ in log:
        assert prev == previous, f"event {seq} names {prev} as the one before it, not {previous}"
        previous = seq
    wait_for("the outbox to empty", lambda: not rows(
        box, "SELECT 1 FROM outbox JOIN event_log USING (seq) WHERE kind = 0 AND status = 0 LIMIT 1"))

    def missing():
        return set(lasting) - {event["id"] for event in told(subscriber)}
    try:
        wait_for("every event at the subscriber", lambda: not missing(), 20)
    except AssertionError:
        states = dict(rows(box, "SELECT seq, status || ' ' || last_error FROM outbox"))
        raise AssertionError("never told: " + str(sorted((*lasting[m], states.get(lasting[m][0])) for m in missing())[:20]))
    first_told = {}
    for event in told(subscriber):
        first_told.setdefault(event["id"], event["seq"])
    per_stream = {}
    for event in log:
        per_stream.setdefault(event[2], set()).add(event[1])
    for name, ids in per_stream.items():
        order = [seq for event_id, seq in first_told.items() if event_id in ids]
        assert order == sorted(order), f"{name} came out of order: {order}"
    print(f"  {len(answers)} answered scans, {len(stored)} journalled, {len(log)} events, "
          f"{len(told(subscriber))} told, {KILLS} kills, {BROKER_STOPS} broker stops")


def test_kills_and_broker_stops_lose_nothing():
    with tempfile.TemporaryDirectory() as folder:
        broker = Broker(folder)
        subscriber = Subscriber(broker.port, "gatefold/v1/test/#", client="durable")
        box = Box(broker)
        stop = threading.Event()
        feeders = [Feeder(box, n, stop) for n in range(SOURCES)]
        try:
            box.start()
            for feeder in feeders:
                feeder.start()
            shake(box, broker)
            time.sleep(0.5)
            stop.set()
            for feeder in feeders:
                feeder.join()
            faults = [fault for feeder in feeders for fault in feeder.faults]
            assert not faults, faults[:3]
            box.kill()
            box.start()
            prove(box, feeders, subscriber)
            assert box.stop() == 0
        finally:
            stop.set()
            box.close()
            subscriber.stop()
            broker.stop()


def test_a_play_session_is_interrupted_after_a_kill():
    with Box() as box:
        box.start()
        box.scan("752743004318")
        box.kill()
        box.start()
        assert box.console("GET", "/api/v1/decks/main/now-playing").json["state"] == "unknown"
        box.scan("752743004813")
        assert box.console("GET", "/api/v1/decks/main/now-playing").json["state"] == "playing"


def test_a_scan_without_an_outcome_gets_one_at_the_next_start():
    with Box() as box:
        box.start()
        box.scan("752743004318")
        box.kill()
        with sqlite3.connect(database(box)) as connection:
            connection.execute("UPDATE scans SET answer = NULL, effect = NULL")
        box.start()
        wait_for("the outcome", lambda: all(s["outcome"] for s in box.console("GET", "/api/v1/scans").json["items"]))
