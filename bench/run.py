#!/usr/bin/env python3
"""bench/run.py [--build DIR] [--only NAME ...] [--markdown FILE] - every figure of the box in one run, each beside its limit or its peer.

Needs a release build with the targets gatefoldd, gatefold, gatefold-vision, emulated_scanners, seed_store, bench_probe and bench_reader (see bench/README.md).
Everything is real: libusb on an emulated bus, SQLite on this disk, mosquitto, nginx and Chromium on loopback. Figures of a busy machine are
upper bounds; the last line says how busy it was."""
import argparse
import os
import shutil
import subprocess
import sys
import time

import report


def revision():
    if not shutil.which("git"):
        return "an unknown revision"
    said = subprocess.run(["git", "-C", report.ROOT, "describe", "--always", "--dirty", "--exclude=*"], capture_output=True, text=True)
    return said.stdout.strip() or "an unknown revision"


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--build", default=os.path.join(report.ROOT, "build", "release"))
    arguments.add_argument("--only", nargs="*", default=[])
    arguments.add_argument("--markdown")
    given = arguments.parse_args()
    os.environ["GATEFOLD_BUILD_DIR"] = os.path.abspath(given.build)
    import box as module
    import test_usb
    module.UsbBox = test_usb.UsbBox
    import box_figures
    import photo_figures
    import scan_figures
    import search_figures
    figures = {
        "latency": scan_figures.latency,
        "photos": photo_figures.photos,
        "page": scan_figures.page,
        "sustained": scan_figures.sustained,
        "readiness": box_figures.readiness,
        "search": lambda m: search_figures.search(m, 10_000, 10),
        "search-large": lambda m: search_figures.search(m, 100_000, 25),
        "sizes": box_figures.sizes,
    }
    unknown = set(given.only) - set(figures)
    if unknown:
        sys.exit(f"no such figure: {', '.join(sorted(unknown))}; there are {', '.join(figures)}")
    load = report.Load()
    for name, figure in figures.items():
        if not given.only or name in given.only:
            figure(module)
    report.row("the machine meanwhile: cores, highest load average", f"{os.cpu_count()}, {load.stop():.1f}")
    report.row("measured", time.strftime("%Y-%m-%d"), f"sources of {revision()}")
    if given.markdown:
        report.markdown(given.markdown)


if __name__ == "__main__":
    main()
