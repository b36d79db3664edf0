"""Bad input: a clear message that says what to do, the right status, and nothing stored is lost."""
import contextlib
import gzip
import os
import signal
import sqlite3
import subprocess
import tempfile

from box import DAEMON, SMALL_DUMP, Box, Skipped

UNKNOWN, ONE_RELEASE = "4006381333931", "752743004318"


def daemon(config, *options):
    return subprocess.run([DAEMON, "--config", config, *options], capture_output=True, text=True, timeout=60)


def written(folder, name, text):
    path = os.path.join(folder, name)
    with open(path, "w") as file:
        file.write(text)
    return path


@contextlib.contextmanager
def small_disk(options):
    """A folder on a file system of its own."""
    if os.geteuid() != 0:
        raise Skipped("mounting needs root")
    folder = tempfile.mkdtemp(prefix="gatefold-disk-")
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], capture_output=True, text=True)
    try:
        if mounted.returncode != 0:
            raise Skipped("mount: " + mounted.stderr.strip())
        yield folder
    finally:
        if mounted.returncode == 0:
            subprocess.run(["umount", folder], check=True)
        os.rmdir(folder)


def test_every_error_of_the_configuration_at_once():
    with tempfile.TemporaryDirectory() as folder:
        bad = written(folder, "bad.toml", '[http]\nprot = 8080\nport = "x"\n[htp]\na = 1\n[store]\npaht = ""\n')
        for options in ((), ("--check-config",)):
            done = daemon(bad, *options)
            assert done.returncode == 78, done
            for line, words in ((2, "http.port"), (3, "whole number"), (4, "did you mean http?"), (7, "store.path")):
                assert any(f"bad.toml:{line}:" in said and words in said for said in done.stderr.splitlines()), done.stderr
        broken = daemon(written(folder, "broken.toml", "[http\nport = 1\n"))
        assert broken.returncode == 78 and "broken.toml:1" in broken.stderr, broken
        absent = daemon(os.path.join(folder, "absent.toml"))
        assert absent.returncode == 78 and "absent.toml" in absent.stderr, absent


def test_a_data_folder_that_cannot_be_written():
    with small_disk("ro") as folder, tempfile.TemporaryDirectory() as elsewhere:
        config = written(elsewhere, "g.toml", f'[http]\nport = 0\n[store]\npath = "{folder}"\n[mqtt]\nenabled = false\n')
        done = daemon(config)
        assert done.returncode == 1 and folder in done.stderr and "store.path" in done.stderr, done


def test_a_busy_port():
    with Box(catalogue=False) as box, Box(catalogue=False) as other:
        box.start()
        other.port = box.port
        with open(other.config) as file:
            text = file.read()
        text = "".join(f"port = {box.port}\n" if line.startswith("port") else line for line in text.splitlines(True))
        done = daemon(written(other.data, "gatefold.toml", text))
        assert done.returncode == 1 and str(box.port) in done.stderr and "another [http] port" in done.stderr, done
        assert box.alive()


def test_a_second_daemon_on_the_same_data():
    with Box(catalogue=False) as box:
        box.start()
        done = daemon(box.config)
        assert done.returncode == 1 and f"pid {box.daemon.pid}" in done.stderr and "stop" in done.stderr, done
        assert box.alive()


def test_a_full_disk():
    with small_disk("size=6m") as folder, Box(data=folder, catalogue=False) as box:
        box.start()
        before = box.scan(UNKNOWN, "before")
        filler = os.path.join(folder, "filler")
        file = os.open(filler, os.O_CREAT | os.O_WRONLY)
        with contextlib.suppress(OSError):
            while True:
                os.write(file, b"x" * 4096)
        os.close(file)
        stored, refused = [before["id"]], None
        for n in range(2000):
            reply = box.console("POST", "/api/v1/scans", {"code": UNKNOWN, "source": f"full {n}"})
            if reply.status != 201:
                refused = reply
                break
            stored.append(reply.json["id"])
        assert refused and refused.status == 507 and refused.json["code"] == "disk_full", refused and refused.body
        assert "space" in refused.json["detail"]
        assert box.alive()
        os.remove(filler)
        stored.append(box.scan(UNKNOWN, "after")["id"])
        assert box.stop() == 0
        box.start()
        listed = box.console("GET", "/api/v1/scans?limit=200").json
        assert set(stored[-100:]) <= {scan["id"] for scan in listed["items"]} and listed["total"] >= len(stored)


def test_a_damaged_database_is_not_used():
    for damage in (lambda file, size: (file.seek(4096), file.write(b"\xaa" * (size - 4096))),
                   lambda file, size: file.write(b"<html>not a database</html>")):
        with Box(catalogue=False) as box:
            box.start()
            box.scan(UNKNOWN)
            assert box.stop() == 0
            box.start()
            box.kill()
            path = os.path.join(box.data, "gatefold.db")
            with open(path, "r+b") as file:
                damage(file, os.path.getsize(path))
            for name in ("-wal", "-shm"):  # what a healthy log would repair is not the case here
                with contextlib.suppress(FileNotFoundError):
                    os.remove(path + name)
            with open(path, "rb") as file:
                damaged = file.read()
            done = daemon(box.config)
            assert done.returncode == 78, done  # a service manager is not to try again
            assert "gatefold restore" in done.stderr and path in done.stderr, done
            for words in (["scan", UNKNOWN], ["cards", "--out", os.path.join(box.folder, "z.pdf")], ["backup"], ["doctor"]):
                done = box.cli(*words)
                assert done.returncode == 1 and "damaged" in done.stdout + done.stderr, (words, done)
            with open(path, "rb") as file:
                assert file.read() == damaged, "the damaged file was changed"


def test_a_newer_database_is_refused():
    with Box(catalogue=False) as box:
        box.start()
        assert box.stop() == 0
        with sqlite3.connect(os.path.join(box.data, "gatefold.db")) as connection:
            connection.execute("PRAGMA user_version = 99")
        connection.close()
        done = daemon(box.config)
        assert done.returncode == 78 and "newer" in done.stderr, done
        done = box.cli("devices")
        assert done.returncode == 1 and "newer" in done.stderr, done


def test_a_store_that_lacks_a_table_is_damaged():
    with Box(catalogue=False) as box:
        box.start()
        assert box.stop() == 0
        with sqlite3.connect(os.path.join(box.data, "gatefold.db")) as connection:
            connection.execute("DROP TABLE plays")
        connection.close()
        for done, status in ((daemon(box.config), 78), (box.cli("scan", UNKNOWN), 1)):
            assert done.returncode == status, done
            assert "damaged (no such table: plays)" in done.stderr and "gatefold restore" in done.stderr, done
        done = box.cli("backup")
        assert done.returncode == 1 and "no such table: plays" in done.stderr, done


def test_bad_dumps_leave_the_catalogue_alone():
    with open(SMALL_DUMP, "rb") as file:
        whole = file.read()
    packed = gzip.compress(whole)
    bad = {"truncated.xml": whole[:len(whole) // 2], "truncated.xml.gz": packed[:len(packed) // 2],
           "flipped.xml.gz": packed[:len(packed) // 2] + b"\xff" * 64 + packed[len(packed) // 2 + 64:],
           "page.xml": b"<!DOCTYPE html><html><body>404</body></html>",
           "artists.xml": b"<artists><artist><id>1</id></artist></artists>", "empty.xml": b"",
           "noise.xml.gz": os.urandom(4096)}
    with Box() as box:
        box.start()
        catalogue = os.path.join(box.data, "catalogue.db")
        with open(catalogue, "rb") as file:
            before = file.read()
        for name, content in bad.items():
            path = os.path.join(box.folder, name)
            with open(path, "wb") as file:
                file.write(content)
            done = box.cli("catalogue", "build", path)
            assert done.returncode == 1 and done.stderr.strip(), (name, done)
            with open(catalogue, "rb") as file:
                assert file.read() == before, name
        absent = box.cli("catalogue", "build", os.path.join(box.folder, "absent.xml"))
        assert absent.returncode == 1 and "absent.xml" in absent.stderr, absent
        assert box.scan(ONE_RELEASE)["outcome"] == "played"
        assert not [name for name in os.listdir(box.data) if ".part" in name or ".new" in name or ".tmp" in name]


def test_a_damaged_catalogue_does_not_stop_the_box():
    with Box() as box:
        with open(os.path.join(box.data, "catalogue.db"), "r+b") as file:
            file.write(b"<html>not a catalogue</html>")
        box.start()
        assert box.scan(ONE_RELEASE)["outcome"] == "unknown"


def test_codes_that_nobody_should_send():
    with Box(catalogue=False) as box:
        box.start()
        send = lambda body: box.console("POST", "/api/v1/scans", body)  # noqa: E731
        for code in ("1" * 513, "1" * 4096, "752743\x01004318", "a\x00b", " "):
            reply = send({"code": code})
            assert reply.status == 201 and reply.json["outcome"] == "invalid" and reply.json["message"], reply.body
        longest = send({"code": "x" * 512, "source": "s"})
        assert longest.status == 201 and longest.json["outcome"] == "unknown", longest.body
        for body, status in (({"code": "1" * 4097}, 413), ({"code": ""}, 422), ({}, 422), ({"code": 7}, 422),
                             (b'{"code":"\xff\xfe12"}', 400), (b'{"code":', 400), (b"[" * 100_000, 400)):
            reply = send(body)
            assert reply.status == status or status == 422 and reply.status == 400, (str(body)[:40], reply.status, reply.body)
            assert reply.headers["content-type"] == "application/problem+json" and reply.json["detail"], reply.body
        assert box.console("GET", "/api/v1/scans").json["total"] == 6
        assert box.alive()


def test_the_console_takes_only_text():
    with Box(catalogue=False) as box:
        done = box.cli("scan", b"\xff\xfe12".decode("utf-8", "surrogateescape"))
        assert done.returncode == 64 and "UTF-8" in done.stderr, done
        assert box.cli("scan", "").returncode != 0
