#!/usr/bin/env bash
# shellcheck source=scripts/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/scripts/common.sh"
for part in node.sh debian/releases.sh stages/table.sh stages/memory.sh stages/runner.sh stages/rules.sh stages/native.sh stages/page.sh stages/package.sh stages/debian.sh; do
    # shellcheck source=/dev/null
    . "$root/scripts/$part"
done

usage() {
    cat <<'END_OF_USAGE'
./test.sh [--fast | --all | --only STAGE...]
./test.sh --list | --status | --table

Installs what is missing, builds, and runs the tests. The last line counts them; the status is 0 when none failed.

  --fast           rules, a build without optimisation, its quick tests without the photographs, the page's checks (limit: 6 minutes)
  (none)           also the other Debian release, sanitizers, end-to-end and browser tests, clang-tidy on changed files, short fuzzing,
                   the Debian package (limit: 55 minutes)
  --all            also clang-tidy on everything, ThreadSanitizer, long fuzzing, packages of the other release and of arm64, packages in
                   containers, under emulation and in a virtual machine
  --only STAGE...  the named stages and the stages that they need

  --list           the stages, the runs that they are part of, and their estimated seconds
  --status         each stage's last pass, its commit, and whether files that it covers changed since
  --table          the seconds of each stage's last pass as a table in Markdown
END_OF_USAGE
}

stages=()
case ${1:-} in
'') mapfile -t stages < <(stages_of default) ;;
--fast | --all) mapfile -t stages < <(stages_of "${1#--}") ;;
--only)
    [ $# -gt 1 ] || usage_error "--only needs the name of a stage; ./test.sh --list names all"
    for name in "${@:2}"; do check_stage_name "$name"; done
    mapfile -t stages < <(with_needs "${@:2}")
    ;;
--list | --status | --table | -h | --help) ;;
*) usage_error "unknown option $*; see ./test.sh --help" ;;
esac
[ $# -le 1 ] || [ "$1" = --only ] || usage_error "unknown option ${*:2}; see ./test.sh --help"
case ${1:-} in
--list) list_stages && exit 0 ;;
--status) show_status && exit 0 ;;
--table) show_table && exit 0 ;;
-h | --help) usage && exit 0 ;;
esac

headline "Installing what is missing"
mapfile -t package_lists < <(package_lists_of "${stages[@]}")
"$root/scripts/install.sh" base "${package_lists[@]}" || exit 1

# Real records and photographs; tests that read them are skipped where the folder is not there.
export GATEFOLD_TEST_DATA="${GATEFOLD_TEST_DATA:-$root/../shared/data}"
start_results
[[ " ${stages[*]} " != *' other-release '* ]] || prepare_other_release
for name in "${stages[@]}"; do run_stage "$name"; done
finish_results
