#!/usr/bin/env bash
# shellcheck source=scripts/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/scripts/common.sh"
for part in node.sh stages/runner.sh stages/rules.sh stages/native.sh stages/page.sh stages/package.sh; do
    # shellcheck source=/dev/null
    . "$root/scripts/$part"
done

usage() {
    cat <<'END'
./test.sh [--fast | --all]

Installs what is missing, builds, and runs the tests. The last line counts them; the status is 0 when none failed.

  --fast   rules, one build, its quick tests, the page's checks (under 6 minutes)
  (none)   also sanitizers, end-to-end and browser tests, short fuzzing, the Debian package (under 35 minutes)
  --all    also clang-tidy on everything, ThreadSanitizer, long fuzzing, the package in a container and a virtual machine
END
}

scope=default
case $#:${1:-} in
0:) ;;
1:--fast | 1:--all) scope=${1#--} ;;
1:-h | 1:--help) usage && exit 0 ;;
*) usage_error "unknown option ${*}; see ./test.sh --help" ;;
esac

headline "Installing what is missing"
"$root/scripts/install.sh" build runtime test || exit 1
[ "$scope" != all ] || "$root/scripts/install.sh" container vm || exit 1
use_node || fail "Node could not be installed"

start_results

stage "Formatting" check_format
stage "Include rule" check_includes
stage "House rules" check_house_rules
stage "Scripts" check_scripts
stage "Page: packages" install_page_packages
stage "Page: lint" check_page_lint
stage "Page: types" check_page_types
stage "Page: tests" test_page
stage "Build (release)" build_release
stage "Quick tests (release)" test_quick release

if [ "$scope" != fast ]; then
    stage "Page: build" build_page
    stage "Page: size budget" check_page_budget
    stage "Licences" check_licences
    stage "Unit file" check_unit
    stage "End-to-end and browser tests" test_slow
    stage "Debian package" build_package
    if [ "$scope" = all ]; then stage "clang-tidy on everything" tidy_all; else stage "clang-tidy on changed files" tidy_changed; fi
    stage "Build (AddressSanitizer, UndefinedBehaviorSanitizer)" build_preset asan
    stage "Tests under AddressSanitizer, UndefinedBehaviorSanitizer" test_quick asan
    stage "Build (fuzzing)" build_fuzz
    stage "Fuzzing" run_fuzz "$([ "$scope" = all ] && echo 180 || echo 10)"
fi

if [ "$scope" = all ]; then
    stage "Build (ThreadSanitizer)" build_preset tsan
    stage "Tests under ThreadSanitizer" test_quick tsan
    stage "Package in a container" test_package_in_container
    stage "Package, scanners and a power cut in a virtual machine" test_virtual_machine
fi

finish_results
