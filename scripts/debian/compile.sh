#!/usr/bin/env bash
# compile.sh RELEASE - compiles everything, without optimisation, in a Debian of that release (root.sh) into build/compile-RELEASE. A second
# run waits for the first and goes on from where it is. Status 75 when no mirror answers. Needs root.
# shellcheck source=../common.sh
. "$(dirname "${BASH_SOURCE[0]}")/../common.sh"

[ $# -eq 1 ] || usage_error "says which release"
release=$1
folder="$root/build/compile-$release"
exec {lock}>"$cache/compile-$release.lock"
flock "$lock"
debian=$("$root/scripts/debian/root.sh" "$release" compile) || exit
inside() { "$root/scripts/debian/enter.sh" "$debian" "$@"; }
inside cmake --preset compile -B "$folder" >"$cache/configure-compile.log" 2>&1 || { cat "$cache/configure-compile.log"; exit 1; }
inside cmake --build "$folder" --parallel "$(build_jobs)" | { grep -v '^\[' || true; }
