# Sourced: remembers each stage's last pass in .cache/stages/NAME and shows what changed since.
# A file holds one line: commit, tree, time (UTC), wall seconds, CPU seconds, separated by tabs. The tree is git's name for the content of
# all files, uncommitted and untracked ones included, when the run began.
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

# remember_pass NAME TREE WALL CPU
remember_pass() {
    local commit
    commit=$(git -C "$root" rev-parse HEAD 2>/dev/null) || commit=-
    mkdir -p "$memory"
    printf '%s\t%s\t%s\t%s\t%s\n' "$commit" "${2:-unknown}" "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$3" "$4" >"$memory/$1.new"
    mv "$memory/$1.new" "$memory/$1"
}

# changed_since NAME TREE NOW: what of the files that a stage covers differs between two trees, one line.
changed_since() {
    local files count
    # shellcheck disable=SC2086
    files=$(set -f && git -C "$root" diff --name-only "$2" "$3" -- ${stage_covers[$1]} 2>/dev/null) || {
        echo "unknown: git no longer has the files of that pass"
        return
    }
    [ -n "$files" ] || { echo "unchanged"; return; }
    count=$(wc -l <<<"$files")
    echo "CHANGED: $count files, $(head -1 <<<"$files")"
}

# show_status: each stage's last pass, its commit ("+" for uncommitted changes), and whether files that it covers changed since.
show_status() {
    local now name commit tree time wall since mark current=0
    now=$(current_tree)
    printf '%-14s %-20s %-10s %7s  %s\n' STAGE 'LAST PASS' COMMIT SECONDS 'FILES IT COVERS'
    for name in "${stage_names[@]}"; do
        if ! IFS=$'\t' read -r commit tree time wall _ 2>/dev/null <"$memory/$name"; then
            printf '%-14s never\n' "$name"
            continue
        fi
        since=$(changed_since "$name" "$tree" "$now")
        [ "$since" != unchanged ] || current=$((current + 1))
        mark=+
        [ "$(git -C "$root" rev-parse --quiet --verify "$commit^{tree}")" != "$tree" ] || mark=
        printf '%-14s %-20s %-10s %7s  %s\n' "$name" "$time" "${commit:0:9}$mark" "$wall" "$since"
    done
    echo "$current of ${#stage_names[@]} stages passed after the last change of what they cover"
}

# show_table: the stages' seconds at their last pass as a table in Markdown, for docs/contributing.md.
show_table() {
    local name wall cpu
    printf '| stage | runs in | seconds | CPU seconds | what |\n| --- | --- | --- | --- | --- |\n'
    for name in "${stage_names[@]}"; do
        IFS=$'\t' read -r _ _ _ wall cpu 2>/dev/null <"$memory/$name" || wall=– cpu=–
        # shellcheck disable=SC2016
        printf '| `%s` | %s | %s | %s | %s |\n' "$name" "${stage_scopes[$name]}" "$wall" "$cpu" "${stage_title[$name]}"
    done
}
