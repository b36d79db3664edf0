#!/usr/bin/env bash
# build.sh REVISION... - what a clean build of each revision costs, one after the other: processor seconds and wall seconds of the release preset,
# programs and tests, without a cache of compilations. Prints a table in Markdown with the first revision as the measure of the others.
# shellcheck source=../scripts/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/../scripts/common.sh"
[ $# -gt 0 ] || usage_error "says which revisions"

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export CCACHE_DISABLE=1

# build_seconds REVISION: "CPU WALL" of its build, configuring left out.
build_seconds() {
    git clone --quiet --no-checkout "$root" "$folder/$1" && git -C "$folder/$1" checkout --quiet --detach "$1" || return
    cmake -S "$folder/$1" -B "$folder/$1/build" --preset release >"$folder/log" 2>&1 || { cat "$folder/log" >&2; return 1; }
    local TIMEFORMAT='%U %S %R'
    { time cmake --build "$folder/$1/build" --parallel "$(build_jobs)" >"$folder/log" 2>&1; } 2>"$folder/time" || { tail -20 "$folder/log" >&2; return 1; }
    awk '{ printf "%.0f %.0f\n", $1 + $2, $3 }' "$folder/time"
    rm -rf "${folder:?}/$1"
}

printf '| revision | CPU seconds | wall seconds, %s processors | of the first |\n| --- | --- | --- | --- |\n' "$(nproc)"
first=
for revision in "$@"; do
    commit=$(git -C "$root" rev-parse --short "$revision") || exit 1
    read -r cpu wall <<<"$(build_seconds "$commit")"
    [ -n "$cpu" ] || fail "$revision cannot be built"
    first=${first:-$cpu}
    printf '| %s | %s | %s | %s |\n' "$commit" "$cpu" "$wall" "$(awk -v a="$cpu" -v b="$first" 'BEGIN { printf "%.2f", a / b }')"
done
