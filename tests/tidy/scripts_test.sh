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
exit "$failed"
