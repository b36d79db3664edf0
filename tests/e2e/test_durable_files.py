"""What has to survive a power cut is on the disk before anything relies on it: file, name and folder, in this order."""
import os
import re
import shutil
import subprocess

from box import CLI, SMALL_DUMP, SOURCE, Box, Skipped

CALLS = "fsync,fdatasync,rename,renameat,renameat2,link,linkat"
with open(os.path.join(SOURCE, "tests", "fuzz", "corpus", "vision_image", "ean8.jpg"), "rb") as photo:
    PICTURE = photo.read()


def traced(log):
    """The words before a program that trace its calls into `log`."""
    words = ("strace", "-D", "-f", "-y", "-e", "trace=" + CALLS, "-e", "signal=none", "-o", log)
    if not shutil.which("strace"):
        raise Skipped("strace is not installed")
    if subprocess.run([*words[:-1], os.devnull, "true"], capture_output=True).returncode != 0:
        raise Skipped("strace may not trace here")
    return words


def calls(log):
    """[("fsync", path)] and [("rename", from, to)], in order, of calls that succeeded."""
    found = []
    with open(log, errors="replace") as file:
        text = file.read()
    # A call that another thread's interrupted counts when it returns.
    begun = {}
    for line in text.splitlines():
        pid, _, call = line.partition(" ")
        call = call.strip()
        if call.endswith("<unfinished ...>"):
            begun[pid] = call.removesuffix("<unfinished ...>")
            continue
        if resumed := re.match(r"<\.\.\. \w+ resumed>(.*)", call):
            call = begun.pop(pid, "") + resumed[1]
        if not call.endswith("= 0"):
            continue
        if synced := re.match(r"f(?:data)?sync\(\d+<([^>]+)>", call):
            found.append(("sync", synced[1]))
        elif call.startswith("rename"):
            found.append(("rename", *re.findall(r'"([^"]+)"', call)))
    return found


def assert_durable(found, final):
    """The file was synced under its other name, renamed, and its folder synced. Returns the place of the last."""
    at = next((n for n, call in enumerate(found) if call[0] == "rename" and call[2] == final), None)
    assert at is not None, (final, found)
    assert ("sync", found[at][1]) in found[:at], (final, found)
    after = found[at + 1:]
    assert ("sync", os.path.dirname(final)) in after, (final, found)
    return at + 1 + after.index(("sync", os.path.dirname(final)))


def test_a_cover_is_on_the_disk_before_its_row():
    with Box() as box:
        log = os.path.join(box.folder, "strace.log")
        box.start(wrapper=traced(log))
        box.scan("9743000000001149")
        copy = box.scan("752743004318")["copy_id"]
        with open(log) as file:
            before = len(file.read())
        taken = box.console("PUT", f"/api/v1/copies/{copy}/cover", PICTURE, {"Content-Type": "image/jpeg"})
        assert taken.status == 200, taken.body
        name = taken.json["cover_url"].removeprefix("/covers/").removesuffix("-480.jpg")
        assert box.stop() == 0
        with open(log) as file:
            text = file.read()[before:]
        with open(log, "w") as file:
            file.write(text)
        found = calls(log)
        last = max(assert_durable(found, os.path.join(box.data, "covers", f"{name}-{edge}.jpg")) for edge in (160, 480, 1000))
        commits = [n for n, call in enumerate(found) if call == ("sync", os.path.join(box.data, "gatefold.db-wal"))]
        assert any(n > last for n in commits), found
        # The salt of all covers is committed once, before the first file; the row of this one after the last.
        first = next(n for n, call in enumerate(found) if call[0] == "rename" and "/covers/" in call[2])
        assert not [n for n in commits if first < n < last], found


def run(box, *words):
    log = os.path.join(box.folder, "strace.log")
    done = subprocess.run([*traced(log), CLI, "--data", box.data, *words], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done
    return calls(log)


def test_backups_restores_cards_and_catalogues():
    with Box(catalogue=False) as box:
        out = os.path.join(box.folder, "b.sqlite")
        database = os.path.join(box.data, "gatefold.db")
        box.cli("scan", "4006381333931", check=True)
        assert_durable(run(box, "backup", "--out", out), out)
        found = run(box, "backup")
        made, = [call[2] for call in found if call[0] == "rename" and call[2].endswith(".sqlite")]
        assert_durable(found, made)
        assert_durable(run(box, "restore", out), database)
        cards = os.path.join(box.folder, "cards.pdf")
        assert_durable(run(box, "cards", "--out", cards), cards)
        assert_durable(run(box, "catalogue", "build", SMALL_DUMP), os.path.join(box.data, "catalogue.db"))
