# Sourced: checks of webui/ by its own npm scripts.
# shellcheck shell=bash disable=SC2154

# The pinned Node, and the page's packages with it.
prepare_page() { use_node && install_page_packages; }

page_script() { use_node && (cd "$root/webui" && npm run --silent "$@" </dev/null); }

check_page_lint() { page_script lint; }
check_page_types() { page_script typecheck; }
check_page_budget() { page_script budget; }

test_browser() { GATEFOLD_BUILD_DIR="$root/build/release" counted timeout 1800 "$root/tests/browser/run.sh"; }

test_page() {
    local report="$results/page.xml" status=0
    page_script test -- --reporter=default --reporter=junit --outputFile.junit="$report" || status=$?
    [ ! -f "$report" ] || count_junit "$report"
    return "$status"
}
