#!/usr/bin/env python3
"""bench/run.py [--build DIR] [--json FILE] - every figure of the box in one run, each beside its limit or its peer.

Needs a release build with the targets gatefoldd, gatefold, emulated_scanners and seed_store (see bench/README.md). Everything is real: libusb
on an emulated bus, SQLite on this disk, mosquitto and nginx on loopback. Figures of a busy machine are upper bounds."""
import argparse
import gzip
import http.client
import json
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from urllib.parse import quote

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), ".."))
sys.path.insert(0, os.path.join(ROOT, "tests", "e2e"))

rows = []


def row(figure, value, beside, aim=""):
    rows.append({"figure": figure, "value": value, "beside": beside, "aim": aim})
    print(f"{figure:58} {value:>22}   {beside:34} {aim}", flush=True)


def quantile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def ms(seconds):
    return f"{seconds * 1000:.2f} ms"


def seeded_box(module, broker, copies, usb):
    """A box with `copies` records on its shelves."""
    box = (module.UsbBox if usb else module.Box)(broker, catalogue=False)
    subprocess.run([os.path.join(module.BUILD, "tests", "store", "seed_store"), box.data, str(copies)], check=True,
                   stdout=subprocess.DEVNULL)
    return box


def barcodes_of(box, count):
    import sqlite3
    database = sqlite3.connect(f"file:{box.data}/gatefold.db?mode=ro", uri=True)
    found = [f"{gtin:013d}" for (gtin,) in database.execute(
        "SELECT gtin FROM release_gtins WHERE weak = 0 ORDER BY release LIMIT ?", (count,))]
    database.close()
    return found


class Clocked:
    """mosquitto_sub that says when each message came, on the monotonic clock."""

    def __init__(self, port, topic):
        self.offset = time.time() - time.monotonic()
        self.seen = []  # (monotonic seconds, payload)
        self.process = subprocess.Popen(["mosquitto_sub", "-p", str(port), "-t", topic, "-q", "1", "-V", "mqttv5", "-F", "%U %p"],
                                        stdout=subprocess.PIPE, text=True, bufsize=1)
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            at, _, payload = line.partition(" ")
            self.seen.append((float(at) - self.offset, payload.strip()))

    def wait(self, count, patience_s=60):
        end = time.monotonic() + patience_s
        while len(self.seen) < count and time.monotonic() < end:
            time.sleep(0.0005)
        return len(self.seen) >= count

    def stop(self):
        self.process.terminate()


def fsync_cost(folder, rounds=200):
    """Two appends of a page, each with fdatasync: what the two transactions of a scan cost at the very least."""
    path = os.path.join(folder, "fsync")
    times = []
    descriptor = os.open(path, os.O_CREAT | os.O_WRONLY)
    for _ in range(rounds):
        began = time.monotonic()
        for _ in range(2):
            os.write(descriptor, b"x" * 8192)
            os.fdatasync(descriptor)
        times.append(time.monotonic() - began)
    os.close(descriptor)
    os.unlink(path)
    return times


def bare_publish(port, rounds=200):
    """A publish of the same size through the same broker to the same kind of subscriber."""
    listener = Clocked(port, "bare")
    publisher = subprocess.Popen(["mosquitto_pub", "-p", str(port), "-t", "bare", "-q", "1", "-l"], stdin=subprocess.PIPE)
    time.sleep(0.5)
    times = []
    for index in range(rounds):
        began = time.monotonic()
        publisher.stdin.write(f"{index} {'x' * 300}\n".encode())
        publisher.stdin.flush()
        listener.wait(index + 1)
        times.append(listener.seen[index][0] - began)
    publisher.stdin.close()
    publisher.wait()
    listener.stop()
    return times


def latency(module, scans=1000):
    with tempfile.TemporaryDirectory() as folder:
        broker = module.Broker(folder)
        box = seeded_box(module, broker, 10_000, usb=True)
        codes = barcodes_of(box, scans)
        box.start()
        box.plug(1, "pos")
        listener = Clocked(broker.port, "gatefold/v1/test/event/scan")
        time.sleep(1)
        times = []
        for index, code in enumerate(codes):
            box.daemon.stdin.write(f"scan 1 {code}\n")
            sent = int(box.daemon.stdout.readline().split()[1]) / 1e9
            if not listener.wait(index + 1, 10):
                raise RuntimeError(f"scan {index} never arrived")
            times.append(listener.seen[index][0] - sent)
        syncs = fsync_cost(box.data)
        publishes = bare_publish(broker.port)
        listener.stop()
        bare50 = quantile(syncs, 0.5) + quantile(publishes, 0.5)
        bare99 = quantile(syncs, 0.99) + quantile(publishes, 0.99)
        row("scan report -> PUBLISH received, p50 of 1,000", ms(quantile(times, 0.5)),
            f"{ms(bare50)} bare: {quantile(times, 0.5) / bare50:.1f} x", "overhead <= 3 x")
        row("scan report -> PUBLISH received, p99 of 1,000", ms(quantile(times, 0.99)),
            f"{ms(bare99)} bare: {quantile(times, 0.99) / bare99:.1f} x", "p99 <= 20 ms")
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
        began = time.monotonic()
        for code in codes:
            for number in range(1, scanners + 1):
                box.daemon.stdin.write(f"scan {number} {code}\n")
        for _ in range(scanners * each):
            box.daemon.stdout.readline()
        total = scanners * each

        def journalled():
            return box.console("GET", "/api/v1/scans?limit=1").json["total"] >= total
        try:
            module.wait_for("all scans in the journal", journalled)
        except AssertionError:
            pass
        seconds = time.monotonic() - began
        have = box.console("GET", "/api/v1/scans?limit=1").json["total"]
        row("sustained scans, 10 emulated scanners", f"{have / seconds:.0f} a second", f"{have} of {total} in the journal", "nothing lost")
        row("resident memory after those scans", f"{resident_mb(box, usb=True):.1f} MB", "", "not growing")
        box.close()
        broker.stop()


def resident_mb(box, usb=False):
    pid = box.daemon.pid
    if usb:
        pid = int(open(os.path.join(box.data, "gatefold.lock")).read().split()[0])
    for line in open(f"/proc/{pid}/status"):
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024


def readiness(module):
    box = seeded_box(module, None, 10_000, usb=False)
    times = []
    for _ in range(5):
        address = os.path.join(box.folder, "notify")
        if os.path.exists(address):
            os.unlink(address)
        notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        notify.bind(address)
        notify.settimeout(30)
        began = time.monotonic()
        log = open(box.log_path, "ab")
        box.daemon = subprocess.Popen([module.DAEMON, "--config", box.config], env={**os.environ, "NOTIFY_SOCKET": address},
                                      stdout=log, stderr=log)
        while b"READY=1" not in notify.recv(4096):
            pass
        times.append(time.monotonic() - began)
        notify.close()
        time.sleep(1)
        idle = resident_mb(box)
        box.stop()
    row("start to READY, 10,000 copies, median of 5", ms(statistics.median(times)), "", "<= 300 ms")
    row("resident memory, idle", f"{idle:.1f} MB", "", "<= 30 MB")
    growth(module, box)
    box.close()


def growth(module, box, scans=10_000):
    codes = barcodes_of(box, 1000)
    box.start()
    connection = module.UnixConnection(os.path.join(box.data, "control.sock"))
    sizes = []
    for index in range(scans):
        body = json.dumps({"code": codes[index % len(codes)], "source": f"s{index % 7}"}).encode()
        connection.request("POST", "/api/v1/scans", body, {"Content-Type": "application/json", "X-Gatefold": "1"})
        connection.getresponse().read()
        if index in (999, scans // 2, scans - 1):
            sizes.append(resident_mb(box))
    row("resident memory after 1,000 / 5,000 / 10,000 scans", " / ".join(f"{s:.1f}" for s in sizes) + " MB", "", "not growing")
    box.stop()


def typed(connection, token, text):
    began = time.monotonic()
    connection.request("GET", "/api/v1/copies?limit=50&q=" + text, headers={"Authorization": "Bearer " + token})
    body = connection.getresponse().read()
    return time.monotonic() - began, len(body)


def search(module, copies, aim_ms):
    box = seeded_box(module, None, copies, usb=False)
    box.start()
    token = box.cli_json("token", "add", "--scope", "viewer")["token"]
    titles = [c["artist"] + " " + c["title"] for c in box.console("GET", "/api/v1/copies?limit=200&sort=added").json["items"]]
    connection = http.client.HTTPConnection("127.0.0.1", box.port)
    times = []
    for title in titles[:60]:
        for length in range(1, min(len(title), 14)):
            seconds, _ = typed(connection, token, quote(title[:length]))
            times.append(seconds)
    row(f"search as you type over {copies:,} copies, p50", ms(quantile(times, 0.5)), f"{len(times)} keys")
    row(f"search as you type over {copies:,} copies, p95", ms(quantile(times, 0.95)), "", f"<= {aim_ms} ms")
    if copies == 10_000:
        against_nginx(box, token)
    box.close()


def requests_a_second(port, path, headers, seconds=3, clients=4):
    done = []

    def client():
        connection = http.client.HTTPConnection("127.0.0.1", port)
        count = 0
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            connection.request("GET", path, headers=headers)
            connection.getresponse().read()
            count += 1
        done.append(count)
    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done) / seconds


def against_nginx(box, token):
    nginx = shutil.which("nginx") or "/usr/sbin/nginx"
    if not os.path.exists(nginx):
        print("SKIPPED: nginx is not installed, nothing to compare requests a second with")
        return
    connection = http.client.HTTPConnection("127.0.0.1", box.port)
    _, size = typed(connection, token, "a")
    from box import free_port
    port = free_port()
    folder = os.path.join(box.folder, "nginx")
    os.makedirs(folder)
    os.chmod(box.folder, 0o755)
    with open(os.path.join(folder, "page.json"), "wb") as f:
        f.write(b"x" * size)
    with open(os.path.join(folder, "nginx.conf"), "w") as f:
        f.write(f"daemon off; pid {folder}/pid; error_log /dev/null; user root; worker_processes 2; events {{}}\n"
                f"http {{ access_log off; server {{ listen 127.0.0.1:{port}; root {folder}; }} }}\n")
    process = subprocess.Popen([nginx, "-c", os.path.join(folder, "nginx.conf")], stderr=subprocess.DEVNULL)
    time.sleep(0.5)
    ours = requests_a_second(box.port, "/api/v1/copies?limit=50&q=a", {"Authorization": "Bearer " + token})
    theirs = requests_a_second(port, "/page.json", {})
    process.send_signal(signal.SIGTERM)
    process.wait()
    row(f"searches a second ({size:,} bytes each)", f"{ours:.0f}", f"nginx, same size: {theirs:.0f} ({ours / theirs:.2f} x)")


def sizes(module):
    for name in ("sbin/gatefoldd", "bin/gatefold", "libexec/gatefold/gatefold-vision"):
        path = os.path.join(module.BUILD, name)
        with tempfile.NamedTemporaryFile() as stripped:
            subprocess.run(["strip", "-o", stripped.name, path], check=True)
            row(f"size of {os.path.basename(name)}, stripped", f"{os.path.getsize(stripped.name) / 1e6:.2f} MB", "")
    page = os.path.join(ROOT, "webui", "dist", "index.html")
    if not os.path.exists(page):
        print("SKIPPED: the page is not built, its first load has no size")
        return
    import re
    text = open(page).read()
    total = len(gzip.compress(text.encode()))
    for asset in re.findall(r'(?:src|href)="(/assets/[^"]+\.(?:js|css))"', text):
        total += len(gzip.compress(open(os.path.join(ROOT, "webui", "dist") + asset, "rb").read()))
    row("page's first load, html + scripts + styles, gzip", f"{total / 1000:.1f} kB", "")


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--build", default=os.path.join(ROOT, "build", "release"))
    arguments.add_argument("--json")
    given = arguments.parse_args()
    os.environ["GATEFOLD_BUILD_DIR"] = os.path.abspath(given.build)
    import box as module
    import test_usb
    module.UsbBox = test_usb.UsbBox
    for figure in (latency, sustained, readiness, lambda m: search(m, 10_000, 10), lambda m: search(m, 100_000, 25), sizes):
        figure(module)
    if given.json:
        with open(given.json, "w") as f:
            json.dump(rows, f, indent=1)


if __name__ == "__main__":
    main()
