"""The daemon itself: start, memory, and what has to be shipped."""
import gzip
import json
import os
import re
import signal
import socket
import statistics
import subprocess
import tempfile
import time

from report import ROOT, barcodes_of, ms, program, resident_mb, row, seeded_box


def started(module, box):
    """Starts the daemon as systemd would; seconds until it says READY=1."""
    address = os.path.join(box.folder, "notify")
    if os.path.exists(address):
        os.unlink(address)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
        notify.bind(address)
        notify.settimeout(30)
        with open(box.log_path, "ab") as log:
            began = time.monotonic()
            box.daemon = subprocess.Popen([module.DAEMON, "--config", box.config], env={**os.environ, "NOTIFY_SOCKET": address},
                                          stdout=log, stderr=log)
            while b"READY=1" not in notify.recv(4096):
                pass
            return time.monotonic() - began


def readiness(module, rounds=7):
    box = seeded_box(module, None, 10_000)
    clean = []
    for _ in range(rounds):
        clean.append(started(module, box))
        time.sleep(1)
        idle = resident_mb(box)
        box.stop()
    unclean = []
    started(module, box)
    for code in barcodes_of(box, rounds):
        box.scan(code)
        box.daemon.send_signal(signal.SIGKILL)
        box.daemon.wait()
        unclean.append(started(module, box))
    box.stop()
    for figure, times in (("", clean), (" after SIGKILL", unclean)):
        median = statistics.median(times)
        row(f"start to READY{figure}, 10,000 copies, median of {rounds}", ms(median), f"longest {ms(max(times))}", "≤ 300 ms", median <= 0.3)
    row("resident memory, idle", f"{idle:.1f} MB", "", "≤ 30 MB", idle <= 30)
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
    row("resident memory after 1,000 / 5,000 / 10,000 scans", " / ".join(f"{s:.1f}" for s in sizes) + " MB", "", "not growing",
        sizes[-1] < sizes[0] + 1)
    box.stop()


def sizes(module):
    for folder, name in (("sbin", "gatefoldd"), ("bin", "gatefold"), ("libexec/gatefold", "gatefold-vision")):
        with tempfile.NamedTemporaryFile() as stripped:
            subprocess.run(["strip", "-o", stripped.name, program(module, folder, name)], check=True)
            row(f"size of {name}, stripped", f"{os.path.getsize(stripped.name) / 1e6:.2f} MB")
    dist = os.path.join(ROOT, "webui", "dist")
    if not os.path.exists(os.path.join(dist, "index.html")):
        print("SKIPPED: the page is not built, its first load has no size")
        return
    with open(os.path.join(dist, "index.html")) as f:
        text = f.read()
    total = len(gzip.compress(text.encode()))
    for asset in re.findall(r'(?:src|href)="(/assets/[^"]+\.(?:js|css))"', text):
        with open(dist + asset, "rb") as f:
            total += len(gzip.compress(f.read()))
    row("page's first load: html, scripts and styles, gzip", f"{total / 1000:.1f} kB", "", "≤ 130 kB", total <= 130_000)
