# Sourced: the Debian releases that Gatefold is built for.
# shellcheck shell=bash disable=SC2034

releases=(12 13)

# The status of what needs a mirror where none answers.
no_mirror=75

# codename RELEASE
codename() {
    case $1 in
    12) echo bookworm ;;
    13) echo trixie ;;
    *) usage_error "Debian $1 is not one of ${releases[*]}" ;;
    esac
}

# The release of this machine; empty when it is none of them.
own_release() {
    local ID='' VERSION_ID='' release
    # shellcheck source=/dev/null
    . /etc/os-release
    for release in "${releases[@]}"; do [ "$ID $VERSION_ID" != "debian $release" ] || echo "$release"; done
}

# The newest release that is not this machine's own.
other_release() { printf '%s\n' "${releases[@]}" | grep -vx "$(own_release)" | tail -1; }

# release_of PACKAGE: the release that a package's version names.
release_of() { dpkg-deb --field "$1" Version | sed -n 's/.*~deb\([0-9]*\).*/\1/p'; }

# depends_of PACKAGE: the names of what it depends on, the first of alternatives, one a line.
depends_of() { dpkg-deb --field "$1" Depends | tr ',' '\n' | sed 's/|.*//; s/(.*//; s/ //g' | sort -u; }

# box_root PACKAGE: a Debian of the package's release with everything that the package depends on (root.sh), so that a second run needs no
# network and apt installs nothing but the package. Prints the folder.
box_root() {
    local depends
    mapfile -t depends < <(depends_of "$1")
    "$root/scripts/debian/root.sh" "$(release_of "$1")" box "${depends[@]}"
}
