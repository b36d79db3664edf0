#!/usr/bin/env bash
# enter.sh ROOT COMMAND... - runs COMMAND in the Debian under ROOT (root.sh makes one), with this source tree, ccache's folder and the test data
# at their own places, and in this folder where it lies in the tree. Its mounts are its own and end with it. Needs root and the right to mount.
# shellcheck source=../common.sh
. "$(dirname "${BASH_SOURCE[0]}")/../common.sh"

[ $# -ge 2 ] || usage_error "says which root and which command"
debian=$(realpath "$1")
shift

if [ -z "${GATEFOLD_ENTERED:-}" ]; then
    mkdir -p "$CCACHE_DIR"
    GATEFOLD_ENTERED=yes exec unshare --mount --propagation private bash "${BASH_SOURCE[0]}" "$debian" "$@"
fi
for folder in /dev /proc /sys "$root" "$CCACHE_DIR" "${GATEFOLD_TEST_DATA:-}"; do
    [ -d "$folder" ] || continue
    mkdir -p "$debian$folder"
    mount --rbind "$folder" "$debian$folder" || fail "cannot mount $folder in $debian"
done
cp --dereference /etc/resolv.conf "$debian/etc/" 2>/dev/null
case $PWD/ in "$root"/*) ;; *) cd "$root" || exit 1 ;; esac
unset GATEFOLD_ENTERED
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8
exec chroot "$debian" /bin/bash -c 'cd "$1" && shift && exec "$@"' enter "$PWD" "$@"
