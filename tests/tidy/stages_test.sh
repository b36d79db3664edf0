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

mkdir -p "$folder/scripts" "$folder/.cache"
cp -r "$project/scripts/." "$folder/scripts/"
cp "$project/test.sh" "$folder/"
printf '/.cache/\n' >"$folder/.gitignore"
echo one >"$folder/code.cpp"
git -C "$folder" init -q && git -C "$folder" add -A && git -C "$folder" -c user.name=t -c user.email=t@t commit -qm 'test: begin'

# The stages of this test, in place of the project's; what installs is left out.
cat >"$folder/.cache/run" <<'RUN'
. "$(dirname "$0")/../scripts/common.sh"
for part in debian/releases stages/table stages/memory stages/runner stages/rules stages/debian; do . "$root/scripts/$part.sh"; done
stage_names=()
row compile "Compiles" "fast all" 1 "" "*.cpp" true
row check "Checks" "fast all" 1 "compile packages:test" "*.cpp" count_tests 3 0
row broken "Breaks" "all" 1 "" "*.txt" false
row after "Comes after" "all" 1 "broken" "*.txt" true
row talks "Talks" "all" 1 "" "*.cpp" counted talk
talk() { printf 'SKIPPED: no such light\n7 passed, 0 failed\n'; }
row absent "Is absent" "all" 1 "" "*.txt" skipped "no such device"
row useless "Needs what is absent" "all" 1 "absent" "*.txt" false
row some "Looks at some" "all" 1 "" "*.txt" note_partial "no time for the rest"
row other "Makes a Debian" "all" 1 "packages:build debian:debian" "*.txt" true
run_all() { start_results && for name in "$@"; do run_stage "$name"; done && finish_results; }
"$@"
RUN
run() { bash "$folder/.cache/run" "$@"; }

expect "a scope has its stages" "$(run stages_of fast | tr '\n' ' ')" "compile check "
expect "a stage comes after what it needs" "$(run with_needs check | tr '\n' ' ')" "compile check "
expect "a stage names its package lists" "$(run package_lists_of compile check)" "test"
expect "one that needs none has none" "$(run package_lists_of compile)" ""
expect "a run that cannot make another Debian asks for no list of it" \
    "$(bash "$folder/.cache/run" eval 'why_no_debian() { echo no; }; package_lists_of other; why_no_debian() { :; }; package_lists_of other' | tr '\n' ' ')" "build build debian "
expect "a wrong name gets the nearest one" "$(run nearest_stage chekc)" "check"

said=$(run run_all compile check 2>&1)
expect "passed stages end with 0" $? 0
expect "a stage says how many tests it ran" "$(tail -1 <<<"$said")" "4 passed, 0 failed"
said=$(run run_all broken after absent 2>&1)
expect "a failed stage ends with 1" $? 1
expect "a stage whose need failed is failed" "$(tail -1 <<<"$said")" "0 passed, 2 failed"
expect_line "a skipped stage is counted with its reason" "$said" "1 skipped:"
expect_line "the reason of a skip is in the summary" "$said" "    no such device"
said=$(run run_all absent useless 2>&1)
expect "a stage whose need was skipped is skipped" "$? $(tail -1 <<<"$said")" "0 0 passed, 0 failed"
expect_line "and says so in the summary" "$said" "    useless needs the stage absent, which was skipped"

run run_all some >/dev/null 2>&1
expect_line "a stage that looked at a part is not remembered" "$(run show_status)" "some  *never"
said=$(run run_all talks 2>&1)
expect "what a program counts is counted" "$(tail -1 <<<"$said")" "7 passed, 0 failed"
expect_line "what a program skips is in the summary" "$said" "    no such light"

status=$(run show_status)
expect_line "a run keeps what other stages remember" "$status" "check .* unchanged"
expect_line "a failed stage is not remembered" "$status" "broken  *never"
expect_line "a pass that skipped something says so" "$status" "talks .* unchanged, 1 skipped"
expect "the number of current stages is said" "$(tail -1 <<<"$status")" \
    "3 of 9 stages passed after the last change of what they cover, 2 of them skipped nothing"
echo two >"$folder/new.cpp"
expect_line "a new file is a change" "$(run show_status)" "check .* CHANGED: 1 files, new.cpp"
rm "$folder/new.cpp"
echo note >"$folder/note.txt"
expect_line "a file that a stage does not cover is no change" "$(run show_status)" "check .* unchanged"
rm "$folder/note.txt"
for file in scripts/common.sh scripts/stages/runner.sh; do
    echo '# changed' >>"$folder/$file"
    expect_line "a change of $file is one of every stage" "$(run show_status)" "compile .* CHANGED: 1 files, $file"
    git -C "$folder" checkout -q "$file"
done
sed -i 's/count_tests 3 0/count_tests 4 0/' "$folder/.cache/run"
expect_line "another command of the row is a change" "$(run show_status)" "check .* CHANGED: its command, before: count_tests 3 0"
sed -i 's/count_tests 4 0/count_tests 3 0/' "$folder/.cache/run"
# shellcheck disable=SC2016
expect_line "seconds become a table in Markdown" "$(run show_table)" '| `compile` | fast all | [0-9]* | [0-9]* | Compiles |'

# What changed, in a clone whose HEAD is origin/main, ahead of it, and without one.
git_quietly() { git -C "$folder" -c user.name=t -c user.email=t@t "$@" >/dev/null 2>&1; }
: >"$folder/empty.cpp"
said=$(run changed_files)
expect "one untracked file, an empty one, is a changed file" "$? $(grep cpp <<<"$said" | tr '\t\n' ' |')" "0 1 code.cpp|0 empty.cpp|"
said=$(python3 -c 'import socket, subprocess, sys; sys.exit(subprocess.call(sys.argv[1:], stderr=socket.socketpair()[0]))' \
    bash "$folder/.cache/run" eval 'start_results; note_unknown_branch() { :; }; changed_units() { echo code.cpp; }; tidy() { cat; }; tidy_changed')
expect "clang-tidy's files are said where stderr is a socket" "$? $said" "0 code.cpp"
expect "before the first commit is the empty tree" "$(run change_base)" "$(git hash-object -t tree /dev/null)"
git_quietly add -A && git_quietly commit -m 'test: add one'
git_quietly update-ref refs/remotes/origin/main HEAD
expect "where HEAD is origin/main, the last commit is looked at" "$(run change_base)" "$(git -C "$folder" rev-parse HEAD~1)"
expect "and that is said" "$(run eval 'start_results; note_unknown_branch changes')" \
    "SKIPPED: changes before the last commit, because HEAD is not ahead of an origin/main"
git_quietly commit --allow-empty -m 'test: one' && git_quietly commit --allow-empty -m 'test: two'
expect "a branch has its own commits" "$(run change_base)" "$(git -C "$folder" rev-parse HEAD~2)"
expect "and nothing is left out" "$(run eval 'start_results; note_unknown_branch changes')" ""
mv "$folder/.git" "$folder/git"
for stage in check_format check_house_rules check_words check_scripts tidy_all tidy_changed; do
    said=$(run eval "judged_on_debian_12() { :; }; start_results; $stage" 2>&1)
    expect_line "$stage is skipped where git does not know the folder" "$? $said" "77 SKIPPED: git does not list this folder's files: fatal: not a git repository"
done
mv "$folder/git" "$folder/.git"

# Another Debian: no mirror, and packages of this machine's own release from earlier runs.
mkdir -p "$folder/tests/package" "$folder/bin"
printf '#!/bin/sh\n[ -z "$mirror_status" ] || exit "$mirror_status"\necho "$@" | xargs -n 1 basename\necho "1 passed, 0 failed"\n' >"$folder/tests/package/nspawn_test.sh"
printf '#!/bin/sh\nexit "$mirror_status"\n' | tee "$folder/scripts/debian/root.sh" >"$folder/scripts/package.sh"
chmod +x "$folder/tests/package/nspawn_test.sh"
for kind in package package-12-amd64 package-13-amd64; do
    mkdir -p "$folder/build/$kind"
    : >"$folder/build/$kind/gatefold_${kind}_amd64.deb"
done
stubs='own_release() { echo 12; }; dpkg() { echo amd64; }; can_enter_debian() { :; }; start_results'
export mirror_status=
expect "a package left by an earlier run is no package of another release" "$(run eval "$stubs; run_packages_in_containers" | tr '\n' ' ')" \
    "gatefold_package_amd64.deb: gatefold_package_amd64.deb gatefold_package-13-amd64_amd64.deb 1 passed, 0 failed \
gatefold_package-13-amd64_amd64.deb: gatefold_package-13-amd64_amd64.deb gatefold_package_amd64.deb 1 passed, 0 failed 2 passed, 0 failed "
mirror_status=75
for stage in compile_on_other_release build_other_packages; do
    run eval "$stubs; $stage" >"$folder/said" 2>&1
    expect "$stage is skipped where no mirror answers" "$? $(cut -d , -f 1 "$folder/said")" "77 SKIPPED: no mirror answers"
done
said=$(run eval "$stubs; test_packages_in_containers")
expect "containers that cannot be made are skipped" "$? $(grep -c '^SKIPPED: no mirror answers' <<<"$said")" "77 2"
mirror_status=3
run eval "$stubs; compile_on_other_release" >"$folder/said" 2>&1
expect "another fault is one" $? 3

# The project's own table.
cat >"$folder/.cache/own" <<'OWN'
. "$1/scripts/common.sh"
for part in packages node debian/releases stages/table stages/memory stages/runner stages/rules stages/native stages/page stages/package stages/debian; do . "$root/scripts/$part.sh"; done
before=" " covered=
for name in "${stage_names[@]}"; do
    for need in ${stage_needs[$name]}; do
        if [[ $need == *:* ]]; then
            declare -p "${need#*:}_packages" >/dev/null 2>&1 || echo "$name needs $need, which is no list"
        else
            [[ $before == *" $need "* ]] || echo "$name needs $need, which is no stage before it"
        fi
    done
    read -r function _ <<<"${stage_command[$name]}"
    declare -F "$function" >/dev/null || echo "$name has no function $function"
    covers=" $(covers_of "$name") " file=$(file_of "$function")
    [[ -n $file && $covers == *" $file "* ]] || echo "$name does not cover the file of $function"
    covered+=$covers
    before="$before$name "
done
for name in "${tests_of_libraries[@]}"; do
    grep -qrE "^gatefold_test\($name( |\$)" "$root/tests" --include=CMakeLists.txt || echo "$name runs on the other release, and is no test"
done
set -f
for files in $(printf '%s\n' $covered | sort -u); do
    [ -n "$(git -C "$root" ls-files -- "${files#:!}" | head -1)" ] || echo "$files is covered, and is nothing"
done
OWN
expect "the project's rows name stages, functions and files that are there" "$(bash "$folder/.cache/own" "$project")" ""
exit "$failed"
