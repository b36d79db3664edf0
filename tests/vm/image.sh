#!/usr/bin/env bash
# image.sh PACKAGE FOLDER - makes a virtual machine's parts in FOLDER from Debian packages alone: vmlinuz, initrd.gz, and disk.ext4 with
# everything that PACKAGE depends on, Debian's kernel modules for emulated USB devices, and agent.sh. PACKAGE itself is not installed.
# Kept until what it is made of changes. Needs root, mmdebstrap, kmod, cpio and e2fsprogs.
# shellcheck source=../../scripts/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/common.sh"
# shellcheck source=../../scripts/debian/releases.sh
. "$root/scripts/debian/releases.sh"
set -e
package=$1 folder=$(realpath -m "$2")
here="$root/tests/vm"

debian=$(box_root "$package")
kernel=$("$root/scripts/debian/root.sh" "$(release_of "$package")" kernel)
stamp=$(cat "$debian.stamp" "$kernel.stamp" "$0" "$here/agent.sh" | sha256sum)
[ "$(cat "$folder/stamp" 2>/dev/null)" != "$stamp" ] || exit 0
echo "building the virtual machine in $folder"
mkdir -p "$folder"
rm -f "$folder/stamp"

release=$(basename "$(echo "$kernel"/lib/modules/*)")
depmod -b "$kernel" "$release"
cp "$kernel/boot/vmlinuz-$release" "$folder/vmlinuz"

# needed MODULE...: their files and those of what they depend on, in loading order.
needed() { for module in "$@"; do modprobe -d "$kernel" -S "$release" --show-depends "$module"; done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }'; }
boot_modules=(virtio_pci virtio_blk ext4)
# A host controller and devices in software (dummy_hcd, the gadgets), what Debian loads for such devices, and the line to the agent.
test_modules=(virtio_console dummy_hcd libcomposite usb_f_hid usb_f_acm usbhid hid_generic cdc_acm evdev)

# The disk. Its folder is copied: the container's stays as it is.
disk="$folder/disk"
rm -rf "$disk"
cp -a "$debian" "$disk"
while read -r file; do install -D -m 644 "$file" "$disk/usr/${file#"$kernel/"}"; done < <(needed "${boot_modules[@]}" "${test_modules[@]}")
cp "$kernel/lib/modules/$release"/modules.{builtin,builtin.modinfo,order} "$disk/usr/lib/modules/$release/"
depmod -b "$disk" "$release"
echo gatefold-vm >"$disk/etc/hostname"
: >"$disk/etc/fstab"
install -m 755 "$here/agent.sh" "$disk/usr/sbin/agent"
cat >"$disk/etc/systemd/system/agent.service" <<'UNIT'
[Unit]
Description=Runs the test's commands
BindsTo=dev-virtio\x2dports-agent.device
After=dev-virtio\x2dports-agent.device systemd-udevd.service
[Service]
ExecStart=/usr/sbin/agent
[Install]
WantedBy=multi-user.target
UNIT
for unit in getty@tty1 serial-getty@ apt-daily.timer apt-daily-upgrade.timer; do ln -sf /dev/null "$disk/etc/systemd/system/${unit%.timer}$(case $unit in *.timer) echo .timer ;; *) echo .service ;; esac)"; done
ln -s ../agent.service "$disk/etc/systemd/system/multi-user.target.wants/agent.service"
rm -f "$folder/disk.ext4"
truncate -s 2G "$folder/disk.ext4"
mke2fs -q -t ext4 -d "$disk" "$folder/disk.ext4"
rm -rf "$disk"

# The initrd: enough to mount the disk.
initrd="$folder/initrd"
rm -rf "$initrd"
mkdir -p "$initrd"/{bin,modules,proc,sys,dev,disk}
busybox=$(find "$kernel/bin" "$kernel/usr/bin" -name busybox -type f 2>/dev/null | head -1)
cp "$busybox" "$initrd/bin/busybox"
needed "${boot_modules[@]}" | while read -r file; do
    cp "$file" "$initrd/modules/"
    basename "$file" >>"$initrd/modules/order"
done
cat >"$initrd/init" <<'INIT'
#!/bin/busybox sh
busybox=/bin/busybox
$busybox mount -t proc proc /proc
$busybox mount -t sysfs sys /sys
$busybox mount -t devtmpfs dev /dev
while read -r module; do $busybox insmod "/modules/$module"; done </modules/order
until [ -b /dev/vda ]; do $busybox sleep 0.05; done
$busybox mount -t ext4 /dev/vda /disk
$busybox mount --move /dev /disk/dev
$busybox umount /proc /sys
exec $busybox switch_root /disk /sbin/init
INIT
chmod 755 "$initrd/init"
(cd "$initrd" && find . | cpio --quiet -o -H newc | gzip -1 >"$folder/initrd.gz")
rm -rf "$initrd"
echo "$stamp" >"$folder/stamp"
