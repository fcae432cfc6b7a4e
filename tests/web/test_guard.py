"""The guard: headers, tokens, origins, limits, error pages, and a log without people in it."""

from __future__ import annotations

import gzip
import json
import logging
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, abort, request
from pytest_socket import SocketConnectBlockedError

from tests.web.audited_client import AuditedClient, audited
from webapp import create_app, guard, visit
from webapp.settings import Settings
from webapp.store import DocumentTooLarge, Store

REPOSITORY = Path(__file__).parents[2]
NAME = "Xochitl Ñandú-Quispe"


def production(settings: Settings, **more: Any) -> Settings:
    told: dict[str, Any] = {"public_url": "https://limpio.example.org", "trusted_proxies": 1, **more}
    return Settings(instance=settings.instance, env="production", **told)


@pytest.fixture
def site(app: Flask) -> Flask:
    """The application with views that go wrong on purpose."""

    @app.route("/<lang:lang>/broken", methods=["GET", "POST"])
    def broken() -> str:
        raise ValueError(f"could not read {request.form.get('name', NAME)}")

    @app.route("/<lang:lang>/large", methods=["POST"])
    def large() -> str:
        raise DocumentTooLarge("too large")

    @app.get("/<lang:lang>/stop/<int:code>")
    def stop(code: int) -> str:
        abort(code)

    @app.route("/<lang:lang>/echo/<path:where>", methods=["GET", "POST"])
    def echo(where: str) -> str:
        return f"<p>{where}"

    @app.get("/<lang:lang>/twice")
    @guard.limit("resume")
    def twice() -> str:
        return "ok"

    app.config["PROPAGATE_EXCEPTIONS"] = False
    return app


def token_of(client: AuditedClient) -> str:
    page = client.get("/en/resume").get_data(as_text=True)
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found
    return found[1]


# ------------------------------------------------------------------------------------------------------------ headers


@pytest.mark.parametrize("path", ["/en/", "/es/privacy", "/en/resume", "/en/deleted", "/en/nothing", "/healthz", "/"])
def test_every_answer_is_guarded(client: AuditedClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'"
    )
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "Strict-Transport-Security" not in headers


def test_only_public_pages_without_a_visit_may_be_kept(client: AuditedClient) -> None:
    assert client.get("/en/").headers["Cache-Control"] == "private, no-cache"
    for path in ("/en/resume", "/en/code", "/en/nothing", "/healthz", "/en/leave"):
        response = client.get(path)
        assert response.headers["Cache-Control"] == "no-store", path
        assert response.headers["X-Robots-Tag"] == "noindex", path
    client.submit("/en/", {}, follow=False)
    assert client.get("/en/").headers["Cache-Control"] == "no-store"


def test_static_files_have_an_address_of_their_content_and_are_kept_for_ever(client: AuditedClient) -> None:
    page = client.get("/en/").get_data(as_text=True)
    addresses = set(re.findall(r'"(/static/[^"]+)"', page))
    assert len(addresses) >= 2
    for address in addresses:
        assert re.match(r"/static/[0-9a-f]{16}/", address), address
        response = client.get(address, buffered=True)
        assert response.status_code == 200
        assert response.headers["Cache-Control"] == "public, max-age=315360000, immutable"
        assert response.headers["Content-Security-Policy"] == guard.CONTENT_POLICY
        plain = client.get(re.sub(r"/[0-9a-f]{16}/", "/", address), buffered=True)
        assert plain.data == response.data
        assert plain.headers["Cache-Control"] == "public, max-age=60"
    sheet = next(address for address in addresses if address.endswith(".css"))
    packed = client.get(sheet, headers={"Accept-Encoding": "gzip"}, buffered=True)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == client.get(sheet, buffered=True).data
    assert packed.headers["Vary"] == "Accept-Encoding"
    assert client.get("/static/nothing.css").status_code == 404


def test_a_changed_style_sheet_is_a_new_address(app: Flask, settings: Settings, tmp_path: Path) -> None:
    from webapp.static_files import StaticFiles

    folder = tmp_path / "static"
    folder.mkdir()
    (folder / "a.css").write_text("a{}")
    other = Flask("other", static_folder=str(folder))
    first = StaticFiles(other, settings).version
    assert StaticFiles(other, settings).version == first
    (folder / "a.css").write_text("b{}")
    assert StaticFiles(other, settings).version != first


def test_public_pages_are_compressed_and_personal_ones_never(client: AuditedClient) -> None:
    client.auditing = False
    asked = {"Accept-Encoding": "gzip, br"}
    packed = client.get("/en/", headers=asked)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert b"<!doctype html>" in gzip.decompress(packed.data)
    assert "Content-Encoding" not in client.get("/en/").headers
    assert "Content-Encoding" not in client.get("/en/?reflected=1", headers=asked).headers
    assert "Content-Encoding" not in client.get("/en/resume", headers=asked).headers


def test_cookies_in_development_and_production(client: AuditedClient, settings: Settings) -> None:
    plain = client.get("/en/resume").headers["Set-Cookie"]
    assert plain.startswith("limpio=")
    assert "HttpOnly" in plain
    assert "SameSite=Lax" in plain
    assert "Secure" not in plain
    safe = audited(create_app(production(settings)))
    response = safe.get("/en/resume", base_url="https://limpio.example.org")
    cookie = response.headers["Set-Cookie"]
    assert cookie.startswith("__Host-limpio=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= {part.strip() for part in cookie.split(";")}
    assert "Domain" not in cookie
    assert "Expires" not in cookie  # it ends with the browser
    assert response.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert safe.get("/static/limpio.css", buffered=True).headers["Strict-Transport-Security"] == "max-age=31536000"


def test_the_cookie_holds_a_random_id_and_nothing_about_the_person(client: AuditedClient, site_store: Store) -> None:
    client.submit("/es/", {}, follow=False)
    with client.session_transaction() as session:
        held = dict(session)
    assert set(held) <= {"visit", "csrf_token"}
    assert re.fullmatch(r"[\w-]{43}", held["visit"])
    assert site_store.visit(held["visit"]) is not None


# ------------------------------------------------------------------------------------------------ tokens and origins


def test_a_form_without_a_token_is_shown_again_and_can_be_sent(client: AuditedClient) -> None:
    page = client.get("/en/resume")
    refused = client.submit(page, {"code": "aban abil able abou abov"}, drop_token=True)
    assert refused.status_code == 400
    text = refused.get_data(as_text=True)
    assert "That page was too old" in text
    assert text.count("aban abil able abou abov") == 2  # to read, and to send again
    again = client.submit(refused)
    assert again.status_code == 422
    assert "These words did not open any answers" in again.get_data(as_text=True)


def test_a_form_of_nobody_knows_where_is_shown_but_not_sent_again(client: AuditedClient) -> None:
    refused = client.post("/en/resume", data={"code": "<script>alert(1)</script>"})
    assert refused.status_code == 400
    text = refused.get_data(as_text=True)
    assert "&lt;script&gt;" in text
    assert "Send it again" not in text
    client.get("/en/resume")  # now the browser holds our cookie, which forms of other sites do not carry
    assert "Send it again" in client.post("/en/resume", data={"code": "x"}).get_data(as_text=True)


def test_a_token_of_another_browser_does_not_fit(app: Flask, client: AuditedClient) -> None:
    token = token_of(client)
    assert client.post("/en/resume", data={"csrf_token": token, "code": "x"}).status_code == 422
    other = audited(app)
    other.get("/en/resume")
    assert other.post("/en/resume", data={"csrf_token": token, "code": "x"}).status_code == 400


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "https://localhost"},  # another scheme is another site
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    ],
)
def test_a_form_of_another_site_is_refused_even_with_a_token(client: AuditedClient, headers: dict[str, str]) -> None:
    client.submit("/en/", {}, follow=False)
    token = token_of(client)
    response = client.post("/es/delete", data={"csrf_token": token}, headers=headers)
    assert response.status_code == 403
    assert "<title>" in response.get_data(as_text=True)
    with client.session_transaction() as session:
        assert "visit" in session


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "null"},
        {"Origin": "http://localhost"},
        {"Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
    ],
)
def test_our_own_forms_are_taken_whatever_the_browser_says_about_them(
    client: AuditedClient, headers: dict[str, str]
) -> None:
    token = token_of(client)
    assert client.post("/en/resume", data={"csrf_token": token, "code": "x"}, headers=headers).status_code == 422


def test_behind_a_proxy_the_public_address_is_our_own(settings: Settings) -> None:
    client = audited(create_app(production(settings)))
    told = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "limpio.example.org", "X-Forwarded-For": "203.0.113.9"}
    page = client.get("/en/resume", headers=told, base_url="https://limpio.example.org").get_data(as_text=True)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token
    for origin, status in (("https://limpio.example.org", 422), ("https://other.example.org", 403)):
        response = client.post(
            "/en/resume",
            data={"csrf_token": token[1], "code": "x"},
            headers={**told, "Origin": origin},
            base_url="https://limpio.example.org",
        )
        assert response.status_code == status


def test_other_sites_may_link_but_not_embed(client: AuditedClient) -> None:
    client.auditing = False
    linked = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    assert client.get("/en/", headers=linked).status_code == 200
    for more in ({"Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}, {"Sec-Fetch-Dest": "iframe"}):
        assert client.get("/en/", headers={**linked, **more}).status_code == 403


@pytest.mark.parametrize("value", ["", "x", "x.y.z", "eyJ2aXNpdCI6IjEifQ.aaaa.bbbb", "a" * 3000, "\xff\xfe"])
def test_a_tampered_cookie_is_no_visit_and_never_a_fault(client: AuditedClient, value: str) -> None:
    client.set_cookie("limpio", value)
    response = client.get("/es/code")
    assert response.status_code == 410
    assert client.get("/es/").status_code == 200


def test_any_changed_character_of_the_cookie_ends_the_visit(client: AuditedClient) -> None:
    client.submit("/en/", {}, follow=False)
    cookie = client.get_cookie("limpio")
    assert cookie is not None
    assert client.get("/en/code").status_code == 200
    for at in range(0, len(cookie.value) - 1, 7):
        swapped = "A" if cookie.value[at] != "A" else "B"
        client.set_cookie("limpio", cookie.value[:at] + swapped + cookie.value[at + 1 :])
        assert client.get("/en/code").status_code == 410, at


@pytest.mark.parametrize("held", [1, None, [], {"a": 1}, "", "short", "x" * 5000])
def test_a_signed_cookie_with_nonsense_in_it_is_no_visit(client: AuditedClient, held: object) -> None:
    with client.session_transaction() as session:
        session["visit"] = held
    assert client.get("/en/code").status_code == 410


def test_cookies_and_open_forms_survive_a_rotation_of_keys(settings: Settings) -> None:
    app = create_app(settings)
    client = audited(app)
    client.submit("/en/", {}, follow=False)
    token, cookie = token_of(client), client.get_cookie("limpio")
    assert cookie is not None
    guard.store(app).vault.rotate()
    client = audited(create_app(settings))
    client.set_cookie("limpio", cookie.value)
    assert client.get("/en/code").status_code == 200
    assert client.post("/en/code", data={"csrf_token": token}).status_code == 200


# -------------------------------------------------------------------------------------------------------- error pages


@pytest.mark.parametrize("code", [400, 403, 404, 405, 410, 413, 414, 415, 418, 429, 500, 503])
def test_every_error_has_a_page_in_the_language(site: Flask, code: int) -> None:
    client = audited(site)
    for lang in ("en", "es"):
        response = client.get(f"/{lang}/stop/{code}")
        assert response.status_code == code
        assert f'<html lang="{lang}"' in response.get_data(as_text=True)
        assert f"{code}" in response.get_data(as_text=True)


def test_unknown_addresses_and_methods(client: AuditedClient) -> None:
    assert client.get("/es/nada").status_code == 404
    assert client.get("/nowhere/at/all").status_code == 404
    refused = client.get("/en/start")
    assert refused.status_code == 405
    assert "POST" in refused.headers["Allow"]
    assert client.get("/en").status_code in {301, 308}


def test_a_body_that_is_too_large_gets_a_sentence(client: AuditedClient) -> None:
    token = token_of(client)
    response = client.post("/en/resume", data={"csrf_token": token, "code": "x" * (guard.BODY_LIMIT + 1)})
    assert response.status_code == 413
    assert "too much text" in response.get_data(as_text=True)
    assert client.post("/en/resume", data={"csrf_token": token, "code": "x" * 10_000}).status_code == 422


def test_too_many_fields_get_a_sentence(client: AuditedClient) -> None:
    token = token_of(client)
    fields = {f"f{number}": "x" for number in range(guard.FIELDS_LIMIT + 10)}
    response = client.post("/en/resume", data={"csrf_token": token, **fields}, content_type="multipart/form-data")
    assert response.status_code == 413


def test_answers_too_large_to_keep_are_shown_again(site: Flask) -> None:
    client = audited(site)
    token = token_of(client)
    response = client.post("/en/large", data={"csrf_token": token, "name": NAME})
    assert response.status_code == 413
    assert NAME in response.get_data(as_text=True)


def test_a_fault_is_ours_and_says_nothing_of_itself(site: Flask) -> None:
    response = audited(site).get("/es/broken")
    assert response.status_code == 500
    assert "ValueError" not in response.get_data(as_text=True)
    assert NAME not in response.get_data(as_text=True)


def test_a_fault_of_the_error_page_still_gives_a_page(site: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> str:
        raise RuntimeError(NAME)

    monkeypatch.setattr(guard, "render_template", fail)
    response = site.test_client().get("/en/broken")
    assert response.status_code == 500
    assert "Algo falló" in response.get_data(as_text=True)
    assert response.headers["Content-Security-Policy"] == guard.CONTENT_POLICY


# ---------------------------------------------------------------------------------------------------------------- log


def test_the_log_has_route_status_and_time_and_no_person(site: Flask, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    client = audited(site)
    client.auditing = False
    token = token_of(client)
    told = {"User-Agent": NAME, "Referer": f"http://localhost/{NAME}"}
    client.post("/en/broken", data={"csrf_token": token, "name": NAME}, headers=told)
    client.post(f"/en/echo/{NAME}?name={NAME}", data={"csrf_token": token, "name": NAME}, headers=told)
    client.post("/en/resume", data={"csrf_token": token, "code": NAME}, headers=told)
    client.post("/en/resume", data={"code": NAME}, headers=told)
    client.get(f"/{NAME}")
    lines = [f"{record.name} {record.getMessage()} {record.exc_info}" for record in caplog.records]
    assert not [line for line in lines if "Xochitl" in line or "Quispe" in line or "Xochitl" in repr(line)]
    assert any(re.search(r"POST /<lang:lang>/echo/<path:where> 200 \d+ ms", line) for line in lines)
    assert any(re.search(r"POST /<lang:lang>/resume 422 \d+ ms", line) for line in lines)
    assert any(re.search(r"GET - 404 \d+ ms", line) for line in lines)
    faults = [line for line in lines if "ValueError in POST /<lang:lang>/broken" in line]
    assert len(faults) == 1
    assert "test_guard.py" in faults[0]
    assert "127.0.0.1" not in "".join(lines)


# ------------------------------------------------------------------------------------------------------------- limits


def test_a_limited_view_says_when_to_come_back(site: Flask) -> None:
    client = audited(site)
    client.auditing = False
    answers = [client.get("/en/twice") for _ in range(guard.LIMITS["resume"].tries + 1)]
    assert {answer.status_code for answer in answers[:-1]} == {200}
    refused = answers[-1]
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= guard.LIMITS["resume"].per
    assert re.search(r"Wait \d+ minute", refused.get_data(as_text=True))
    elsewhere = client.get("/en/twice", environ_base={"REMOTE_ADDR": "10.9.8.7"})
    assert elsewhere.status_code == 200


def test_an_ipv6_client_is_its_network(site: Flask) -> None:
    client = site.test_client()
    for number in range(guard.LIMITS["resume"].tries):
        client.get("/en/twice", environ_base={"REMOTE_ADDR": f"2001:db8:1:2::{number:x}"})
    assert client.get("/en/twice", environ_base={"REMOTE_ADDR": "2001:db8:1:2:ffff::1"}).status_code == 429
    assert client.get("/en/twice", environ_base={"REMOTE_ADDR": "2001:db8:1:3::1"}).status_code == 200


def test_limits_can_be_off_outside_production(settings: Settings) -> None:
    app = create_app(Settings(instance=settings.instance, env="test", rate_limits=False))
    with app.test_request_context("/en/"):
        assert [guard.spend("resume") for _ in range(50)] == [0] * 50


def test_every_kind_of_limit_is_there() -> None:
    assert set(guard.LIMITS) >= {"start", "resume", "resume-all", "code", "download"}


# ------------------------------------------------------------------------------------------------------------- health


def test_health_is_told_without_language_or_people(client: AuditedClient) -> None:
    response = client.get("/healthz")
    assert response.status_code == 200
    told = response.get_json()
    assert told["ok"] is True
    assert told["reasons"] == []
    assert 0 <= told["seconds_since_purge"] < 60
    assert set(told) == {"ok", "reasons", "seconds_since_purge"}


def test_ill_health_is_503_with_the_reasons(client: AuditedClient, settings: Settings) -> None:
    settings.keys_file.rename(settings.instance / "elsewhere")
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.get_json()["reasons"] == ["the key file cannot be read"]


def test_visit_update_without_a_visit_is_the_lost_page(site: Flask) -> None:
    @site.post("/<lang:lang>/careless")
    def careless() -> str:
        visit.update(lambda document: document)
        return "saved"

    client = audited(site)
    token = token_of(client)
    response = client.post("/en/careless", data={"csrf_token": token, "name": NAME})
    assert response.status_code == 410
    assert NAME in response.get_data(as_text=True)


def test_tests_cannot_reach_the_network() -> None:
    with socket.socket() as outside, pytest.raises((SocketConnectBlockedError, UserWarning)):
        outside.connect(("192.0.2.1", 80))


# ------------------------------------------------------------------------------------------------------- a real server

SERVER = """
import sys
from pathlib import Path
from webapp.server import serve
from webapp.settings import Settings
settings = Settings(instance=Path(sys.argv[1]), env="test", port=int(sys.argv[2]))
serve(settings, ready=lambda told: print(told, flush=True))
"""


@contextmanager
def serving(settings: Settings, port: int) -> Iterator[subprocess.Popen[str]]:
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER, str(settings.instance), str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=REPOSITORY,
        start_new_session=True,
    )
    assert server.stdout is not None
    assert server.stderr is not None
    try:
        assert server.stdout.readline().strip() == f"http://127.0.0.1:{port}", server.stderr.read()
        yield server
    finally:
        if server.poll() is None:
            os.killpg(server.pid, signal.SIGKILL)
        server.communicate(timeout=30)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class Browser:
    """A browser with cookies, over real connections, that does not follow redirects."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies = CookieJar()

    def open(self, path: str, data: bytes | None = None) -> tuple[int, str]:
        class Stay(urllib.request.HTTPRedirectHandler):
            def redirect_request(self, *_: object, **__: object) -> None:
                return None

        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies), Stay)
        try:
            with opener.open(f"http://127.0.0.1:{self.port}{path}", data=data, timeout=20) as response:
                return response.status, response.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()


def test_the_server_stops_gracefully_and_kill_9_loses_no_visit(settings: Settings) -> None:
    port = free_port()
    browser = Browser(port)
    with serving(settings, port) as server:
        status, text = browser.open("/healthz")
        assert (status, json.loads(text)["ok"]) == (200, True)
        _, page = browser.open("/en/")
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)
        assert token
        status, _ = browser.open("/en/start", f"csrf_token={token[1]}".encode())
        os.killpg(server.pid, signal.SIGKILL)  # the moment the answer is there
        assert status == 303
    with serving(settings, port) as server:
        status, page = browser.open("/en/code")
        assert status == 200
        assert "five easy words" in page
        with socket.create_connection(("127.0.0.1", port), timeout=20) as raw:
            raw.sendall(b"GET /\x00secret-path HTTP/1.1\r\nHost: x\r\n\r\n")
            assert b"400" in raw.recv(200)
        server.send_signal(signal.SIGTERM)
        assert server.stderr is not None
        told = server.stderr.read()
        assert server.wait(timeout=30) == 0
    assert "GET /<lang:lang>/code 200" in told
    assert "127.0.0.1" not in told
    assert "secret-path" not in told
