#!/usr/bin/env python3
"""include_rule.py ROOT - who may know whom. Debian's headers are all on the default path, so the compiler alone would let any folder
include anything; this table does not. Each folder names the project folders and the libraries that it may include; every #include
of its files is checked. Standard C++ is for everybody, the kernel's and libc's headers for all but the inner rings."""

import pathlib
import re
import sys

# folder -> (project folders it may include besides itself, libraries' header prefixes)
RULES = {
    "daemon/core": ([], []),
    "daemon/ports": (["core"], []),
    "daemon/app": (["core", "ports", "json"], []),  # events are documents from the moment they are made
    "daemon/json": (["core"], ["nlohmann/"]),
    "daemon/os": (["core"], []),  # libc, and Error; every adapter may know it
    "daemon/command_line": ([], ["CLI/"]),
    "daemon/platform": (["core", "os", "ports"], ["spdlog/", "toml++/", "sodium.h", "alsa/"]),
    "daemon/store": (["core", "os", "ports", "json"], ["spdlog/", "SQLiteCpp/", "sqlite3.h"]),
    "daemon/catalogue": (["core", "os", "ports", "json"], ["spdlog/", "SQLiteCpp/", "sqlite3.h", "expat.h", "zlib.h", "isa-l", "libdeflate.h", "Poco/", "sodium.h"]),
    "daemon/lookup": (["core", "os", "ports", "json"], ["spdlog/", "Poco/"]),
    "daemon/mqtt": (["core", "os", "ports", "json"], ["spdlog/", "mosquitto.h", "mqtt_protocol.h"]),
    "daemon/http": (["core", "os", "ports", "app", "json"], ["spdlog/", "Poco/"]),
    "daemon/vision": (["core", "os", "ports", "json", "drivers/camera", "drivers/vision_link"], ["spdlog/", "fmt/", "ZXing/", "opencv2/", "jpeglib.h", "jerror.h", "png.h"]),
    "daemon/print": (["core", "os", "ports"], ["spdlog/", "cairo", "ZXing/"]),
    # The console works on files of the store, the catalogue and photos without a daemon, so it knows those adapters too.
    "daemon/cli": (["core", "os", "ports", "command_line", "app", "json", "platform", "house", "store", "catalogue", "mqtt", "http", "drivers"], ["spdlog/", "Poco/", "nlohmann/"]),
    "drivers": (["core", "os", "ports", "drivers"], []),
    "drivers/scanner_common": (["core", "os", "ports"], []),
    "drivers/fake": (["core", "os", "ports", "drivers/scanner_common"], []),
    "drivers/hid_scanner": (["core", "os", "ports", "drivers/scanner_common"], ["spdlog/", "libusb-1.0/", "libusb.h"]),
    "drivers/serial_scanner": (["core", "os", "ports", "drivers/scanner_common"], ["spdlog/", "libudev.h"]),
    "drivers/camera": (["core", "os", "ports", "json"], ["spdlog/", "jpeglib.h", "png.h", "opencv2/"]),
    "drivers/vision_link": (["core", "os", "ports", "json"], ["spdlog/"]),
}

# The composition roots see everything: the three programs, and the house that the daemon and the command both put together.
ROOTS = re.compile(r"daemon/([a-z_]+\.[ch]pp|(cli|vision)/main\.cpp|house/.+)")

# Rings without the operating system: standard C++ alone.
PURE = {"daemon/core", "daemon/ports", "daemon/app"}

STANDARD = re.compile(r"[a-z_0-9]+")  # <vector>, <cstdint>: no slash, no suffix
SYSTEM = re.compile(r"(sys|linux|netinet|arpa|net|asm)/[a-z0-9_./-]+\.h")
LIBC = {"dirent.h", "endian.h", "fcntl.h", "fnmatch.h", "glob.h", "grp.h", "malloc.h", "netdb.h", "poll.h", "pthread.h", "pwd.h", "sched.h", "setjmp.h", "signal.h",
        "spawn.h", "stdio.h", "stdlib.h", "string.h", "termios.h", "time.h", "ucontext.h", "unistd.h"}
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def folder_of(path):
    """The folder of the table that a path of the project belongs to, or None."""
    fitting = [folder for folder in RULES if path == folder or path.startswith(folder + "/")]
    return max(fitting, key=len, default=None)


def project_folder(target):
    """Where an include path of the project points: "core", "drivers/fake"; roots are daemon/ and the project's own."""
    parts = target.split("/")
    return "/".join(parts[:2]) if parts[0] == "drivers" and len(parts) > 2 else parts[0]


def refusal(source, quoted, target, root):
    """Why this include is not allowed, or None."""
    folder = folder_of(source)
    own = folder.removeprefix("daemon/")
    projects, libraries = RULES[folder]
    if (root / source).parent.joinpath(target).exists() and quoted:
        return None
    if (root / "daemon" / target).exists() or (root / target).exists():
        named = project_folder(target)
        return None if named == own or named in projects or named.split("/")[0] in projects else f"{own} may not know {named}"
    if STANDARD.fullmatch(target):
        return None
    if folder not in PURE and (SYSTEM.fullmatch(target) or target in LIBC):
        return None
    if any(target.startswith(prefix) for prefix in libraries):
        return None
    return f"{own} may not use <{target}>"


def main():
    root = pathlib.Path(sys.argv[1])
    problems, files, includes = [], 0, 0
    for top in ("daemon", "drivers"):
        for path in sorted((root / top).rglob("*.[ch]pp")):
            source = str(path.relative_to(root))
            if ROOTS.fullmatch(source):
                continue
            if folder_of(source) is None:
                problems.append(f"{source}: no row in the table of {pathlib.Path(__file__).name}")
                continue
            files += 1
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                if match := INCLUDE.match(line):
                    includes += 1
                    if problem := refusal(source, match[1] == '"', match[2], root):
                        problems.append(f"{source}:{number}: {problem}")
    print(*problems, sep="\n", end="\n" if problems else "")
    print(f"{includes} includes in {files} files checked, {len(problems)} problems")
    return 1 if problems or not includes else 0


sys.exit(main())
