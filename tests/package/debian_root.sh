#!/usr/bin/env bash
# debian_root.sh PACKAGE - makes a Debian 12 of its own in .cache/debian-12 (mmdebstrap; kept) with systemd, a broker and everything that
# PACKAGE depends on, so that a second run needs no network and apt installs nothing but PACKAGE. Prints the folder. Needs root.
set -euo pipefail
package=$1
root=$(cd "$(dirname "$0")/../.." && pwd)/.cache/debian-12
depends=$(dpkg-deb --field "$package" Depends | tr ',' '\n' | sed 's/|.*//; s/(.*//; s/ //g' | sort -u | paste -sd,)
stamp="systemd,systemd-sysv,dbus,udev,kmod,curl,procps,mosquitto,mosquitto-clients,$depends"
if [ "$(cat "$root.stamp" 2>/dev/null)" != "$stamp" ]; then
    echo "building a Debian 12 in $root" >&2
    mkdir -p "$(dirname "$root")"
    rm -rf "$root" "$root.stamp"
    mmdebstrap --quiet --variant=minbase --include="$stamp" --aptopt='APT::Install-Recommends "false"' \
        --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='force-unsafe-io' \
        bookworm "$root" >&2
    echo "$stamp" >"$root.stamp"
fi
echo "$root"
