# Sourced by run.sh --demo: a small real collection and a small offline catalogue, handed in the way anything else comes in.
# shellcheck shell=bash disable=SC2154

fill_demo_catalogue() {
    headline "Building the demo's offline catalogue"
    gatefold catalogue build "$root/config/demo/releases.xml" >/dev/null || echo "the demo's catalogue could not be built" >&2
}

# demo_call METHOD PATH [BODY]: one request to the running daemon with the demo's own token.
demo_call() {
    curl -fsS -X "$1" -H "Authorization: Bearer $demo_token" -H 'Content-Type: application/json' ${3:+--data "$3"} \
        "http://127.0.0.1:$(page_port)/api/v1/$2"
}

# Every release of the demo's catalogue as a copy, then one record on the deck by a scan.
fill_demo() {
    headline "Filling the demo's collection"
    local demo_token answer release token_id
    answer=$(gatefold token add --scope editor --name demo --json) || return
    demo_token=$(sed -n 's/.*"token" *: *"\([^"]*\)".*/\1/p' <<<"$answer")
    token_id=$(sed -n 's/.*"id" *: *"\([^"]*\)".*/\1/p' <<<"$answer")
    for release in $(sed -n 's/^ *<release id="\([0-9]*\)".*/\1/p' "$root/config/demo/releases.xml"); do
        demo_call POST copies "{\"release_id\": $release}" >/dev/null || break
    done
    gatefold scan 8719262012042 >/dev/null
    gatefold token revoke "$token_id" >/dev/null
}
