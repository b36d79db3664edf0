#!/usr/bin/env bash
# releases.sh - the figures that depend on a release's own ZXing and SQLite, of each Debian release one after the other: real photographs read by
# gatefold-vision, and searches over 10,000 copies. Each release builds and runs in a Debian of its own (scripts/debian/root.sh), so that nothing
# else differs. Needs root and the photographs (GATEFOLD_TEST_DATA).
# shellcheck source=../scripts/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/../scripts/common.sh"
# shellcheck source=../scripts/debian/releases.sh
. "$root/scripts/debian/releases.sh"

programs=(gatefoldd gatefold gatefold-vision seed_store test_vision_photographs)

# Runs in the release's own Debian.
measure() {
    local build="$root/build/bench-$1" debian
    debian=$("$root/scripts/debian/root.sh" "$1" compile) || fail "Debian $1 cannot be had"
    inside() { "$root/scripts/debian/enter.sh" "$debian" "$@"; }
    { inside cmake --preset release -B "$build" && inside cmake --build "$build" --parallel "$(build_jobs)" --target "${programs[@]}"; } \
        >"$cache/bench-$1.log" 2>&1 || { tail -20 "$cache/bench-$1.log" >&2; fail "Gatefold cannot be built on Debian $1"; }
    echo "Debian $1, ZXing $(inside pkg-config --modversion zxing), SQLite $(inside pkg-config --modversion sqlite3)"
    inside "$build/tests/vision/test_vision_photographs" --report_level=no | grep -E '^(SKIPPED|wrong|all|a picture)' || fail "no photographs were read on Debian $1"
    inside python3 bench/run.py --build "$build" --only search
}

for release in "${releases[@]}"; do
    measure "$release"
done
