#!/usr/bin/env bash
# root.sh RELEASE KIND [PACKAGE...] - makes a Debian 12 or 13 in .cache/debian-RELEASE-KIND and prints the folder. Kept: a second run with the
# same packages needs no network. Status 75 when no mirror answers. Needs root, installs mmdebstrap. KIND is
#   compile  compiler, libraries and a broker for tests, unpacked and not configured: a third of the processor time that `build` takes
#   build    what a package is built with
#   arm64    what a package for arm64 is built with on another architecture, and the emulator that starts its programs
#   kernel   Debian's kernel and busybox, unpacked and not configured
#   box      what an installed box has before Gatefold: systemd, a broker, and the named packages
# shellcheck source=../common.sh
. "$(dirname "${BASH_SOURCE[0]}")/../common.sh"
# shellcheck source=releases.sh
. "$root/scripts/debian/releases.sh"
# shellcheck source=../packages.sh
. "$root/scripts/packages.sh"

[ $# -ge 2 ] || usage_error "says which release and which kind"
release=$1 kind=$2
shift 2
name=$(codename "$release") || exit
variant=apt architectures=$(dpkg --print-architecture)
package_tools=(dpkg-dev fakeroot file) options=()
case $kind in
compile)
    variant=extract
    packages=(bash cmake coreutils dash g++ grep gzip libc-bin ninja-build pkg-config python3 sed libboost-test-dev libumockdev-dev mold umockdev mosquitto "${build_libraries[@]}" "${build_headers[@]}")
    ;;
build) packages=("${build_packages[@]}" "${package_tools[@]}") ;;
arm64)
    architectures+=,arm64
    packages=("${build_tools[@]}" g++-aarch64-linux-gnu qemu-user-static "${package_tools[@]}" "${build_libraries[@]/%/:arm64}" "${build_headers[@]}")
    ;;
kernel)
    variant=extract
    packages=("linux-image-$architectures" busybox-static) # not the cloud kernel: that has no USB
    ;;
box)
    packages=(systemd systemd-sysv dbus udev kmod curl procps mosquitto mosquitto-clients)
    options=(--skip=cleanup/apt/lists) # apt knows what the release has, and what it has not
    ;;
*) usage_error "no kind of root is named $kind" ;;
esac
packages+=("$@")

# The mirror that this machine takes its own Debian from; nothing where it has none, for mmdebstrap's own choice.
mirror() {
    # shellcheck disable=SC2016
    apt-get indextargets --format '$(REPO_URI)' 'Origin: Debian' 'Label: Debian' 'Created-By: Packages' 'Component: main' 2>/dev/null | head -1
}

# What apt says where no mirror answers; a mirror that answers and has not what is wanted is another fault.
unreachable='Temporary failure resolving|Could not resolve|Could not connect|Unable to connect|Cannot initiate the connection|Connection (failed|timed out|refused|reset)|Network is unreachable|No route to host'

# Libraries that only an alternative of an installed system names.
unpacked_only() {
    printf '/usr/lib/%s-linux-gnu/%s\n' "$(uname -m)" blas "$(uname -m)" lapack >"$1/etc/ld.so.conf.d/alternatives.conf"
    chroot "$1" /sbin/ldconfig
}

debian="$cache/debian-$release-$kind"
stamp="$variant $architectures ${packages[*]}"
exec {lock}>"$debian.lock"
flock "$lock" # another run makes it: this one waits and takes it
if [ "$(cat "$debian.stamp" 2>/dev/null)" != "$stamp" ]; then
    echo "making Debian $release ($kind) in $debian" >&2
    rm -rf --one-file-system "$debian" "$debian.stamp"
    "$root/scripts/install.sh" debian >&2 || exit 1
    wanted=$(printf '%s,' "${packages[@]}")
    mapfile -t from < <(mirror)
    mmdebstrap --mode=root --variant="$variant" --architectures="$architectures" --include="${wanted%,}" "${options[@]}" \
        --aptopt='APT::Install-Recommends "false"' --dpkgopt='force-unsafe-io' \
        --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
        "$name" "$debian" "${from[@]}" </dev/null >"$debian.log" 2>&1 || {
        tail -20 "$debian.log" >&2
        ! grep -qE "$unreachable" "$debian.log" || exit "$no_mirror"
        fail "mmdebstrap could not make Debian $release"
    }
    [ "$kind" != compile ] || unpacked_only "$debian" || fail "ldconfig does not run in $debian"
    echo "$stamp" >"$debian.stamp"
fi
echo "$debian"
