# Sourced: builds and runs the C++ tests.
# shellcheck shell=bash disable=SC2154

# The ctest labels of tests that need the whole product started or a browser: stages of their own.
slow_labels='^(e2e|browser)$'

build_preset() { configure_and_build "$1" | { grep -v '^\[' || true; }; }
build_release() { build_preset release; }

run_ctest() {
    local preset=$1 report status=0
    shift
    report=$(mktemp "$results/ctest-$preset-XXXXXX.xml")
    # Preloaded test beds come before the sanitizer's runtime on purpose.
    ASAN_OPTIONS="verify_asan_link_order=0:${ASAN_OPTIONS:-}" \
        ctest --test-dir "$root/build/$preset" --parallel "$(nproc)" --output-on-failure --no-tests=error \
        --output-junit "$report" "$@" || status=$?
    [ ! -s "$report" ] || count_junit "$report"
    return "$status"
}

test_quick() { run_ctest "$1" --label-exclude "$slow_labels"; }
test_labelled() { run_ctest release --label-regex "^$1\$"; }

fuzz_targets() { cmake --build "$root/build/fuzz" --target help | grep -oE '\bfuzz_[a-z0-9_]+' | sort -u; }

build_fuzz() {
    cmake -S "$root" --preset fuzz >"$cache/configure-fuzz.log" || { cat "$cache/configure-fuzz.log"; return 1; }
    # shellcheck disable=SC2046
    build_preset_targets fuzz $(fuzz_targets)
}

build_preset_targets() { configure_and_build "$@" | { grep -v '^\[' || true; }; }

# run_fuzz SECONDS: every target from its own seeds, and no crash, leak, or timeout.
run_fuzz() {
    local seconds=$1 target name passed=0 failed=0
    for target in $(fuzz_targets); do
        name=${target#fuzz_}
        mkdir -p "$cache/fuzz/$name"
        if "$(find "$root/build/fuzz" -name "$target" -type f -perm -u+x | head -1)" \
            -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 -print_final_stats=0 -verbosity=0 \
            -artifact_prefix="$cache/fuzz/$name-" "$cache/fuzz/$name" "$root/tests/fuzz/corpus/$name" >"$cache/fuzz/$name.log" 2>&1; then
            passed=$((passed + 1))
        else
            failed=$((failed + 1))
            echo "FAILED: $target"
            tail -30 "$cache/fuzz/$name.log"
        fi
    done
    count_tests "$passed" "$failed"
    echo "$passed fuzz targets passed, $failed failed, $seconds s each"
    [ "$failed" -eq 0 ]
}
