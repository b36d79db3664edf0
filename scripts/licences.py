#!/usr/bin/env python3
"""licences.py ROOT BUILD - every library that Gatefold is built from and every npm package of the page has a licence that goes together
with Apache-2.0. For Debian's libraries the licence that we rely on is in the table below, together with words that its copyright file
has to hold, so that a change of licence is noticed. The programs in BUILD must not link anything that is not in the table."""

import json
import pathlib
import re
import subprocess
import sys

ACCEPTED = {
    "0BSD", "Apache-2.0", "BlueOak-1.0.0", "BSD-1-Clause", "BSD-2-Clause", "BSD-3-Clause", "BSL-1.0", "CC0-1.0", "ISC", "MIT", "MIT-0", "Unlicense", "Zlib",
    "libpng-2.0", "IJG", "blessing",
    # Their terms are about their own files or about replacing the library: dynamic linking keeps them.
    "LGPL-2.1-or-later", "GCC-exception-3.1", "MPL-2.0", "EDL-1.0",
    # Data and documents inside npm packages.
    "CC-BY-4.0", "Python-2.0", "OFL-1.1",
}

# -dev package: (licence we rely on, words in /usr/share/doc/PACKAGE/copyright)
DEBIAN = {
    "libasound2-dev": ("LGPL-2.1-or-later", "GNU Lesser General Public"),
    "libcairo2-dev": ("LGPL-2.1-or-later", "Mozilla Public License"),
    "libcli11-dev": ("BSD-3-Clause", "BSD-3-clause"),
    "libdeflate-dev": ("MIT", "Expat"),
    "libexpat1-dev": ("MIT", "MIT"),
    "libfmt-dev": ("MIT", "Expat"),
    "libisal-dev": ("BSD-3-Clause", "BSD-3-clause"),
    "libjpeg62-turbo-dev": ("IJG", "Independent JPEG Group"),
    "libmosquitto-dev": ("EDL-1.0", "EDL-1.0"),
    "libopencv-core-dev": ("Apache-2.0", "Apache-2.0"),
    "libopencv-imgproc-dev": ("Apache-2.0", "Apache-2.0"),
    "libpng-dev": ("libpng-2.0", "libpng"),
    "libpoco-dev": ("BSL-1.0", "BSL-1"),
    "libsodium-dev": ("ISC", "ISC"),
    "libspdlog-dev": ("MIT", "Expat"),
    "libsqlite3-dev": ("blessing", "public-domain"),
    "libsqlitecpp-dev": ("MIT", "Expat"),
    "libssl-dev": ("Apache-2.0", "Apache-2.0"),
    "libtomlplusplus-dev": ("MIT", "Expat"),
    "libudev-dev": ("LGPL-2.1-or-later", "LGPL-2.1+"),
    "libusb-1.0-0-dev": ("LGPL-2.1-or-later", "GNU Lesser General Public"),
    "libzxing-dev": ("Apache-2.0", "Apache-2.0"),
    "nlohmann-json3-dev": ("MIT", "Expat"),
    "zlib1g-dev": ("Zlib", "Zlib"),
}
# The compiler's and the C library's own: allowed to be linked by everything.
SYSTEM_SOURCES = {"glibc", "gcc-12", "gcc-14"}


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def check_debian(root):
    """Every -dev package of the build list is in the table, and its copyright file says what the table says."""
    listing = output("bash", "-c", '. "$1"; printf "%s\\n" "${build_packages[@]}"', "-", str(root / "scripts/packages.sh")).split()
    for package in (name for name in listing if name.endswith("-dev")):
        licence, words = DEBIAN.get(package, (None, None))
        if licence is None:
            yield f"{package}: no licence in the table of scripts/licences.py"
        elif licence not in ACCEPTED:
            yield f"{package}: {licence} is not accepted"
        elif words not in pathlib.Path(f"/usr/share/doc/{package}/copyright").read_text(encoding="utf-8", errors="replace"):
            yield f"{package}: its copyright file no longer says {words}"


def sources_of(packages):
    """The source package of each."""
    return set(output("dpkg-query", "-W", "-f", "${source:Package}\n", *packages).split())


def linked_by(program):
    """The libraries that a program names itself, each with its file."""
    needed = re.findall(r"\(NEEDED\).*\[(.+)\]", output("readelf", "-d", str(program)))
    places = dict(re.findall(r"(\S+) => (/\S+)", output("ldd", str(program))))
    return {library: pathlib.Path(places[library]).resolve() for library in needed if library in places}


def packages_of(files):
    """The package of each file name that is of one, asked for at once: dpkg reads its lists of files anew each time."""
    told = subprocess.run(["dpkg", "-S", *(f"*/{name}" for name in files)], check=False, capture_output=True, text=True).stdout
    found = re.findall(r"^([^:, ]+)[^ ]*: \S*/(\S+)$", told, re.MULTILINE)
    return {name: package for package, name in found if name in files}


def check_linked(build):
    """What the programs link comes from the sources of the table."""
    known = SYSTEM_SOURCES | sources_of(DEBIAN)
    programs = [path for path in (build / "sbin/gatefoldd", build / "bin/gatefold", build / "libexec/gatefold/gatefold-vision") if path.exists()]
    if not programs:
        yield f"no programs in {build}"
        return
    linked = {program.name: linked_by(program) for program in programs}
    packages = packages_of({path.name for libraries in linked.values() for path in libraries.values()})
    unknown = {package for package in set(packages.values()) if not sources_of([package]) <= known}
    for program, libraries in linked.items():
        for library, path in libraries.items():
            package = packages.get(path.name)
            if package is None or package in unknown:
                yield f"{program}: links {library} of {package or 'no package'}, which is not in the table"


def allowed(expression):
    """Whether an SPDX expression leaves us an accepted choice."""
    expression = expression.strip("() ")
    if " OR " in expression:
        return any(allowed(part) for part in expression.split(" OR "))
    return all(part.strip("() ") in ACCEPTED for part in expression.split(" AND "))


def check_npm(root):
    lock = root / "webui/package-lock.json"
    if not lock.exists():
        return
    for place in json.loads(lock.read_text())["packages"]:
        manifest = root / "webui" / place / "package.json"
        if not place or not manifest.exists():
            continue  # the project itself, or a package for another platform
        about = json.loads(manifest.read_text())
        licence = about.get("license") or " OR ".join(each["type"] for each in about.get("licenses", []))
        if isinstance(licence, dict):
            licence = licence.get("type", "")
        if not licence or not allowed(licence):
            yield f"{about.get('name', place)}: licence {licence or 'unknown'} is not accepted"


def main():
    root, build = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    problems = [*check_debian(root), *check_linked(build), *check_npm(root)]
    print(*problems, sep="\n", end="\n" if problems else "")
    print(f"licences checked, {len(problems)} problems")
    return 1 if problems else 0


sys.exit(main())
