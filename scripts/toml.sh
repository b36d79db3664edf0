# Sourced: just enough to read and set one key of a gatefold.toml from a script.
# shellcheck shell=bash

# toml_get FILE SECTION KEY: the value without quotes; nothing when the file does not set it.
toml_get() {
    awk -v section="[$2]" -v key="$3" '
        /^[ \t]*\[/ { inside = ($1 == section) }
        inside && match($0, "^[ \t]*" key "[ \t]*=[ \t]*") {
            value = substr($0, RLENGTH + 1)
            if (value ~ /^"/) { sub(/^"/, "", value); sub(/".*/, "", value) } else sub(/[ \t]*(#.*)?$/, "", value)
            print value
            exit
        }' "$1"
}

# toml_set FILE SECTION KEY VALUE: replaces the key, or adds it and its section. VALUE is written as it stands.
toml_set() {
    local changed
    changed=$(awk -v section="[$2]" -v key="$3" -v value="$4" '
        function add() { if (!done) print key " = " value; done = 1 }
        /^[ \t]*\[/ { if (inside) add(); inside = ($1 == section) }
        inside && $0 ~ "^[ \t]*" key "[ \t]*=" { add(); next }
        { print }
        END { if (!inside && !done) print section; add() }' "$1") && printf '%s\n' "$changed" >"$1"
}
