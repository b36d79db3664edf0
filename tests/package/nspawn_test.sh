#!/usr/bin/env bash
# nspawn_test.sh PACKAGE - installs the package on a Debian 12 of its own (debian_root.sh), booted by systemd-nspawn, and
# goes through its life: installed, active, answering, crashed, restarted, removed, installed again, purged. Needs root.
set -euo pipefail
package=$(realpath "$1")
here=$(cd "$(dirname "$0")" && pwd)
root=$("$here/debian_root.sh" "$package")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
chmod 755 "$folder"

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
