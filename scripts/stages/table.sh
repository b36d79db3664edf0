# Sourced: the table of stages, in the order they run in. One row:
#   row NAME TITLE SCOPES SECONDS NEEDS COVERS FUNCTION [ARGUMENT...]
# SCOPES   of fast, default, all: the runs of test.sh that the stage is part of.
# SECONDS  wall time from a clean clone with empty caches on two cores (docs/contributing.md tells of which run; of the stages of --fast
#          alone, of a run of it; of those of --all alone, an estimate); 0 where it is below one second.
# NEEDS    stages that must have passed before in the same run, and package lists of scripts/packages.sh: packages:LIST, or debian:LIST for
#          one that only a run uses that can make another Debian (why_no_debian).
# COVERS   git path specifications: a change of these files makes the last pass out of date. Those of every stage, and the file of its
#          function, are added (covers_of).
# shellcheck shell=bash disable=SC2034,SC2154

stage_names=()
declare -A stage_title stage_scopes stage_seconds stage_needs stage_covers stage_command

row() {
    local name=$1
    stage_names+=("$name")
    stage_title[$name]=$2 stage_scopes[$name]=$3 stage_seconds[$name]=$4 stage_needs[$name]=$5 stage_covers[$name]=$6
    stage_command[$name]=${*:7}
}

# What runs every stage, installs for it and counts its tests. This table is not among them: a pass remembers the command of its row.
machinery='test.sh scripts/common.sh scripts/install.sh scripts/packages.sh scripts/debian/releases.sh scripts/stages/runner.sh scripts/stages/junit.py'

everything='.'
sources='*.cpp *.hpp *.c'
shell_scripts='*.sh .ci scripts tests/e2e/run.py'
page='webui tests/fixtures/openapi.json scripts/node.sh'
# CMake configures all of these for any target.
native='daemon drivers config systemd cmake CMakeLists.txt CMakePresets.json'
# What is compiled, and its tests; no program is made of those of the whole box and of the page.
native_tests="$native tests bench :!tests/e2e :!tests/browser"
box_tests="$native tests bench :!tests/browser"
browser_tests="$native tests bench :!tests/e2e"
packaging="$native $page README.md"
other_debian="scripts/debian scripts/package.sh"
compilers='packages:build packages:test'

# shellcheck disable=SC2086
table_of_stages() {
    local in_all='fast default all' slow='default all'
    row format "Formatting" "$in_all" 3 packages:format "$sources .clang-format" check_format
    row includes "Include rule" "$in_all" 0 "" "$sources tests/tidy/include_rule.py" check_includes
    row house-rules "House rules" "$in_all" 1 "" "$everything" check_house_rules
    row words "Forbidden words" "$in_all" 7 "" "$everything" check_words
    row scripts "Scripts" "$in_all" 8 "" "$shell_scripts tests/*CMakeLists.txt" check_scripts
    row page-packages "Page: packages" "$in_all" 30 "" "webui/package.json webui/package-lock.json scripts/node.sh" prepare_page
    row page-lint "Page: lint" "$in_all" 4 page-packages "$page" check_page_lint
    row page-types "Page: types" "$in_all" 13 page-packages "$page" check_page_types
    row page-tests "Page: tests" "$in_all" 24 page-packages "$page" test_page
    row build-fast "Build (unoptimised)" fast 200 "$compilers" "$native_tests" build_preset compile
    row quick-fast "Quick tests (unoptimised)" fast 57 build-fast "$native_tests" test_quick_fast
    row build "Build (release)" "$slow" 286 "$compilers" "$native_tests" build_release
    row quick "Quick tests (release)" "$slow" 55 build "$native_tests" test_quick release
    row page "Page: build" "$slow" 5 page-packages "$page" build_page
    row page-budget "Page: size budget" "$slow" 1 page "$page" check_page_budget
    row licences "Licences" "$slow" 3 "build page-packages" "$native $page scripts/licences.py" check_licences
    row unit-file "Unit file" "$slow" 1 build "systemd cmake CMakeLists.txt CMakePresets.json tests/package" check_unit
    row e2e "End-to-end tests" "$slow" 30 build "$box_tests" test_e2e
    row browser "Browser tests" "$slow" 90 "build page" "$browser_tests $page" test_browser
    row package "Debian package" "$slow" 16 "build page" "$packaging tests/package" build_package
    row other-release "Compiled on the other Debian release" "$slow" 243 debian:debian "$native_tests $other_debian" compile_on_other_release
    row tidy-changed "clang-tidy on changed files" default 24 "$compilers" "$native .clang-tidy" tidy_changed
    row tidy-all "clang-tidy on everything" all 1800 "$compilers" "$native .clang-tidy" tidy_all
    row build-asan "Build (AddressSanitizer, UndefinedBehaviorSanitizer)" "$slow" 400 "$compilers" "$native_tests" build_preset asan
    row asan "Tests under AddressSanitizer, UndefinedBehaviorSanitizer" "$slow" 95 build-asan "$native_tests" test_quick asan
    row fuzz "Fuzzing" default 90 build-asan "$native tests/CMakeLists.txt tests/fuzz tests/support" run_fuzz 10
    row fuzz-long "Fuzzing, 180 s a target" all 1300 build-asan "$native tests/CMakeLists.txt tests/fuzz tests/support" run_fuzz 180
    row build-tsan "Build (ThreadSanitizer)" all 400 "$compilers" "$native_tests" build_preset tsan
    row tsan "Tests under ThreadSanitizer" all 300 build-tsan "$native_tests" test_quick tsan
    row other-packages "Packages of the other release and of arm64" all 900 "page packages:test debian:debian" "$packaging $other_debian tests/package" build_other_packages
    row container "Packages in containers of their releases" all 120 "package other-packages debian:container" "$packaging $other_debian tests/package" test_packages_in_containers
    row emulated "Programs for arm64 under emulation" all 60 other-packages "$packaging $other_debian tests/package tests/fixtures/dump_small.xml" test_emulated_programs
    row vm "Package, scanners and a power cut in a virtual machine" all 300 "package debian:vm" "$packaging scripts/debian tests/package tests/vm" test_virtual_machine
}
table_of_stages

# stages_of SCOPE: the names of a scope's stages, one a line.
stages_of() {
    local name
    for name in "${stage_names[@]}"; do
        [[ " ${stage_scopes[$name]} " != *" $1 "* ]] || echo "$name"
    done
}

# with_needs NAME...: the named stages and all that they need, in the table's order, one a line.
with_needs() {
    local -A wanted=()
    local queue=("$@") name need
    while [ ${#queue[@]} -gt 0 ]; do
        name=${queue[0]}
        queue=("${queue[@]:1}")
        wanted[$name]=yes
        for need in ${stage_needs[$name]}; do [[ $need == *:* ]] || queue+=("$need"); done
    done
    for name in "${stage_names[@]}"; do [ -z "${wanted[$name]:-}" ] || echo "$name"; done
}

# package_lists_of NAME...: the lists of scripts/packages.sh that the named stages need besides those of every run, one a line.
package_lists_of() {
    local name kinds='packages|debian'
    [ -z "$(why_no_debian)" ] || kinds=packages
    for name in "$@"; do tr ' ' '\n' <<<"${stage_needs[$name]}" | sed -nE "s/^($kinds)://p"; done | sort -u
}

# file_of FUNCTION: the file that it stands in, from the project's folder; nothing for a command that is none of the project's functions.
file_of() (
    shopt -s extdebug
    read -r _ _ file <<<"$(declare -F "$1")"
    case $file in "$root"/*) echo "${file#"$root"/}" ;; esac
)

# covers_of NAME: all path specifications that a stage covers.
covers_of() { echo "$machinery $(file_of "${stage_command[$1]%% *}") ${stage_covers[$1]}"; }

# check_stage_name NAME: bad usage with the nearest name where there is no such stage.
check_stage_name() {
    # Bash takes no empty subscript.
    [ -z "$1" ] || [ -z "${stage_title[$1]:-}" ] || return 0
    usage_error "there is no stage named '$1'; the nearest is $(nearest_stage "$1"), ./test.sh --list names all"
}

# nearest_stage TEXT: the stage whose name is fewest single-letter edits away (Levenshtein).
nearest_stage() {
    printf '%s\n' "${stage_names[@]}" | awk -v typed="$1" '
        function least(a, b, c) { return a < b ? (a < c ? a : c) : (b < c ? b : c) }
        function edits(a, b,    i, j, cost) {
            for (i = 0; i <= length(a); i++) d[i, 0] = i
            for (j = 0; j <= length(b); j++) d[0, j] = j
            for (i = 1; i <= length(a); i++)
                for (j = 1; j <= length(b); j++) {
                    cost = substr(a, i, 1) == substr(b, j, 1) ? 0 : 1
                    d[i, j] = least(d[i - 1, j] + 1, d[i, j - 1] + 1, d[i - 1, j - 1] + cost)
                }
            return d[length(a), length(b)]
        }
        { distance = edits(typed, $0) }
        NR == 1 || distance < best { best = distance; nearest = $0 }
        END { print nearest }'
}

list_stages() {
    local name
    printf '%-14s %-17s %7s  %s\n' STAGE 'RUNS IN' SECONDS TITLE
    for name in "${stage_names[@]}"; do
        printf '%-14s %-17s %7s  %s\n' "$name" "${stage_scopes[$name]}" "${stage_seconds[$name]}" "${stage_title[$name]}"
    done
}
