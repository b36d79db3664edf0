#!/usr/bin/env python3
"""house_rules.py ROOT - rules of the house that a program can check: length of files, words that mean unfinished work, places that exist
on one machine only, and a lock file that does not name where packages came from."""

import json
import pathlib
import re
import subprocess
import sys

LONGEST_SOURCE = 600  # lines; a file with one purpose is shorter
SOURCES = {".cpp", ".hpp", ".ts", ".tsx", ".css", ".py", ".sh", ".sql"}
TEXTS = SOURCES | {".md", ".txt", ".json", ".toml", ".example", ".in", ".conf", ".html", ".cmake", ".yml", ".yaml"}
THIS = "tests/tidy/house_rules.py"

BANNED = {
    re.compile(r"\b(TODO|FIXME|XXX|HACK)\b"): "unfinished work",
    re.compile(r"(?<![\w.$}-])/(work|root)/\w"): "a path of one machine",
    re.compile(r"/home/(?!assistant)\w+/"): "a path of one machine",
    re.compile(r"registry\.npmjs\.org|registry\.yarnpkg\.com"): "a registry's address",
}
# Written by programs, or literal bytes of the world outside.
EXEMPT = re.compile(r"(^|/)(package-lock\.json|fixtures/|corpus/|locales?/)|\.po$|schema\.d\.ts$")


def tracked(root):
    command = ["git", "-C", str(root), "ls-files", "-co", "--exclude-standard", "-z"]
    names = subprocess.run(command, check=True, capture_output=True).stdout.decode().split("\0")
    return sorted(name for name in set(names) if name and (root / name).is_file())


def check_text(name, text):
    lines = text.splitlines()
    if pathlib.Path(name).suffix in SOURCES and len(lines) > LONGEST_SOURCE:
        yield f"{name}: {len(lines)} lines; more than {LONGEST_SOURCE} are several purposes"
    for number, line in enumerate(lines, 1):
        for pattern, meaning in BANNED.items():
            if pattern.search(line):
                yield f"{name}:{number}: {meaning}: {line.strip()[:80]}"


def check_lock_file(root, name):
    for package, entry in json.loads((root / name).read_text()).get("packages", {}).items():
        if "resolved" in entry and not entry.get("link"):
            yield f"{name}: {package} names the address it came from; write the file with omit-lockfile-registry-resolved"


def main():
    root = pathlib.Path(sys.argv[1])
    problems, count = [], 0
    for name in tracked(root):
        path = pathlib.Path(name)
        if path.name == "package-lock.json":
            problems += check_lock_file(root, name)
        if name == THIS or EXEMPT.search(name) or not (path.suffix in TEXTS or not path.suffix):
            continue
        count += 1
        try:
            problems += check_text(name, (root / name).read_text(encoding="utf-8"))
        except UnicodeDecodeError:
            problems.append(f"{name}: not UTF-8")
    print(*problems, sep="\n", end="\n" if problems else "")
    print(f"{count} files checked, {len(problems)} problems")
    return 1 if problems else 0


sys.exit(main())
