#!/usr/bin/env bash
# nspawn_test.sh PACKAGE - installs the package on a Debian 12 of its own (mmdebstrap, kept in .cache), booted by systemd-nspawn, and
# goes through its life: installed, active, answering, crashed, restarted, removed, installed again, purged. Needs root.
set -euo pipefail
package=$(realpath "$1")
here=$(cd "$(dirname "$0")" && pwd)
cache=$(cd "$here/../.." && pwd)/.cache
root="$cache/debian-12"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
chmod 755 "$folder"

# The package's own dependencies are part of the image, so that a second run needs no network and tests what it should.
depends=$(dpkg-deb --field "$package" Depends | tr ',' '\n' | sed 's/|.*//; s/(.*//; s/ //g' | sort -u | paste -sd,)
stamp="$depends"
if [ "$(cat "$root.stamp" 2>/dev/null)" != "$stamp" ]; then
    echo "building the container's Debian 12"
    rm -rf "$root" "$root.stamp"
    mmdebstrap --quiet --variant=minbase --include="systemd,systemd-sysv,dbus,udev,curl,procps,$depends" bookworm "$root"
    echo "$stamp" >"$root.stamp"
fi

cp "$package" "$folder/gatefold.deb"
cp "$here/inside_container.sh" "$folder/"
timeout --signal=KILL 180 systemd-nspawn --quiet --directory="$root" --volatile=overlay --register=no --keep-unit --private-network \
    --bind-ro="$folder:/test" --boot systemd.mask=console-getty.service systemd.show_status=0 \
    'systemd.run="/bin/bash /test/inside_container.sh"' systemd.run_success_action=exit-force systemd.run_failure_action=exit-force \
    </dev/null >"$folder/log" 2>&1 || true
tr -d '\r' <"$folder/log" | sed -n '/^BEGIN$/,/^END$/p' | sed '/^BEGIN$\|^END$/d'
verdict=$(tr -d '\r' <"$folder/log" | grep -E '^[0-9]+ passed, [0-9]+ failed$' || true)
if [ -z "$verdict" ]; then
    tail -40 "$folder/log"
    echo "FAILED: the container did not get to the end"
    exit 1
fi
[[ $verdict == *', 0 failed' ]]
