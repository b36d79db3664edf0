#!/usr/bin/env python3
"""vm_test.py PACKAGE - a box from plug to power cut: a Debian of the package's release with a real kernel, udev and systemd in a virtual machine, the Debian package
installed by apt, scanners as USB devices. Builds the machine in .cache/vm (image.sh) when it is not there. Needs root."""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
from guest import Guest, missing_tools  # noqa: E402

IMAGE = os.path.join(HERE, "..", "..", ".cache", "vm")
SKIPPED = 77
NO_MIRROR = 75  # scripts/debian/root.sh
OWNED = "4006381333931"
UNKNOWN = ["5901234123457", "4012345678901", "5012345678900"]

counts = {"passed": 0, "failed": 0}


def check(what, actual, expected=True):
    good = actual == expected
    counts["passed" if good else "failed"] += 1
    print(f"passed: {what}" if good else f"FAILED: {what}: {actual!r} instead of {expected!r}", flush=True)


def ean13(number):
    """`number` as twelve digits with their check digit."""
    digits = f"{number:012d}"
    total = sum(int(d) * (3 if i % 2 else 1) for i, d in enumerate(digits))
    return digits + str(-total % 10)


class Box:
    """The installed daemon as the household, the broker and a person at the console see it."""

    def __init__(self, guest):
        self.guest = guest

    def scanners(self, command):
        self.guest.must(". /run/scanners.sh; " + command)

    def ask(self, method, path, body=None):
        """Over the control socket, as the root user of the box."""
        data = f"-H 'Content-Type: application/json' -d '{json.dumps(body)}'" if body is not None else ""
        text = self.guest.must(f"curl -sS --max-time 60 --unix-socket /var/lib/gatefold/control.sock -H 'X-Gatefold: 1' -X {method} {data} "
                               f"'http://localhost{path}'")
        return json.loads(text)

    def state(self, prop):
        return self.guest.must(f"systemctl show gatefold.service --property {prop} --value")

    def active(self):
        return self.guest.wait("an active service", lambda: self.state("ActiveState") == "active" and "active")

    def claimed(self, scanner_count):
        """The ids of claimed devices, once there are that many."""
        def ids():
            items = self.ask("GET", "/api/v1/devices")["items"]
            found = sorted(d["id"] for d in items if d["claimed"])
            return found if len(found) == scanner_count else None
        return self.guest.wait(f"{scanner_count} claimed scanners", ids)

    def scans(self):
        """The journal, latest first."""
        found, cursor = [], ""
        while True:
            page = self.ask("GET", "/api/v1/scans?limit=100" + cursor)
            found += page["items"]
            if not page["next"]:
                return found
            cursor = "&cursor=" + page["next"]

    def scanned(self, code):
        """The answered scan of a code."""
        def answered():
            return next((s for s in self.scans() if s["code"] == code and s["outcome"]), None)
        return self.guest.wait("the scan of " + code, answered)

    def playing(self):
        return self.ask("GET", "/api/v1/decks/main/now-playing")["state"]

    def listen(self):
        """Every event of the scan family goes straight out to the test: what it has read, no power cut takes back."""
        self.guest.must("systemctl is-active mosquitto >/dev/null || systemctl start mosquitto; "
                        "systemd-run --quiet --unit listener sh -c "
                        "\"exec mosquitto_sub -h 127.0.0.1 -t 'gatefold/v1/+/event/scan' >/dev/virtio-ports/events\"")

    def told(self, patience_s=120):
        """The next code that the broker was told of, or None."""
        line = self.guest.events.read(patience_s)
        return json.loads(line)["data"]["code"] if line else None

    def listen_to_console(self):
        self.guest.must("systemd-run --quiet --unit console sh -c 'exec </dev/tty1; stty raw -echo; exec cat >/run/typed'; chvt 1 2>/dev/null; sleep 1")

    def typed(self):
        return self.guest.must("tr '\\r' ' ' </run/typed")


def keys_reach_the_console_without_the_daemon(box):
    box.scanners("load; device other 0x1d6b 0x0104 Keyboard; hid other 1 8 \"$keyboard\"; plug other 0")
    box.guest.wait("the kernel's keyboard", lambda: "Keyboard" in box.guest.must("cat /proc/bus/input/devices"))
    box.listen_to_console()
    box.scanners("type_digits other 4711")
    box.guest.wait("keys on the console", lambda: "4711" in box.typed(), 60)
    check("without the daemon, keys reach the console", "4711" in box.typed())
    box.scanners("unplug other")
    box.guest.must(": >/run/typed")


def installed(box):
    box.guest.must("mkdir -p /package; mount -o ro /dev/vdb /package; "
                   "DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends /package/gatefold.deb")
    check("active after installation", box.active(), "active")
    check("runs as its own user", box.guest.must(f"ps -o user= -p {box.state('MainPID')}"), "gatefold")
    check("devices are closed but for the listed kinds", box.state("DevicePolicy"), "closed")


def plugged_in(box):
    box.scanners("device keys 0x0c2e 0x0b61 'Vuquest 3310g'; hid keys 1 8 \"$keyboard\"; plug keys 0")
    box.scanners("device pos 0x05e0 0x1300 'Symbol Bar Code Scanner'; hid pos 0 64 \"$pos\"; plug pos 1")
    box.scanners("device line 0x1eab 0x1306 'NLS Scanner'; serial line; plug line 2")
    check("three scanners are found and claimed", len(box.claimed(3)), 3)
    nodes = box.guest.must("for d in /sys/bus/usb/devices/*; do [ \"$(cat $d/product 2>/dev/null)\" = 'Vuquest 3310g' ] && "
                           "stat -c '%G %a' /dev/$(sed -n 's/DEVNAME=//p' $d/uevent); done; true")
    check("the rule gives the scanner to the daemon's group", nodes, "gatefold 660")


def scanned_with(box):
    release = {"title": "Blue Train", "artist": "John Coltrane", "year": 1957, "identifiers": [{"type": "barcode", "value": OWNED}]}
    box.ask("POST", "/api/v1/copies", {"release": release})
    box.listen()
    for how, code in (("type_digits keys", UNKNOWN[0]), ("send_pos pos ]E0", UNKNOWN[1])):
        box.scanners(f"{how} {code}")
        check(f"journalled: {how}", box.scanned(code)["outcome"], "unknown")
    box.scanners(f"printf '{UNKNOWN[2]}\\r' >/dev/ttyGS0")
    check("journalled: a serial line", box.scanned(UNKNOWN[2])["outcome"], "unknown")
    check("all three told over MQTT", {box.told() for _ in UNKNOWN}, set(UNKNOWN))
    check("no key reached the console", box.typed(), "")


def plugged_again(box):
    box.scanners("unplug keys")
    box.claimed(2)
    box.scanners("plug keys 0")
    check("claimed again after a replug", len(box.claimed(3)), 3)
    code = ean13(1)
    box.scanners("type_digits keys " + code)
    check("scans again after a replug", box.scanned(code)["outcome"], "unknown")


def killed(box):
    before = box.state("MainPID")
    box.guest.must("kill -KILL " + before)
    box.guest.wait("a restart", lambda: box.state("NRestarts") == "1")
    check("restarted after SIGKILL", box.active(), "active")
    check("as a new process", box.state("MainPID") != before)
    check("claims all scanners again", len(box.claimed(3)), 3)
    code = ean13(2)
    box.scanners("type_digits keys " + code)
    check("scans again after SIGKILL", box.scanned(code)["outcome"], "unknown")
    check("still no key on the console", box.typed(), "")


def told_until_the_power_goes(box):
    """Plays a record, then scans without a pause until some were told; returns the codes that were told."""
    box.scanners("type_digits keys " + OWNED)
    check("the owned record plays", (box.scanned(OWNED)["outcome"], box.playing()), ("played", "playing"))
    codes = " ".join(ean13(number) for number in range(1000, 1200))
    box.guest.put("/run/flood.sh", f". /run/scanners.sh\nfor code in {codes}; do send_pos pos ]E0 $code; done\n")
    box.guest.must("systemd-run --quiet --unit flood bash /run/flood.sh")
    told = []
    while len(told) < 30 and (code := box.told()):
        told.append(code)
    check("thirty scans were told before the power cut", len(told), 30)
    box.guest.kill()
    return told


def after_the_power_cut(box, told):
    check("active after the power cut", box.active(), "active")
    check("the play session is interrupted", box.playing(), "unknown")
    journal = box.scans()
    check(f"every one of {len(told)} told scans is in the journal", sorted(set(told) - {s["code"] for s in journal}), [])
    check("every scan has an outcome", [s["code"] for s in journal if not s["outcome"]], [])
    status, said = box.guest.run("gatefold backup --out /var/tmp/backup.db && gatefold restore --verify-only /var/tmp/backup.db")
    check("the store is whole", (status, said if status else ""), (0, ""))
    box.scanners("load; device keys 0x0c2e 0x0b61 'Vuquest 3310g'; hid keys 1 8 \"$keyboard\"; plug keys 0")
    box.claimed(1)
    box.scanners("type_digits keys " + ean13(3))
    check("scans again", box.scanned(ean13(3))["outcome"], "unknown")


def live(folder, disk, package_disk):
    def boot(number):
        guest = Guest(IMAGE, disk, package_disk, folder, os.path.join(folder, f"console-{number}"))
        print(f"booted in {guest.boot_s:.0f} s", flush=True)
        with open(os.path.join(HERE, "scanners.sh")) as f:
            guest.put("/run/scanners.sh", f.read())
        return Box(guest)

    box = boot(1)
    try:
        for step in (keys_reach_the_console_without_the_daemon, installed, plugged_in, scanned_with, plugged_again, killed):
            step(box)
        told = told_until_the_power_goes(box)
        box = boot(2)
        after_the_power_cut(box, told)
    except AssertionError as error:
        counts["failed"] += 1
        print(f"FAILED: {error}")
    finally:
        if counts["failed"] and box.guest.process.poll() is None:
            print(box.guest.run("ls -l /dev/ttyACM* /dev/bus/usb/*/*; journalctl --no-pager -o cat -u gatefold.service | tail -40")[1])
        box.guest.kill()


def main():
    if reason := missing_tools():
        print("SKIPPED: " + reason)
        return SKIPPED
    package = os.path.abspath(sys.argv[1])
    made = subprocess.run([os.path.join(HERE, "image.sh"), package, IMAGE])
    if made.returncode == NO_MIRROR:
        print("SKIPPED: no mirror answers, so the machine's disk cannot be made")
        return SKIPPED
    made.check_returncode()
    folder = tempfile.mkdtemp()
    began = time.monotonic()
    try:
        os.mkdir(os.path.join(folder, "package"))
        shutil.copy(package, os.path.join(folder, "package", "gatefold.deb"))
        package_disk = os.path.join(folder, "package.ext4")
        subprocess.run(["mke2fs", "-q", "-t", "ext4", "-d", os.path.join(folder, "package"), package_disk, "64M"], check=True,
                       stdout=subprocess.DEVNULL)
        disk = os.path.join(folder, "disk.ext4")
        subprocess.run(["cp", "--sparse=always", os.path.join(IMAGE, "disk.ext4"), disk], check=True)
        live(folder, disk, package_disk)
    finally:
        shutil.rmtree(folder)
    print(f"{time.monotonic() - began:.0f} s")
    print(f"{counts['passed']} passed, {counts['failed']} failed")
    return 1 if counts["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
