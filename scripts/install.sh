#!/usr/bin/env bash
# install.sh LIST... - installs what is missing of the named lists of packages.sh with apt. Does nothing, and needs no rights, when all is there.
# Asks nothing: works without a terminal.
# shellcheck source=common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
# shellcheck source=packages.sh
. "$root/scripts/packages.sh"

wanted=()
for list in "$@"; do
    declare -n packages="${list}_packages" || usage_error "no package list is named $list"
    wanted+=("${packages[@]}")
done

installed=$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' 2>/dev/null | sed -n 's/^installed //p')
mapfile -t missing < <(printf '%s\n' "${wanted[@]}" | sort -u | grep -vxF -f <(printf '%s\n' "$installed"))
[ ${#missing[@]} -gt 0 ] || exit 0

headline "Installing ${#missing[@]} Debian packages"
printf '%s\n' "${missing[*]}" | fold -s -w 100
as_root=()
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || fail "run as root, or install sudo, to install the packages above"
    as_root=(sudo)
fi
# A configuration file that is there already stays: dpkg would ask about it.
apt() {
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0 \
        -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold "$@" </dev/null
}
apt update || fail "apt-get update did not work: is this machine online?"
apt install -y --no-install-recommends "${missing[@]}" >"$cache/apt.log" 2>&1 || {
    tail -20 "$cache/apt.log" >&2
    fail "apt-get could not install the packages; the whole log is $cache/apt.log"
}
