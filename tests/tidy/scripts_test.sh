#!/usr/bin/env bash
# scripts_test.sh ROOT - the parts of run.sh and test.sh that can go wrong silently: reading and writing gatefold.toml, counting test
# results, refusing wrong options.
set -uo pipefail
root=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
# shellcheck source=expect.sh
. "$(dirname "${BASH_SOURCE[0]}")/expect.sh"

. "$root/scripts/toml.sh"
printf '[http]\nlisten = "::" # all\nport = 1 # one\n[[deck]]\nid = "a"\n[mqtt]\nhost="h"\n' >"$folder/a.toml"
expect "text is read without quotes" "$(toml_get "$folder/a.toml" http listen)" "::"
expect "a number is read without its comment" "$(toml_get "$folder/a.toml" http port)" 1
expect "a key of another section is not read" "$(toml_get "$folder/a.toml" mqtt port)" ""
toml_set "$folder/a.toml" http port 99
toml_set "$folder/a.toml" mqtt port 5
toml_set "$folder/a.toml" store path '"/a b"'
expect "keys are replaced and added where they belong" "$(tr '\n' '|' <"$folder/a.toml")" \
    '[http]|listen = "::" # all|port = 99|[[deck]]|id = "a"|[mqtt]|host="h"|port = 5|[store]|path = "/a b"|'

cat >"$folder/report.xml" <<'XML'
<testsuite><testcase name="good" status="run"><system-out>SKIPPED: no data</system-out></testcase><testcase name="bad" status="fail"><failure/></testcase>
<testcase name="left out" status="notrun"><skipped message="SKIP_RETURN_CODE=77"/></testcase>
<testcase name="not built" status="notrun"><skipped message="Unable to find executable"/></testcase></testsuite>
XML
said=$(python3 "$root/scripts/stages/junit.py" "$folder/counts" "$folder/skipped" "$folder/report.xml")
expect "results are counted" "$(cat "$folder/counts")" "1 2"
expect "what was skipped is said" "$(tr '\n' '|' <<<"$said")" 'FAILED:  bad|FAILED:  not built|SKIPPED: good: no data|SKIPPED: left out|'
expect "what was skipped is kept for the summary" "$(tr '\n' '|' <"$folder/skipped")" 'good: no data|left out|'

for command in "run.sh --prot 80" "run.sh --port eighty" "run.sh --port" "run.sh --config $folder/none.toml" "test.sh --quick" "test.sh --fast --all" \
    "test.sh --only" "test.sh --only format qiuck"; do
    # shellcheck disable=SC2086
    "$root"/$command >/dev/null 2>&1
    expect "$command is bad usage" $? 64
done
expect "an empty name of a stage is named" "$("$root/test.sh" --only '' 2>&1 | cut -d ';' -f 1)" "test.sh: there is no stage named ''"

# A copy of the scripts in which programs that take long are others.
mkdir -p "$folder/project/bin"
cp -r "$root/scripts" "$folder/project/"
program() { # program FILE TEXT
    printf '#!/bin/bash\n%s\n' "$2" >"$folder/project/$1"
    chmod +x "$folder/project/$1"
}
copied() { PATH="$folder/project/bin:$PATH" "$folder/project/scripts/$1" "${@:2}" 2>"$folder/said" </dev/null; }
program scripts/install.sh 'echo "install.sh $*"'

# What mmdebstrap 1.3 hands on of what apt says; with --quiet nothing.
for said in "  Temporary failure resolving 'deb.debian.org'" '  Could not connect to 127.0.0.1:9 (127.0.0.1). - connect (111: Connection refused)' \
    '  Cannot initiate the connection to 192.0.2.1:80 (192.0.2.1). - connect (101: Network is unreachable)' 'E: Unable to locate package nonsense'; do
    program bin/mmdebstrap "[[ \" \$* \" == *' --quiet '* ]] || echo \"$said\"; echo 'E: mmdebstrap failed to run'; exit 1"
    copied debian/root.sh 13 compile >"$folder/root"
    expect "root.sh where apt says $said" $? "$([[ $said == E:* ]] && echo 1 || echo 75)"
done
expect "root.sh installs what makes another Debian" "$(grep install.sh "$folder/said")" "install.sh debian"
expect "and prints nothing where it has none" "$(cat "$folder/root")" ""

program scripts/debian/root.sh 'exit 75'
copied package.sh 13 arm64
expect "package.sh says by 75 that no mirror answers" $? 75
program scripts/debian/root.sh 'echo /nowhere'
for reason in 'return 1' 'fail "Node is not published for this machine"'; do
    printf 'build_page() { %s; }\n' "$reason" >"$folder/project/scripts/node.sh"
    copied package.sh 13 arm64
    expect "package.sh fails where the page does: $reason" $? 1
    expect "and says so: $reason" "$(tail -1 "$folder/said")" "package.sh: the package for Debian 13, arm64, could not be built"
done

mkdir "$folder/e2e"
cp "$root/tests/e2e/run.py" "$folder/e2e/"
echo 'class Skipped(Exception): pass' >"$folder/e2e/box.py"
printf 'import box\ndef test_it(): raise box.Skipped("not root")\n' >"$folder/e2e/test_all.py"
for named in test_all:0 test_all:test_it:0 test_all:test_that:1; do
    python3 -B "$folder/e2e/run.py" "${named%:*}" >/dev/null
    expect "run.py ${named%:*}, all of whose tests are skipped" $? "${named##*:}"
done
exit "$failed"
