"""The console command beside a running daemon, without one, and before setup: the same commands, the same answers."""
import contextlib
import fcntl
import json
import os
import socket
import sqlite3
import stat
import struct
import subprocess
import zlib

from box import CLI, DAEMON, PATIENCE_S, SMALL_DUMP, Box, wait_for

ONE_RELEASE, UNKNOWN = "752743004318", "4006381333931"
PASSWORD = "correct horse battery staple\n"


@contextlib.contextmanager
def each_way():
    """A box whose daemon runs, then one whose daemon does not."""
    with contextlib.ExitStack() as stack:
        running = stack.enter_context(Box())
        running.start()
        yield running, stack.enter_context(Box())


def blank_png(path):
    """A white picture: nothing to decode in it."""
    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    rows = b"".join(b"\0" + b"\xff" * 64 for _ in range(64))
    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 64, 64, 8, 0, 0, 0, 0))
                   + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))
    return path


def test_scans_and_devices():
    with each_way() as boxes:
        for box in boxes:
            answer = box.cli_json("scan", ONE_RELEASE, "--source", "desk")
            assert (answer["outcome"], answer["release_id"]) == ("played", 24), answer
            said = box.cli("scan", UNKNOWN, check=True).stdout
            assert "inbox" in said and not said.startswith("{"), said
            assert box.cli_json("devices")["items"] == []
            assert box.cli("devices", check=True).stdout.strip()


def test_catalogue():
    with each_way() as boxes:
        for box in boxes:
            info = box.cli_json("catalogue", "info")
            assert info["present"] is True and info["releases"] == 43, info
            found = box.cli_json("catalogue", "lookup", "--barcode", ONE_RELEASE)
            assert found["gtin"] == "00752743004318", found
            assert [(r["release_id"], r["match"]) for r in found["releases"]] == [(24, "exact")], found
            assert box.cli_json("catalogue", "lookup", "--barcode", UNKNOWN)["releases"] == []
            assert box.cli("catalogue", "lookup", "--barcode", UNKNOWN).returncode == 0
            assert box.cli("catalogue", "lookup", "--catalogue", "/nowhere.db", "--barcode", UNKNOWN).returncode == 1
            assert box.cli_json("catalogue", "lookup", "--catno", "lar 043")["releases"][0]["release_id"] == 24
            summary = box.cli_json("catalogue", "build", SMALL_DUMP)
            names = {"releases_read", "releases_kept", "releases_skipped", "barcodes", "catnos", "runouts", "seconds",
                     "bytes_read", "output_bytes"}
            assert names <= set(summary) and summary["releases_kept"] == 43, summary
            assert box.cli_json("scan", ONE_RELEASE)["outcome"] == "played"
            box.cli("catalogue", "rollback", check=True)


def test_people_tokens_and_setup_codes():
    with each_way() as boxes:
        for box in boxes:
            assert box.cli_json("user", "list")["items"] == []
            assert "There is nobody yet" in box.cli("user", "list", check=True).stdout
            assert "There are no tokens yet" in box.cli("token", "list", check=True).stdout
            assert box.cli_json("setup-code")["code"].count("-") == 2
            assert box.cli_json("user", "add", "Anna")["role"] is None
            assert box.cli_json("user", "add", "Ben", "--role", "admin", stdin=PASSWORD)["role"] == "admin"
            double = box.cli("user", "add", "Ben", "--role", "admin", stdin=PASSWORD)
            assert double.returncode == 1 and "Ben" in double.stderr, double
            box.cli("user", "reset", "Ben", stdin="another " + PASSWORD, check=True)
            last = box.cli("user", "role", "Ben", "editor")
            assert last.returncode == 1 and "last admin" in last.stderr, last
            box.cli("user", "add", "Cleo", "--role", "admin", stdin=PASSWORD, check=True)
            assert box.cli_json("user", "role", "Ben", "editor")["role"] == "editor"
            assert {u["name"] for u in box.cli_json("user", "list")["items"]} == {"Anna", "Ben", "Cleo"}
            nobody = box.cli("user", "role", "Nobody", "admin")
            assert nobody.returncode == 1 and "Nobody" in nobody.stderr, nobody
            token = box.cli_json("token", "add", "--scope", "scanner", "--name", "shelf")
            assert token["scope"] == "scanner" and token["token"].startswith("gf_"), token
            foreign = box.cli("token", "add", "--scope", "king")
            assert foreign.returncode == 64 and "automation" in foreign.stderr, foreign
            assert [t["id"] for t in box.cli_json("token", "list")["items"]] == [token["id"]]
            if box.daemon:
                assert box.request("POST", "/api/v1/scans", {"code": ONE_RELEASE}, token=token["token"]).status == 201
                assert box.request("GET", "/api/v1/users", token=token["token"]).status == 403
            box.cli("token", "revoke", token["id"], check=True)
            if box.daemon:
                assert box.request("POST", "/api/v1/scans", {"code": ONE_RELEASE}, token=token["token"]).status == 401
            for words, told in ((["token", "revoke", "t_99"], "There is no token t_99.\n"),
                                (["token", "revoke", "zzz"], "one looks like t_3.\n"),
                                (["inbox", "show", "99"], "one looks like i_3.\n")):
                done = box.cli(*words)
                assert done.returncode == 1 and done.stderr.endswith(told), (words, done)


def test_a_role_or_password_set_by_command_ends_what_rested_on_it():
    """Beside the daemon at once, streams too; without one it holds from its next start."""
    def stream(box, header):
        connection = socket.create_connection(("127.0.0.1", box.port), PATIENCE_S)
        connection.settimeout(PATIENCE_S)
        connection.sendall(f"GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n{header}\r\n\r\n".encode())
        answer = connection.makefile("rb")
        assert answer.readline().startswith(b"HTTP/1.1 200"), header
        return answer

    def sign_in(box, password):
        reply = box.request("POST", "/api/v1/session", {"name": "Ben", "password": password.strip()})
        return {"Cookie": reply.headers["set-cookie"].split(";")[0]}

    def token_of(box, cookie, scope):
        made = box.request("POST", "/api/v1/tokens", {"scope": scope}, headers=cookie)
        assert made.status == 201, made.body
        return made.json["token"]

    def rights(box, token):
        """Whether it may see the decks, hand in a scan, and make an admin."""
        asked = [("GET", "/api/v1/decks", None), ("POST", "/api/v1/scans", {"code": UNKNOWN}),
                 ("POST", "/api/v1/users", {"name": "Eve", "role": "admin", "password": PASSWORD.strip()})]
        return [box.request(method, path, body, token=token).status for method, path, body in asked]

    with Box() as box:
        box.start()
        for name in ("Anna", "Ben"):
            box.cli("user", "add", name, "--role", "admin", stdin=PASSWORD, check=True)
        consoles = box.cli_json("token", "add", "--scope", "automation")["token"]
        cookie = sign_in(box, PASSWORD)
        admins, scanners = token_of(box, cookie, "admin"), token_of(box, cookie, "scanner")
        streams = [stream(box, "Cookie: " + cookie["Cookie"]), stream(box, "Authorization: Bearer " + admins)]
        box.cli("user", "role", "Ben", "viewer", check=True)
        for each in streams:
            each.read()  # comes back when the daemon ends it
        assert rights(box, admins) == [200, 403, 403]
        assert rights(box, scanners) == [403, 403, 403]
        assert box.request("GET", "/api/v1/session", headers=cookie).status == 401

        box.stop()
        box.cli("user", "role", "Ben", "admin", check=True)
        box.start()
        assert rights(box, scanners)[1] == 201
        box.stop()
        box.cli("user", "reset", "Ben", stdin="another " + PASSWORD, check=True)
        box.start()
        assert rights(box, admins) == rights(box, scanners) == [401, 401, 401]
        cookie = sign_in(box, "another " + PASSWORD)
        kiosks = token_of(box, cookie, "kiosk")
        box.cli("user", "role", "Ben", "none", check=True)
        assert box.request("GET", "/api/v1/session", headers=cookie).status == 401
        box.cli("user", "role", "Ben", "admin", check=True)
        assert rights(box, kiosks) == [401, 401, 401]
        assert rights(box, consoles) == [200, 201, 403]


def test_an_answer_that_cannot_be_written_is_no_success():
    with Box(catalogue=False) as box:
        box.start()
        console = [CLI, "--data", box.data]
        for words in ([*console, "catalogue", "info"], [*console, "--json", "token", "add", "--scope", "viewer"],
                      [*console, "backup"], [CLI, "--help"], [CLI, "scan", "--help"], [CLI, "--version"], [DAEMON, "--help"]):
            with open("/dev/full", "w") as full:
                done = subprocess.run(words, stdout=full, stderr=subprocess.PIPE, text=True)
            assert done.returncode == 1 and "standard output cannot be written" in done.stderr, (words, done)


def test_a_limit_of_the_file_size_is_an_error_and_leaves_nothing():
    with Box(catalogue=False) as box:
        box.start()
        out = os.path.join(box.folder, "out")
        os.mkdir(out)
        done = subprocess.run(["bash", "-c", 'ulimit -f 100; exec "$@"', "-", CLI, "--config", box.config, "backup", "--out",
                               os.path.join(out, "mine.sqlite")], capture_output=True, text=True)
        assert done.returncode == 1 and "cannot be written" in done.stderr, done
        assert os.listdir(out) == [], os.listdir(out)


def test_a_limit_that_is_reached_is_told_as_what_it_is():
    with Box(catalogue=False) as box:
        box.cli("setup-code", check=True)
        database = os.path.join(box.data, "gatefold.db")
        for limit, data, words, told in (("-n 6", box.data, ["backup"], "ulimit -n"), ("-f 0", box.data, ["scan", UNKNOWN], "ulimit -f"),
                                         ("-n 64", database, ["inbox"], "is a file, name the folder")):
            done = subprocess.run(["bash", "-c", f'ulimit {limit}; exec "$@"', "-", CLI, "--data", data, *words],
                                  capture_output=True, text=True)
            assert done.returncode == 1 and told in done.stderr and "make it writable" not in done.stderr, (limit, done)


def test_what_a_killed_command_left_of_its_output_is_removed_by_the_next_one():
    with Box(catalogue=False) as box:
        box.cli("setup-code", check=True)
        out = os.path.join(box.folder, "out")
        os.mkdir(out)
        sheet, unfinished = os.path.join(out, "cards.pdf"), os.path.join(out, ".cards.pdf.gatefold")
        with open(unfinished, "w") as left:
            left.write("x" * 10_000_000)
            left.flush()
            fcntl.flock(left, fcntl.LOCK_EX)  # as the command that is still at work does
            done = box.cli("cards", "--out", sheet)
            assert done.returncode == 1 and "Another command writes" in done.stderr, done
            assert os.listdir(out) == [".cards.pdf.gatefold"], os.listdir(out)
        box.cli("cards", "--out", sheet, check=True)
        assert os.listdir(out) == ["cards.pdf"] and os.path.getsize(sheet) < 10_000_000, os.listdir(out)


def test_a_folder_of_the_store_is_open_to_nobody_else_whatever_the_umask():
    with Box(catalogue=False) as box:
        done = subprocess.run(["sh", "-c", 'umask 0; "$0" --data "$1" setup-code && "$0" --data "$1" backup', CLI, box.data],
                              capture_output=True, text=True)
        assert done.returncode == 0, done
        assert stat.S_IMODE(os.stat(os.path.join(box.data, "backups")).st_mode) == 0o750


def test_an_output_that_is_no_regular_file_is_refused():
    with Box(catalogue=False) as box:
        box.start()
        pipe = os.path.join(box.folder, "pipe")
        os.mkfifo(pipe)
        for words in (["backup"], ["cards"]):
            for target in (pipe, box.folder):
                done = box.cli(*words, "--out", target)
                assert done.returncode == 1 and "is no regular file" in done.stderr, (words, target, done)
            done = box.cli(*words, "--out", "-")
            assert done.returncode == 1 and "name a file" in done.stderr and not os.path.exists("-"), (words, done)
        assert stat.S_ISFIFO(os.stat(pipe).st_mode)


def test_an_output_never_replaces_a_file_of_the_store():
    """Under whatever name; the live database stays the one that the daemon has open."""
    with Box() as box:
        box.start()
        box.scan(ONE_RELEASE)
        box.cli("catalogue", "build", SMALL_DUMP, check=True)  # makes the previous one
        other = os.path.join(box.folder, "other")
        os.symlink(box.data, other)
        hard, soft = os.path.join(box.folder, "hard"), os.path.join(box.folder, "soft")
        os.link(os.path.join(box.data, "gatefold.db"), hard)
        os.symlink(os.path.join(box.data, "gatefold.db"), soft)
        names = ("gatefold.db", "gatefold.db-wal", "gatefold.db-shm", "gatefold.db-journal", "gatefold.db.incoming",
                 "gatefold.lock", "gatefold.toml", "control.sock", "restore.lock", "restore.pending", "answers.db",
                 "answers.db-wal", "covers", "covers/a-480.jpg", "covers/new/a.pdf", "secrets/token")
        catalogues = ("catalogue.db.previous", "catalogue.db.building", "catalogue.db.download/a.gz")
        targets = [os.path.join(box.data, name) for name in names + catalogues]
        targets += [os.path.join(other, "gatefold.db"), os.path.join(box.data, "no", "..", "gatefold.db"), hard, soft]

        def kept():
            return {name: os.lstat(os.path.join(box.data, name)).st_ino for name in sorted(os.listdir(box.data))}

        before = kept()
        few = [targets[0], *targets[-5:]]
        catalogue = os.path.join(box.data, "catalogue.db")
        for words, refused in ((["backup"], targets + [catalogue]), (["cards"], few + [catalogue]),
                               (["catalogue", "build", SMALL_DUMP], few)):
            for target in refused:
                done = box.cli(*words, "--out", target)
                assert done.returncode == 1 and "is one of Gatefold's own files" in done.stderr, (words, target, done)
        assert kept() == before and not os.path.exists(os.path.join(box.data, "covers"))
        assert os.path.samefile(hard, soft)
        for words, name in ((["backup"], "backups/mine.sqlite"), (["backup"], "gatefold.sqlite"), (["cards"], "covers.pdf"),
                            (["catalogue", "build", SMALL_DUMP], "mine.db")):
            box.cli(*words, "--out", os.path.join(other, name), check=True)
        box.cli("catalogue", "build", SMALL_DUMP, "--out", os.path.join(other, "catalogue.db"), check=True)
        assert box.cli_json("scan", ONE_RELEASE)["outcome"]
        box.stop()
        done = box.cli("cards", "--out", os.path.join(box.data, "gatefold.db"))
        assert done.returncode == 1 and "is one of Gatefold's own files" in done.stderr, done


def test_an_output_never_replaces_the_configuration_or_a_secret():
    with Box(catalogue=False) as box:
        secret, config = os.path.join(box.folder, "password"), os.path.join(box.folder, "house.toml")
        with open(secret, "w") as file:
            file.write("secret")
        with open(config, "w") as file:
            file.write(f'[store]\npath = "{box.data}"\n[mqtt]\npassword_file = "{secret}"\n')
        for target in (config, secret):
            done = subprocess.run([CLI, "--config", config, "cards", "--out", target], capture_output=True, text=True)
            assert done.returncode == 1 and "is one of Gatefold's own files" in done.stderr, done
        done = subprocess.run([CLI, "--config", "house.toml", "cards", "--out", "house.toml"], cwd=box.folder,
                              capture_output=True, text=True)
        assert done.returncode == 1 and "is one of Gatefold's own files" in done.stderr, done
        subprocess.run([CLI, "--config", "house.toml", "cards", "--out", "cards.pdf"], cwd=box.folder, check=True)
        with open(secret) as file:
            assert file.read() == "secret"


def test_descriptors_that_the_caller_closed_are_no_files_of_the_store():
    with Box(catalogue=False) as box:
        box.start(wrapper=("sh", "-c", 'exec "$0" "$@" >&- 2>&-'))
        for fd in (1, 2):
            assert os.readlink(f"/proc/{box.daemon.pid}/fd/{fd}") == "/dev/null", fd
        made = subprocess.run(["sh", "-c", 'exec "$0" --data "$1" token add --scope viewer >&-', CLI, box.data],
                              check=False, capture_output=True, text=True)
        assert made.returncode == 1 and "standard output cannot be written" in made.stderr, made
        seen = subprocess.run(["sh", "-c", '"$0" --data "$1" token list | true; exit ${PIPESTATUS[0]}', CLI, box.data],
                              check=False, capture_output=True, text=True, executable="/bin/bash")
        assert seen.stderr == "", seen
        assert box.stop() == 0


def test_a_backup_goes_without_a_photo_that_cannot_be_read():
    with Box() as box:
        box.start()
        box.scan("9743000000001149")
        copy = box.scan("752743004318")["copy_id"]
        with sqlite3.connect(os.path.join(box.data, "gatefold.db")) as connection:
            connection.execute("INSERT INTO copy_covers VALUES (?, 'b0b0', 1772395267412)", (int(copy.removeprefix("c_")),))
        connection.close()
        os.makedirs(os.path.join(box.data, "covers", "b0b0-480.jpg"))  # reads as a damaged file does: not at all
        lost = "Photos of covers cannot be read and are not in this backup: b0b0-480.jpg."
        for out in ([], ["--out", os.path.join(box.folder, "b.sqlite")]):
            done = box.cli("--json", "backup", *out)
            assert done.returncode == 1 and lost in done.stderr, done
            assert box.cli_json("restore", json.loads(done.stdout)["file"], "--verify-only")["copies"] == 1
        number = box.console("POST", "/api/v1/backups").json["id"]
        job = wait_for("the job", lambda: next((j for j in box.console("GET", "/api/v1/jobs").json["items"]
                                                if j["id"] == number and j["state"] != "running"), None))
        assert job["state"] == "failed" and job["message"].endswith(".sqlite was made. " + lost), job
        assert len(box.console("GET", "/api/v1/backups").json["items"]) == 2


def test_backup_and_restore():
    with Box() as box:
        box.start()
        box.scan("9743000000001149")
        box.scan(ONE_RELEASE)
        backup = os.path.join(box.folder, "backup.sqlite")
        made = box.cli_json("backup", "--out", backup)
        assert (made["file"], made["copies"], made["scans"]) == (backup, 1, 2), made
        assert box.cli_json("restore", backup, "--verify-only")["copies"] == 1
        held = os.open(box.data, os.O_RDONLY)  # as another backup into a file does
        fcntl.flock(held, fcntl.LOCK_EX)
        second = box.cli("backup", "--out", backup)
        assert second.returncode == 1 and "Another backup of this store is at work" in second.stderr, second
        os.close(held)
        # A running daemon puts it back itself; without one the command does.
        for running in (True, False):
            box.scan("752743004813", f"desk {running}")
            box.scan("9743000000001149", f"shelf {running}")
            box.scan("752743004813", f"shelf {running}")
            assert box.console("GET", "/api/v1/copies").json["total"] == 2
            if not running:
                box.stop()
            assert box.cli_json("restore", backup)["copies"] == 1
            if not running:
                box.start()
            wait_for("the restored shelf", lambda: box.alive()
                     and box.console("GET", "/api/v1/copies").json["total"] == 1)
        with open(backup, "r+b") as file:
            file.seek(8192)
            file.write(b"\xaa" * 16384)
        damaged = box.cli("restore", backup, "--verify-only")
        assert damaged.returncode == 1 and damaged.stderr, damaged
        assert box.cli("restore", SMALL_DUMP, "--verify-only").returncode == 1
        assert box.cli_json("backup")["copies"] == 1


def test_cards_and_photos():
    with each_way() as boxes:
        for box in boxes:
            sheet = os.path.join(box.folder, "cards.pdf")
            assert box.cli_json("cards", "--out", sheet)["file"] == sheet
            with open(sheet, "rb") as file:
                assert file.read(5) == b"%PDF-"
            photo = blank_png(os.path.join(box.folder, "blank.png"))
            decoded = box.cli_json("decode", photo)
            assert decoded == [{"file": photo, "codes": []}], decoded
            absent = box.cli("decode", "/nonexistent.jpg")
            assert absent.returncode == 1 and "/nonexistent.jpg" in absent.stderr + absent.stdout, absent


def test_doctor():
    with each_way() as (running, stopped):
        checks = {c["name"]: c for c in json.loads(running.cli("--json", "doctor").stdout)["checks"]}
        assert checks["daemon"]["ok"] and checks["database"]["ok"] and checks["catalogue"]["ok"], checks
        done = stopped.cli("doctor", "--json")
        found = json.loads(done.stdout)
        assert done.returncode == 1 and found["ok"] is False
        assert not {c["name"]: c for c in found["checks"]}["daemon"]["ok"]
        assert "gatefoldd" in stopped.cli("doctor").stdout
        with open(stopped.config, "a") as config:
            config.write("nonsense\n")
        told = stopped.cli("doctor").stdout  # one cause, told once
        assert told.count(stopped.config) == 1 and "not looked at: see configuration" in told, told


def test_options_before_and_after():
    with Box() as box:
        for words in (["--json", "--data", box.data, "scan", ONE_RELEASE], ["scan", ONE_RELEASE, "--json", "--data", box.data],
                      ["--config", box.config, "scan", "--json", ONE_RELEASE],
                      ["catalogue", "lookup", "--barcode", ONE_RELEASE, "--json", "--config", box.config]):
            done = subprocess.run([CLI, *words], capture_output=True, text=True, timeout=60)
            assert done.returncode == 0 and json.loads(done.stdout), done


def test_exit_statuses():
    with Box(catalogue=False) as box:
        for words in (["nonsense"], ["catalogue", "bild"], ["--nonsense"], ["scan"], ["catalogue", "lookup"],
                      ["catalogue", "lookup", "--year", "1"], ["token", "add"], [],
                      ["decode"], ["devices", "more"], ["restore", ""], ["backup", "--out", ""], ["--config", "", "devices"],
                      ["--config", box.config, "devices"]):
            done = box.cli(*words)
            assert done.returncode == 64 and done.stderr.startswith("gatefold: "), (words, done)
        assert "nonsense" in box.cli("nonsense").stderr and "bild" in box.cli("catalogue", "bild").stderr
        for words, told in ((["inbox", "resolve", "--help"], "nothing here is called resolve"),
                            (["nonsense", "--help"], "nothing here is called nonsense"),
                            (["backup", "--out="], "--out needs a value"), (["devices", "--config"], "--config needs a value")):
            done = box.cli(*words)
            assert done.returncode == 64 and told in done.stderr, (words, done)
        bad = os.path.join(box.folder, "bad.toml")
        with open(bad, "w") as file:
            file.write("[http]\nprot = 1\n")
        for config in (bad, "/nonexistent.toml"):
            done = subprocess.run([CLI, "--config", config, "devices"], capture_output=True, text=True, timeout=60)
            assert done.returncode == 78 and config in done.stderr, done
        # Held by something that does not answer: out of reach, not a failure of the command.
        box.start()
        os.remove(os.path.join(box.data, "control.sock"))
        done = box.cli("devices")
        assert done.returncode == 69 and done.stderr, done


def test_help_on_every_level():
    for words in ([], ["scan"], ["devices"], ["catalogue"], ["catalogue", "build"], ["catalogue", "lookup"],
                  ["catalogue", "info"], ["decode"], ["user"], ["user", "add"], ["token"], ["token", "add"],
                  ["setup-code"], ["cards"], ["backup"], ["restore"], ["doctor"]):
        done = subprocess.run([CLI, *words, "--help"], capture_output=True, text=True, timeout=60)
        assert done.returncode == 0 and "Usage: gatefold" in done.stdout and not done.stderr, (words, done)
    answer = subprocess.run([CLI, "inbox", "answer", "--help"], capture_output=True, text=True).stdout
    assert "not with: --dont-know" in answer and "TEXT" not in answer, answer
    for words in (["user", "add"], ["user", "reset"], ["user", "role"]):
        told = subprocess.run([CLI, *words, "--help"], capture_output=True, text=True).stdout
        assert "of the" in told, (words, told)
