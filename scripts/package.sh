#!/usr/bin/env bash
# package.sh RELEASE ARCHITECTURE - builds the Debian package of a release (12, 13) and an architecture (amd64, arm64) in a Debian of that
# release (debian/root.sh) and prints its file. arm64 is cross-compiled where this machine is another one. Needs root.
# shellcheck source=common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
# shellcheck source=node.sh
. "$root/scripts/node.sh"

[ $# -eq 2 ] || usage_error "says which release and which architecture"
release=$1 architecture=$2
options=() kind=build
if [ "$architecture" != "$(dpkg --print-architecture)" ]; then
    [ "$architecture" = arm64 ] || usage_error "only arm64 is cross-compiled, not $architecture"
    options=(-DCMAKE_TOOLCHAIN_FILE="$root/cmake/arm64.cmake") kind=arm64
fi

folder="$root/build/package-$release-$architecture"
debian=$("$root/scripts/debian/root.sh" "$release" "$kind") || exit
log="$cache/package-$release-$architecture.log"
inside() { "$root/scripts/debian/enter.sh" "$debian" "$@"; }

# In a shell of its own: what ends it, wherever it stands, ends this script with the end of the log.
build() (
    build_page || fail "the page could not be built"
    rm -f "$folder"/gatefold_*.deb
    inside cmake --preset run -B "$folder" "${options[@]}" &&
        inside cmake --build "$folder" --parallel "$(build_jobs)" &&
        inside env DEB_HOST_ARCH="$architecture" cpack -G DEB --config "$folder/CPackConfig.cmake" -B "$folder"
)
build >"$log" 2>&1 || {
    tail -40 "$log" >&2
    fail "the package for Debian $release, $architecture, could not be built"
}
echo "$folder"/gatefold_*.deb
