#!/usr/bin/env bash
# Installs what the browser tests need, when the lock file changed, and runs them.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
[ -d ../../.cache/node/bin ] && PATH="$PWD/../../.cache/node/bin:$PATH"
if [ ! -f node_modules/.stamp ] || ! cmp -s package-lock.json node_modules/.stamp; then
    npm ci --no-audit --no-fund --loglevel=error </dev/null
    cp package-lock.json node_modules/.stamp
fi
node --test --test-reporter=dot visit.test.mjs
exec node run.mjs
