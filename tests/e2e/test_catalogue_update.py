"""The offline catalogue brought up to date: a store of dumps on loopback, the real daemon and the real command."""
import gzip
import hashlib
import http.server
import os
import random
import ssl
import subprocess
import tempfile
import threading
import urllib.parse

from box import Box, Skipped, wait_for

DAY = "20260801"
RELEASES = f"discogs_{DAY}_releases.xml.gz"
MASTERS = f"discogs_{DAY}_masters.xml.gz"
CHECKSUMS = f"discogs_{DAY}_CHECKSUM.txt"
BARCODE = "9780201379624"  # in no other catalogue of these tests


def releases_dump(count=3000):
    """Gzip of so many releases, about 3 MB; number 1000001 has the barcode and belongs to album 113."""
    elements = []
    chance = random.Random(7)
    for i in range(1, count + 1):
        first = f'<master_id>113</master_id><identifiers><identifier type="Barcode" value="{BARCODE}"/></identifiers>' if i == 1 else ""
        elements.append(f'<release id="{1000000 + i}"><artists><artist><name>Somebody</name></artist></artists><title>Brought {i}</title>'
                        f'<notes>{chance.randbytes(1000).hex()}</notes><formats><format name="Vinyl" qty="1"/></formats>{first}</release>\n')
    return gzip.compress(("<releases>\n" + "".join(elements) + "</releases>\n").encode())


DUMP = releases_dump()
ALBUMS = gzip.compress(b'<masters>\n<master id="113"><main_release>1000001</main_release><year>1971</year><title>The Album</title></master>\n</masters>\n')


class Store(http.server.ThreadingHTTPServer):
    """In the form of data.discogs.com: lists of years and files, and the files, in parts when asked so."""

    def __init__(self, context=None, host="127.0.0.1"):
        super().__init__(("127.0.0.1", 0), StoreAnswers)
        if context:
            self.socket = context.wrap_socket(self.socket, server_side=True)
        self.scheme, self.host = "https" if context else "http", host
        self.files = {RELEASES: DUMP, MASTERS: ALBUMS}
        self.sums = {name: hashlib.sha256(data).hexdigest() for name, data in self.files.items()}
        self.asked = []       # (file, first byte)
        self.failing = 0      # so many answers are 503
        self.cuts = []        # after so many bytes of the releases dump the connection is cut off, one entry a try
        self.hold_at = None   # there a transfer waits until `go_on` is set
        self.go_on = threading.Event()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def url(self):
        return f"{self.scheme}://{self.host}:{self.server_address[1]}"

    def handle_error(self, request, client_address):
        pass  # a client that hangs up, or that does not trust the certificate, is what is tested

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.go_on.set()
        self.shutdown()
        self.server_close()


class StoreAnswers(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        store = self.server
        query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(self.path).query))
        if store.failing:
            store.failing -= 1
            return self.whole(b"busy", 503)
        if query.get("prefix") == "data/":
            return self.whole(b'<a href="?prefix=data%2F2026%2F">2026</a>')
        if "prefix" in query:
            return self.whole(" ".join([*store.files, CHECKSUMS]).encode())
        name = query.get("download", "").rsplit("/", 1)[-1]
        if name == CHECKSUMS:
            return self.whole("".join(f"{digest} *{file}\n" for file, digest in store.sums.items()).encode())
        if name not in store.files:
            return self.whole(b"no such file", 404)
        self.part(name, store.files[name])

    def part(self, name, data):
        store = self.server
        first = int(self.headers.get("Range", "bytes=0-")[6:-1])
        store.asked.append((name, first))
        self.send_response(206 if first else 200)
        if first:
            self.send_header("Content-Range", f"bytes {first}-{len(data) - 1}/{len(data)}")
        self.send_header("Content-Length", str(len(data) - first))
        self.end_headers()
        end = store.cuts.pop(0) if name == RELEASES and store.cuts else len(data)
        if name == RELEASES and store.hold_at is not None and first <= store.hold_at < end:
            self.wfile.write(data[first:store.hold_at])
            self.wfile.flush()
            store.go_on.wait(60)
            first = store.hold_at
        self.wfile.write(data[first:end])
        self.close_connection = True

    def whole(self, body, status=200):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def updating(store):
    return f'[catalogue]\nupdate_url = "{store.url()}"\n'


def beside(box):
    """What lies around the catalogue."""
    return sorted(name for name in os.listdir(box.data) if name.startswith("catalogue.db"))


def newest(box, kind):
    return next((job for job in box.console("GET", "/api/v1/jobs").json["items"] if job["kind"] == kind), None)


def search(box, text):
    return box.console("GET", "/api/v1/catalogue/search?q=" + urllib.parse.quote(text)).json["releases"]


def test_an_update_beside_the_running_daemon():
    """The connection is cut off once; while the rest waits, the page sees how far it is and a backup is made."""
    with Store() as store, Box(config=updating(store)) as box:
        store.cuts = [len(DUMP) // 3]
        store.hold_at = 2 * len(DUMP) // 3
        box.start()
        assert box.scan(BARCODE)["outcome"] == "unknown"
        begun = box.console("POST", "/api/v1/catalogue/update")
        assert begun.status == 202, begun.body
        job = wait_for("progress", lambda: (lambda j: j if 0 < j["progress"] < 1 else None)(newest(box, "catalogue_update")))
        assert job["state"] == "running" and job["message"] == "fetching the dump", job
        assert job["bytes_per_s"] > 0 and job["seconds_left"] is not None, job
        assert box.console("GET", "/api/v1/catalogue").json["in_work"]["phase"] == "download"
        assert box.console("POST", "/api/v1/catalogue/update").status == 409
        assert box.console("POST", "/api/v1/backups").status == 202
        wait_for("a backup beside the update", lambda: newest(box, "backup")["state"] == "done")
        assert newest(box, "catalogue_update")["state"] == "running"
        store.go_on.set()
        done = wait_for("the update", lambda: (lambda j: j if j["state"] != "running" else None)(newest(box, "catalogue_update")))
        assert done["state"] == "done" and "3000 releases in use" in done["message"], done
        resumed_at = [first for name, first in store.asked if name == RELEASES][-1]
        assert 0 < resumed_at <= len(DUMP) // 3, store.asked
        found = search(box, BARCODE)
        assert [f["release_id"] for f in found] == [1000001], found
        assert found[0]["master_title"] == "The Album" and found[0]["master_year"] == 1971, found
        assert box.console("GET", "/api/v1/releases/1000001").json["master_title"] == "The Album"
        info = box.cli_json("catalogue", "info")
        assert info["dump_date"] == "2026-08-01" and info["masters"] == 1 and info["previous"], info
        assert beside(box) == ["catalogue.db", "catalogue.db.previous"], beside(box)
        assert box.scan(BARCODE, "another")["outcome"] == "played"
        box.cli("catalogue", "rollback", check=True)
        assert search(box, BARCODE) == [] and search(box, "LAR 043")
        box.cli("catalogue", "rollback", check=True)
        assert search(box, BARCODE)


def test_an_update_cut_short_by_a_stop_goes_on_in_the_next():
    with Store() as store, Box(config=updating(store)) as box:
        store.hold_at = len(DUMP) // 2
        box.start()
        box.console("POST", "/api/v1/catalogue/update")
        wait_for("half of the dump", lambda: newest(box, "catalogue_update")["progress"] > 0)
        box.kill()
        store.hold_at = None
        store.go_on.set()
        box.start()
        assert search(box, "LAR 043")
        assert newest(box, "catalogue_update")["state"] == "failed"
        box.console("POST", "/api/v1/catalogue/update")
        wait_for("the update", lambda: newest(box, "catalogue_update")["state"] == "done")
        assert [first for name, first in store.asked if name == RELEASES][-1] > 0, store.asked
        assert beside(box) == ["catalogue.db", "catalogue.db.previous"], beside(box)


def test_an_update_by_the_command():
    with Store() as store, Box(config=updating(store)) as box:
        store.failing = 1
        result = box.cli_json("catalogue", "update")
        assert result["source"] == RELEASES and result["summary"]["releases_kept"] == 3000, result
        assert result["summary"]["masters"] == 1 and "masters_problem" not in result, result
        assert box.cli_json("catalogue", "update")["summary"] is None
        again = box.cli("catalogue", "update", "--again", check=True)
        assert "3,000 releases" in again.stdout, again.stdout


def test_a_wrong_checksum_is_refused():
    with Store() as store, Box(config=updating(store)) as box:
        store.sums[RELEASES] = hashlib.sha256(b"another file").hexdigest()
        with open(os.path.join(box.data, "catalogue.db"), "rb") as file:
            before = file.read()
        done = box.cli("catalogue", "update")
        assert done.returncode == 1 and "SHA-256" in done.stderr, (done.returncode, done.stderr)
        with open(os.path.join(box.data, "catalogue.db"), "rb") as file:
            assert file.read() == before
        assert beside(box) == ["catalogue.db"], beside(box)
        box.start()
        box.console("POST", "/api/v1/catalogue/update")
        job = wait_for("the refusal", lambda: (lambda j: j if j["state"] == "failed" else None)(newest(box, "catalogue_update")))
        assert "SHA-256" in job["message"], job
        assert "SHA-256" in box.console("GET", "/api/v1/catalogue").json["last_error"]


def test_a_wrong_masters_dump_stops_nothing():
    with Store() as store, Box(config=updating(store)) as box:
        store.sums[MASTERS] = hashlib.sha256(b"another file").hexdigest()
        done = box.cli("catalogue", "update", check=True)
        assert "3,000 releases" in done.stdout and "SHA-256" in done.stdout, done.stdout
        assert box.cli_json("catalogue", "info")["masters"] == 0


def test_an_update_from_a_file():
    with Box(config='[catalogue]\nupdate_url = "http://127.0.0.1:9"\n') as box:
        brought = os.path.join(box.folder, RELEASES)
        with open(brought, "wb") as file:
            file.write(DUMP)
        result = box.cli_json("catalogue", "update", "--file", brought)
        assert result["summary"]["releases_kept"] == 3000, result
        assert os.path.exists(brought)
        absent = box.cli("catalogue", "update", "--file", os.path.join(box.folder, "absent.xml.gz"))
        assert absent.returncode == 1 and "absent.xml.gz" in absent.stderr, absent.stderr


def openssl(*arguments):
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)


def made_certificate(folder, name):
    """A CA of our own and a certificate by it for `name`; paths of CA, certificate and key."""
    path = {part: os.path.join(folder, f"{name}-{part}.pem") for part in ("ca", "ca-key", "key", "request", "certificate", "names")}
    with open(path["names"], "w") as file:
        file.write(f"subjectAltName=DNS:{name}\n")
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", path["ca-key"], "-out", path["ca"],
            "-subj", "/CN=Test CA", "-days", "2")
    openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", path["key"], "-out", path["request"],
            "-subj", f"/CN={name}")
    openssl("x509", "-req", "-in", path["request"], "-CA", path["ca"], "-CAkey", path["ca-key"], "-CAcreateserial", "-out", path["certificate"],
            "-days", "2", "-extfile", path["names"])
    return path["ca"], path["certificate"], path["key"]


def update_over_tls(name, trusted, prepare=lambda store: None):
    """`gatefold catalogue update` from a store whose certificate is for `name`; the process trusts its CA when `trusted`."""
    with tempfile.TemporaryDirectory(prefix="gatefold-e2e-") as folder:
        try:
            ca, certificate, key = made_certificate(folder, name)
        except FileNotFoundError as missing:
            raise Skipped("openssl is not installed") from missing
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        with Store(context, "localhost") as store, Box(config=updating(store)) as box:
            prepare(store)
            before = os.environ.get("SSL_CERT_FILE")
            if trusted:
                os.environ["SSL_CERT_FILE"] = ca  # where the system's certificates are looked for
            try:
                return box.cli("catalogue", "update"), store
            finally:
                os.environ.pop("SSL_CERT_FILE", None)
                if before is not None:
                    os.environ["SSL_CERT_FILE"] = before


def test_a_store_over_tls_is_believed_when_it_proves_its_name():
    def cut_once(store):
        store.cuts = [len(DUMP) // 2]
    done, store = update_over_tls("localhost", trusted=True, prepare=cut_once)
    assert done.returncode == 0 and "3,000 releases" in done.stdout, (done.stdout, done.stderr)
    assert [first for name, first in store.asked if name == RELEASES][-1] > 0, store.asked


def test_a_store_that_cannot_prove_its_name_is_refused():
    for name, trusted in (("localhost", False), ("elsewhere.example", True)):
        done, store = update_over_tls(name, trusted)
        assert done.returncode == 69 and "does not prove who it is" in done.stderr, (done.returncode, done.stderr)
        assert store.asked == [], store.asked
