"""Emulated USB scanners, real libusb: plugged in, scanned with, unplugged; the daemon is the one that is installed."""
import contextlib
import os
import shutil
import sqlite3
import subprocess

from box import BUILD, DAEMON, Box, Skipped, wait_for

BENCH = os.path.join(BUILD, "tests", "drivers", "emulated_scanners")
ONE_RELEASE, ANOTHER_RELEASE, MODE_ADD = "752743004318", "752743004813", "9743000000001149"
LAYOUT_TEST = "9743900000000134ayz-/;\"@#\\"


class UsbBox(Box):
    """The daemon on a bus of emulated scanners; `ask` speaks the bench's commands."""

    def start(self, wait=True, wrapper=()):
        if not shutil.which("umockdev-wrapper") or not os.path.exists(BENCH):
            raise Skipped("umockdev-wrapper or the emulated scanners are not there")
        self.log = open(self.log_path, "ab")
        self.daemon = subprocess.Popen(["umockdev-wrapper", BENCH, "--", DAEMON, "--config", self.config], text=True,
                                       stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.log, bufsize=1)
        assert self.daemon.stdout.readline().startswith("started")
        wait_for("the daemon among scanners", self.alive)
        return self

    def ask(self, command, answer):
        self.daemon.stdin.write(command + "\n")
        said = self.daemon.stdout.readline().strip()
        if said.startswith("skipped "):
            raise Skipped(said.removeprefix("skipped "))
        assert said.startswith(answer), (command, said, self.log_tail())

    def plug(self, number, kind):
        self.ask(f"plug {number} {kind}", "plugged")
        self.ask(f"claimed {number}", f"claimed {number} yes")

    def stop(self):
        if self.daemon and self.daemon.poll() is None:
            self.ask("stop", "stopped 0")
            self.ask("quit", "bye")
            self.daemon.wait(60)
        self.daemon = None

    def devices(self):
        return {d["id"]: d for d in self.console("GET", "/api/v1/devices").json["items"]}

    def scans(self):
        """Oldest first."""
        return self.console("GET", "/api/v1/scans").json["items"][::-1]

    def answered(self, count):
        return wait_for(f"{count} answered scans", lambda: len(self.scans()) == count
                        and all(s["outcome"] for s in self.scans()) and self.scans())


@contextlib.contextmanager
def bench():
    with UsbBox() as box:
        box.start()
        yield box


def test_a_keyboard_scanner_starts_a_record():
    with bench() as box:
        box.plug(1, "keyboard")
        device = wait_for("the device", lambda: box.devices().get("usb-1-1"))
        assert device["claimed"] is True and device["present"] is True and device["port"] == "usb:1-1", device
        box.ask("scan 1 " + ONE_RELEASE, "sent")
        scan, = box.answered(1)
        assert (scan["outcome"], scan["code"], scan["source"]) == ("played", ONE_RELEASE, "usb-1-1"), scan
        playing = box.console("GET", "/api/v1/decks/main/now-playing").json
        assert (playing["state"], playing["release_id"]) == ("playing", 24), playing
        listed = box.cli_json("devices")["items"]
        assert [(d["id"], d["claimed"]) for d in listed] == [("usb-1-1", True)], listed


def test_two_scanners_have_contexts_of_their_own():
    with bench() as box:
        box.plug(1, "keyboard")
        box.plug(2, "pos")
        box.ask("scan 2 " + MODE_ADD, "sent")
        box.answered(1)
        box.ask("scan 1 " + ONE_RELEASE, "sent")
        box.answered(2)
        box.ask("scan 2 " + ANOTHER_RELEASE, "sent")
        assert [(s["source"], s["outcome"]) for s in box.answered(3)] == [
            ("usb-1-2", "control"), ("usb-1-1", "played"), ("usb-1-2", "added")]
        modes = {d["id"]: d["context"]["mode"] for d in box.devices().values()}
        assert modes == {"usb-1-1": "play", "usb-1-2": "add"}, modes


def test_unplugged_in_mid_code_drops_it():
    with bench() as box:
        box.plug(1, "keyboard")
        box.ask("scan 1 " + MODE_ADD, "sent")
        box.answered(1)
        box.ask("type 1 75274300", "typed")
        box.ask("unplug 1", "unplugged")
        wait_for("the unplugged device", lambda: not box.devices()["usb-1-1"]["present"])
        assert box.devices()["usb-1-1"]["claimed"] is False
        box.plug(1, "keyboard")
        box.ask("scan 1 " + ANOTHER_RELEASE, "sent")
        # Whole, and still in the mode that its card set.
        assert [(s["code"], s["outcome"]) for s in box.answered(2)][1:] == [(ANOTHER_RELEASE, "added")]


def test_digits_are_digits_and_the_test_code_finds_the_layout():
    with bench() as box:
        box.plug(1, "keyboard")
        box.ask("layout 1 fr", "layout")
        box.ask("scan 1 " + ONE_RELEASE, "sent")
        assert box.answered(1)[0]["code"] == ONE_RELEASE
        assert box.devices()["usb-1-1"]["layout"] is None
        asked = box.console("POST", "/api/v1/devices/usb-1-1/layout-test")
        assert asked.status == 202 and asked.json["layout_test"] is True, asked.body
        for layout in ("fr", "de"):
            box.ask("layout 1 " + layout, "layout")
            box.console("POST", "/api/v1/devices/usb-1-1/layout-test")
            box.ask("scan 1 " + LAYOUT_TEST, "sent")
            wait_for("the layout " + layout, lambda: box.devices()["usb-1-1"]["layout"] == layout)
        assert len(box.scans()) >= 1 and all(s["outcome"] != "unknown" for s in box.scans())


def test_peoples_keyboards_are_left_alone():
    with bench() as box:
        box.ask("plug 1 people", "plugged")
        # The emulated kernel says nothing of it: to look at it the daemon has it for a moment, and then never again.
        device = wait_for("what is said of it", lambda: box.devices().get("usb-1-1"))
        box.ask("claimed 1 1500", "claimed 1 no")
        assert device["present"] is True and device["claimed"] is False and "keyboard for people" in device["note"], device


def test_bytes_that_are_no_text_are_journalled_whole():
    with bench() as box:
        box.plug(1, "pos")
        box.ask("scan 1 \\xff\\xfe12", "sent")
        assert box.answered(1)[0]["outcome"] == "invalid"
        box.stop()
        connection = sqlite3.connect(os.path.join(box.data, "gatefold.db"))
        assert connection.execute("SELECT raw FROM scans").fetchall() == [(b"\xff\xfe12",)]
        connection.close()
