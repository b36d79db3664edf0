# Sourced: runs the stages of test.sh, keeps the count, prints the end.
# A stage is a function. Its status is the verdict: 0 passed, 77 skipped (it printed "SKIPPED: reason"), else failed. One that runs
# many tests says how many by `count_junit`.
# shellcheck shell=bash

results="$cache/results"

start_results() {
    rm -rf "$results"
    mkdir -p "$results"
    : >"$results/stages.tsv"
}

# stage TITLE FUNCTION [ARGUMENT...]: runs on after a failure, so that one run shows all of them.
stage() {
    local title=$1 begin=$SECONDS status passed failed
    shift
    headline "$title"
    rm -f "$results/counted"
    (set -e; "$@")
    status=$?
    if [ -f "$results/counted" ]; then
        read -r passed failed <"$results/counted"
        [ "$status" -eq 0 ] || [ "$failed" -gt 0 ] || failed=1
    elif [ "$status" -eq 77 ]; then
        passed=0 failed=0
    else
        passed=$((status == 0)) failed=$((status != 0))
    fi
    local verdict=passed
    [ "$status" -ne 77 ] || verdict=skipped
    [ "$failed" -eq 0 ] || verdict=FAILED
    printf '%s\t%s\t%s\t%s\t%s\n' "$verdict" "$passed" "$failed" "$((SECONDS - begin))" "$title" >>"$results/stages.tsv"
    echo "    $verdict in $((SECONDS - begin)) s"
}

skipped() {
    echo "SKIPPED: $*"
    return 77
}

# count_junit FILE...: adds up the tests of JUnit reports and shows what they skipped.
count_junit() { python3 "$root/scripts/stages/junit.py" "$results/counted" "$@"; }

finish_results() {
    headline "Summary"
    awk -F '\t' '{ printf "%-8s %5d passed %4d failed %5d s  %s\n", $1, $2, $3, $4, $5 }' "$results/stages.tsv"
    awk -F '\t' '{ passed += $2; failed += $3 } END { printf "%d passed, %d failed\n", passed, failed; exit failed > 0 }' "$results/stages.tsv"
}
