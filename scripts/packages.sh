# The Debian packages that Gatefold needs, by what for. scripts/install.sh installs those that are missing.
# shellcheck shell=bash disable=SC2034

# What ./test.sh is made with, and what judges the form of the sources.
base_packages=(git python3)
format_packages=(clang-format)

# What a build is made with, and what Gatefold is built from: libraries, which are of the box's own architecture, and headers, which are of none.
build_tools=(build-essential ca-certificates ccache cmake git ninja-build pkg-config python3)
build_libraries=(
    libasound2-dev libcairo2-dev libdeflate-dev libexpat1-dev libfmt-dev libisal-dev
    libjpeg62-turbo-dev libmosquitto-dev libopencv-core-dev libopencv-imgproc-dev libpng-dev
    libpoco-dev libsodium-dev libspdlog-dev libsqlite3-dev libsqlitecpp-dev libssl-dev
    libtomlplusplus-dev libudev-dev libusb-1.0-0-dev libzxing-dev zlib1g-dev
)
build_headers=(libcli11-dev nlohmann-json3-dev)
build_packages=("${build_tools[@]}" "${build_libraries[@]}" "${build_headers[@]}")

# What run.sh starts beside the daemon.
runtime_packages=(mosquitto curl)

# What the tests use: checkers, emulated devices, a browser, package tools.
test_packages=(
    clang clang-tidy libclang-rt-dev llvm
    libboost-test-dev mold umockdev libumockdev-dev
    mosquitto mosquitto-clients openssl sqlite3 curl jq socat xz-utils
    chromium-headless-shell fonts-noto-core poppler-utils
    dpkg-dev fakeroot file lintian strace systemd
)

# Another Debian in a folder, see scripts/debian/root.sh; for ./test.sh --all also a container and a virtual machine of it.
debian_packages=(mmdebstrap)
container_packages=(mmdebstrap systemd-container)
vm_packages=(cpio e2fsprogs kmod mmdebstrap)
case $(dpkg --print-architecture) in
amd64) vm_packages+=(qemu-system-x86) ;;
arm64) vm_packages+=(qemu-system-arm) ;;
esac

# Fetches the pinned Node where the machine has no npm at all.
npm_packages=(ca-certificates nodejs npm)
