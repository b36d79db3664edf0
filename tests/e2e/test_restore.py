"""A restore, whatever it is given and whatever happens meanwhile: the answer is what happened, the store is the old one or the new one."""
import contextlib
import fcntl
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time

import unreadable
from box import CLI, Box, Skipped, wait_for
from test_bad_input import small_disk

MODE_ADD, ONE_RELEASE, ANOTHER_RELEASE, UNKNOWN = "9743000000001149", "752743004318", "752743004813", "4006381333931"
KILLS = 12


def add(box, *codes):
    box.scan(MODE_ADD)
    for code in codes:
        assert box.scan(code)["outcome"] == "added"


def database(folder):
    return os.path.join(folder, "gatefold.db")


def copies(folder):
    """What a whole and healthy database holds, its log included; read as SQLite reads it after a power cut."""
    connection = sqlite3.connect(database(folder))
    try:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return connection.execute("SELECT count(*) FROM copies").fetchone()[0]
    finally:
        connection.close()


def backup_of(box):
    path = os.path.join(box.folder, "b.sqlite")
    box.cli("backup", "--out", path, check=True)
    return path


def raw_copy(box, folder):
    """The database of a running daemon as a file manager copies it: the log holds what was scanned last."""
    os.makedirs(folder, exist_ok=True)
    for ending in ("", "-wal"):
        shutil.copy(database(box.data) + ending, folder)
    return database(folder)


def test_a_raw_copy_without_its_log_is_told():
    with Box() as box:
        box.start()
        add(box, ONE_RELEASE)
        box.stop()
        raw = os.path.join(box.folder, "monday.db")
        shutil.copy(database(box.data), raw)
        for arguments in (("--verify-only",), ()):
            done = box.cli("restore", raw, *arguments)
            assert done.returncode == 0 and f"copy it to {raw}-wal" in done.stderr, done
        replaced = box.cli_json("restore", raw)["replaced"]
        for whole in (backup_of(box), replaced):
            done = box.cli("restore", whole)
            assert done.returncode == 0 and done.stderr == "", done


def left_over(box):
    return sorted(name for name in os.listdir(box.data)
                  if name.startswith("restore.") and name != "restore.lock" or ".incoming" in name)


def test_a_raw_copy_with_its_log_beside_a_running_daemon_and_without():
    with Box() as box:
        box.start()
        add(box, ONE_RELEASE)
        raw = raw_copy(box, os.path.join(box.folder, "raw"))
        assert os.path.getsize(raw + "-wal") > 0
        for running in (True, False):
            add(box, ANOTHER_RELEASE)
            with open(os.path.join(box.data, "restore.pending.refused"), "w") as refused:
                refused.write("of an earlier time")
            if not running:
                box.stop()
            restored = box.cli_json("restore", raw)
            assert restored["copies"] == 1, restored
            assert copies(os.path.dirname(raw)) == 1
            with sqlite3.connect(f"file:{restored['replaced']}?mode=ro", uri=True) as before:
                assert before.execute("SELECT count(*) FROM copies").fetchone() == (2,)
            if not running:
                box.start()
            assert box.console("GET", "/api/v1/copies").json["total"] == 1
            assert left_over(box) == ["restore.pending.refused"], left_over(box)


def test_a_database_that_is_gone_while_its_log_is_there():
    with Box() as box:
        box.start()
        add(box, ONE_RELEASE)
        backup = backup_of(box)
        add(box, ANOTHER_RELEASE)
        box.kill()
        os.unlink(database(box.data))
        log = os.path.getsize(database(box.data) + "-wal")
        assert log > 0
        box.start(wait=False)
        assert box.daemon.wait(60) == 78
        for words in (box.log_tail(), box.cli("scan", ONE_RELEASE).stderr):
            assert "is missing or empty, but its log" in words and "gatefold restore FILE" in words, words
        restored = box.cli_json("restore", backup)
        assert os.path.getsize(restored["replaced"]) == log
        assert copies(box.data) == 1
        box.start()
        assert box.console("GET", "/api/v1/copies").json["total"] == 1


def test_a_database_that_is_empty_or_another_one_beside_its_log():
    """No command and no start deletes the log or mixes it with another database; a restore keeps both."""
    with Box() as box:
        box.start()
        backup = backup_of(box)
        add(box, ONE_RELEASE)
        box.kill()
        log = database(box.data) + "-wal"
        with open(log, "rb") as file:
            stored_last = file.read()
        for put_there, words in ((os.devnull, "is missing or empty, but its log"), (backup, "is not of the database")):
            with open(put_there, "rb") as source, open(database(box.data), "wb") as file:
                shutil.copyfileobj(source, file)
            for command in (("doctor",), ("backup",), ("backup", "--out", os.path.join(box.folder, "x.sqlite")), ("inbox",)):
                done = box.cli(*command)
                assert done.returncode == 1, done
                assert words in done.stdout + done.stderr, done
            box.start(wait=False)
            assert box.daemon.wait(60) == 78
            assert words in box.log_tail(), box.log_tail()
            with open(log, "rb") as file:
                assert file.read() == stored_last
        restored = box.cli_json("restore", backup)
        with open(restored["replaced"] + "-wal", "rb") as file:
            assert file.read() == stored_last
        with open(restored["replaced"], "rb") as kept, open(backup, "rb") as source:
            assert kept.read() == source.read()
        assert copies(box.data) == 0


def test_a_household_that_is_gone_is_told():
    with Box(catalogue=False) as box:
        box.start()
        assert "backups" not in box.log_text()
        box.cli("backup", check=True)
        box.stop()
        with open(database(box.data), "w"):
            pass
        done = box.cli("doctor")
        assert "is empty" in done.stdout and "gatefold restore FILE" in done.stdout, done
        done = box.cli("backup")
        assert done.returncode == 1 and "nothing to back up" in done.stderr, done
        box.start()
        assert "begins an empty one although there are backups" in box.log_text(), box.log_text()


def test_a_backup_of_a_store_with_a_damaged_log_tells_what_it_lacks():
    """The commits behind the damage are gone for every reader; a backup of the others is made."""
    with Box() as box:
        box.start()
        box.stop()  # folds the log in
        box.start()
        for code in (ONE_RELEASE, ANOTHER_RELEASE):
            add(box, code)
        box.daemon.kill()
        box.daemon.wait()
        log = os.path.join(box.data, "gatefold.db-wal")
        with open(log, "r+b") as file:
            file.seek(30)
            file.write(b"damage")
        bytes_before = os.path.getsize(log)
        made = os.path.join(box.folder, "mine.sqlite")
        done = box.cli("backup", "--out", made)
        assert done.returncode == 1 and "the log of the database is damaged" in done.stderr, done
        assert os.path.exists(made)
        done = box.cli("doctor")
        assert done.returncode == 1 and "the log beside it is damaged" in done.stdout, done
        assert os.path.getsize(log) == bytes_before, "a command that only reads dropped the log"
        other_store = os.path.join(box.folder, "other")
        shutil.copytree(box.data, other_store, ignore=shutil.ignore_patterns("control.sock", "gatefold.toml"))
        done = subprocess.run([CLI, "--data", other_store, "restore", made], capture_output=True, text=True, timeout=60)
        assert done.returncode == 0 and "the damaged log is kept in=" in done.stderr, done
        box.start()
        kept = [name for name in os.listdir(os.path.join(box.data, "backups")) if name.startswith("damaged-")]
        assert len(kept) == 1, kept
        box.stop()
        assert box.cli("backup", "--out", made).returncode == 0


def unreadable_at(*offsets):
    """The words before a program for which files cannot be read there."""
    words = unreadable.words(offsets)
    if subprocess.run([*words, "true"], capture_output=True).returncode != 0:
        raise Skipped("the kernel filters no system calls here")
    return words


def test_a_log_with_a_sector_that_cannot_be_read():
    """One behind the last commit disturbs nobody; one before it costs what the log holds, and a backup can be put back."""
    with Box() as box:
        box.start()
        box.stop()  # folds the log in
        backup = backup_of(box)
        box.start()
        add(box, ONE_RELEASE, ANOTHER_RELEASE)
        box.kill()
        log = database(box.data) + "-wal"
        first_frame, end = 32, os.path.getsize(log)
        frame = 24 + 4096
        with open(log, "ab") as file:
            file.write(bytes(2 * frame))  # as an older log leaves them
        behind, before = unreadable_at(end + frame), unreadable_at(first_frame)
        for name in ("behind", "before"):
            shutil.copytree(box.data, os.path.join(box.folder, name), ignore=shutil.ignore_patterns("control.sock", "gatefold.toml"))
        for name, wrapper, kept in (("behind", behind, 2), ("before", before, 0)):
            folder = os.path.join(box.folder, name)
            done = subprocess.run([*wrapper, CLI, "--data", folder, "restore", backup], capture_output=True, text=True, timeout=60)
            assert done.returncode == 0 and "cannot be read whole" in done.stderr, (name, done)
            assert copies(folder) == 0
            backups = os.path.join(folder, "backups")
            replaced, = (n for n in os.listdir(backups) if n.startswith("replaced-") and n.endswith(".sqlite"))
            with sqlite3.connect(f"file:{os.path.join(backups, replaced)}?immutable=1", uri=True) as connection:
                assert connection.execute("SELECT count(*) FROM copies").fetchone() == (kept,), name
            logs = [os.path.getsize(os.path.join(backups, n)) for n in os.listdir(backups) if n.endswith("-wal")]
            assert logs == [end + 2 * frame], (name, logs)
        box.start(wrapper=behind)
        assert "the log cannot be read whole" in box.log_text()
        assert box.console("GET", "/api/v1/copies").json["total"] == 2
        assert box.stop() == 0
        assert copies(box.data) == 2


def test_a_backup_that_nobody_waits_for_is_not_put_in_place_at_a_later_start():
    with Box() as box:
        box.start()
        add(box, ONE_RELEASE)
        os.rename(backup_of(box), os.path.join(box.data, "restore.pending"))
        add(box, ANOTHER_RELEASE)
        box.daemon.send_signal(signal.SIGHUP)
        assert box.stop() == 0
        unfinished = os.path.join(box.data, "backups", ".gatefold-2026-01-01T000000000.sqlite.gatefold")
        os.makedirs(os.path.dirname(unfinished), exist_ok=True)
        for killed in (unfinished, unfinished + "-journal", os.path.join(box.data, "restore.part.given")):
            with open(killed, "w") as file:
                file.write("what a command that was killed left")
        box.start()
        assert box.console("GET", "/api/v1/copies").json["total"] == 2
        assert left_over(box) == [], left_over(box)
        assert os.listdir(os.path.dirname(unfinished)) == [], os.listdir(os.path.dirname(unfinished))


def test_another_command_and_another_restore():
    with Box(catalogue=False) as box:
        box.start()
        box.stop()
        backup = backup_of(box)
        for lock, code, words in (("gatefold.lock", 69, "Another command has the store"),
                                  ("restore.lock", 1, "Another restore of this store is at work")):
            with open(os.path.join(box.data, lock), "a") as held:
                fcntl.flock(held, fcntl.LOCK_EX)
                done = box.cli("restore", backup)
                assert done.returncode == code and words in done.stderr, done
        two = [subprocess.Popen([CLI, "--data", box.data, "restore", backup], stdout=subprocess.DEVNULL,
                                stderr=subprocess.PIPE, text=True) for _ in range(2)]
        ended = [(process.communicate()[1], process.returncode) for process in two]
        assert any(code == 0 for _, code in ended), ended
        for words, code in ended:
            assert code == 0 or "Another restore" in words or "Another command" in words, ended


def test_a_daemon_whose_database_another_program_holds_comes_back():
    with Box(catalogue=False) as box:
        box.start()
        backup = backup_of(box)
        other = sqlite3.connect(database(box.data), isolation_level=None, timeout=5)
        other.execute("BEGIN IMMEDIATE")
        command = subprocess.Popen([CLI, "--data", box.data, "restore", backup], stderr=subprocess.PIPE, text=True)
        wait_for("a start that is tried again", lambda: "cannot start anew, tries again" in box.log_text())
        assert box.daemon.poll() is None and command.poll() is None
        other.execute("ROLLBACK")
        other.close()
        words = command.communicate(timeout=60)[1]
        assert command.returncode == 1 and "Another program holds the database" in words, words
        assert box.scan(ONE_RELEASE)["outcome"] == "unknown"  # it answers as soon as the command has ended
        assert box.cli_json("restore", backup)["copies"] == 0
        assert box.stop() == 0


def test_a_daemon_that_is_killed_ends_the_commands_wait():
    with Box(catalogue=False) as box:
        box.start()
        backup = backup_of(box)
        box.scan(ONE_RELEASE)
        box.daemon.send_signal(signal.SIGSTOP)
        command = subprocess.Popen([CLI, "--data", box.data, "restore", backup], stderr=subprocess.PIPE, text=True)
        wait_for("the hand-over", lambda: os.path.exists(os.path.join(box.data, "restore.pending")))
        box.kill()
        words = command.communicate(timeout=20)[1]
        assert command.returncode == 69 and "gatefoldd ended before it took the backup" in words, words
        assert left_over(box) == [], left_over(box)
        box.start()
        assert box.console("GET", "/api/v1/scans").json["total"] == 1


def test_killed_at_any_moment_leaves_the_old_store_or_the_new_one():
    seed = random.randrange(1 << 30)
    print(f"  seed {seed}")
    chance = random.Random(seed)
    with Box() as box:
        box.start()
        add(box, ONE_RELEASE)
        backup = backup_of(box)
        add(box, ANOTHER_RELEASE)
        box.kill()  # what is newest stands in the log only
        fresh = os.path.join(box.folder, "fresh")
        shutil.copytree(box.data, fresh, ignore=shutil.ignore_patterns("control.sock"))
        began = time.monotonic()
        box.cli("restore", backup, check=True)
        takes = time.monotonic() - began
        seen = set()
        for _ in range(KILLS):
            shutil.rmtree(box.data)
            shutil.copytree(fresh, box.data)
            process = subprocess.Popen([CLI, "--data", box.data, "restore", backup], stdout=subprocess.DEVNULL)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(chance.uniform(0, takes))
            process.kill()
            process.wait()
            found = copies(box.data)
            assert found in (1, 2), (seed, found)
            seen.add(found)
            assert box.cli_json("restore", backup)["copies"] == 1  # what was left is no obstacle
            assert left_over(box) == [], (seed, left_over(box))
        print(f"  ended with copies {sorted(seen)}")


def test_a_full_disk_leaves_the_old_store():
    with small_disk("size=3m") as folder, Box(data=folder, catalogue=False) as box:
        box.start()
        box.scan(ONE_RELEASE)
        backup = backup_of(box)
        with sqlite3.connect(backup) as connection:
            connection.execute("CREATE TABLE ballast AS SELECT randomblob(4000000) AS bytes")
        connection.close()
        scans = box.console("GET", "/api/v1/scans").json["total"]
        other = os.path.join(box.folder, "other")
        with open(other, "wb") as file:
            file.write(b"no database" * 1_000_000)
        for running in (True, False):
            if not running:
                box.stop()
            done = box.cli("restore", other)  # told before the disk is full of it
            assert done.returncode == 1 and "is no readable backup" in done.stderr, done
            done = box.cli("restore", backup)
            assert done.returncode == 1 and "space" in done.stderr.lower(), done
            assert left_over(box) == [], left_over(box)
            if not running:
                box.start()
            assert box.console("GET", "/api/v1/scans").json["total"] == scans


def test_a_source_that_cannot_be_written():
    with Box() as box:
        box.start()
        add(box, ONE_RELEASE)
        with small_disk("size=8m") as source:
            raw = raw_copy(box, source)
            subprocess.run(["mount", "-o", "remount,ro", source], check=True)
            assert box.cli_json("restore", raw, "--verify-only")["copies"] == 1
            assert box.cli_json("restore", raw)["copies"] == 1


def test_a_backup_off_a_disk_that_went_read_only():
    with small_disk("size=8m") as disk, Box(data=os.path.join(disk, "data")) as box:
        box.start()
        add(box, ONE_RELEASE)
        box.kill()
        os.unlink(database(box.data) + "-shm")
        for owner in (0, 65534):
            subprocess.run(["mount", "-o", "remount,rw", disk], check=True)
            for name in ("", "gatefold.db", "gatefold.db-wal"):
                os.chown(os.path.join(box.data, name), owner, owner)
            subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
            made = os.path.join(box.folder, f"of-{owner}.sqlite")
            assert box.cli_json("backup", "--out", made)["copies"] == 1
            assert box.cli_json("restore", made, "--verify-only")["copies"] == 1


def test_a_backup_through_a_read_only_mount_of_a_store_that_is_written():
    """SQLite reads it with the index of the daemon, which knows frames of the log that no copy of the log gives."""
    with small_disk("size=16m") as disk, Box(data=os.path.join(disk, "data")) as box:
        box.start()
        add(box, ONE_RELEASE, ANOTHER_RELEASE)
        with open(database(box.data) + "-wal", "r+b") as log:
            log.seek(32 + 16)  # the sum of the first frame: its page stays as it is
            log.write(b"damage")
        with tempfile.TemporaryDirectory() as mounted:
            subprocess.run(["mount", "--bind", box.data, mounted], check=True)
            try:
                subprocess.run(["mount", "-o", "remount,bind,ro", mounted], check=True)
                made = os.path.join(box.folder, "made.sqlite")
                done = subprocess.run([CLI, "--data", mounted, "backup", "--out", made], capture_output=True, text=True, timeout=60)
                assert done.returncode == 0, done
                assert box.cli_json("restore", made, "--verify-only")["copies"] == 2
            finally:
                subprocess.run(["umount", mounted], check=True)
        assert box.stop() == 0


def test_a_backup_off_a_read_only_disk_with_a_log_that_is_damaged_or_cannot_be_read():
    """What stands before the damage is in it, whether or not SQLite finds the index that it would make."""
    with small_disk("size=32m") as disk, Box(data=os.path.join(disk, "data")) as box:
        box.start()
        box.stop()  # folds the log in
        box.start()
        add(box, ONE_RELEASE)
        log, piece = database(box.data) + "-wal", 65536
        while os.path.getsize(log) < os.path.getsize(database(box.data)) + 3 * piece:
            for code in (UNKNOWN, ONE_RELEASE):
                box.scan(code)
        box.kill()
        size = os.path.getsize(log)
        bad = (size - 1) // piece * piece - piece  # nothing of the database is read there
        frame = 32 + (bad - 32) // 4120 * 4120
        assert bad > os.path.getsize(database(box.data)), (bad, size)
        scans = box.cli_json("backup", "--out", os.path.join(box.folder, "whole.sqlite"))["scans"]
        made = os.path.join(box.folder, "made.sqlite")
        unreadable_log = unreadable_at(bad, frame)
        index = database(box.data) + "-shm"
        shutil.copy(index, box.folder)
        for wrapper, told in ((unreadable_log, "not whole"), ((), "is damaged")):
            for with_index in (True, False):
                subprocess.run(["mount", "-o", "remount,rw", disk], check=True)
                if with_index:
                    shutil.copy(os.path.join(box.folder, "gatefold.db-shm"), index)
                else:
                    os.unlink(index)
                if told == "is damaged":
                    with open(log, "r+b") as file:
                        file.seek(bad)
                        file.write(b"damage")
                subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
                done = subprocess.run([*wrapper, CLI, "--data", box.data, "backup", "--out", made], capture_output=True, text=True,
                                      timeout=60)
                assert done.returncode == 1 and told in done.stderr, (with_index, done)
                held = box.cli_json("restore", made, "--verify-only")
                assert held["copies"] == 1 and scans // 2 < held["scans"] < scans, (with_index, told, held, scans)
