"""Search as you type over HTTP, query by query, and requests a second beside nginx."""
import http.client
import os
import re
import shutil
import signal
import subprocess
import time
from urllib.parse import quote

from report import ms, quantile, row, seeded_box

PAGE = 50  # rows that the page asks for


def swapped(word):
    """The word with the third and fourth letter changed round: the commonest slip."""
    return word[:2] + word[3] + word[2] + word[4:]


def long_word(text):
    return next((w for w in text.split() if len(w) > 5 and w[2] != w[3]), None)


def query_classes(records, owners):
    """What people type, by kind: name -> list of query strings without the limit."""
    names = [f"{r['artist']} {r['title']}" for r in records]
    of = lambda text: "q=" + quote(text)
    prefixes = [name[:length] for name in names[:60] for length in range(1, min(len(name), 14))]
    long_words = [w for w in map(long_word, names) if w]
    return {
        "letter by letter": [of(p) for p in prefixes],
        "two words": [of(f"{r['artist'].split()[-1][:a]} {r['title'].split()[-1][:b]}")
                      for r in records[:60] for a, b in ((1, 1), (2, 2), (3, 1), (4, 3))],
        "one typo": [of(swapped(w)) for w in long_words[:120]],
        "owner + text": [of(p) + f"&owner={owners[i % len(owners)]}" for i, p in enumerate(prefixes[::3])],
        "sorted by artist, title, year, added": [of(p) + "&sort=" + ("artist", "title", "year", "added")[i % 4]
                                                 for i, p in enumerate(prefixes[1::3])],
        "other scripts": [of(n[:length]) for n in names if ord(n[0]) > 0x2FF for length in range(1, 7)][:120],
        "nothing found": [of(text + str(i)) for i in range(20) for text in ("zq", "qwxz", "xylophoniczz", "ъъъъ", "nina qxqx")],
    }


def asked(connection, token, query):
    began = time.monotonic()
    connection.request("GET", f"/api/v1/copies?limit={PAGE}&{query}", headers={"Authorization": "Bearer " + token})
    response = connection.getresponse()
    body = response.read()
    assert response.status == 200, (query, body)
    return time.monotonic() - began, len(body)


def records_of(box):
    """Records from all over the shelf, those in other scripts among them."""
    items = []
    for order in ("added", "title", "artist"):
        items += box.console("GET", f"/api/v1/copies?limit=200&sort={order}").json["items"][::3]
    last = box.console("GET", "/api/v1/copies?limit=60&q=" + quote("к")).json["items"]
    return items + last


def search(module, copies, aim_ms):
    box = seeded_box(module, None, copies)
    box.start()
    token = box.cli_json("token", "add", "--scope", "viewer")["token"]
    records = records_of(box)
    owners = sorted({r["owner"]["id"] for r in records if r.get("owner")})
    connection = http.client.HTTPConnection("127.0.0.1", box.port)
    everything = []
    for name, queries in query_classes(records, owners).items():
        if not queries:
            continue
        times = [asked(connection, token, query)[0] for query in queries]
        everything += times
        worst = queries[max(range(len(times)), key=times.__getitem__)]
        row(f"search over {copies:,}: {name}, p95", ms(quantile(times, 0.95)),
            f"p50 {ms(quantile(times, 0.5))}, {len(times)} queries, worst {ms(max(times))}", f"≤ {aim_ms} ms",
            quantile(times, 0.95) <= aim_ms / 1000)
        if os.environ.get("GATEFOLD_BENCH_WORST"):
            print("    worst query:", worst)
    row(f"search over {copies:,}: all of these, p95", ms(quantile(everything, 0.95)),
        f"p50 {ms(quantile(everything, 0.5))}, {len(everything):,} queries", f"≤ {aim_ms} ms", quantile(everything, 0.95) <= aim_ms / 1000)
    if copies == 10_000:
        against_nginx(box, token)
    box.close()


def requests_a_second(port, path, token=None, seconds=5, clients=4):
    """By wrk: one thread, so that the client takes little of the servers' time."""
    command = ["wrk", "-t1", f"-c{clients}", f"-d{seconds}s", f"http://127.0.0.1:{port}{path}"]
    if token:
        command[1:1] = ["-H", "Authorization: Bearer " + token]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in said or "Socket errors" in said:
        raise RuntimeError(said)
    return float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1])


class Nginx:
    """nginx with one file of the given size."""

    def __init__(self, folder, port, size):
        os.makedirs(folder)
        os.chmod(os.path.dirname(folder), 0o755)
        with open(os.path.join(folder, "page.json"), "wb") as f:
            f.write(b"x" * size)
        user = "user root;" if os.geteuid() == 0 else ""
        with open(os.path.join(folder, "nginx.conf"), "w") as f:
            f.write(f"daemon off; pid {folder}/pid; error_log /dev/null; {user} worker_processes 2; events {{}}\n"
                    f"http {{ access_log off; server {{ listen 127.0.0.1:{port}; root {folder}; }} }}\n")
        self.process = subprocess.Popen([shutil.which("nginx") or "/usr/sbin/nginx", "-c", os.path.join(folder, "nginx.conf")],
                                        stderr=subprocess.DEVNULL)
        time.sleep(0.5)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()


def against_nginx(box, token):
    if not shutil.which("wrk") or not (shutil.which("nginx") or os.path.exists("/usr/sbin/nginx")):
        print("SKIPPED: requests a second: wrk or nginx is not installed")
        return
    from box import free_port
    for figure, query in (("searches a second, 50 records each", f"limit={PAGE}&q=a"), ("searches a second, one record each", "limit=1&q=a")):
        path = "/api/v1/copies?" + query
        size = len(box.request("GET", path, token=token).body)
        port = free_port()
        nginx = Nginx(os.path.join(box.folder, f"nginx-{size}"), port, size)
        ours = requests_a_second(box.port, path, token)
        theirs = requests_a_second(port, "/page.json")
        nginx.stop()
        row(f"{figure} ({size:,} bytes)", f"{ours:,.0f}", f"nginx, a static file of that size: {theirs:,.0f} ({ours / theirs:.2f} ×)")
    asset = page_asset(box)
    if asset:
        path, size = asset
        port = free_port()
        nginx = Nginx(os.path.join(box.folder, "nginx-page"), port, size)
        ours, theirs = requests_a_second(box.port, path), requests_a_second(port, "/page.json")
        nginx.stop()
        row(f"static files of the page a second ({size:,} bytes)", f"{ours:,.0f}", f"nginx, a file of that size: {theirs:,.0f} ({ours / theirs:.2f} ×)")


def page_asset(box):
    """A script of the page and its size as the daemon serves it, or None where the page is not built."""
    found = re.search(r'src="(/assets/[^"]+\.js)"', box.request("GET", "/").body.decode(errors="replace"))
    return (found[1], len(box.request("GET", found[1]).body)) if found else None
