# Inside the virtual machine, sourced by the test's commands: scanners as USB gadgets on the kernel's own software host controller
# (dummy_hcd), so that kernel, udev and daemon see real devices with real descriptors.
# shellcheck shell=bash
gadgets=/sys/kernel/config/usb_gadget

# A boot keyboard, and a bar code scanner (usage page 8C) with report id 2: length, AIM id, 56 bytes of data, two of the maker, "continued".
keyboard='\x05\x01\x09\x06\xa1\x01\x05\x07\x19\xe0\x29\xe7\x15\x00\x25\x01\x75\x01\x95\x08\x81\x02\x95\x01\x75\x08\x81\x01\x95\x06\x75\x08\x15\x00\x25\x65\x05\x07\x19\x00\x29\x65\x81\x00\xc0'
pos='\x05\x8c\x09\x02\xa1\x01\x09\x12\xa1\x02\x85\x02\x15\x00\x26\xff\x00\x75\x08\x95\x01\x05\x01\x09\x3b\x81\x02\x05\x8c\x09\xfb\x09\xfc\x09\xfd\x95\x03\x81\x02\x09\xfe\x95\x38\x82\x02\x01\x06\x66\xff\x09\x04\x09\x00\x95\x02\x81\x02\x05\x8c\x09\xff\x75\x01\x95\x01\x81\x02\x75\x07\x81\x03\xc0\xc0'

load() {
    modprobe -a libcomposite usb_f_hid usb_f_acm
    modprobe dummy_hcd num=3
    mountpoint -q /sys/kernel/config || mount -t configfs config /sys/kernel/config
}

# device NAME VENDOR PRODUCT TEXT: a device without functions.
device() {
    mkdir "$gadgets/$1" "$gadgets/$1/strings/0x409" "$gadgets/$1/configs/c.1"
    echo "$2" >"$gadgets/$1/idVendor"
    echo "$3" >"$gadgets/$1/idProduct"
    echo "$4" >"$gadgets/$1/strings/0x409/product"
    echo "number-$1" >"$gadgets/$1/strings/0x409/serialnumber"
}

# hid NAME BOOT LENGTH DESCRIPTOR: what the device sends by write() on hidg_of NAME; BOOT is 1 for a boot keyboard, else 0.
hid() {
    local function=$gadgets/$1/functions/hid.$1
    mkdir "$function"
    echo "$2" | tee "$function/subclass" >"$function/protocol"
    echo "$3" >"$function/report_length"
    printf '%b' "$4" >"$function/report_desc"
    ln -s "$function" "$gadgets/$1/configs/c.1/"
}
hidg_of() { echo "/dev/hidg$(cut -d: -f2 "$gadgets/$1/functions/hid.$1/dev")"; }

# serial NAME: a CDC-ACM line; its device side is /dev/ttyGS0.
serial() {
    mkdir "$gadgets/$1/functions/acm.$1"
    ln -s "$gadgets/$1/functions/acm.$1" "$gadgets/$1/configs/c.1/"
}

plug() { echo "dummy_udc.$2" >"$gadgets/$1/UDC"; }
unplug() { echo "" >"$gadgets/$1/UDC"; }

# type_digits NAME DIGITS: as keys, each pressed and let go, then Enter. Each printf is one report.
type_digits() {
    local node digit usage
    node=$(hidg_of "$1")
    for digit in $(sed 's/./& /g' <<<"$2") enter; do
        case $digit in
        enter) usage=28 ;;
        0) usage=27 ;;
        *) usage=$(printf '%x' $((0x1d + digit))) ;;
        esac
        printf '%b' "\\x00\\x00\\x$usage\\x00\\x00\\x00\\x00\\x00" >&9
        printf '\0\0\0\0\0\0\0\0' >&9
    done 9>"$node"
}

# send_pos NAME AIM DIGITS: one report of a HID-POS scanner.
send_pos() {
    local padding=$((56 - ${#3}))
    { printf '%b' "\\x02\\x$(printf '%x' ${#3})$2$3"; head -c $((padding + 3)) /dev/zero; } >/tmp/report
    dd if=/tmp/report of="$(hidg_of "$1")" bs=64 count=1 status=none
}
