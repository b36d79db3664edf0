"""A scan's way: from the last report of a scanner to the broker's subscriber, and to the text on the page."""
import json
import os
import shutil
import statistics
import struct
import subprocess
import tempfile
import time

from report import Lines, ROOT, barcodes_of, ms, program, quantile, resident_mb, row, seeded_box


class LogReader:
    """Sizes of the transactions in a write-ahead log (format: sqlite.org/fileformat2.html, section 4.1)."""

    HEADER, FRAME = 32, 24

    def __init__(self, box):
        self.path = os.path.join(box.data, "gatefold.db-wal")

    def commits(self):
        """Bytes of every committed transaction since the log last started anew, oldest first."""
        with open(self.path, "rb") as f:
            log = f.read()
        page, = struct.unpack(">I", log[8:12])
        salt = log[16:24]
        sizes, frames = [], 0
        for at in range(self.HEADER, len(log) - self.FRAME, self.FRAME + page):
            if log[at + 8:at + 16] != salt:
                break
            frames += 1
            if struct.unpack(">I", log[at + 4:at + 8])[0]:
                sizes.append(frames * (self.FRAME + page))
                frames = 0
        return sizes


def scan(box, number, code):
    """Scans; seconds on CLOCK_MONOTONIC at which the last report was delivered."""
    box.daemon.stdin.write(f"scan {number} {code}\n")
    return int(box.daemon.stdout.readline().split()[1]) / 1e9


def heard(listener, code):
    """Waits for the scan's event; seconds on CLOCK_MONOTONIC of its receipt."""
    while line := listener.next():
        at, _, payload = line.partition(" ")
        if code.lstrip("0") + '"' in payload:
            return int(at) / 1e9
    raise RuntimeError(f"the scan of {code} never arrived")


def transaction_sizes(box, listener, codes):
    """Median bytes of a scan's two transactions, from scans with time between them."""
    log = LogReader(box)
    firsts, seconds = [], []
    for code in codes:
        before = len(log.commits())
        scan(box, 1, code)
        heard(listener, code)
        first, second = log.commits()[before:before + 2]
        firsts.append(first)
        seconds.append(second)
        time.sleep(0.4)  # the broker's acknowledgements are struck out in a transaction of their own
    return int(statistics.median(firsts)), int(statistics.median(seconds))


class BareBus:
    """The emulated bus with a reader in the daemon's place that does nothing: what the emulation takes for itself."""

    def __init__(self, module, scanners):
        command = ["umockdev-wrapper", program(module, "tests", "drivers", "emulated_scanners"), "--", program(module, "bench", "bench_reader")]
        self.lines = Lines(["sh", "-c", 'exec "$@" 2>&1', "sh", *command])
        self.lines.next()
        for number in range(1, scanners + 1):
            self.ask(f"plug {number} pos", "plugged")
            self.ask(f"claimed {number}", f"claimed {number} yes")

    def ask(self, command, answer):
        self.lines.tell(command)
        said = self.lines.next()
        assert said and said.startswith(answer), (command, said)

    def delay(self, code):
        """Seconds from a report's delivery to the reader's having it."""
        self.lines.tell(f"scan 1 {code}")
        times = {}
        while len(times) < 2:
            line = self.lines.next()
            sent = line.startswith("sent")
            times[sent] = int(line.split()[1] if sent else line) / 1e9
        return times[False] - times[True]

    def rate(self, scanners, codes):
        """Codes a second that come through with all scanners at once."""
        began = time.monotonic()
        for code in codes:
            for number in range(1, scanners + 1):
                self.lines.tell(f"scan {number} {code}")
        missing = scanners * len(codes)
        while missing:
            missing -= self.lines.next()[0].isdigit()
        return scanners * len(codes) / (time.monotonic() - began)

    def stop(self):
        self.lines.tell("stop")
        self.lines.tell("quit")
        self.lines.process.wait()


def bus_delays(module, codes):
    bus = BareBus(module, 1)
    delays = [bus.delay(code) for code in codes]
    bus.stop()
    return delays


def bus_rate(module, scanners, codes):
    bus = BareBus(module, scanners)
    rate = bus.rate(scanners, codes)
    bus.stop()
    return rate


def latency(module, scans=1000):
    with tempfile.TemporaryDirectory() as folder:
        broker = module.Broker(folder)
        box = seeded_box(module, broker, 10_000, usb=True)
        codes = barcodes_of(box, scans + 20)
        box.start()
        box.plug(1, "pos")
        probe = program(module, "bench", "bench_probe")
        listener = Lines([probe, "subscribe", str(broker.port), "gatefold/v1/test/event/scan"])
        bare = Lines([probe, "bare", str(broker.port), os.path.join(box.data, "bare")])
        time.sleep(1)
        first, second = transaction_sizes(box, listener, codes[scans:])
        ours, syncs, publishes = [], [], []
        for code in codes[:scans]:
            bare.tell(f"{first} {second}")
            sync, publish = (int(ns) / 1e9 for ns in bare.next().split())
            syncs.append(sync)
            publishes.append(publish)
            sent = scan(box, 1, code)
            ours.append(heard(listener, code) - sent)
        bare.stop()
        listener.stop()
        beside = [s + p for s, p in zip(syncs, publishes)]
        sizes = f"{first / 1024:.0f} + {second / 1024:.0f} KiB"
        for share, name in ((0.5, "p50"), (0.99, "p99")):
            mine, bar = quantile(ours, share), quantile(beside, share)
            overhead = mine / bar
            row(f"last report → PUBLISH received, {name} of {scans:,}", ms(mine),
                f"bare, scan by scan in turn: {ms(bar)} ({overhead:.1f} ×)", "overhead ≤ 3 ×" if share == 0.5 else "≤ 20 ms",
                overhead <= 3 if share == 0.5 else mine <= 0.020)
        row("the bare cost: two fdatasyncs of the same sizes, p50 / p99", f"{ms(quantile(syncs, 0.5))} / {ms(quantile(syncs, 0.99))}", sizes)
        row("the bare cost: a QoS 1 publish, p50 / p99", f"{ms(quantile(publishes, 0.5))} / {ms(quantile(publishes, 0.99))}", "300 bytes, same broker")
        delays = bus_delays(module, codes[:scans])
        row("of the way: the emulated bus, p50 / p99", f"{ms(quantile(delays, 0.5))} / {ms(quantile(delays, 0.99))}",
            "a reader that does nothing; not in the bare cost")
        box.close()
        broker.stop()


def sustained(module, scanners=10, each=200):
    with tempfile.TemporaryDirectory() as folder:
        broker = module.Broker(folder)
        box = seeded_box(module, broker, 10_000, usb=True)
        codes = barcodes_of(box, each)
        box.start()
        for number in range(1, scanners + 1):
            box.plug(number, "pos")
        listener = Lines([program(module, "bench", "bench_probe"), "subscribe", str(broker.port), "gatefold/v1/test/event/scan"])
        time.sleep(0.5)
        total = scanners * each
        began = time.monotonic()
        for code in codes:
            for number in range(1, scanners + 1):
                box.daemon.stdin.write(f"scan {number} {code}\n")
        for _ in range(total):
            box.daemon.stdout.readline()
        seen = 0
        while seen < total and listener.next(20):
            seen += 1
        seconds = time.monotonic() - began
        listener.stop()
        alone = bus_rate(module, scanners, codes)
        journal = box.console("GET", "/api/v1/scans?limit=1").json["total"]
        row(f"sustained scans, {scanners} emulated scanners at once", f"{total / seconds:.0f} a second",
            f"{journal:,} of {total:,} in the journal, {seen:,} at the subscriber", "nothing lost", journal == seen == total)
        row("the emulated bus alone", f"{alone:.0f} a second", "as many scanners, a reader that does nothing")
        row("resident memory after those scans", f"{resident_mb(box):.1f} MB")
        box.close()
        broker.stop()


ADMIN = {"name": "Bench", "password": "a shelf of nine hundred records"}


def page(module, scans=200):
    """Needs the page (webui/dist), node and Chromium."""
    script = os.path.join(ROOT, "tests", "browser", "latency.mjs")
    node = os.path.join(ROOT, ".cache", "node", "bin", "node")
    node = node if os.path.exists(node) else shutil.which("node")
    missing = [what for what, there in (
        ("the page is not built", os.path.exists(os.path.join(ROOT, "webui", "dist", "index.html"))),
        ("node is not there", node),
        ("the browser tests' packages are not installed (tests/browser/run.sh does it)",
         os.path.isdir(os.path.join(ROOT, "tests", "browser", "node_modules"))),
        ("Chromium is not there", shutil.which(os.environ.get("GATEFOLD_CHROMIUM", "chromium-headless-shell")))) if not there]
    if missing:
        print("SKIPPED: report → text on the page: " + "; ".join(missing))
        return
    with tempfile.TemporaryDirectory() as folder:
        broker = module.Broker(folder)
        box = seeded_box(module, broker, 10_000, usb=True)
        codes = barcodes_of(box, scans)
        box.start()
        box.plug(1, "pos")
        made = box.request("POST", "/api/v1/setup", {"code": box.setup_code(), **ADMIN})
        assert made.status < 300, made.body
        browser = Lines([node, script, "--url", f"http://localhost:{box.port}", "--name", ADMIN["name"]],
                        env={**os.environ, "GATEFOLD_PASSWORD": ADMIN["password"]})
        ready = browser.next(120)
        assert ready and json.loads(ready).get("ready"), ready
        times = []
        for code in codes:
            sent = scan(box, 1, code)
            line = browser.next()
            if line is None:
                raise RuntimeError(f"the scan of {code} never stood on the page")
            times.append(json.loads(line)["ns"] / 1e9 - sent)
            time.sleep(0.25)  # as fast as anybody scans; the page shows a few slips at a time
        browser.stop()
        row(f"last report → text on the page (Chromium), p50 of {scans}", ms(quantile(times, 0.5)))
        row(f"last report → text on the page (Chromium), p95 of {scans}", ms(quantile(times, 0.95)), "", "≤ 100 ms",
            quantile(times, 0.95) <= 0.1)
        box.close()
        broker.stop()
