#!/usr/bin/env bash
# unit_test.sh BUILD MAX - checks the units offline: no word that systemd does not know, and an exposure score of at most MAX.
# systemd-analyze verify ends with 0 on unknown keys, so anything it says is a failure.
set -euo pipefail
build=$1 most=$2
here=$(cd "$(dirname "$0")/../.." && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

install -m 755 /bin/true "$folder/program"
sed "s#^ExecStart=[^ ]*#ExecStart=$folder/program#" "$build/gatefold.service" >"$folder/gatefold.service"
cp "$here/systemd/gatefold.socket" "$folder/"

SYSTEMD_UNIT_PATH="$folder:/lib/systemd/system" systemd-analyze verify --man=no "$folder/gatefold.service" "$folder/gatefold.socket" 2>"$folder/said" || true
if [ -s "$folder/said" ]; then
    cat "$folder/said"
    exit 1
fi
threshold=$(awk -v most="$most" 'BEGIN { print int(most * 10) }')
systemd-analyze security --offline=true --no-pager --threshold="$threshold" "$folder/gatefold.service" >"$folder/score" || {
    grep -v '✓' "$folder/score"
    exit 1
}
tail -1 "$folder/score"
