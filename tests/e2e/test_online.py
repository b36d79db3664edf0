"""Online sources end to end: a code that nobody knows is found later, a record gets its cover, and without them the house works on."""
import http.client
import http.server
import json
import os
import re
import signal
import socket
import subprocess
import tempfile
import threading
import urllib.parse

from box import PATIENCE_S, SOURCE, Box, Broker, Subscriber, free_port, wait_for

UNKNOWN = "9780201379624"
KNOWN = "752743004318"  # release 24 of the small dump
MBID = "11111111-2222-4333-8444-555555555555"
with open(os.path.join(SOURCE, "tests", "fuzz", "corpus", "vision_image", "ean8.jpg"), "rb") as photo:
    PICTURE = photo.read()


class Sources(http.server.ThreadingHTTPServer):
    """Discogs, MusicBrainz and the Cover Art Archive on one port of this machine."""

    def __init__(self, port=0):
        super().__init__(("127.0.0.1", port), Answers)
        self.asked = []
        self.picture = PICTURE
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}"

    def close(self):
        self.shutdown()
        self.server_close()


class Answers(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append((self.path, self.headers.get("User-Agent"), self.headers.get("Authorization")))
        parts = urllib.parse.urlsplit(self.path)
        found = self.answer(parts.path, dict(urllib.parse.parse_qsl(parts.query)))
        body = found if isinstance(found, bytes) else json.dumps(found if found is not None else {"message": "not found"}).encode()
        self.send_response(404 if found is None else 200)
        self.send_header("Content-Type", "image/jpeg" if isinstance(found, bytes) else "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def answer(self, path, query):
        if path == "/database/search":
            hit = {"id": 7000001, "type": "release", "title": "Nobody - Found Online", "year": "1984", "country": "UK",
                   "label": ["Lost"], "catno": "LOST 1", "format": ["Vinyl", "LP"], "barcode": [UNKNOWN]}
            known = query.get("barcode") == UNKNOWN or query.get("catno") == "LOST 1"
            return {"pagination": {"items": 1}, "results": [hit] if known else []}
        if path == "/releases/7000001":
            return {"id": 7000001, "title": "Found Online", "year": 1984, "country": "UK", "uri": "https://www.discogs.com/release/7000001",
                    "artists": [{"id": 1, "name": "Nobody", "anv": "", "join": ""}], "labels": [{"name": "Lost", "catno": "LOST 1"}],
                    "formats": [{"name": "Vinyl", "qty": "1", "descriptions": ["LP"]}],
                    "identifiers": [{"type": "Barcode", "value": UNKNOWN}],
                    "tracklist": [{"position": "A1", "type_": "track", "title": "First", "duration": "3:00"}]}
        if path == "/ws/2/url":
            return {"resource": query["resource"], "relations": [{"target-type": "release", "type": "discogs", "release": {"id": MBID}}]} \
                if query["resource"].endswith("/release/24") else None
        if path == "/ws/2/release":
            return {"count": 0, "releases": []}
        if path == "/ws/2/release/" + MBID:
            return {"id": MBID, "title": "Stockholm", "artist-credit": [{"name": "The Persuader"}], "media": [],
                    "cover-art-archive": {"front": True, "back": False, "count": 1}}
        if path == "/release/" + MBID:
            return {"images": [{"id": 1, "front": True, "image": f"http://coverartarchive.org/release/{MBID}/1.jpg",
                                "thumbnails": {"1200": f"http://coverartarchive.org/release/{MBID}/1-1200.jpg"}}]}
        if path == f"/release/{MBID}/1-1200.jpg":
            return self.server.picture
        return None

    def log_message(self, *_):
        pass


def config(url, token_file=""):
    return (f'[lookup]\ncontact = "anna@example.org"\n[lookup.discogs]\nbase_url = "{url}"\ntoken_file = "{token_file}"\n'
            f'[lookup.musicbrainz]\nbase_url = "{url}"\n[lookup.coverart]\nbase_url = "{url}"\n')


def source(box, name):
    items = box.console("GET", "/api/v1/sources").json["items"]
    return next(item for item in items if item["name"] == name)


def token_in(folder):
    path = os.path.join(folder, "discogs-token")
    with open(path, "w") as f:
        f.write("secret-token\n")
    return path


def test_an_unknown_code_is_found_online_and_can_be_chosen():
    sources = Sources()
    with tempfile.TemporaryDirectory() as secrets, Box(config=config(sources.url(), token_in(secrets))) as box:
        box.start()
        answer = box.scan(UNKNOWN)
        assert answer["outcome"] == "unknown", answer
        path = "/api/v1/inbox/" + answer["inbox_id"]
        item = wait_for("the candidate", lambda: (i := box.console("GET", path).json)["candidates"] and i)
        assert item["kind"] == "unknown" and len(item["candidates"]) == 1, item
        found = item["candidates"][0]
        assert (found["release_id"], found["artist"], found["title"], found["match"]) == (7000001, "Nobody", "Found Online", "exact"), found
        assert [a["source"] for a in item["attributions"]] == ["discogs"] and "Discogs" in item["attributions"][0]["notice"], item
        sources.close()  # the cable is pulled
        box.console("POST", path + "/resolve", {"release_id": 7000001})
        assert box.scan(UNKNOWN)["outcome"] == "played"
        release = box.console("GET", "/api/v1/releases/7000001").json
        assert release["attribution"]["source"] == "discogs" and release["attribution"]["url"].endswith("/release/7000001"), release
        assert release["attribution"]["show_until"], release
        agents = {agent for _, agent, _ in sources.asked}
        assert all(agent.startswith("Gatefold/") and agent.endswith(" ( anna@example.org )") for agent in agents), agents
        assert all("secret-token" in (secret or "") for asked, _, secret in sources.asked if asked.startswith("/database")), sources.asked
        assert not any("secret-token" in (secret or "") for asked, _, secret in sources.asked if asked.startswith("/ws/")), sources.asked
        assert "secret-token" not in box.log_text()
        kept = [name for name in os.listdir(box.data) if name.startswith("answers.db")]
        assert kept, os.listdir(box.data)
        for name in kept:
            with open(os.path.join(box.data, name), "rb") as f:
                assert b"secret-token" not in f.read(), name


def test_what_somebody_types_is_asked_for_and_taken():
    sources = Sources()
    with tempfile.TemporaryDirectory() as secrets, Box(config=config(sources.url(), token_in(secrets))) as box:
        box.start()
        answer = box.console("GET", "/api/v1/sources/search?q=LOST%201").json
        assert answer["read_as"] == "catno" and not answer["silent"], answer
        assert [find["release"]["release_id"] for find in answer["found"]] == [7000001], answer
        taken = box.console("POST", "/api/v1/sources/releases", {"source": "discogs", "release_id": 7000001}).json
        assert [track["title"] for track in taken["tracklist"]] == ["First"], taken
        sources.close()  # the cable is pulled
        copy = box.console("POST", "/api/v1/copies", {"release_id": 7000001}).json
        assert copy["title"] == "Found Online", copy
        silent = box.console("GET", "/api/v1/sources/search?q=nobody%20found").json["silent"]
        assert {source["name"] for source in silent} == {"discogs", "musicbrainz"}, silent


def test_a_record_gets_its_cover_everywhere():
    sources = Sources()
    with tempfile.TemporaryDirectory() as folder:
        broker = Broker(folder)
        watcher = Subscriber(broker.port, topic="gatefold/v1/test/main/value/cover_url")
        try:
            with Box(broker=broker, config=config(sources.url())) as box:
                box.start()
                assert box.scan(KNOWN)["outcome"] == "played"
                now = wait_for("the cover", lambda: (d := box.console("GET", "/api/v1/decks/main/now-playing").json)["cover_url"] and d)
                path = urllib.parse.urlsplit(now["cover_url"]).path
                picture = box.request("GET", path)
                assert picture.status == 200 and picture.body[:3] == b"\xff\xd8\xff", (picture.status, picture.body[:20])
                assert now["release_id"] == 24, now
                wait_for("the cover over MQTT", lambda: any(p == now["cover_url"] for _, _, p in watcher.messages))
                shown = subprocess.check_output(["mosquitto_sub", "-p", str(broker.port), "-t", "gatefold/v1/test/main/cover", "-C", "1", "-N"],
                                                timeout=60)
                assert shown == picture.body and len(shown) <= 100 * 1024, len(shown)
                copy = box.console("POST", "/api/v1/copies", {"release_id": 24}).json
                assert copy["cover_url"] == path, copy
                photo = box.console("PUT", f"/api/v1/copies/{copy['id']}/cover", PICTURE, {"Content-Type": "image/jpeg"})
                assert photo.status == 200 and photo.json["cover_url"].startswith("/covers/"), (photo.status, photo.body)
                assert source(box, "coverart")["requests_waiting"] == 0
                box.stop()
                covers = os.path.join(box.data, "covers")
                for name in os.listdir(covers):  # as a file with a bad sector: it is there and cannot be read
                    os.remove(os.path.join(covers, name))
                    os.mkdir(os.path.join(covers, name))
                box.start()
                wait_for("the box on the broker without the picture", lambda: subprocess.check_output(
                    ["mosquitto_sub", "-p", str(broker.port), "-t", "gatefold/v1/test/status", "-C", "1", "-N"], timeout=60) == b"online")
        finally:
            watcher.stop()
            broker.stop()
            sources.close()


def test_a_hostile_cover_harms_nobody():
    sources = Sources()
    sources.picture = b"\xff\xd8\xff" + os.urandom(20000)
    with Box(config=config(sources.url())) as box:
        box.start()
        assert box.scan(KNOWN)["outcome"] == "played"
        wait_for("the picture to be asked for", lambda: any("1-1200" in path for path, _, _ in sources.asked))
        wait_for("the question to be settled", lambda: source(box, "coverart")["requests_waiting"] == 0)
        assert box.console("GET", "/api/v1/decks/main/now-playing").json["cover_url"] is None
        assert box.scan(UNKNOWN)["outcome"] == "unknown"
    sources.close()


def test_without_the_internet_nothing_is_lost():
    port = free_port()
    with Box(config=config(f"http://127.0.0.1:{port}")) as box:
        box.start()
        assert box.scan(KNOWN)["outcome"] == "played"
        wait_for("the source's state", lambda: source(box, "musicbrainz")["state"] == "unreachable")
        assert source(box, "coverart")["requests_waiting"] == 1
        assert source(box, "discogs")["state"] == "unauthorised"
        doctor = box.cli("doctor")
        assert "online sources" in doctor.stdout and "musicbrainz unreachable" in doctor.stdout, doctor.stdout
        box.kill()
        sources = Sources(port)
        box.start()
        wait_for("the cover", lambda: box.console("GET", "/api/v1/decks/main/now-playing").json["cover_url"])
        sources.close()


def stop_limit_s():
    """How long systemd waits before it kills the daemon."""
    with open(os.path.join(SOURCE, "systemd", "gatefold.service.in")) as unit:
        return int(re.search(r"^TimeoutStopSec=(\d+)$", unit.read(), re.MULTILINE)[1])


def test_a_source_that_never_answers_holds_up_no_stop():
    statuses = []
    with socket.create_server(("127.0.0.1", 0)) as silent, \
            Box(config=config(f"http://127.0.0.1:{silent.getsockname()[1]}"), catalogue=False) as box:
        silent.settimeout(PATIENCE_S)
        box.start()

        def ask(*question):
            try:
                statuses.append(box.console(*question).status)
            except (OSError, http.client.HTTPException):
                pass  # the stop may close the connection first
        searching = threading.Thread(target=ask, args=("GET", "/api/v1/sources/search?q=abbey+road"))
        searching.start()
        asked, _ = silent.accept()
        assert asked.recv(4) == b"GET "
        taking = threading.Thread(target=ask, args=("POST", "/api/v1/sources/releases", {"source": "musicbrainz", "mbid": MBID}))
        taking.start()
        wait_for("the second question to wait for the first", lambda: source(box, "musicbrainz")["requests_waiting"] == 1)
        box.daemon.send_signal(signal.SIGTERM)
        assert box.daemon.wait(stop_limit_s() / 2) == 0, box.log_tail()
        searching.join()
        taking.join()
        asked.close()
    assert set(statuses) == {503}, statuses


def test_a_source_that_is_off_is_asked_nothing():
    sources = Sources()
    off = config(sources.url()).replace("base_url", "enabled = false\nbase_url")
    with Box(config=off) as box:
        box.start()
        box.scan(UNKNOWN)
        box.scan(KNOWN)
        assert {s["state"] for s in box.console("GET", "/api/v1/sources").json["items"]} == {"off"}
        box.stop()
    assert sources.asked == []
    sources.close()
