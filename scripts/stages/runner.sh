# Sourced: runs stages, keeps the count, prints the end.
# A stage's function says by its status: 0 passed, 77 skipped (`skipped REASON` does both), else failed. One that runs many tests says how
# many by `count_junit` or `count_tests`.
# shellcheck shell=bash disable=SC2154

results="$cache/results"

start_results() {
    rm -rf "$results"
    mkdir -p "$results"
    : >"$results/stages.tsv"
    : >"$results/skipped"
    tree_at_start=$(current_tree)
}

# need_that VERDICT NAME: the first stage that NAME needs and that has this verdict in this run; nothing when there is none.
need_that() {
    local need
    for need in ${stage_needs[$2]}; do
        awk -F '\t' -v need="$need" -v verdict="$1" '$6 == need && $1 == verdict { print need; exit }' "$results/stages.tsv"
    done | head -1
}

# run_stage NAME: runs on after a failure, so that one run shows all of them; a stage whose need failed counts as failed, one whose need was
# skipped as skipped.
run_stage() {
    local name=$1 begin=$SECONDS status=0 passed failed verdict=passed cpu=0 failed_need skipped_need skipped_before
    headline "${stage_title[$name]} ($name)"
    rm -f "$results/counted" "$results/partial"
    skipped_before=$(wc -l <"$results/skipped")
    failed_need=$(need_that FAILED "$name")
    skipped_need=$(need_that skipped "$name")
    if [ -n "$failed_need" ]; then
        echo "not run: it needs the stage $failed_need, which failed"
        status=1
    elif [ -n "$skipped_need" ]; then
        skipped "$name needs the stage $skipped_need, which was skipped" || status=$?
    else
        run_timed "$name"
        status=$?
        cpu=$(awk '{ printf "%.0f", $1 + $2 }' "$results/time")
    fi
    read -r passed failed <<<"$(counts_of_stage "$status")"
    [ "$status" -ne 77 ] || verdict=skipped
    [ "$failed" -eq 0 ] || verdict=FAILED
    printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$verdict" "$passed" "$failed" "$((SECONDS - begin))" "$cpu" "$name" >>"$results/stages.tsv"
    [ "$verdict" != passed ] || [ -e "$results/partial" ] ||
        remember_pass "$name" "$tree_at_start" "$((SECONDS - begin))" "$cpu" "$(($(wc -l <"$results/skipped") - skipped_before))"
    echo "    $verdict in $((SECONDS - begin)) s"
}

# run_timed NAME: the stage's function in a shell of its own that ends at the first error; its CPU time goes to $results/time.
run_timed() {
    local TIMEFORMAT='%U %S'
    # shellcheck disable=SC2086
    { time { (set -e; ${stage_command[$1]}) 2>&3; }; } 3>&2 2>"$results/time"
}

# counts_of_stage STATUS: "PASSED FAILED" as the stage counted them, else one for the stage itself.
counts_of_stage() {
    local passed=0 failed=0
    if [ -f "$results/counted" ]; then
        read -r passed failed <"$results/counted"
        [ "$1" -eq 0 ] || [ "$failed" -gt 0 ] || failed=1
    elif [ "$1" -ne 77 ]; then
        passed=$(($1 == 0)) failed=$(($1 != 0))
    fi
    echo "$passed $failed"
}

# note_skipped REASON: shows and counts one thing that was not tested, while the stage goes on.
note_skipped() {
    echo "SKIPPED: $*"
    echo "$*" >>"$results/skipped"
}

# note_partial REASON: the same for a part of what the stage covers, so that this run is not remembered as its pass.
note_partial() {
    note_skipped "$@"
    : >"$results/partial"
}

# skipped REASON: the verdict of a stage that cannot run here.
skipped() {
    note_skipped "$@"
    return 77
}

# count_tests PASSED FAILED
count_tests() { echo "$1 $2" >"$results/counted"; }

# count_junit FILE...: adds up the tests of JUnit reports, shows and counts what they skipped.
count_junit() { python3 "$root/scripts/stages/junit.py" "$results/counted" "$results/skipped" "$@"; }

# counted COMMAND...: runs a program that says "SKIPPED: reason" and perhaps ends with "N passed, N failed"; counts both.
counted() {
    local status=0 counts output="$results/output"
    "$@" 2>&1 | tee "$output" || status=$?
    sed -n 's/^SKIPPED: //p' "$output" >>"$results/skipped"
    counts=$(tail -1 "$output" | sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed$/\1 \2/p')
    # shellcheck disable=SC2086
    [ -z "$counts" ] || count_tests $counts
    return "$status"
}

finish_results() {
    headline "Summary"
    local verdict passed failed wall cpu name
    while IFS=$'\t' read -r verdict passed failed wall cpu name; do
        printf '%-8s %5d passed %4d failed %5d s %6d CPU s  %s\n' "$verdict" "$passed" "$failed" "$wall" "$cpu" "${stage_title[$name]}"
    done <"$results/stages.tsv"
    [ ! -s "$results/skipped" ] || { echo "$(wc -l <"$results/skipped") skipped:" && sed 's/^/    /' "$results/skipped"; }
    awk -F '\t' '{ passed += $2; failed += $3 } END { printf "%d passed, %d failed\n", passed, failed; exit failed > 0 }' "$results/stages.tsv"
}
