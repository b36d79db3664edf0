# Sourced: the other Debian releases and architectures, each in a Debian of its own (scripts/debian).
# shellcheck shell=bash disable=SC2154

# why_no_debian: why another Debian can not be made and entered here; nothing when it can.
why_no_debian() {
    if [ "$(id -u)" -ne 0 ]; then
        echo "another Debian in a folder needs root"
    elif ! unshare --mount true 2>/dev/null; then
        echo "mounts are not permitted here, so another Debian cannot be entered"
    fi
}

can_enter_debian() {
    local why
    why=$(why_no_debian)
    [ -z "$why" ] || skipped "$why"
}

# debian_root RELEASE KIND: the folder of such a Debian (root.sh); says by 77 that no mirror answers.
debian_root() {
    local status=0
    "$root/scripts/debian/root.sh" "$@" || status=$?
    [ "$status" -ne "$no_mirror" ] || { skipped "no mirror answers, so Debian $1 ($2) cannot be had" >&2; return; }
    return "$status"
}

# Everything is compiled, without optimisation; of the tests those run that use a library, if what they need is in the root (root.sh).
tests_of_libraries=(catalogue core http json mqtt platform store vision vision_photographs vision_process)

# prepare_other_release: begins to make that Debian beside the stages that leave a processor free; compile_on_other_release waits for it.
# It ends with the run.
prepare_other_release() {
    [ -z "$(why_no_debian)" ] || return 0
    # A process group to end, and no session of its own: Linux shares the processors among sessions without a look at priorities.
    set -m
    nice -n 19 "$root/scripts/debian/root.sh" "$(other_release)" compile </dev/null >"$cache/other-release.log" 2>&1 &
    set +m
    # shellcheck disable=SC2064
    trap "kill -- -$! 2>/dev/null || true" EXIT
}

compile_on_other_release() {
    can_enter_debian || return
    local release debian folder status=0
    release=$(other_release)
    folder="$root/build/compile-$release"
    debian=$(debian_root "$release" compile) || return
    inside() { "$root/scripts/debian/enter.sh" "$debian" "$@"; }
    inside cmake --preset compile -B "$folder" -DGATEFOLD_BENCH=ON >"$cache/configure-compile.log" 2>&1 || { cat "$cache/configure-compile.log"; return 1; }
    inside cmake --build "$folder" --parallel "$(build_jobs)" | { grep -v '^\[' || true; }
    inside ctest --test-dir "$folder" --parallel "$(($(nproc) * 2))" --output-on-failure --no-tests=error --output-junit "$results/debian-$release.xml" \
        --tests-regex "^($(IFS='|' && echo "${tests_of_libraries[*]}"))\$" || status=$?
    count_junit "$results/debian-$release.xml"
    return "$status"
}

# The packages that the stage `package` does not build: "RELEASE ARCHITECTURE", one a line.
other_packages() {
    local release architecture own
    own="$(own_release) $(dpkg --print-architecture)"
    for release in "${releases[@]}"; do
        for architecture in $(printf '%s\n' "$(dpkg --print-architecture)" arm64 | sort -u); do
            [ "$release $architecture" = "$own" ] || echo "$release $architecture"
        done
    done
}

# files_of_other_packages ARCHITECTURE: those that build_other_packages leaves, one of each release.
files_of_other_packages() {
    local release architecture
    other_packages | while read -r release architecture; do
        [ "$architecture" != "$1" ] || echo "$root/build/package-$release-$architecture"/gatefold_*.deb
    done
}

build_other_packages() {
    can_enter_debian || return
    local release architecture package status
    while read -r release architecture; do
        status=0
        package=$("$root/scripts/package.sh" "$release" "$architecture" </dev/null) || status=$?
        [ "$status" -ne "$no_mirror" ] || { skipped "no mirror answers, so Debian $release cannot be had"; return; }
        [ "$status" -eq 0 ] || return "$status"
        "$root/tests/package/contents_test.sh" "$package"
    done < <(other_packages)
}

# Each release's package on a box of that release, where those of the other releases are refused.
run_packages_in_containers() {
    local packages package other others said status
    mapfile -t packages < <(echo "$root"/build/package/gatefold_*.deb && files_of_other_packages "$(dpkg --print-architecture)")
    for package in "${packages[@]}"; do
        others=()
        for other in "${packages[@]}"; do [ "$other" = "$package" ] || others+=("$other"); done
        echo "$(basename "$package"):"
        status=0
        said=$("$root/tests/package/nspawn_test.sh" "$package" "${others[@]}" 2>&1) || status=$?
        echo "$said"
        if [ "$status" -eq "$no_mirror" ]; then
            echo "SKIPPED: no mirror answers, so $(basename "$package") has no box"
            : >"$results/partial"
            continue
        fi
        grep -qE '^[0-9]+ passed, [0-9]+ failed$|^FAILED: the container' <<<"$said" || echo "FAILED: the container was not started"
    done | tee "$results/containers"
    awk '/^[0-9]+ passed, [0-9]+ failed$/ { passed += $1; failed += $3 } /^FAILED: the container/ { failed++ }
        END { if (passed + failed == 0) exit 77; print passed + 0 " passed, " failed + 0 " failed"; exit failed > 0 }' "$results/containers"
}

test_packages_in_containers() {
    can_enter_debian || return
    counted run_packages_in_containers
}

test_emulated_programs() {
    can_enter_debian || return
    [ "$(dpkg --print-architecture)" != arm64 ] || { skipped "programs for arm64 start here without emulation"; return; }
    local package debian
    while IFS= read -r package; do
        echo "$(basename "$package"):"
        debian=$(debian_root "$(release_of "$package")" arm64) || return
        "$root/scripts/debian/enter.sh" "$debian" python3 -B "$root/tests/package/emulated_test.py" "$package" </dev/null
    done < <(files_of_other_packages arm64)
}
