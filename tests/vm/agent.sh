#!/bin/bash
# Inside the virtual machine: runs the commands that the test sends, one base64 line each, and answers each with a line "STATUS BASE64".
exec 3<>/dev/virtio-ports/agent
echo "ready" >&3
while read -r line <&3; do
    output=$(base64 -d <<<"$line" | bash 2>&1)
    echo "$? $(base64 -w 0 <<<"$output")" >&3
done
