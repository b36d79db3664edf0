"""Child processes: what gatefold-vision inherits, and what becomes of a camera whose pictures take too much work."""
import os
import signal
import socket
import struct
import subprocess
import zlib
from concurrent.futures import ThreadPoolExecutor, wait

from box import CLI, Box, wait_for

CORPUS = os.path.join(os.path.dirname(__file__), "../fuzz/corpus/vision_image")
KEPT = 3  # standard input, output and error


def children(pid):
    """Its living child processes, theirs included."""
    direct = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/stat") as file:
                state, parent = file.read().rpartition(")")[2].split()[:2]
        except (FileNotFoundError, ProcessLookupError):
            continue  # it has ended meanwhile
        if int(parent) == pid and state != "Z":
            direct.append(int(name))
    return direct + [grandchild for child in direct for grandchild in children(child)]


def descriptors(pid):
    """Number -> what it is: "socket:[1234]", "/dev/null"."""
    return {int(name): os.readlink(f"/proc/{pid}/fd/{name}") for name in os.listdir(f"/proc/{pid}/fd")}


def inheritable(pid):
    """Descriptors without FD_CLOEXEC."""
    found = {}
    for name, target in descriptors(pid).items():
        with open(f"/proc/{pid}/fdinfo/{name}") as file:
            flags = next(line for line in file if line.startswith("flags:")).split()[1]
        if not int(flags, 8) & os.O_CLOEXEC:
            found[name] = target
    return found


def stream(box, token):
    """A page's open event stream, its head and greeting read."""
    page = socket.create_connection(("127.0.0.1", box.port), 30)
    page.sendall(f"GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\n".encode())
    got = b""
    while b"hello" not in got:
        got += page.recv(4096)
    return page


def camera_process(box):
    """The child that owns the cameras, or None."""
    return next(iter(children(box.daemon.pid)), None)


def grey_png(width, rows):
    """A PNG file of these rows, a byte a pixel."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    head = struct.pack(">IIBBBBB", width, len(rows), 8, 0, 0, 0, 0)
    data = zlib.compress(b"".join(b"\0" + row for row in rows), 1)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def finder_patterns(width, height, module=2):
    """The square marks of QR codes, all over: a decoder tries all sets of three."""
    def dark(x, y):
        return x <= 6 and y <= 6 and min(x, y, 6 - x, 6 - y) != 1
    lines = [bytes(25 if dark(x % (9 * module) // module, y) else 235 for x in range(width)) for y in range(9)]
    return grey_png(width, [lines[y % (9 * module) // module] for y in range(height)])


def with_camera():
    box = Box(catalogue=False)
    frames = os.path.join(box.folder, "frames")
    os.mkdir(frames)
    with open(box.config, "a") as file:
        file.write(f'[[device]]\nmatch = "folder:{frames}"\nname = "Counter"\n')
    return box, frames


def test_children_inherit_nothing_and_a_revoked_stream_ends_while_one_lives():
    box, _ = with_camera()
    with box:
        box.start()
        made = box.console("POST", "/api/v1/tokens", {"name": "page", "scope": "viewer"})
        assert made.status == 201, made.body
        client = socket.create_connection(("127.0.0.1", box.port), 30)  # says nothing yet
        page = stream(box, made.json["token"])
        first = wait_for("the camera process", lambda: camera_process(box))
        os.kill(first, signal.SIGKILL)  # the next one starts while both are connected
        child = wait_for("another camera process", lambda: next(iter(set(children(box.daemon.pid)) - {first}), None))
        daemon = set(descriptors(box.daemon.pid).values()) - {"/dev/null", box.log_path}
        for pid in children(box.daemon.pid):
            shared = daemon.intersection(descriptors(pid).values())
            assert not [name for name in shared if not name.startswith("anon_inode:")], (pid, descriptors(pid), shared)
        # The HTTP library waits with epoll descriptors of its own making; children close them.
        left = {name: target for name, target in inheritable(box.daemon.pid).items()
                if name >= KEPT and target != "anon_inode:[eventpoll]"}
        assert not left, left
        gone = box.console("DELETE", "/api/v1/tokens/" + made.json["id"])
        assert gone.status == 204, gone.body
        page.settimeout(30)
        while page.recv(4096):
            pass
        assert os.path.exists(f"/proc/{child}"), "the child lived on"
        client.close()
        page.close()


def test_a_camera_whose_pictures_take_too_much_work_says_so_and_goes_on():
    box, frames = with_camera()
    with box:
        box.start()
        def shown():
            devices = box.console("GET", "/api/v1/devices").json
            return next((device for device in devices["items"] if device["name"] == "Counter"), None)
        wait_for("the camera", shown)
        hostile = finder_patterns(1920, 1080)
        for name in ("1.png", "2.png"):
            with open(os.path.join(frames, ".part"), "wb") as file:
                file.write(hostile)
            os.rename(file.name, os.path.join(frames, name))
        device = wait_for("two dropped pictures", lambda: "2 pictures were dropped" in shown()["note"] and shown())
        assert "more than 1000 ms of work" in device["note"], device
        assert device["claimed"], device
        assert box.request("GET", "/healthz").status == 200


def test_a_good_photo_is_read_while_hostile_ones_still_run():
    with Box(catalogue=False) as box, ThreadPoolExecutor(16) as senders:
        box.start()
        token = box.console("POST", "/api/v1/tokens", {"scope": "scanner"}).json["token"]
        hostile = finder_patterns(640, 480)
        def send(photo, media):
            return box.request("POST", "/api/v1/photos/decode", photo, {"Content-Type": media}, token)
        sent = [senders.submit(send, hostile, "image/png") for _ in range(3)]
        wait_for("three photos that are read", lambda: len(children(box.daemon.pid)) == 3)
        with open(os.path.join(CORPUS, "ean8.jpg"), "rb") as file:
            good = send(file.read(), "image/jpeg")
        assert good.status == 200, good.body
        assert len(good.json["codes"]) == 1, good.body
        given_up = [one.result() for one in sent if one.done()]
        assert 1 <= len(given_up) <= 3, given_up
        for reply in given_up:
            assert reply.status == 503, reply.body
            assert reply.headers["retry-after"] == "5", reply.headers
            assert "takes too long" in reply.json["detail"], reply.body
        while not all(one.done() for one in sent):
            for pid in children(box.daemon.pid):
                os.kill(pid, signal.SIGKILL)
            wait([one for one in sent if not one.done()], 0.1)


def test_a_stop_ends_photos_that_are_read_and_answers_their_senders():
    with Box(catalogue=False) as box, ThreadPoolExecutor(3) as senders:
        box.start()
        hostile = finder_patterns(640, 480)
        headers = {"Content-Type": "image/png"}
        sent = [senders.submit(box.console, "POST", "/api/v1/photos/decode", hostile, headers) for _ in range(3)]
        readers = wait_for("three photos that are read", lambda: len(found := children(box.daemon.pid)) == 3 and found)
        assert box.stop() == 0
        assert not [pid for pid in readers if os.path.exists(f"/proc/{pid}")]
        for reply in (one.result() for one in sent):
            assert reply.status == 503, reply.body
            assert reply.headers["retry-after"] == "5", reply.headers


def test_the_command_answers_without_a_log_line_for_a_photo_that_ends_its_reader():
    with Box(catalogue=False) as box:
        photo = os.path.join(box.folder, "hostile.png")
        with open(photo, "wb") as file:
            file.write(finder_patterns(640, 480))
        command = subprocess.Popen([CLI, "decode", photo], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        os.kill(wait_for("the photo's reader", lambda: children(command.pid))[0], signal.SIGKILL)
        said, logged = command.communicate()
        assert command.returncode == 1 and said.startswith(photo + ": the image reader failed"), said
        assert logged == "", logged


def resident_mb(pid):
    with open(f"/proc/{pid}/status") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmRSS:")) / 1024


def test_the_daemon_keeps_nothing_of_a_large_photo():
    with Box(catalogue=False) as box:
        box.start()
        photo = b"\xff\xd8\xff" + bytes(23_000_000)
        before = resident_mb(box.daemon.pid)
        for _ in range(2):
            reply = box.console("POST", "/api/v1/photos/decode", photo, {"Content-Type": "image/jpeg"})
            assert reply.status == 400, reply.body
        after = resident_mb(box.daemon.pid)
        assert after < before + 20, f"{before:.0f} MB became {after:.0f} MB"
