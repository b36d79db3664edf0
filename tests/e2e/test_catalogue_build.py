"""`gatefold catalogue build` as a person meets it: the bar on a terminal, the masters dump, and a build killed half-way."""
import gzip
import json
import os
import pty
import re
import signal
import subprocess

from box import CLI, SMALL_DUMP, Box, Skipped, wait_for
from test_catalogue_update import ALBUMS, BARCODE, MASTERS, RELEASES, beside, releases_dump


def put(box, name, data):
    path = os.path.join(box.folder, name)
    with open(path, "wb") as file:
        file.write(data)
    return path


def on_a_terminal(*command):
    """What the command writes to a terminal's standard error, with its status."""
    try:
        terminal, end = pty.openpty()
    except OSError as error:
        raise Skipped(f"no pseudo terminals here: {error}") from error
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=end)
    os.close(end)
    shown = b""
    while True:
        try:
            piece = os.read(terminal, 65536)
        except OSError:  # the last one hung up
            break
        if not piece:
            break
        shown += piece
    os.close(terminal)
    return shown.decode(), process.wait()


def test_the_bar_tells_rate_share_and_time_left():
    with Box(catalogue=False) as box:
        dump = put(box, RELEASES, releases_dump(6000))
        shown, status = on_a_terminal(CLI, "--data", box.data, "catalogue", "build", dump)
        assert status == 0, shown
        bars = re.findall(r"([\d,]+) releases, (\d+\.\d) %, \d+\.\d MB/s of the file, (\d+) s left", shown)
        assert bars, shown
        shares = [float(share) for _, share, _ in bars]
        assert shares == sorted(shares) and 0 < shares[-1] <= 100, shares
        silent = box.cli("catalogue", "build", dump, check=True)
        assert "% " not in silent.stderr, silent.stderr


def test_albums_by_the_masters_dump():
    with Box() as box:
        dump, masters = put(box, RELEASES, releases_dump(10)), put(box, MASTERS, ALBUMS)
        assert box.cli_json("catalogue", "build", dump, "--masters", masters)["masters"] == 1
        found = box.cli_json("catalogue", "lookup", "--barcode", BARCODE)["releases"][0]
        assert found["master_title"] == "The Album" and found["master_year"] == 1971 and found["main_release"], found
        assert "albums" in box.cli("catalogue", "info", check=True).stdout
        with open(os.path.join(box.data, "catalogue.db"), "rb") as file:
            before = file.read()
        for wrong, words in ((dump, "masters dump is needed"), (put(box, "cut.xml.gz", gzip.compress(b"<masters>\n<master id=\"1\">")), "cut off")):
            done = box.cli("catalogue", "build", SMALL_DUMP, "--masters", wrong)
            assert done.returncode == 1 and words in done.stderr, (done.returncode, done.stderr)
        with open(os.path.join(box.data, "catalogue.db"), "rb") as file:
            assert file.read() == before


def test_a_build_killed_beside_the_daemon_harms_nothing():
    """The page sees it at work; after the kill the old one answers and the next start tidies up."""
    with Box() as box:
        box.start()
        build = subprocess.Popen([CLI, "--data", box.data, "catalogue", "build", "-"], stdin=subprocess.PIPE,
                                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        half = gzip.decompress(releases_dump(6000))
        build.stdin.write(half[:len(half) // 2])
        build.stdin.flush()
        foreign = wait_for("the build among the jobs", lambda: next(
            (job for job in box.console("GET", "/api/v1/jobs").json["items"] if job["kind"] == "catalogue_build"), None))
        assert foreign["state"] == "running" and "releases read" in foreign["message"], json.dumps(foreign)
        build.send_signal(signal.SIGKILL)
        build.wait()
        assert box.console("GET", "/api/v1/jobs").json["items"] == []
        assert box.cli_json("catalogue", "lookup", "--catno", "LAR 043")["releases"]
        box.stop()
        box.start()
        assert beside(box) == ["catalogue.db"], beside(box)
