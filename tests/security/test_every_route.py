"""Every route of the application, tried as everybody, against the one table of who may."""

import re

import httpx
import pytest
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute, Mount, Route

from .conftest import ROLES, Place
from .table import ANYBODY, CASE, STAFF, STREAMS, TABLE

CALLERS = ("outsider", "patient", "reviewer", "clinician", "admin", "expired")
MOUNTS = {"/widget", "/console/static"}
BODIES = {  # what is whole enough to get past the reading of it
    "/api/v1/messages": {"json": {"client_message_id": "message-0002", "text": "hello"}},
    "/api/v1/attachments": {
        "files": {"file": ("a.png", b"\x89PNG\r\n\x1a\n" + b"1" * 30, "image/png")},
        "data": {"client_message_id": "photo-0002"},
    },
}


def listed(routes: list[BaseRoute]) -> tuple[set[tuple[str, str]], set[str]]:
    """Every method and path, also of nested routers; and what is mounted."""
    found: set[tuple[str, str]] = set()
    mounts: set[str] = set()
    for route in routes:
        nested = getattr(route, "original_router", None)
        if isinstance(route, APIRoute | Route):
            found |= {(method, route.path) for method in route.methods or () if method != "HEAD"}
        elif isinstance(route, Mount):
            mounts.add(route.path)
        else:
            inner, more = listed(nested.routes if nested is not None else route.routes)
            found, mounts = found | inner, mounts | more
    return found, mounts


def address(place: Place, path: str) -> str:
    filled = re.sub(r"\{([\w:]+)\}", lambda name: place.ids[name[1]], path)
    return f"{filled}?before=99999" if path == "/api/v1/messages" else filled


def ask(place: Place, caller: str, method: str, path: str, **headers: str) -> httpx.Response:
    csrf, given = "", dict(headers)
    if caller in ROLES:
        client, csrf = place.signed_in(caller)
    elif caller == "expired":
        client, csrf = place.expired()
    else:
        client = place.client()
        if caller == "patient":
            given["Authorization"] = f"Bearer {place.token}"
    options = BODIES.get(path, {}) if method == "POST" else {}
    if method == "POST" and path.startswith("/console"):
        options = {"data": {"csrf": csrf, "x": "y"}}
    return client.request(method, address(place, path), headers=given, **options)


def let_in(answer: httpx.Response) -> bool:
    """Whether the caller got past the door; what is then wrong with the form is another matter."""
    to_the_door = answer.status_code == 303 and answer.headers["location"].startswith("/console/sign-in")
    return answer.status_code not in (401, 403) and not to_the_door


def test_the_table_names_every_route_and_no_other(place: Place):
    found, mounts = listed(place.app.routes)
    assert mounts == MOUNTS, "list what is mounted, and what may be fetched there"
    found |= {(method, path) for method, path in TABLE if path.startswith(tuple(f"{mount}/" for mount in MOUNTS))}
    assert found - set(TABLE) == set(), "say in tests/security/table.py who may call these"
    assert set(TABLE) - found == set()


@pytest.mark.parametrize("caller", CALLERS)
def test_who_may_is_let_in_and_nobody_else(place: Place, caller: str):
    for (method, path), may in TABLE.items():
        allowed = caller in may
        if allowed and (method, path) in STREAMS:
            continue
        if path == "/console/sign-out" or path == f"{CASE}/data/erase":
            continue  # below, each by itself
        answer = ask(place, caller, method, path)
        assert let_in(answer) == allowed, (caller, method, path, answer.status_code)
        assert answer.status_code != 500, (caller, method, path)


@pytest.mark.parametrize("path", ["/console/sign-out", f"{CASE}/data/erase"])
def test_what_takes_something_away_is_for_its_own_people(place: Place, path: str):
    for caller in ("outsider", "patient", "expired", "reviewer", "clinician", "admin"):
        answer = ask(place, caller, "POST", path)
        signed_out = path == "/console/sign-out" and caller in STAFF and answer.status_code == 303
        assert (let_in(answer) or signed_out) == (caller in TABLE["POST", path]), (caller, answer.status_code)


def test_no_form_counts_that_another_site_sends(place: Place):
    for method, path in TABLE:
        if method != "POST" or not path.startswith("/console"):
            continue
        for headers in (
            {"Origin": "https://evil.example"},
            {"Origin": "null"},
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
        ):
            answer = ask(place, "admin", method, path, **headers)
            assert answer.status_code == 403, (path, headers)


def test_no_form_counts_without_the_session_s_own_token(place: Place):
    for method, path in TABLE:
        if method != "POST" or not path.startswith("/console") or TABLE[method, path] == ANYBODY:
            continue
        client, _ = place.signed_in("admin")
        for csrf in ("", place.signed_in("admin")[1]):
            answer = client.post(address(place, path), data={"csrf": csrf, "x": "y"})
            assert answer.status_code == 403, (path, csrf)


def test_other_methods_change_nothing(place: Place):
    for path in {path for _, path in TABLE}:
        known = {method for method, one in TABLE if one == path}
        client, csrf = place.signed_in("admin")
        for method in {"PUT", "PATCH", "DELETE", "TRACE"} - known:
            answer = client.request(method, address(place, path), headers={"X-CSRF-Token": csrf})
            assert answer.status_code in (400, 404, 405), (method, path, answer.status_code)


def test_metrics_open_to_their_own_token_alone(place: Place):
    client = place.client()
    assert client.get("/metrics", headers={"Authorization": f"Bearer {'m' * 32}"}).status_code == 200
    for wrong in ("", "Bearer", f"Bearer {'m' * 31}", "m" * 32, "Bearer é"):
        assert client.get("/metrics", headers={"Authorization": wrong.encode()}).status_code == 401


def test_the_strict_headers_stand_on_every_answer(place: Place):
    for (method, path), may in TABLE.items():
        if (method, path) in STREAMS:
            continue
        headers = ask(place, "admin" if "admin" in may else "outsider", method, path).headers
        assert headers["x-content-type-options"] == "nosniff", path
        assert headers["referrer-policy"] in ("no-referrer", "same-origin"), path
        if path.startswith("/widget/"):
            continue
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy, path
        assert "unsafe" not in policy, path
        assert "frame-ancestors 'none'" in policy or (path == "/" and "frame-ancestors 'self'" in policy)
        if "/static/" not in path and path != "/":
            assert headers["cache-control"] in ("no-store", "private, no-store"), path
