"""Commands that root calls on a store of another user leave nothing behind that its daemon cannot use."""
import contextlib
import fcntl
import os
import pwd
import re
import shutil
import signal
import sqlite3
import subprocess
import tempfile

from box import CLI, DAEMON, SMALL_DUMP, PATIENCE_S, Box, Skipped, wait_for
from test_bad_input import small_disk

PASSWORD = "correct horse battery staple\n"


def as_nobody():
    """What runs a command as that user."""
    user = pwd.getpwnam("nobody")
    return "setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"


class OwnedBox(Box):
    """A box whose store belongs to user nobody, who runs the daemon, too."""

    def __init__(self, **options):
        if os.geteuid() != 0:
            raise Skipped("giving a store to another user needs root")
        self.user = pwd.getpwnam("nobody")
        self.become = as_nobody()
        if subprocess.run([*self.become, CLI, "--version"], capture_output=True).returncode != 0:
            raise Skipped(f"user nobody cannot run {CLI}")
        super().__init__(catalogue=False, **options)
        os.chmod(self.folder, 0o755)
        os.chown(self.data, self.user.pw_uid, self.user.pw_gid)
        self.dump = shutil.copyfile(SMALL_DUMP, os.path.join(self.folder, "dump.xml"))  # the source tree may be readable by root alone
        os.chmod(self.dump, 0o644)
        self.private = os.path.join(self.folder, "private")
        os.mkdir(self.private, 0o700)

    def start(self, wait=True, wrapper=()):
        return super().start(wait, wrapper or self.become)

    def foreign(self, top=None):
        """Files and folders in the store (or below `top`) that are not its owner's."""
        return [os.path.join(folder, name) for folder, folders, names in os.walk(top or self.data) for name in folders + names
                if os.lstat(os.path.join(folder, name)).st_uid != self.user.pw_uid and name != "gatefold.toml"]


def open_by(process, path):
    """Whether the process has the file or folder open."""
    opened = f"/proc/{process}/fd"
    with contextlib.suppress(FileNotFoundError):
        return any(os.readlink(os.path.join(opened, name)) == path for name in os.listdir(opened))
    return False


def commands(box, person):
    """Each as (words, standard input); what is made and read lies where only root may."""
    backup, cards = os.path.join(box.private, "b.sqlite"), os.path.join(box.private, "cards.pdf")
    return [(["user", "add", person, "--role", "admin"], PASSWORD), (["user", "list"], None),
            (["token", "add", "--scope", "scanner", "--name", "shelf"], None), (["token", "list"], None),
            (["scan", "4006381333931"], None), (["inbox", "list"], None), (["devices"], None), (["backup"], None),
            (["backup", "--out", backup], None), (["cards", "--out", cards], None),
            (["backup", "--out", os.path.join(box.data, "own", "b.sqlite")], None),
            (["restore", backup, "--verify-only"], None), (["restore", backup], None),
            (["catalogue", "build", box.dump], None), (["catalogue", "info"], None), (["doctor"], None)]


def test_every_command_leaves_the_store_to_its_owner():
    with OwnedBox() as box:
        box.cli("setup-code", check=True)
        for running in (False, True):
            for words, typed in commands(box, "Ben" if running else "Anna"):
                done = box.cli(*words, stdin=typed)
                assert done.returncode == 0 or words == ["doctor"], (running, words, done)
                assert box.foreign() == [], (running, words, box.foreign())
            for name in os.listdir(box.private):
                assert os.stat(os.path.join(box.private, name)).st_uid == 0, name
            assert sorted(os.listdir(box.private)) == ["b.sqlite", "cards.pdf"], os.listdir(box.private)
            if not running:
                box.start()  # as the owner, with all that the commands made
        job = box.console("POST", "/api/v1/backups").json["id"]
        wait_for("a backup by the daemon", lambda: any(
            found["id"] == job and found["state"] == "done" for found in box.console("GET", "/api/v1/jobs").json["items"]))
        assert box.stop() == 0


def by_root(box, *words, **environment):
    return subprocess.run([CLI, "--config", box.config, *words], capture_output=True, text=True, timeout=60,
                          env={**os.environ, **environment})


def test_root_on_a_read_only_store_leaves_nothing_of_its_own():
    """Folders of the store's owner on other disks can be written: what root makes there belongs to that user, and no link leads root astray."""
    with small_disk("size=16m") as disk, tempfile.TemporaryDirectory() as other_disk:
        home, index = os.path.join(other_disk, "home"), os.path.join(other_disk, "home", "catalogue.db")
        os.chmod(other_disk, 0o755)
        os.mkdir(home)
        with OwnedBox(data=os.path.join(disk, "data"), config=f'[catalogue]\npath = "{index}"\n') as box:
            os.chown(home, box.user.pw_uid, box.user.pw_gid)
            os.symlink(home, os.path.join(box.data, "backups"))
            box.start()
            box.scan("752743004318")
            box.kill()
            subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
            roots = os.path.join(box.private, "b.sqlite")
            for words in (["backup"], ["backup", "--out", os.path.join(home, "b.sqlite")], ["backup", "--out", roots],
                          ["catalogue", "build", box.dump]):
                done = by_root(box, *words)
                assert done.returncode == 0 and box.foreign(home) == [], (words, done, box.foreign(home))
            assert (os.stat(roots).st_uid, os.stat(roots).st_mode & 0o777) == (0, 0o600)
            precious = os.path.join(box.private, "precious")
            with open(precious, "w") as file:
                file.write("root's")
            os.symlink(precious, index + ".building")
            by_root(box, "catalogue", "build", box.dump)
            assert os.path.getsize(precious) == 6


def test_a_backup_for_root_when_no_disk_of_the_system_can_be_written():
    with small_disk("size=16m") as disk, OwnedBox(data=os.path.join(disk, "data")) as box:
        box.start()
        box.scan("752743004318")
        box.kill()
        subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
        made = os.path.join(box.private, "b.sqlite")
        for temporary in (disk, box.private):  # read-only as the rest; root's own
            done = by_root(box, "backup", "--out", made, TMPDIR=temporary)
            assert done.returncode == 0, done
            assert box.cli_json("restore", made, "--verify-only")["scans"] == 1


def test_two_backups_for_root_at_once():
    with OwnedBox() as box:
        box.start()
        box.cli("backup", "--out", os.path.join(box.private, "b.sqlite"), check=True)
        held = os.open(box.data, os.O_RDONLY)  # as the first of the two does
        fcntl.flock(held, fcntl.LOCK_EX)
        done = box.cli("backup", "--out", os.path.join(box.private, "second.sqlite"))
        os.close(held)
        assert done.returncode == 1 and "Another backup of this store is at work" in done.stderr, done
        assert os.listdir(box.private) == ["b.sqlite"], os.listdir(box.private)


def test_a_backup_for_root_that_is_killed_leaves_what_the_next_one_removes():
    with OwnedBox() as box:
        box.start()
        box.cli("backup", check=True)
        out, left = os.path.join(box.private, "b.sqlite"), [".b.sqlite.gatefold"]
        for ending, remains in ((signal.SIGTERM, []), (signal.SIGKILL, left)):
            held = os.open(os.path.join(box.data, "backups"), os.O_RDONLY)  # what the command waits for
            fcntl.flock(held, fcntl.LOCK_EX)
            command = subprocess.Popen([CLI, "--data", box.data, "backup", "--out", out], start_new_session=True,
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            wait_for("the unfinished file", lambda: os.listdir(box.private))
            wait_for("the wait", lambda: open_by(command.pid, os.path.join(box.data, "backups")))
            os.killpg(command.pid, ending)
            command.wait(PATIENCE_S)
            os.close(held)
            wait_for("what remains", lambda: os.listdir(box.private) == remains)
        for target in (out, os.path.join(box.data, "backups", "b.sqlite")):
            box.cli("backup", "--out", target, check=True)
            assert [name for name in os.listdir(os.path.dirname(target)) if name.startswith(".")] == [], target
        assert box.foreign() == [], box.foreign()


def test_a_daemon_that_root_starts_becomes_the_stores_owner():
    with OwnedBox() as box:
        Box.start(box)
        with open(f"/proc/{box.daemon.pid}/status") as status:
            ids = [line.split()[1:] for line in status if line.startswith(("Uid:", "Gid:"))]
        assert ids == [[str(box.user.pw_uid)] * 4, [str(box.user.pw_gid)] * 4], ids
        box.scan("752743004318")
        assert box.foreign() == [], box.foreign()
        assert box.stop() == 0
        box.start().stop()


def test_a_store_that_root_makes_belongs_to_the_owner_of_the_folder_above():
    with OwnedBox() as box:
        box.cli("setup-code", check=True)
        backup = os.path.join(box.private, "b.sqlite")
        box.cli("backup", "--out", backup, check=True)
        home = os.path.join(box.folder, "home")
        os.mkdir(home)
        os.chown(home, box.user.pw_uid, box.user.pw_gid)
        for number, (words, typed) in enumerate((
                (["restore", backup], None), (["setup-code"], None), (["scan", "4006381333931"], None),
                (["user", "add", "Anna", "--role", "admin"], PASSWORD), (["token", "add", "--scope", "viewer"], None))):
            new = os.path.join(home, str(number), "var")
            done = subprocess.run([CLI, "--data", new, *words], input=typed, capture_output=True, text=True, timeout=60)
            assert done.returncode == 0 and os.path.exists(os.path.join(new, "gatefold.db")), (words, done)
            assert box.foreign(home) == [], (words, box.foreign(home))
        box.data = os.path.join(home, "daemon", "var")
        with open(box.config) as file:
            config = re.sub(r'path = ".*"', f'path = "{box.data}"', file.read())
        with open(box.config, "w") as file:
            file.write(config)
        Box.start(box).stop()
        assert os.path.exists(os.path.join(box.data, "gatefold.db")) and box.foreign(home) == [], box.foreign(home)


def test_what_only_reads_makes_no_store():
    with Box(catalogue=False) as box:
        new, sheet = os.path.join(box.folder, "new"), os.path.join(box.folder, "cards.pdf")
        for words in (["doctor"], ["devices"], ["inbox"], ["inbox", "list"], ["user", "list"], ["token", "list"], ["backup"],
                      ["user", "role", "Anna", "admin"], ["token", "revoke", "t_1"], ["cards", "--out", sheet]):
            done = subprocess.run([CLI, "--data", new, *words], capture_output=True, text=True, timeout=60)
            assert done.returncode == 1 and not os.path.exists(new) and not os.path.exists(sheet), (words, done)
            assert new in done.stdout + done.stderr, (words, done)
            assert words == ["backup"] or "There is no store yet in" in done.stderr or words == ["doctor"], (words, done)
        doctor = box.cli("doctor")
        assert doctor.returncode == 1 and "there is no store yet in " + box.data in doctor.stdout, doctor
        assert os.listdir(box.data) == ["gatefold.toml"], os.listdir(box.data)


def test_a_store_in_a_shared_folder_of_root_stays_with_its_owner():
    with OwnedBox() as box:
        box.start()
        box.scan("752743004318")
        assert box.stop() == 0
        os.chown(box.data, 0, box.user.pw_gid)
        os.chmod(box.data, 0o2770)
        backup = os.path.join(box.private, "b.sqlite")
        for words in (["backup", "--out", backup], ["restore", backup], ["setup-code"]):
            box.cli(*words, check=True)
            assert box.foreign() == [], (words, box.foreign())
        assert box.start().cli_json("restore", backup)["scans"] == 1
        assert box.foreign() == [], box.foreign()
        assert box.stop() == 0


def test_what_the_owner_cannot_read_is_told():
    with OwnedBox() as box:
        box.start().stop()
        dump = os.path.join(box.private, "dump.xml")
        with open(SMALL_DUMP) as source, open(dump, "w") as copy:
            copy.write(source.read())
        done = box.cli("catalogue", "build", dump)
        assert done.returncode != 0 and dump in done.stderr and "belongs to user nobody" in done.stderr, done
        with open(dump) as piped:
            box.cli("catalogue", "build", "-", stdin=piped.read(), check=True)
        assert box.foreign() == [], box.foreign()


def test_a_file_of_root_that_is_not_marked_as_a_backup_is_told():
    """Its copy is what the store's owner can look into."""
    with OwnedBox() as box:
        box.cli("setup-code", check=True)
        dump = os.path.join(box.private, "dump.sqlite")
        box.cli("backup", "--out", dump, check=True)
        with contextlib.closing(sqlite3.connect(dump)) as connection:
            connection.execute("PRAGMA application_id = 0")
        for words in ((), ("--verify-only",)):
            done = box.cli("restore", dump, *words)
            assert done.returncode == 1 and f"Set them: sqlite3 {dump} " in done.stderr, done
        assert box.foreign() == [] and not [n for n in os.listdir(box.data) if "incoming" in n], os.listdir(box.data)
        anybodys = os.path.join(box.private, "sub")
        os.mkdir(anybodys)
        box.cli("backup", "--out", os.path.join(anybodys, "b.sqlite"), check=True)
        os.chmod(os.path.join(anybodys, "b.sqlite"), 0o644)
        done = subprocess.run([CLI, "--data", box.data, "restore", "b.sqlite", "--verify-only"], cwd=anybodys, capture_output=True, text=True)
        assert done.returncode == 0, done


def test_a_store_that_may_not_be_entered_is_told_in_plain_words():
    if os.geteuid() != 0:
        raise Skipped("needs root")
    with Box(catalogue=False) as box:
        os.chmod(box.folder, 0o755)
        box.cli("setup-code", check=True)
        os.chmod(box.data, 0o750)
        for command in ("backup", "doctor"):
            done = subprocess.run([*as_nobody(), CLI, "--data", box.data, command], capture_output=True, text=True)
            assert done.returncode == 1 and "Permission denied" in done.stdout + done.stderr, done
            assert "filesystem error" not in done.stdout + done.stderr, done


def test_root_that_cannot_become_the_owner_makes_nothing_of_its_own():
    if os.geteuid() != 0:
        raise Skipped("needs root")
    with Box(catalogue=False) as box:
        box.cli("setup-code", check=True)
        for folder, _, files in os.walk(box.data):
            for path in (folder, *(os.path.join(folder, name) for name in files)):
                os.chown(path, 12345, 12345)
        os.unlink(os.path.join(box.data, "gatefold.lock"))
        done = subprocess.run(["setpriv", "--bounding-set=-setuid", CLI, "--data", box.data, "doctor"], capture_output=True,
                              text=True)
        assert done.returncode == 1 and "cannot become user" in done.stdout, done
        assert not os.path.exists(os.path.join(box.data, "gatefold.lock"))


def test_a_store_of_root_stays_roots():
    if os.geteuid() != 0:
        raise Skipped("needs root")
    with Box(catalogue=False) as box:
        box.cli("setup-code", check=True)
        assert os.stat(os.path.join(box.data, "gatefold.db")).st_uid == 0
        new = os.path.join(box.folder, "new")
        assert subprocess.run([CLI, "--data", new, "setup-code"], capture_output=True).returncode == 0
        assert os.stat(os.path.join(new, "gatefold.db")).st_uid == 0
