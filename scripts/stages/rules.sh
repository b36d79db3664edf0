# Sourced: checks that need no build.
# shellcheck shell=bash disable=SC2154

sources() { (cd "$root" && git ls-files -co --exclude-standard -- "$@" | while IFS= read -r file; do [ ! -e "$file" ] || printf '%s\n' "$file"; done); }

# files_known_to_git: skips a stage that asks git for the project's files where git does not list them: an archive that was downloaded, a
# clone of another user's.
files_known_to_git() {
    local said
    said=$(git -C "$root" rev-parse --git-dir 2>&1) || skipped "git does not list this folder's files: ${said%%$'\n'*}"
}

# Two versions of clang-format and clang-tidy never agree on everything: Debian 12's are the measure.
judged_on_debian_12() { [ "$(own_release)" = 12 ] || skipped "$1 of Debian 12 is the measure, and this is another release"; }

check_format() {
    judged_on_debian_12 clang-format || return
    files_known_to_git || return
    local wrong
    wrong=$(sources '*.cpp' '*.hpp' | (cd "$root" && xargs -r clang-format --dry-run -Werror 2>&1 || true) |
        sed -n 's/^\([^:]*\):[0-9]*:[0-9]*: error:.*/\1/p' | sort -u)
    [ -n "$wrong" ] || return 0
    printf '%s\n' "Not formatted; scripts/format.sh puts them right:" "$wrong"
    return 1
}

check_includes() { python3 "$root/tests/tidy/include_rule.py" "$root"; }
check_house_rules() { files_known_to_git && python3 "$root/tests/tidy/house_rules.py" "$root"; }

# branch_point: the commit at which this branch left the main line; fails where that is unknown, because there is no origin/main or HEAD is
# part of it.
branch_point() {
    local base
    base=$(git -C "$root" merge-base HEAD origin/main 2>/dev/null) && [ "$base" != "$(git -C "$root" rev-parse HEAD)" ] && echo "$base"
}

# What changed is looked for since the branch point, or since the commit before HEAD where that is unknown; the empty tree before the first.
change_base() {
    branch_point || git -C "$root" rev-parse --verify --quiet HEAD~1 || git -C "$root" hash-object -t tree /dev/null
}

# note_unknown_branch WHAT: says that only the last commit is looked at, where that is so.
note_unknown_branch() { branch_point >/dev/null || note_skipped "$1 before the last commit, because HEAD is not ahead of an origin/main"; }

# Words of files, and the subjects of commits that the main line does not have yet.
check_words() {
    files_known_to_git || return
    python3 -B "$root/tests/tidy/words/forbidden_words_test.py" 2>&1 | tail -3
    python3 -B "$root/tests/tidy/words/forbidden_words.py" "$root"
    note_unknown_branch "commit subjects"
    python3 -B "$root/tests/tidy/words/forbidden_words.py" "$root" --subjects "$(change_base)"
}

check_scripts() {
    files_known_to_git || return
    local file
    for file in run.sh test.sh .ci/run $(sources 'scripts/*.sh' 'tests/*.sh'); do
        bash -n "$root/$file"
    done
    "$root/tests/tidy/scripts_test.sh" "$root"
    "$root/tests/tidy/stages_test.sh" "$root"
}

# Changed lines and name of each file that differs from the change base or is not in git.
changed_files() {
    git -C "$root" diff --no-renames --numstat "$(change_base)" | awk -F '\t' '{ print $1 + $2 "\t" $3 }'
    # grep ends with 1 where a file is empty, and xargs with 123.
    (cd "$root" && git ls-files -o --exclude-standard -z | xargs -0 -r grep -c '' /dev/null || true) |
        awk -F : '$1 != "/dev/null" { print $2 "\t" $1 }'
}

# The translation units that show the changed files to clang-tidy, the largest risk first: changed sources by their number of changed
# lines, then the sources of changed headers, which have the same name.
changed_units() {
    local lines file
    changed_files | while IFS=$'\t' read -r lines file; do
        case $file in
        daemon/*.cpp | drivers/*.cpp) printf '1\t%s\t%s\n' "$lines" "$file" ;;
        daemon/*.hpp | drivers/*.hpp) printf '0\t%s\t%s\n' "$lines" "${file%.hpp}.cpp" ;;
        esac
    done | sort -t $'\t' -k1,1rn -k2,2rn | cut -f 3 | awk '!seen[$0]++' | while IFS= read -r file; do
        [ ! -e "$root/$file" ] || echo "$file"
    done
}

# Without precompiled headers, so that a missing include is an error.
# tidy SECONDS: clang-tidy on the files of the standard input, one on each processor; none begins after so many seconds.
tidy() {
    judged_on_debian_12 clang-tidy || return
    local built="$root/build/tidy" late
    cmake -S "$root" --preset tidy >"$cache/configure-tidy.log" 2>&1 || { cat "$cache/configure-tidy.log"; return 1; }
    : >"$results/late"
    # shellcheck disable=SC2016
    (cd "$root" && results="$results" built="$built" deadline=$(($(date +%s) + $1)) xargs -r -P "$(nproc)" -n 1 bash -c '
        [ "$(date +%s)" -lt "$deadline" ] || { echo "$1" >>"$results/late"; exit 0; }
        clang-tidy --quiet -p "$built" --extra-arg=-Wno-unknown-warning-option "$1"' tidy 2> >(grep -v 'warnings generated\|Suppressed\|Use -header-filter' >&2)) || return 1
    late=$(wc -l <"$results/late")
    [ "$late" -eq 0 ] || note_partial "clang-tidy on $late more files, $1 s are over; ./test.sh --all checks all"
}

max_changed_units=25
max_tidy_changed_s=180

tidy_changed() {
    local units count
    files_known_to_git || return
    note_unknown_branch "changed files"
    units=$(changed_units)
    count=$(printf '%s' "$units" | grep -c .) || true
    [ "$count" -gt 0 ] || { echo "no source of the daemon or a driver changed"; return 0; }
    [ "$count" -le "$max_changed_units" ] ||
        note_partial "clang-tidy on $((count - max_changed_units)) more changed files; ./test.sh --all checks all"
    printf '%s\n' "$units" | head -"$max_changed_units" | tee >(cat >&2) | tidy "$max_tidy_changed_s"
}

tidy_all() { files_known_to_git && sources 'daemon/*.cpp' 'drivers/*.cpp' | tidy 7200; }
