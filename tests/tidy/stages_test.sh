#!/usr/bin/env bash
# stages_test.sh ROOT - the machinery of test.sh on a small project with stages of its own: order and needs, the count, what is skipped,
# and the memory of passes.
set -uo pipefail
project=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
# shellcheck source=expect.sh
. "$(dirname "${BASH_SOURCE[0]}")/expect.sh"
expect_line() { # expect_line WHAT TEXT LINE: one line of TEXT begins with LINE
    grep -q "^$3" <<<"$2" && return
    failed=1
    printf 'FAILED: %s\n  no line:  %s\n%s\n' "$1" "$3" "$2"
}

mkdir -p "$folder/scripts"
cp -r "$project/scripts/." "$folder/scripts/"
cp "$project/test.sh" "$folder/"
printf '/.cache/\n' >"$folder/.gitignore"
echo one >"$folder/code.cpp"
git -C "$folder" init -q && git -C "$folder" add -A && git -C "$folder" -c user.name=t -c user.email=t@t commit -qm 'test: begin'

# The stages of this test, in place of the project's; what installs is left out.
cat >"$folder/run" <<'RUN'
. "$(dirname "$0")/scripts/common.sh"
for part in table memory runner; do . "$root/scripts/stages/$part.sh"; done
stage_names=()
row compile "Compiles" "fast all" 1 "" "*.cpp" true
row check "Checks" "fast all" 1 "compile packages:vm" "*.cpp" count_tests 3 0
row broken "Breaks" "all" 1 "" "*.txt" false
row after "Comes after" "all" 1 "broken" "*.txt" true
row talks "Talks" "all" 1 "" "*.txt" counted talk
talk() { printf 'SKIPPED: no such light\n7 passed, 0 failed\n'; }
row absent "Is absent" "all" 1 "" "*.txt" skipped "no such device"
row some "Looks at some" "all" 1 "" "*.txt" note_partial "no time for the rest"
run_all() { start_results && for name in "$@"; do run_stage "$name"; done && finish_results; }
"$@"
RUN
run() { bash "$folder/run" "$@"; }

expect "a scope has its stages" "$(run stages_of fast | tr '\n' ' ')" "compile check "
expect "a stage comes after what it needs" "$(run with_needs check | tr '\n' ' ')" "compile check "
expect "a stage names its package lists" "$(run package_lists_of compile check)" "vm"
expect "a wrong name gets the nearest one" "$(run nearest_stage chekc)" "check"

said=$(run run_all compile check 2>&1)
expect "passed stages end with 0" $? 0
expect "a stage says how many tests it ran" "$(tail -1 <<<"$said")" "4 passed, 0 failed"
said=$(run run_all broken after absent 2>&1)
expect "a failed stage ends with 1" $? 1
expect "a stage whose need failed is failed" "$(tail -1 <<<"$said")" "0 passed, 2 failed"
expect_line "a skipped stage is counted with its reason" "$said" "1 skipped:"
expect_line "the reason of a skip is in the summary" "$said" "    no such device"

run run_all some >/dev/null 2>&1
expect_line "a stage that looked at a part is not remembered" "$(run show_status)" "some  *never"
said=$(run run_all talks 2>&1)
expect "what a program counts is counted" "$(tail -1 <<<"$said")" "7 passed, 0 failed"
expect_line "what a program skips is in the summary" "$said" "    no such light"

status=$(run show_status)
expect_line "a run keeps what other stages remember" "$status" "check .* unchanged"
expect_line "a failed stage is not remembered" "$status" "broken  *never"
expect "the number of current stages is said" "$(tail -1 <<<"$status")" "3 of 7 stages passed after the last change of what they cover"
echo two >"$folder/new.cpp"
expect_line "a new file is a change" "$(run show_status)" "check .* CHANGED: 1 files, new.cpp"
rm "$folder/new.cpp"
echo note >"$folder/note.txt"
expect_line "a file that a stage does not cover is no change" "$(run show_status)" "check .* unchanged"
# shellcheck disable=SC2016
expect_line "seconds become a table in Markdown" "$(run show_table)" '| `compile` | fast all | [0-9]* | [0-9]* | Compiles |'
# The project's own table.
cat >"$folder/own" <<'OWN'
. "$1/scripts/common.sh"
for part in node debian/releases stages/table stages/memory stages/runner stages/rules stages/native stages/page stages/package stages/debian; do . "$root/scripts/$part.sh"; done
before=" "
for name in "${stage_names[@]}"; do
    for need in ${stage_needs[$name]}; do
        [[ $need == packages:* || $before == *" $need "* ]] || echo "$name needs $need, which is no stage before it"
    done
    read -r function _ <<<"${stage_command[$name]}"
    declare -F "$function" >/dev/null || echo "$name has no function $function"
    set -f
    for files in ${stage_covers[$name]}; do
        [ -n "$(git -C "$root" ls-files -- "$files" | head -1)" ] || echo "$name covers $files, which is nothing"
    done
    before="$before$name "
done
OWN
expect "the project's rows name stages, functions and files that are there" "$(bash "$folder/own" "$project")" ""
exit "$failed"
