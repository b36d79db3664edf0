# Sourced: builds and runs the C++ tests.
# shellcheck shell=bash disable=SC2154

build_preset() { configure_and_build "$1" | { grep -v "^\[" || true; }; }
build_release() { build_preset release; }

run_ctest() {
    local preset=$1 report status=0
    shift
    report=$(mktemp "$results/ctest-$preset-XXXXXX.xml")
    # Two for each processor: half of a test program's time is waiting for brokers and sockets.
    # Quotes within the value: the reader of these options ends it at a blank.
    TSAN_OPTIONS="suppressions='$root/tests/tsan.supp'" \
        ctest --test-dir "$root/build/$preset" --parallel "$(($(nproc) * 2))" --output-on-failure --no-tests=error \
        --output-junit "$report" "$@" || status=$?
    [ ! -s "$report" ] || count_junit "$report"
    return "$status"
}

test_quick() { run_ctest "$1"; }

# Code that is not optimised takes half a minute of a processor to read the photographs.
test_quick_fast() { run_ctest compile --exclude-regex '^vision_photographs$'; }

test_e2e() { GATEFOLD_BUILD_DIR="$root/build/release" counted python3 -B "$root/tests/e2e/run.py"; }

fuzz_targets() { cmake --build "$root/build/asan" --target help | grep -oE '\bfuzz_[a-z0-9_]+' | sort -u; }

# run_fuzz SECONDS: every target from its own seeds, one on each processor, and no crash, leak, or timeout.
run_fuzz() {
    local passed failed
    export -f fuzz_one
    export root cache
    fuzz_targets | xargs -P "$(nproc)" -I {} bash -c 'fuzz_one "$@"' fuzz {} "$1" | tee "$results/fuzz"
    passed=$(grep -c '^passed: ' "$results/fuzz") || true
    failed=$(grep -c '^FAILED: ' "$results/fuzz") || true
    count_tests "$passed" "$failed"
    [ "$passed" -gt 0 ] && [ "$failed" -eq 0 ]
}

# fuzz_one TARGET SECONDS: says "passed: TARGET" or "FAILED: TARGET" with the end of its log and the input.
fuzz_one() {
    local name=${1#fuzz_} program input
    program=$(find "$root/build/asan" -name "$1" -type f -perm -u+x | head -1)
    mkdir -p "$cache/fuzz/$name"
    rm -f "$cache/fuzz/$name"-*
    if "$program" -max_total_time="$2" -timeout=10 -rss_limit_mb=1024 -print_final_stats=0 -verbosity=0 \
        -artifact_prefix="$cache/fuzz/$name-" "$cache/fuzz/$name" "$root/tests/fuzz/corpus/$name" >"$cache/fuzz/$name.log" 2>&1; then
        echo "passed: $1, $2 s"
    else
        echo "FAILED: $1"
        tail -30 "$cache/fuzz/$name.log"
        for input in "$cache/fuzz/$name"-*; do
            [ ! -e "$input" ] || echo "input, base64: $(base64 -w0 "$input")"
        done
    fi
}
