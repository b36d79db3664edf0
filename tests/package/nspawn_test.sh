#!/usr/bin/env bash
# nspawn_test.sh PACKAGE [OTHER...] - installs the package on a Debian of its release, booted by systemd-nspawn, and goes through its life:
# installed, active, answering, crashed, restarted, removed, installed again, purged. The OTHER packages, of another release, are refused.
# Needs root.
# shellcheck source=../../scripts/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/common.sh"
# shellcheck source=../../scripts/debian/releases.sh
. "$root/scripts/debian/releases.sh"
set -e
package=$(realpath "$1")
shift
here="$root/tests/package"
debian=$(box_root "$package")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
chmod 755 "$folder"

cp "$package" "$folder/gatefold.deb"
mkdir "$folder/other"
[ $# -eq 0 ] || cp "$@" "$folder/other/"
cp "$here/inside_container.sh" "$folder/"
timeout --signal=KILL 180 systemd-nspawn --quiet --directory="$debian" --volatile=overlay --register=no --keep-unit --private-network \
    --bind-ro="$folder:/test" --boot systemd.mask=console-getty.service systemd.show_status=0 \
    systemd.run=/test/inside_container.sh systemd.run_success_action=exit-force systemd.run_failure_action=exit-force \
    </dev/null >"$folder/log" 2>&1 || true
tr -d '\r' <"$folder/log" | sed -n '/^BEGIN$/,/^END$/p' | sed '/^BEGIN$\|^END$/d'
verdict=$(tr -d '\r' <"$folder/log" | grep -E '^[0-9]+ passed, [0-9]+ failed$' || true)
if [ -z "$verdict" ]; then
    tail -40 "$folder/log"
    echo "FAILED: the container did not get to the end"
    exit 1
fi
[[ $verdict == *', 0 failed' ]]
