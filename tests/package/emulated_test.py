#!/usr/bin/env python3
"""emulated_test.py PACKAGE - unpacks a package for arm64 and starts its programs under qemu-user: the daemon's check of a configuration, a
scan and doctor on an empty store, a small catalogue built and asked, a barcode read from a picture. Runs in a Debian with the package's
libraries and the emulator (scripts/debian/root.sh RELEASE arm64), where arm64 programs need not start by themselves."""

import json
import pathlib
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib

SOURCE = pathlib.Path(__file__).resolve().parents[2]
EMULATOR = shutil.which("qemu-aarch64-static") or shutil.which("qemu-aarch64")
CODE = "4006381333931"
LEFT_DIGITS = ["0001101", "0011001", "0010011", "0111101", "0100011", "0110001", "0101111", "0111011", "0110111", "0001011"]
PARITIES = {"4": "LGLLGG"}


def ean13_bars(code):
    """The 95 modules of an EAN-13 code that starts with 4, 1 for dark."""
    left = ""
    for digit, parity in zip(code[1:7], PARITIES[code[0]]):
        pattern = LEFT_DIGITS[int(digit)]
        left += pattern if parity == "L" else pattern.translate(str.maketrans("01", "10"))[::-1]
    right = "".join(LEFT_DIGITS[int(digit)].translate(str.maketrans("01", "10")) for digit in code[7:])
    return "101" + left + "01010" + right + "101"


def write_barcode(path, code, module=4, quiet=40, height=200):
    """A PNG in grey with the code's bars."""
    row = b"\xff" * quiet + b"".join((b"\x00" if bar == "1" else b"\xff") * module for bar in ean13_bars(code)) + b"\xff" * quiet

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    header = struct.pack(">IIBBBBB", len(row), height, 8, 0, 0, 0, 0)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress((b"\0" + row) * height)) + chunk(b"IEND", b""))


class Box:
    """The unpacked package and a data folder."""

    def __init__(self, package, folder):
        subprocess.run(["dpkg-deb", "--extract", package, folder / "root"], check=True)
        self.usr, self.data = folder / "root/usr", folder / "data"
        self.data.mkdir()
        # The command starts this one by itself, which takes the emulator.
        vision = self.usr / "libexec/gatefold/gatefold-vision"
        vision.rename(vision.with_suffix(".arm64"))
        vision.write_text(f'#!/bin/sh\nexec {EMULATOR} "$0.arm64" "$@"\n')
        vision.chmod(0o755)

    def run(self, program, *arguments):
        done = subprocess.run([EMULATOR, self.usr / program, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=120)
        return done.returncode, done.stdout, done.stderr

    def command(self, *arguments):
        """Its status and the JSON document that it answers."""
        status, out, err = self.run("bin/gatefold", "--data", self.data, "--json", *arguments)
        return status, json.loads(out) if out else err


def checks(box, folder):
    """(what, actual, expected) for each check."""
    status, out, _ = box.run("bin/gatefold", "--help")
    yield "gatefold --help", (status, "catalogue" in out), (0, True)
    config = folder / "gatefold.toml"
    config.write_text(f'[store]\npath = "{box.data}"\n')
    yield "gatefoldd --check-config", box.run("sbin/gatefoldd", "--config", config, "--check-config")[0], 0
    config.write_text("nonsense = 1\n")
    yield "gatefoldd --check-config refuses an unknown key", box.run("sbin/gatefoldd", "--config", config, "--check-config")[0], 78

    status, answer = box.command("scan", CODE)
    yield "scan", (status, answer["outcome"], answer["gtin"]), (0, "unknown", "0" + CODE)
    yield "devices", box.command("devices")[1]["items"], []
    status, found = box.command("doctor")
    yield "doctor", (status in (0, 1), isinstance(found, dict)), (True, True)

    status, summary = box.command("catalogue", "build", SOURCE / "tests/fixtures/dump_small.xml")
    yield "catalogue build", (status, summary["releases_kept"]), (0, 43)
    status, found = box.command("catalogue", "lookup", "--barcode", "752743004318")
    yield "catalogue lookup", (status, [release["release_id"] for release in found["releases"]]), (0, [24])

    picture = folder / "barcode.png"
    write_barcode(picture, CODE)
    status, decoded = box.command("decode", picture)
    codes = decoded if isinstance(decoded, str) else json.dumps(decoded)
    yield "decode", (status, f'"0{CODE}"' in codes), (0, True)


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        failed = 0
        for what, actual, expected in checks(Box(sys.argv[1], folder), folder):
            wrong = actual != expected
            failed += wrong
            print(f"FAILED: {what}: {actual!r} instead of {expected!r}" if wrong else f"passed: {what}")
    sys.exit(failed > 0)


main()
