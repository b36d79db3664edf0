"""The first visit: the code from the box's log makes the first admin, once."""
from box import Box

ADMIN = {"name": "Anna", "password": "correct horse battery staple"}


def cookie_of(reply):
    return reply.headers["set-cookie"].split(";")[0]


def test_setup_signs_the_first_admin_in():
    with Box() as box:
        box.start()
        assert box.request("GET", "/api/v1/setup").json == {"open": True}
        assert box.request("GET", "/api/v1/copies").status == 401
        made = box.request("POST", "/api/v1/setup", {"code": box.setup_code(), **ADMIN})
        assert made.status in (200, 201), (made.status, made.body)
        flags = made.headers["set-cookie"].lower()
        assert "httponly" in flags and "samesite" in flags, flags
        session = box.request("GET", "/api/v1/session", headers={"Cookie": cookie_of(made)})
        assert session.status == 200 and session.json["role"] == "admin" and session.json["name"] == "Anna", session.body
        assert box.request("GET", "/api/v1/copies", headers={"Cookie": cookie_of(made)}).status == 200
        assert box.request("GET", "/api/v1/setup").json == {"open": False}
        again = box.request("POST", "/api/v1/setup", {"code": box.setup_code(), **ADMIN, "name": "Mallory"})
        assert again.status == 409 and again.headers["content-type"] == "application/problem+json", again.body


def test_a_wrong_code_makes_nobody():
    with Box() as box:
        box.start()
        right = box.setup_code()
        wrong = "".join("3" if c == "2" else "2" if c != "-" else c for c in right)
        refused = box.request("POST", "/api/v1/setup", {"code": wrong, **ADMIN})
        assert refused.status in (401, 403, 422) and "set-cookie" not in refused.headers, (refused.status, refused.body)
        assert box.cli_json("user", "list")["items"] == []
        short = box.request("POST", "/api/v1/setup", {"code": right, "name": "Anna", "password": "short"})
        assert short.status == 422 and short.json["field"] == "password", short.body
        assert box.request("POST", "/api/v1/setup", {"code": right, **ADMIN}).status in (200, 201)


def test_a_fresh_code_replaces_the_old_one():
    with Box() as box:
        box.start()
        old, fresh = box.setup_code(), box.cli_json("setup-code")["code"]
        assert old != fresh
        assert box.request("POST", "/api/v1/setup", {"code": old, **ADMIN}).status in (401, 403, 422)
        assert box.request("POST", "/api/v1/setup", {"code": fresh, **ADMIN}).status in (200, 201)


def test_signing_in_and_out():
    with Box() as box:
        box.start()
        box.cli("user", "add", "Ben", "--role", "viewer", stdin=ADMIN["password"] + "\n", check=True)
        assert box.request("POST", "/api/v1/session", {"name": "Ben", "password": "wrong wrong wrong"}).status == 401
        signed_in = box.request("POST", "/api/v1/session", {"name": "Ben", "password": ADMIN["password"]})
        assert signed_in.status in (200, 201), (signed_in.status, signed_in.body)
        cookie = {"Cookie": cookie_of(signed_in)}
        assert box.request("GET", "/api/v1/session", headers=cookie).json["role"] == "viewer"
        assert box.request("GET", "/api/v1/copies", headers=cookie).status == 200
        assert box.request("GET", "/api/v1/users", headers=cookie).status == 403
        box.stop()
        box.start()
        assert box.request("GET", "/api/v1/copies", headers=cookie).status == 200
        assert box.request("DELETE", "/api/v1/session", headers=cookie).status in (200, 204)
        assert box.request("GET", "/api/v1/copies", headers=cookie).status == 401
