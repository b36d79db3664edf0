# Sourced: checks that need no build.
# shellcheck shell=bash disable=SC2154

sources() { (cd "$root" && git ls-files -co --exclude-standard -- "$@" | while IFS= read -r file; do [ ! -e "$file" ] || printf '%s\n' "$file"; done); }

check_format() {
    local wrong
    wrong=$(sources '*.cpp' '*.hpp' | (cd "$root" && xargs -r clang-format --dry-run -Werror 2>&1 || true) |
        sed -n 's/^\([^:]*\):[0-9]*:[0-9]*: error:.*/\1/p' | sort -u)
    [ -n "$wrong" ] || return 0
    printf '%s\n' "Not formatted; scripts/format.sh puts them right:" "$wrong"
    return 1
}

check_includes() { python3 "$root/tests/tidy/include_rule.py" "$root"; }
check_house_rules() { python3 "$root/tests/tidy/house_rules.py" "$root"; }

# Words of files, and the subjects of commits that the main line does not have yet.
check_words() {
    python3 -B "$root/tests/tidy/words/forbidden_words_test.py" 2>&1 | tail -3
    python3 -B "$root/tests/tidy/words/forbidden_words.py" "$root"
    ! git -C "$root" rev-parse --verify --quiet origin/main >/dev/null ||
        python3 -B "$root/tests/tidy/words/forbidden_words.py" "$root" --subjects origin/main
}

check_scripts() {
    local file
    for file in run.sh test.sh .ci/run $(sources 'scripts/*.sh' 'tests/*.sh'); do
        bash -n "$root/$file"
    done
    "$root/tests/tidy/scripts_test.sh" "$root"
    "$root/tests/tidy/stages_test.sh" "$root"
}

# Files that differ from where this branch left the main line, or from the commit before where that is not known.
changed_files() {
    local base
    base=$(git -C "$root" merge-base HEAD origin/main 2>/dev/null) || base=''
    if [ -z "$base" ] || [ "$base" = "$(git -C "$root" rev-parse HEAD)" ]; then
        base=$(git -C "$root" rev-parse --verify --quiet HEAD~1) || base=$(git hash-object -t tree /dev/null)
    fi
    { git -C "$root" diff --name-only "$base" && git -C "$root" ls-files -o --exclude-standard; } | sort -u
}

# The translation units that show the changed files to clang-tidy: a header through the source of its own name.
changed_units() {
    local file
    changed_files | while IFS= read -r file; do
        case $file in
        daemon/*.cpp | drivers/*.cpp) echo "$file" ;;
        daemon/*.hpp | drivers/*.hpp) [ ! -e "$root/${file%.hpp}.cpp" ] || echo "${file%.hpp}.cpp" ;;
        esac
    done | sort -u
}

tidy() {
    local built="$root/build/release"
    [ -f "$built/compile_commands.json" ] || { echo "the release build is missing"; return 1; }
    (cd "$root" && xargs -r -P "$(nproc)" -n 1 clang-tidy --quiet -p "$built" --extra-arg=-Wno-unknown-warning-option 2> >(grep -v 'warnings generated\|Suppressed\|Use -header-filter' >&2))
}

most_tidied=25

tidy_changed() {
    local units count
    units=$(changed_units)
    count=$(printf '%s' "$units" | grep -c .) || true
    [ "$count" -gt 0 ] || { echo "no source of the daemon or a driver changed"; return 0; }
    printf '%s\n' "$units" | head -"$most_tidied"
    [ "$count" -le "$most_tidied" ] || note_skipped "clang-tidy on $((count - most_tidied)) more changed files; ./test.sh --all checks all"
    printf '%s\n' "$units" | grep . | head -"$most_tidied" | tidy
}

tidy_all() { sources 'daemon/*.cpp' 'drivers/*.cpp' | tidy; }
