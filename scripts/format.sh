#!/usr/bin/env bash
# format.sh - brings every C++ file into the house's form.
# shellcheck source=common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
# shellcheck source=stages/rules.sh
. "$root/scripts/stages/rules.sh"
cd "$root" && sources '*.cpp' '*.hpp' | xargs -r clang-format -i
