"""A virtual machine from image.sh's parts, under QEMU's software emulation, and its agent on the other end of a line."""
import base64
import os
import platform
import select
import shlex
import shutil
import socket
import subprocess
import time

# The machine that QEMU emulates, and the console that its kernel speaks on, by this machine's kind.
MACHINES = {
    "x86_64": (["qemu-system-x86_64", "-M", "q35"], "ttyS0"),
    "aarch64": (["qemu-system-aarch64", "-M", "virt", "-cpu", "cortex-a72"], "ttyAMA0"),
}
MACHINE, CONSOLE = MACHINES.get(platform.machine(), (None, None))
# Emulation on a busy machine is slow; a deadline, not a measurement.
PATIENCE_S = 300


class Line:
    """Whole lines from a virtual serial port."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(path)
        self.rest = b""
        self.lines = []

    def write(self, data):
        self.socket.sendall(data)

    def read(self, patience_s):
        """The next line, or None when none came in that time."""
        end = time.monotonic() + patience_s
        while not self.lines:
            left = end - time.monotonic()
            if left <= 0 or not select.select([self.socket], [], [], left)[0]:
                return None
            data = self.socket.recv(65536)
            if not data:
                return None
            *whole, self.rest = (self.rest + data).split(b"\n")
            self.lines += [line.decode(errors="replace").rstrip("\r") for line in whole]
        return self.lines.pop(0)


class Guest:
    """Boots `image`'s kernel on `disk` (changed for good); `extra_disk` is its second one, for reading. kill() is a power cut."""

    def __init__(self, image, disk, extra_disk, folder, log):
        self.folder = folder
        self.log_path = log
        self.began = time.monotonic()
        sockets = {name: os.path.join(folder, name) for name in ("agent", "events")}
        # Software emulation always: hardware acceleration inside other virtual machines hangs too often.
        command = MACHINE + [
            "-accel", "tcg,thread=multi", "-smp", "2", "-m", "1024", "-nodefaults", "-display", "none", "-no-reboot",
            "-kernel", os.path.join(image, "vmlinuz"), "-initrd", os.path.join(image, "initrd.gz"),
            # On a busy machine emulated timers come too late for the kernel's check of them and for its watchdog.
            "-append", f"console=tty1 console={CONSOLE} no_timer_check nowatchdog quiet loglevel=4 panic=-1 systemd.show_status=0 audit=0",
            "-drive", f"file={disk},format=raw,if=virtio,cache=writethrough",
            "-drive", f"file={extra_disk},format=raw,if=virtio,readonly=on",
            "-device", "virtio-serial-pci", "-serial", "file:" + log]
        for name, path in sockets.items():
            command += ["-chardev", f"socket,id={name},path={path},server=on,wait=off",
                        "-device", f"virtserialport,chardev={name},name={name}"]
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
        self._await_sockets(sockets.values())
        self.agent, self.events = Line(sockets["agent"]), Line(sockets["events"])
        if self.agent.read(PATIENCE_S) != "ready":
            raise AssertionError("the virtual machine did not come up\n" + self.console())
        self.boot_s = time.monotonic() - self.began

    def _await_sockets(self, paths):
        end = time.monotonic() + 30
        while not all(os.path.exists(path) for path in paths):
            if self.process.poll() is not None or time.monotonic() > end:
                raise AssertionError("QEMU did not start")
            time.sleep(0.02)

    def console(self):
        with open(self.log_path, errors="replace") as f:
            return f.read()[-4000:]

    def run(self, command, patience_s=PATIENCE_S):
        """(status, output) of a shell command inside, output stripped."""
        self.agent.write(base64.b64encode(command.encode()) + b"\n")
        answer = self.agent.read(patience_s)
        if answer is None:
            raise AssertionError(f"no answer to: {command}\n{self.console()}")
        status, _, output = answer.partition(" ")
        return int(status), base64.b64decode(output).decode(errors="replace").strip()

    def must(self, command, patience_s=PATIENCE_S):
        status, output = self.run(command, patience_s)
        if status:
            raise AssertionError(f"{command}: status {status}\n{output}")
        return output

    def put(self, path, text):
        self.must(f"printf %s {shlex.quote(text)} >{path}")

    def wait(self, what, condition, patience_s=PATIENCE_S):
        """Waits until condition() is true and returns its value."""
        end = time.monotonic() + patience_s
        while time.monotonic() < end:
            value = condition()
            if value:
                return value
            time.sleep(0.2)
        raise AssertionError("waited in vain for " + what)

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for line in (self.agent, self.events):
            line.socket.close()
        for name in ("agent", "events"):
            if os.path.exists(path := os.path.join(self.folder, name)):
                os.unlink(path)


def missing_tools():
    """What this machine lacks for a guest, in words, or None."""
    if MACHINE is None:
        return f"no virtual machine for {platform.machine()}"
    tools = [tool for tool in (MACHINE[0], "mmdebstrap", "mke2fs", "cpio", "depmod") if not shutil.which(tool)]
    if tools:
        return "not installed: " + ", ".join(tools)
    return "images are built by root only" if os.geteuid() else None
