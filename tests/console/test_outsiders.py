"""Nobody gets past the door: every route, every role, every form."""

import re

import pytest
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute, Mount

OPEN = {"/console/sign-in", "/console/sign-in/code", "/console/welcome/{token}"}
ACTIONS = ("acknowledge", "take-over", "hand-back", "close", "reply", "treatment", "draft")


def routes_of(routes: list[BaseRoute], found: set[tuple[str, str]] | None = None) -> set[tuple[str, str]]:
    """Every method and path, also of routers that FastAPI keeps nested."""
    found = set() if found is None else found
    for route in routes:
        nested = getattr(route, "original_router", None)
        if isinstance(route, APIRoute):
            found |= {(method, route.path) for method in route.methods or ()}
        elif nested is not None:
            routes_of(nested.routes, found)
        elif not isinstance(route, Mount) and hasattr(route, "routes"):
            routes_of(route.routes, found)
    return {(method, path) for method, path in found if path.startswith("/console")}


def filled(path: str, conversation_id: str) -> str:
    path = path.replace("{conversation_id}", conversation_id).replace("{rest:path}", "anything/else")
    return re.sub(r"\{\w+\}", "1", path)


def test_outsiders_reach_nothing_but_the_door(house):
    message = house.photo("p", b"\x89PNG", "image/png")
    client, tried = house.outsider(), 0
    for method, path in sorted(routes_of(house.app.routes)):
        if path in OPEN:
            continue
        tried += 1
        address = filled(path, message.conversation_id)
        answer = client.request(method, address)
        assert (answer.status_code, answer.headers["location"].split("?")[0]) == (303, "/console/sign-in"), address
        assert "look" not in answer.text
        for headers in ({"HX-Request": "true"}, {"Accept": "text/event-stream"}):
            answer = client.request(method, address, headers=headers)
            assert answer.status_code == 401, address
            assert answer.headers["hx-redirect"].startswith("/console/sign-in"), address
    assert tried >= 18


def test_every_form_needs_the_token_of_its_session(house, ana, ben):
    message = house.patient("p", "my face is swelling and I can't breathe")
    for method, path in sorted(routes_of(house.app.routes)):
        if method != "POST" or path in OPEN:
            continue
        address = filled(path, message.conversation_id)
        for token in ("", "wrong", ben.csrf):
            assert ana.client.post(address, data={"csrf": token}).status_code == 403, address
        foreign = ana.client.post(address, data={"csrf": ana.csrf}, headers={"Sec-Fetch-Site": "cross-site"})
        assert foreign.status_code == 403, address
    assert house.case(message.conversation_id).state == "open"


@pytest.mark.parametrize("action", ACTIONS)
def test_reviewers_read_and_never_act(house, rae, action):
    message = house.patient("p", "my face is swelling and I can't breathe")
    case = house.case(message.conversation_id)
    assert rae.get(f"/console/conversations/{message.conversation_id}").status_code == 200
    data = {"case_id": case.id, "outcome": "seen", "text": "hello", "key": "k", "last_seen": message.id}
    answer = rae.post(f"/console/conversations/{message.conversation_id}/{action}", data)
    assert answer.status_code == 403
    assert house.case(message.conversation_id).state == "open"
    with house.services.store.read() as session:
        from bot.store.tables import Audit

        denied = session.query(Audit).filter(Audit.action == "denied").one()
    assert denied.actor == f"staff:{rae.staff.id}"


@pytest.mark.parametrize("who", ["ben", "rae"])
def test_only_admins_see_the_staff_list(enter, who):
    browser = enter(who)
    assert browser.get("/console/staff").status_code == 403
    for address in ("/console/staff", "/console/staff/1/link", "/console/staff/1/disable"):
        assert browser.post(address, {"name": "X", "email": "x@y.z", "role": "admin"}).status_code == 403


def test_a_disabled_account_is_out_at_once(ana, ben):
    assert ben.get("/console").status_code == 200
    assert ana.post(f"/console/staff/{ben.staff.id}/disable").status_code == 303
    assert ben.get("/console").status_code == 303
    again = ben.client.post(
        "/console/sign-in", data={"email": "ben@clinic.example", "password": "correct horse battery"}
    )
    assert again.status_code == 422


def test_a_too_long_form_is_refused(ana):
    assert ana.post("/console/staff", {"name": "x" * 70_000}).status_code == 413


def test_headers_keep_pages_private_and_scripts_ours(house, ana):
    addresses = ["/console", "/console/sign-in", "/console/welcome/x", "/console/nothing", "/console/static/main.js"]
    for address in addresses:
        headers = ana.get(address).headers
        policy = headers["content-security-policy"]
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        if "static" not in address:
            assert headers["cache-control"] == "no-store"


def test_pages_carry_nothing_inline(house, ana):
    message = house.patient("p", "my face is swelling and I can't breathe")
    for address in ("/console", f"/console/conversations/{message.conversation_id}", "/console/staff"):
        html = ana.get(address).text
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", html)
