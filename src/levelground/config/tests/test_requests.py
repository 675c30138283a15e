"""What surrounds every request: its id, its line in the log, its count, its size, and what happens when it breaks."""

import io
import json
import logging
import re
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import OperationalError, connection, connections
from django.test import Client, RequestFactory
from structlog.testing import capture_logs

from levelground.config import errors, health, logs
from levelground.config.metrics import BUCKETS, Requests
from levelground.foundation.errors import Conflict, DomainError, IllegalMove, Invalid, NotAllowed, TooLarge, TooMany
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def access_lines(lines: list[Any]) -> list[Any]:
    return [line for line in lines if line["event"] == "request"]


def test_every_answer_carries_its_own_id(client: Client) -> None:
    one, two = client.get("/help/")["X-Request-ID"], client.get("/nothing/")["X-Request-ID"]
    assert re.fullmatch("[0-9a-f]{16}", one)
    assert one != two
    assert client.get("/help/", HTTP_X_REQUEST_ID="forged\nline")["X-Request-ID"] != "forged\nline"


def test_one_line_in_the_log_for_each_request(client: Client) -> None:
    user = UserFactory()
    client.force_login(user)
    with capture_logs() as lines:
        client.get("/notifications/?q=secret")
    (line,) = access_lines(lines)
    assert (line["method"], line["route"], line["status"]) == ("GET", "notifications", 200)
    assert line["user"] == user.public_id
    assert line["ms"] > 0
    assert "secret" not in json.dumps(lines)


def test_probes_write_no_line(client: Client) -> None:
    with capture_logs() as lines:
        client.get("/healthz")
        client.get("/readyz")
    assert access_lines(lines) == []


def test_secrets_in_addresses_are_cut() -> None:
    assert (
        logs.safe_path("/account/password/reset/key/1-cq2k3m9x8w7v6u5t4s3r2/") == "/account/password/reset/key/1-cq…/"
    )
    assert (
        logs.safe_path("/organisations/alder/workbook/abcdefghjkmn/") == "/organisations/alder/workbook/abcdefghjkmn/"
    )


def broken_render(*args: Any, **kwargs: Any) -> Any:
    raise LookupError("it broke")


def test_the_log_is_one_json_object_a_line_with_the_error(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.formatter())
    logging.getLogger("django.request").addHandler(handler)
    monkeypatch.setattr("levelground.config.views.render", broken_render)
    client.raise_request_exception = False
    try:
        answer = client.get("/help/")
    finally:
        logging.getLogger("django.request").removeHandler(handler)
    assert answer.status_code == 500
    (line,) = [json.loads(text) for text in stream.getvalue().splitlines()]
    assert line["level"] == "error"
    assert line["request_id"] == answer["X-Request-ID"]
    assert "LookupError: it broke" in line["exception"]


def test_the_page_of_an_error_needs_no_database(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    request = RequestFactory().get("/x/")
    request.request_id = "abc123"  # type: ignore[attr-defined]

    def away(self: Any) -> Any:
        raise OperationalError("the database is away")

    monkeypatch.setattr(type(connections["default"]), "cursor", away)
    answer = errors.server_error(request)
    assert answer.status_code == 500
    assert "It is not your fault" in answer.content.decode()


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NotAllowed("Ask your lead."), 403),
        (Conflict("Somebody was quicker."), 409),
        (TooLarge("Too big."), 413),
        (TooMany("Wait."), 429),
        (Invalid("Write a date."), 400),
        (IllegalMove("Answer all first."), 400),
    ],
)
def test_a_rule_that_says_no_becomes_a_page_that_says_why(
    client: Client, monkeypatch: pytest.MonkeyPatch, error: DomainError, status: int
) -> None:
    def refuse(*args: Any, **kwargs: Any) -> Any:
        raise error

    monkeypatch.setattr("levelground.config.views.render", refuse)
    answer = client.get("/help/")
    assert answer.status_code == status
    assert str(error) in answer.content.decode()


def test_a_request_larger_than_the_largest_file_is_refused_unread(client: Client, settings: Any) -> None:
    settings.REQUEST_MAX_BYTES = 1000
    answer = client.post("/language/", {"language": "cy", "next": "x" * 2000})
    assert answer.status_code == 413
    assert "too big to send" in answer.content.decode()
    assert settings.LANGUAGE_COOKIE_NAME not in answer.cookies


def test_a_form_larger_than_forms_are_is_refused_with_the_same_page(settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    for enforce in (False, True):
        strict = Client(enforce_csrf_checks=enforce)
        strict.get("/account/login/")  # the cookie against forged forms
        assert strict.post("/language/", {"language": "cy", "next": "x" * 2000}).status_code == 413
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 5
    fields = {f"f{n}": "1" for n in range(9)}
    assert Client().post("/language/", fields).status_code == 413


def test_alive_and_ready(client: Client) -> None:
    for path in ("/healthz", "/readyz"):
        answer = client.get(path)
        assert (answer.status_code, answer.content) == (200, b"ok\n")
        assert answer["Cache-Control"] == "no-store"
        assert client.post(path).status_code == 405


def test_not_ready_without_the_database(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(self: Any) -> Any:
        raise OperationalError("password is hunter2")

    monkeypatch.setattr(type(connections["default"]), "cursor", away)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (503, b"the database cannot be reached\n")
    assert client.get("/healthz").status_code == 200


def test_not_ready_before_the_migrations(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "missing_migrations", lambda: ["audit 0099_next"])
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (503, b"the database needs: levelground migrate\n")


def test_missing_migrations_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db.migrations.recorder import MigrationRecorder

    monkeypatch.setattr(health, "_known_complete", False)
    row = MigrationRecorder(connection).migration_qs.get(app="audit", name="0002_append_only")
    row.delete()
    assert "audit 0002_append_only" in health.missing_migrations()
    MigrationRecorder(connection).record_applied("audit", "0002_append_only")
    assert health.missing_migrations() == []


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Bearer "}])
def test_figures_are_for_those_who_know_the_token(client: Client, settings: Any, headers: dict[str, str]) -> None:
    settings.METRICS_TOKEN = "a-long-token"
    assert client.get("/metrics", headers=headers).status_code == 404


def test_without_a_token_in_the_settings_there_are_no_figures(client: Client) -> None:
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404
    assert client.get("/metrics").status_code == 404


def test_the_figures(client: Client, settings: Any) -> None:
    settings.METRICS_TOKEN = "a-long-token"
    client.get("/help/")
    answer = client.get("/metrics", headers={"Authorization": "Bearer a-long-token"})
    assert answer["Content-Type"].startswith("text/plain; version=0.0.4")
    text = answer.content.decode()
    assert "levelground_database_up 1" in text
    assert 'levelground_jobs{state="waiting"} 0' in text
    assert re.search(r'levelground_requests_total\{pid="\d+",route="help",method="GET",status="200"\} \d', text)
    for line in text.splitlines():
        assert re.fullmatch(r'# TYPE \w+ \w+|\w+(\{(\w+="[^"]*",?)+\})? [\d.e+-]+', line), line


def test_times_are_counted_in_growing_buckets() -> None:
    requests = Requests()
    for seconds in (0.001, 0.01, 0.3, 99):
        requests.seen("home", "GET", 200, seconds)
    lines = "\n".join(requests.lines())
    values = [int(n) for n in re.findall(r"_bucket\{.*\} (\d+)", lines)]
    assert values == [2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 4]
    assert len(values) == len(BUCKETS) + 1
    assert 'le="+Inf"} 4' in lines
    assert re.search(r"_count\{.*\} 4", lines)


def test_made_up_methods_and_addresses_do_not_fill_the_memory(client: Client) -> None:
    from levelground.config.metrics import REQUESTS

    for n in range(3):
        client.generic(f"MADEUP{n}", f"/nowhere/{n}/")
    lines = [line for line in REQUESTS.lines() if "nowhere" in line or "MADEUP" in line]
    assert lines == []
    assert any('route="none",method="OTHER"' in line for line in REQUESTS.lines())


@pytest.mark.parametrize(
    ("path", "page"),
    [
        ("/o/alder/workbook/mark/indicator/1.1.1/comment/", "/o/alder/workbook/mark/indicator/1.1.1/"),
        ("/o/alder/workbook/mark/spreadsheet/difference/", "/o/alder/workbook/mark/spreadsheet/"),
        ("/o/alder/workbook/mark/evidence/abc/remove/", "/o/alder/workbook/mark/evidence/abc/"),
        ("/o/alder/year/mark/2026/sign/not-yet/", "/o/alder/year/mark/2026/sign/"),
        ("/demo/sign-in/", "/"),
        ("/language/", "/"),
    ],
)
def test_the_address_of_a_form_leads_a_reader_to_the_page_that_it_is_on(client: Client, path: str, page: str) -> None:
    client.force_login(UserFactory())
    answer = client.get(path, HTTP_ACCEPT="text/html,application/xhtml+xml")
    assert (answer.status_code, answer["Location"]) == (302, page)


def test_a_method_that_an_address_does_not_take_has_a_page_of_ours(client: Client) -> None:
    for answer in (client.get("/language/"), client.post("/help/", HTTP_ACCEPT="text/html")):
        assert answer.status_code == 405
        assert answer["Allow"]
        assert "Nothing was changed" in answer.content.decode()


def test_a_form_without_its_cookie_says_that_the_page_was_open_too_long() -> None:
    answer = Client(enforce_csrf_checks=True).post("/language/", {"language": "cy"})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "This page was open too long" in page
    assert "role" not in BeautifulSoup(page, "html.parser").main.get_text()


def test_what_is_too_big_leads_back_to_the_form_and_nowhere_else(client: Client, settings: Any) -> None:
    settings.REQUEST_MAX_BYTES = 1000
    big = {"language": "cy", "next": "x" * 2000}
    answer = client.post("/language/", big, HTTP_REFERER="http://testserver/help/?a=1#here")
    assert BeautifulSoup(answer.content, "html.parser").main.find("a", href="/help/?a=1")
    answer = client.post("/language/", big, HTTP_REFERER="https://elsewhere.example/help/")
    assert "elsewhere.example" not in answer.content.decode()
