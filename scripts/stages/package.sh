# Sourced: licences, the unit file, the Debian package.
# shellcheck shell=bash disable=SC2154

check_licences() { python3 "$root/scripts/licences.py" "$root" "$root/build/release"; }

check_unit() { "$root/tests/package/unit_test.sh" "$root/build/release" 2.0; }

build_package() {
    local folder="$root/build/package"
    rm -rf "$folder"
    mkdir -p "$folder"
    (cd "$folder" && cpack -G DEB --config "$root/build/release/CPackConfig.cmake" -B "$folder" >"$cache/cpack.log" 2>&1) ||
        { tail -30 "$cache/cpack.log"; return 1; }
    "$root/tests/package/contents_test.sh" "$folder"/gatefold_*.deb
}

# Says itself what it lacks, and then ends with 77; its disk is made from another Debian.
test_virtual_machine() { can_enter_debian && counted python3 "$root/tests/vm/vm_test.py" "$(echo "$root"/build/package/gatefold_*.deb)"; }
