# Sourced: `use_node` puts the pinned Node and npm first in PATH, `build_page` builds webui/ when its inputs changed.
# shellcheck shell=bash disable=SC2154

node_version=24.21.0
npm_version=11.19.1

# Debian's Node is too old for the page's tools, so any npm at hand fetches the pinned ones once: the bare program from the
# registry, no install script.
use_node() {
    local folder="$cache/node" platform
    case $(uname -m) in
    x86_64) platform=x64 ;;
    aarch64) platform=arm64 ;;
    *) fail "Node $node_version is not published for $(uname -m)" ;;
    esac
    if [ "$(cat "$folder/stamp" 2>/dev/null)" != "$node_version $npm_version $platform" ]; then
        headline "Installing Node $node_version and npm $npm_version into .cache/node"
        command -v npm >/dev/null || bash "$root/scripts/install.sh" npm || return 1
        rm -rf "$folder"
        mkdir -p "$folder/bin"
        npm install --loglevel=error --no-save --no-audit --no-fund --no-package-lock --prefix "$folder" \
            "node-linux-$platform@$node_version" "npm@$npm_version" </dev/null || return 1
        ln -s "../node_modules/node-linux-$platform/bin/node" "$folder/bin/node"
        ln -s ../node_modules/npm/bin/npm-cli.js "$folder/bin/npm"
        ln -s ../node_modules/npm/bin/npx-cli.js "$folder/bin/npx"
        "$folder/bin/node" --version >/dev/null || return 1
        echo "$node_version $npm_version $platform" >"$folder/stamp"
    fi
    export PATH="$folder/bin:$PATH"
}

# The page's packages, as the lock file has them, when it or package.json changed since they were installed. Not `npm ci`: that refuses a lock file
# without the builds for other systems, which are optional and not in every registry.
install_page_packages() {
    local stamp="$root/webui/node_modules/.gatefold-stamp" lock
    lock=$(sha256sum "$root/webui/package.json" "$root/webui/package-lock.json" "$cache/node/stamp" | cut -d ' ' -f 1 | sha256sum)
    [ "$(cat "$stamp" 2>/dev/null)" = "$lock" ] && return 0
    headline "Installing the page's npm packages"
    (cd "$root/webui" && npm install --no-save --no-audit --no-fund --loglevel=error </dev/null) || return 1
    echo "$lock" >"$stamp"
}

# One hash over all that the page is built from.
page_inputs() {
    (cd "$root" && find webui tests/fixtures/openapi.json \( -name node_modules -o -name dist \) -prune -o -type f -print0 2>/dev/null |
        LC_ALL=C sort -z | xargs -0 sha256sum | cat - "$cache/node/stamp" | sha256sum)
}

build_page() {
    use_node && install_page_packages || return
    local inputs
    inputs=$(page_inputs)
    [ -f "$root/webui/dist/index.html" ] && [ "$(cat "$cache/page.stamp" 2>/dev/null)" = "$inputs" ] && return 0
    headline "Building the page"
    rm -f "$cache/page.stamp"
    (cd "$root/webui" && npm run --silent build </dev/null) || return 1
    page_inputs >"$cache/page.stamp"
}
