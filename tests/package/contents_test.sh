#!/usr/bin/env bash
# contents_test.sh PACKAGE - the Debian package holds what an installed box needs, at the places that people rely on, and Debian's own
# checker finds nothing that matters.
set -euo pipefail
package=$1
listing=$(dpkg-deb --contents "$package" | awk '{ print $1, $2, $6 }')

failed=0
expect() {
    grep -qE "^$1 root/root \./$2\$" <<<"$listing" && return
    echo "FAILED: $2 is missing or has other rights than $1"
    failed=1
}
expect -rwxr-xr-x usr/bin/gatefold
expect -rwxr-xr-x usr/sbin/gatefoldd
expect -rwxr-xr-x usr/libexec/gatefold/gatefold-vision
expect -rw-r--r-- usr/share/gatefold/webui/index.html
expect -rw-r--r-- etc/gatefold/gatefold.toml
expect -rw-r--r-- etc/avahi/services/gatefold.service
expect -rw-r--r-- usr/lib/systemd/system/gatefold.service
expect -rw-r--r-- usr/lib/systemd/system/gatefold.socket
expect -rw-r--r-- usr/lib/sysusers.d/gatefold.conf
expect -rw-r--r-- usr/lib/tmpfiles.d/gatefold.conf
expect -rw-r--r-- 'usr/lib/udev/rules.d/[0-9]+-gatefold.*\.rules'
expect -rw-r--r-- usr/share/doc/gatefold/copyright

# Left out on purpose: manual pages (--help on every level is the manual), and what only packages inside Debian need (the first
# upload's bug number, a mail address).
lintian --allow-root --tag-display-limit 0 --fail-on error,warning --suppress-tags \
    no-manual-page,initial-upload-closes-no-bugs,bogus-mail-host,bogus-mail-host-in-debian-changelog "$package" || failed=1
dpkg-deb --info "$package" | sed -n 's/^ \(Package\|Version\|Architecture\|Depends\|Installed-Size\):/&/p'
echo "package size: $(stat -c %s "$package") bytes"
exit "$failed"
