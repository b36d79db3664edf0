"""What every figure needs: the table it is printed into, quantiles, and boxes with a full shelf."""
import os
import select
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), ".."))
sys.path.insert(0, os.path.join(ROOT, "tests", "e2e"))

rows = []


def row(figure, value, beside="", aim="", met=None):
    """One line of the table; `met` says whether the aim is reached, None where there is none."""
    verdict = {None: "", True: "met", False: "MISSED"}[met]
    rows.append({"figure": figure, "value": value, "beside": beside, "aim": aim, "verdict": verdict})
    print(f"{figure:64} {value:>24}   {beside:62} {aim:18} {verdict}", flush=True)


def quantile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def ms(seconds):
    return f"{seconds * 1000:.2f} ms"


def table():
    lines = ["| figure | measured | beside it in the same run | aim | |", "| --- | --- | --- | --- | --- |"]
    lines += [f"| {r['figure']} | {r['value']} | {r['beside']} | {r['aim']} | {r['verdict']} |" for r in rows]
    return "\n".join(lines) + "\n"


BEGIN, END = "<!-- figures of the box: written by run.py --markdown -->\n", "<!-- end of the figures -->\n"


def markdown(path):
    """Writes the table to a file; of one that has a place for it, such as README.md here, only that place."""
    text = BEGIN + END
    if os.path.exists(path):
        with open(path) as f:
            kept = f.read()
        text = kept if BEGIN in kept and END in kept else text
    before, rest = text.split(BEGIN, 1)
    after = rest.split(END, 1)[1]
    with open(path, "w") as f:
        f.write(before + BEGIN + table() + END + after)


def program(module, *path):
    return os.path.join(module.BUILD, *path)


def seeded_box(module, broker, copies, usb=False):
    """A box with `copies` records on its shelves. They are put there in memory, where it is quick, and copied to the disk."""
    box = (module.UsbBox if usb else module.Box)(broker, catalogue=False)
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        subprocess.run([program(module, "tests", "store", "seed_store"), folder, str(copies)], check=True, stdout=subprocess.DEVNULL)
        shutil.copytree(folder, box.data, dirs_exist_ok=True)
    return box


def barcodes_of(box, count):
    database = sqlite3.connect(f"file:{box.data}/gatefold.db?mode=ro", uri=True)
    found = [f"{gtin:013d}" for (gtin,) in database.execute(
        "SELECT gtin FROM release_gtins WHERE weak = 0 ORDER BY release LIMIT ?", (count,))]
    database.close()
    return found


def daemon_pid(box):
    with open(os.path.join(box.data, "gatefold.lock")) as f:
        return int(f.read().split()[0])


def resident_mb(box):
    with open(f"/proc/{daemon_pid(box)}/status") as f:
        return next(int(line.split()[1]) / 1024 for line in f if line.startswith("VmRSS"))


class Lines:
    """A helper program that prints lines; they wait here until they are asked for."""

    def __init__(self, command, env=None):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0, env=env)
        self._rest = b""

    def tell(self, text):
        self.process.stdin.write(text.encode() + b"\n")

    def next(self, patience_s=30):
        """The next line, or None when none comes in time."""
        end = time.monotonic() + patience_s
        while b"\n" not in self._rest:
            left = end - time.monotonic()
            if left <= 0 or not select.select([self.process.stdout], [], [], left)[0]:
                return None
            data = self.process.stdout.read(65536)
            if not data:
                return None
            self._rest += data
        line, self._rest = self._rest.split(b"\n", 1)
        return line.decode(errors="replace")

    def stop(self):
        self.process.stdin.close()
        self.process.terminate()
        self.process.wait()


class Load:
    """How busy the machine was beside the measurement: the share of both cores' time that others took."""

    def __init__(self):
        self.most = 0.0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self):
        while not self._stop.wait(5):
            self.most = max(self.most, os.getloadavg()[0])

    def stop(self):
        self._stop.set()
        return self.most
