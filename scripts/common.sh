# Sourced by every script: where things are, and how they speak. Nothing here changes the machine.
# shellcheck shell=bash
set -uo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache="$root/.cache"
export CCACHE_DIR="${CCACHE_DIR:-$cache/ccache}"
export CCACHE_MAXSIZE="${CCACHE_MAXSIZE:-3G}"
# What ccache asks for before it caches compilations with a precompiled header.
export CCACHE_SLOPPINESS="${CCACHE_SLOPPINESS:-pch_defines,time_macros}"
# The precompiled header is 80 MB; hashed once instead of for every file.
export CCACHE_INODECACHE="${CCACHE_INODECACHE:-true}"
export npm_config_cache="${npm_config_cache:-$cache/npm}"

if [ -t 1 ]; then bold=$'\e[1m' plain=$'\e[0m'; else bold='' plain=''; fi

headline() { printf '%s==> %s%s\n' "$bold" "$*" "$plain"; }
fail() { printf '%s: %s\n' "$(basename "$0")" "$*" >&2; exit 1; }
usage_error() { printf '%s: %s\n' "$(basename "$0")" "$*" >&2; exit 64; }

# Compilers that run at once: one per processor, and no more than memory carries (1.2 GiB each).
build_jobs() {
    local processors memory_kib
    processors=$(nproc)
    memory_kib=$(awk '/^MemTotal:/ { print $2 }' /proc/meminfo)
    local carried=$((memory_kib / 1258291))
    echo $((carried < 1 ? 1 : carried < processors ? carried : processors))
}

# configure_and_build PRESET [TARGET...]: the preset's folder under build/, all targets when none is named.
configure_and_build() {
    local preset=$1
    shift
    cmake -S "$root" --preset "$preset" >"$cache/configure-$preset.log" 2>&1 || {
        cat "$cache/configure-$preset.log"
        return 1
    }
    local targets=()
    [ $# -eq 0 ] || targets=(--target "$@")
    cmake --build "$root/build/$preset" --parallel "$(build_jobs)" "${targets[@]}"
}

mkdir -p "$cache"
