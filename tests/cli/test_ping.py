"""The ping after a night: one GET of the address in the settings, which says well or not well, and never holds the night up."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from click.testing import Result

from bo_tui.cli import ping
from bo_tui.db.lock import night_lock
from bo_tui.office import Office

Bo = Callable[..., Result]


class Monitor:
    """A web server of this machine that keeps what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.heads: list[dict[str, str]] = []
        self.answer = 200
        told = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                told.asked.append(self.path)
                told.heads.append(dict(self.headers))
                self.send_response(told.answer)
                self.send_header("Location", "/elsewhere")
                self.end_headers()

            def log_message(self, *args: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/secret-id"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()


@pytest.fixture
def monitor(monkeypatch: pytest.MonkeyPatch) -> Iterator[Monitor]:
    monkeypatch.setenv("no_proxy", "*")
    made = Monitor()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def settings(tmp_path: Path, monitor: Monitor) -> str:
    path = tmp_path / "settings.toml"
    path.write_text(f'ping_url = "{monitor.url}"\n')
    return str(path)


def test_a_night_that_went_well_and_one_that_did_not(bo: Bo, office: Office, monitor: Monitor, settings: str) -> None:
    assert bo("nightly", "--config", settings).exit_code == 0
    assert monitor.asked == ["/secret-id"]
    with night_lock(office.store, "somebody"):
        assert bo("nightly", "--config", settings).exit_code == 75
    assert bo("nightly", "--config", settings, "--practice", "NOWHERE").exit_code == 65
    assert monitor.asked[1:] == ["/secret-id/fail"] * 2
    assert bo("nightly", "--config", settings, "--dry-run").exit_code == 0
    assert len(monitor.asked) == 3
    assert set(monitor.heads[0]) <= {"Host", "User-Agent", "Connection", "Accept-Encoding"}
    assert monitor.heads[0]["User-Agent"] == "bo-tui"


def test_without_the_setting_nobody_is_told(bo: Bo, monitor: Monitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ping, "ping", lambda *args: pytest.fail("pinged"))
    assert bo("nightly").exit_code == 0
    assert monitor.asked == []


@pytest.mark.parametrize("answer", [404, 500, 302])
def test_a_bad_answer_is_said_and_changes_nothing(bo: Bo, monitor: Monitor, settings: str, answer: int) -> None:
    monitor.answer = answer
    done = bo("nightly", "--config", settings)
    assert done.exit_code == 0
    assert f"127.0.0.1 was not told of the night: HTTP {answer}." in done.stderr
    assert "secret-id" not in done.stderr
    assert monitor.asked == ["/secret-id"]  # a redirect is not followed


def test_one_who_never_answers_is_not_waited_for() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        began = time.monotonic()
        said = ping.ping(f"http://127.0.0.1:{silent.getsockname()[1]}/x", True, 0.2)
        assert time.monotonic() - began < 2
    assert said is not None
    assert said.startswith("127.0.0.1 was not told of the night: ")
    assert ping.ping("http://127.0.0.1:1/x", True) is not None  # nobody there


def test_where_fail_stands() -> None:
    assert ping.address("https://h.example/a/b", True) == "https://h.example/a/b"
    assert ping.address("https://h.example/a/b", False) == "https://h.example/a/b/fail"
    assert ping.address("https://h.example/a/?key=1", False) == "https://h.example/a/fail?key=1"
    assert ping.address("https://h.example", False) == "https://h.example/fail"
