# Sourced: remembers each stage's last pass in .cache/stages/NAME and shows what changed since.
# A file holds one line: commit, tree, time (UTC), wall seconds, CPU seconds, number of things skipped, command; separated by tabs. The tree is
# git's name for the content of all files, uncommitted and untracked ones included, when the run began.
# shellcheck shell=bash disable=SC2154

memory="$cache/stages"

# current_tree: git's name for the content of the folder as it is now; nothing where git cannot say.
current_tree() (
    index=$(git -C "$root" rev-parse --path-format=absolute --git-path index 2>/dev/null) || exit
    GIT_INDEX_FILE=$(mktemp "$cache/index.XXXXXX")
    export GIT_INDEX_FILE
    trap 'rm -f "$GIT_INDEX_FILE"' EXIT
    cp "$index" "$GIT_INDEX_FILE"
    git -C "$root" add --all 2>/dev/null && git -C "$root" write-tree
)

# remember_pass NAME TREE WALL CPU SKIPPED
remember_pass() {
    local commit
    commit=$(git -C "$root" rev-parse HEAD 2>/dev/null) || commit=-
    mkdir -p "$memory"
    printf '%s\t' "$commit" "${2:-unknown}" "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$3" "$4" "$5" >"$memory/$1.new"
    echo "${stage_command[$1]}" >>"$memory/$1.new"
    mv "$memory/$1.new" "$memory/$1"
}

# changed_since NAME TREE COMMAND NOW: what of the files that a stage covers differs between two trees, or its command, one line.
changed_since() {
    local files count
    [ "$3" = "${stage_command[$1]}" ] || { echo "CHANGED: its command, before: $3"; return; }
    # shellcheck disable=SC2046
    files=$(set -f && git -C "$root" diff --name-only "$2" "$4" -- $(covers_of "$1") 2>/dev/null) || {
        echo "unknown: git no longer has the files of that pass"
        return
    }
    [ -n "$files" ] || { echo "unchanged"; return; }
    count=$(wc -l <<<"$files")
    echo "CHANGED: $count files, $(head -1 <<<"$files")"
}

# show_status: each stage's last pass, its commit ("+" for uncommitted changes), whether files that it covers changed since, and how much it
# skipped.
show_status() {
    local now name commit tree time wall skips command since mark current=0 whole=0
    now=$(current_tree)
    printf '%-14s %-20s %-10s %7s  %s\n' STAGE 'LAST PASS' COMMIT SECONDS 'FILES IT COVERS'
    for name in "${stage_names[@]}"; do
        if ! IFS=$'\t' read -r commit tree time wall _ skips command 2>/dev/null <"$memory/$name"; then
            printf '%-14s never\n' "$name"
            continue
        fi
        since=$(changed_since "$name" "$tree" "$command" "$now")
        if [ "$since" = unchanged ]; then
            current=$((current + 1))
            if [ "$skips" -gt 0 ]; then since+=", $skips skipped"; else whole=$((whole + 1)); fi
        fi
        mark=+
        [ "$(git -C "$root" rev-parse --quiet --verify "$commit^{tree}")" != "$tree" ] || mark=
        printf '%-14s %-20s %-10s %7s  %s\n' "$name" "$time" "${commit:0:9}$mark" "$wall" "$since"
    done
    echo "$current of ${#stage_names[@]} stages passed after the last change of what they cover, $whole of them skipped nothing"
}

# show_table: the stages' seconds at their last pass as a table in Markdown.
show_table() {
    local name wall cpu
    printf '%s\n\n' "Seconds of each stage's last pass on this machine; a pass that found files built, downloaded or cached took less than one from a clean clone."
    printf '| stage | runs in | seconds | CPU seconds | what |\n| --- | --- | --- | --- | --- |\n'
    for name in "${stage_names[@]}"; do
        IFS=$'\t' read -r _ _ _ wall cpu _ 2>/dev/null <"$memory/$name" || wall=– cpu=–
        # shellcheck disable=SC2016
        printf '| `%s` | %s | %s | %s | %s |\n' "$name" "${stage_scopes[$name]}" "$wall" "$cpu" "${stage_title[$name]}"
    done
}
