# Sourced by the tests of scripts: says which check failed, and keeps `failed` for the exit status.
# shellcheck shell=bash disable=SC2034
failed=0

expect() { # expect WHAT ACTUAL EXPECTED
    [ "$2" = "$3" ] && return
    failed=1
    printf 'FAILED: %s\n  got:      %q\n  expected: %q\n' "$1" "$2" "$3"
}
