"""A whole box for end-to-end tests: the built daemon, a real broker, real files, in a folder of its own."""
import contextlib
import http.client
import itertools
import json
import os
import re
import select
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time

BUILD = os.environ.get("GATEFOLD_BUILD_DIR") or os.path.abspath("build/run")
SOURCE = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
DAEMON = os.path.join(BUILD, "sbin", "gatefoldd")
CLI = os.path.join(BUILD, "bin", "gatefold")
SMALL_DUMP = os.path.join(SOURCE, "tests", "fixtures", "dump_small.xml")
PATIENCE_S = 60
# No test asks the internet.
OFFLINE = "".join(f"[lookup.{source}]\nenabled = false\n" for source in ("discogs", "musicbrainz", "coverart"))


class Skipped(Exception):
    """Raised by a test that cannot run on this machine, with the reason."""


# Below the ports that the system gives to outgoing connections, and each process of tests begins at a place of its own.
_ports = itertools.cycle(range(20_000, 32_000))
for _ in range(os.getpid() % 60 * 200):
    next(_ports)
_reserved = []


def free_port():
    """One that no other process of tests was given: a daemon takes it later. A name without a file, gone with this process, reserves it."""
    for port in itertools.islice(_ports, 12_000):
        name = socket.socket(socket.AF_UNIX)
        with socket.socket() as s, contextlib.suppress(OSError):
            name.bind(f"\0gatefold-test-port-{port}")
            s.bind(("127.0.0.1", port))
            _reserved.append(name)
            return port
        name.close()
    raise AssertionError("every port is taken")


def wait_for(what, condition, patience_s=PATIENCE_S):
    """Waits until condition() is true and returns its value; a deadline, not a measurement."""
    end = time.monotonic() + patience_s
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.02)
    raise AssertionError("waited in vain for " + what)


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=PATIENCE_S)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


class Reply:
    def __init__(self, response):
        self.status = response.status
        self.headers = dict((k.lower(), v) for k, v in response.getheaders())
        self.body = response.read()

    @property
    def json(self):
        return json.loads(self.body)


class Broker:
    def __init__(self, folder, port=None):
        self.port = port or free_port()
        self.folder = folder
        self.process = None
        self.start()

    def start(self):
        mosquitto = shutil.which("mosquitto") or "/usr/sbin/mosquitto"
        if not os.access(mosquitto, os.X_OK):
            raise Skipped(f"{mosquitto} is not there")
        config = os.path.join(self.folder, "mosquitto.conf")
        with open(config, "w") as f:
            f.write(f"listener {self.port} 127.0.0.1\nallow_anonymous true\npersistence true\n"
                    f"persistence_location {self.folder}/\nmax_queued_messages 0\nlog_type error\n")
            if os.geteuid() == 0:
                f.write("user root\n")
        self.process = subprocess.Popen([mosquitto, "-c", config], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for("the broker", self._listens)

    def _listens(self):
        try:
            socket.create_connection(("127.0.0.1", self.port), 1).close()
            return True
        except OSError:
            return False

    def stop(self, with_signal=signal.SIGTERM):
        if self.process:
            self.process.send_signal(with_signal)
            self.process.wait()
            self.process = None


class Subscriber:
    """mosquitto_sub with a kept session, as a home-automation user would run it; survives the broker's stops."""

    def __init__(self, port, topic="#", client="e2e", kept_session=True):
        self.messages = []  # (topic, retained, payload text)
        self._stop = False
        self._command = ["mosquitto_sub", "-p", str(port), "-t", topic, "-q", "1", "-V", "mqttv5", "-i", client,
                         "-F", "%t\t%r\t%p"]
        if kept_session:
            self._command += ["-c", "-x", "3600"]
        self._process = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self):
        while not self._stop:
            self._process = subprocess.Popen(self._command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                             text=True, errors="replace")
            for line in self._process.stdout:
                parts = line.rstrip("\n").split("\t", 2)
                if len(parts) == 3:
                    self.messages.append((parts[0], parts[1] == "1", parts[2]))
            self._process.wait()
            time.sleep(0.05)

    def documents(self, suffix):
        """Parsed payloads of topics with that ending, in order of arrival."""
        return [json.loads(p) for t, _, p in list(self.messages) if t.endswith(suffix) and p]

    def stop(self):
        self._stop = True
        if self._process:
            self._process.terminate()
        self._thread.join(5)


class Box:
    """One daemon with its data folder; `data` names a folder that is there already and outlives the box."""

    def __init__(self, broker=None, config="", catalogue=True, data=None):
        self.folder = tempfile.mkdtemp(prefix="gatefold-e2e-")
        self.data = data or os.path.join(self.folder, "data")
        os.makedirs(self.data, exist_ok=True)
        self.port = free_port()
        self.broker = broker
        self.daemon = None
        self.log_path = os.path.join(self.folder, "daemon.log")
        self.config = os.path.join(self.folder if data else self.data, "gatefold.toml")
        mqtt = f"host = \"127.0.0.1\"\nport = {broker.port}\nnode = \"test\"\n" if broker else "enabled = false\n"
        with open(self.config, "w") as f:
            f.write(f"[http]\nlisten = \"127.0.0.1\"\nport = {self.port}\n[store]\npath = \"{self.data}\"\n[mqtt]\n{mqtt}"
                    f"[sound]\nenabled = false\n" + ("" if "[lookup." in config else OFFLINE) + config)
        if catalogue:
            self.cli("catalogue", "build", SMALL_DUMP, "--out", os.path.join(self.data, "catalogue.db"), check=True)

    # --- processes ---

    def start(self, wait=True, wrapper=()):
        self.log = open(self.log_path, "ab")
        self.daemon = subprocess.Popen([*wrapper, DAEMON, "--config", self.config], stdin=subprocess.DEVNULL,
                                       stdout=self.log, stderr=self.log)
        if wait:
            wait_for("the daemon: " + self.log_tail(), self.alive)
        return self

    def alive(self):
        if self.daemon.poll() is not None:
            raise AssertionError(f"the daemon ended with {self.daemon.returncode}: " + self.log_tail())
        try:
            return self.request("GET", "/healthz").status == 200
        except OSError:
            return False

    def stop(self):
        if self.daemon and self.daemon.poll() is None:
            self.daemon.send_signal(signal.SIGTERM)
            self.daemon.wait(PATIENCE_S)
        code = self.daemon.returncode if self.daemon else None
        self.daemon = None
        return code

    def kill(self):
        self.daemon.send_signal(signal.SIGKILL)
        self.daemon.wait()
        self.daemon = None

    def close(self):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def log_text(self):
        with open(self.log_path, errors="replace") as f:
            return f.read()

    def log_tail(self):
        return self.log_text()[-2000:] if os.path.exists(self.log_path) else ""

    # --- talking to it ---

    def request(self, method, path, body=None, headers=None, token=None):
        """Over TCP, as a browser or a script would."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        return self._send(connection, method, path, body, headers, token)

    def console(self, method, path, body=None, headers=None):
        """Over the control socket: role admin."""
        return self._send(UnixConnection(os.path.join(self.data, "control.sock")), method, path, body, headers, None)

    @staticmethod
    def _send(connection, method, path, body, headers, token):
        all_headers = {"X-Gatefold": "1"}
        if token:
            all_headers["Authorization"] = "Bearer " + token
        data = None
        if body is not None:
            data = body if isinstance(body, bytes) else json.dumps(body).encode()
            all_headers["Content-Type"] = "application/json"
        elif method in ("POST", "PATCH"):
            data = b""
        all_headers.update(headers or {})
        try:
            connection.request(method, path, data, all_headers)
            return Reply(connection.getresponse())
        finally:
            connection.close()

    def scan(self, code, source="shelf"):
        reply = self.console("POST", "/api/v1/scans", {"code": code, "source": source})
        assert reply.status in (200, 201), (reply.status, reply.body)
        return reply.json

    def cli(self, *arguments, check=False, stdin=None):
        done = subprocess.run([CLI, "--data", self.data, *arguments], input=stdin, capture_output=True, text=True,
                              timeout=120)
        if check and done.returncode != 0:
            raise AssertionError(f"gatefold {' '.join(arguments)} ended with {done.returncode}: {done.stderr}{done.stdout}")
        return done

    def cli_json(self, *arguments, **more):
        return json.loads(self.cli("--json", *arguments, check=True, **more).stdout)

    def setup_code(self):
        return wait_for("the setup code", lambda: re.search(r"\b([2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4})\b", self.log_text()))[1]


class EventStream:
    """The page's event stream over the control socket."""

    def __init__(self, box, last_id=None):
        self.events = []  # (id, name, document)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.connect(os.path.join(box.data, "control.sock"))
        last = f"Last-Event-ID: {last_id}\r\n" if last_id is not None else ""
        self._socket.sendall(f"GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n{last}\r\n".encode())
        self._buffer = b""

    def read(self, count, patience_s=PATIENCE_S):
        end = time.monotonic() + patience_s
        while len(self.events) < count and time.monotonic() < end:
            ready, _, _ = select.select([self._socket], [], [], 0.2)
            if not ready:
                continue
            data = self._socket.recv(65536)
            if not data:
                break
            self._buffer += data
            while b"\n\n" in self._buffer:
                block, self._buffer = self._buffer.split(b"\n\n", 1)
                fields = dict(line.split(": ", 1) for line in block.decode().splitlines() if ": " in line and not line.startswith(":"))
                if "data" in fields:
                    self.events.append((int(fields.get("id", 0)), fields.get("event"), json.loads(fields["data"])))
        return self.events

    def close(self):
        self._socket.close()
