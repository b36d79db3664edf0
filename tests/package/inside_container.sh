#!/bin/bash
# Runs inside the container of nspawn_test.sh, as root, under its systemd.
exec >/dev/console 2>&1
echo BEGIN
passed=0 failed=0

# check WHAT ACTUAL EXPECTED
check() {
    if [ "$2" = "$3" ]; then
        passed=$((passed + 1))
        echo "passed: $1"
    else
        failed=$((failed + 1))
        echo "FAILED: $1: '$2' instead of '$3'"
    fi
}
property() { systemctl show gatefold.service --property "$1" --value; }
# becomes PROPERTY VALUE: the property after at most 20 s, as soon as it has the value.
becomes() {
    local _
    for _ in $(seq 200); do
        [ "$(property "$1")" != "$2" ] || break
        sleep 0.1
    done
    property "$1"
}
answers() { curl -s --max-time 5 -o /dev/null -w '%{http_code}' "http://127.0.0.1:$1/healthz"; }
install_package() { apt-get install -y --no-install-recommends /test/gatefold.deb >/tmp/apt.log 2>&1 || cat /tmp/apt.log; }
# refusal PACKAGE: why apt does not install a package of another release.
refusal() {
    if apt-get install -y --no-install-recommends "$1" >/tmp/apt.log 2>&1; then
        echo installed
    elif grep -q 'Depends: lib.* but it is not installable' /tmp/apt.log; then
        echo "libraries are missing"
    else
        cat /tmp/apt.log
    fi
}

ip link set lo up 2>/dev/null || true
for other in /test/other/*.deb; do
    [ -e "$other" ] || continue
    version=$(dpkg-deb --field "$other" Version)
    check "$version is refused" "$(refusal "$other")" "libraries are missing"
done
install_package
check "active after installation" "$(becomes ActiveState active)" active
check "runs as its own user" "$(ps -o user= -p "$(property MainPID)")" gatefold
check "its data folder is its own" "$(stat -c '%U:%G %a' /var/lib/gatefold)" "gatefold:gatefold 750"
check "answers on 8080" "$(answers 8080)" 200
check "answers on 80, handed over by the socket unit" "$(answers 80)" 200
check "cannot write to /usr" "$(nsenter -t "$(property MainPID)" -m touch /usr/probe 2>/dev/null && echo yes || echo no)" no
check "has no capability" "$(awk '/^Cap(Eff|Prm|Bnd)/ { print $2 }' "/proc/$(property MainPID)/status" | sort -u)" 0000000000000000
check "the command works beside it" "$(gatefold devices --json >/dev/null 2>/tmp/cli.log && echo yes || cat /tmp/cli.log)" yes

first=$(property MainPID)
kill -SEGV "$first"
check "restarted after a crash" "$(becomes NRestarts 1)" 1
check "active after the crash" "$(becomes ActiveState active)" active
check "as a new process" "$([ "$(property MainPID)" != "$first" ] && echo yes || echo no)" yes
check "answers after the crash" "$(answers 8080)" 200

echo 'nonsense = 1' >>/etc/gatefold/gatefold.toml
systemctl restart gatefold.service 2>/dev/null
check "a wrong configuration is said once, not tried again" "$(becomes ActiveState failed) $(property ExecMainStatus)" "failed 78"
sed -i '/^nonsense/d' /etc/gatefold/gatefold.toml
systemctl restart gatefold.service
check "active with the configuration put right" "$(becomes ActiveState active)" active

touch /var/lib/gatefold/kept
apt-get remove -y gatefold >/tmp/apt.log 2>&1 || cat /tmp/apt.log
check "gone after removal" "$(systemctl is-active gatefold.service)" inactive
check "removal keeps the data" "$([ -e /var/lib/gatefold/kept ] && echo yes || echo no)" yes
install_package
check "active after a second installation" "$(becomes ActiveState active)" active
apt-get purge -y gatefold >/tmp/apt.log 2>&1 || cat /tmp/apt.log
check "purging removes the data" "$([ -e /var/lib/gatefold ] && echo yes || echo no)" no
[ "$failed" -eq 0 ] || journalctl --no-pager -o cat -u gatefold.service -u gatefold.socket | tail -30
echo "$passed passed, $failed failed"
echo END
