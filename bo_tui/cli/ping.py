"""Telling a monitor that the night went well or did not: one GET of an address from the settings, which says nothing else.

Off unless `ping_url` is set. What runs silently wrong for weeks is a timer that does not run at all: a monitor that expects the
ping notices. The night never waits for it longer than PATIENCE, nor fails with it.
"""

from __future__ import annotations

import threading
from typing import Any
from urllib.parse import urlsplit, urlunsplit

PATIENCE = 5.0  # seconds, looking up the name included


def ping(url: str, ok: bool, patience: float = PATIENCE) -> str | None:
    """GET the address, or the address with `/fail` when the night did not end well; None, or a sentence about what went wrong.

    The sentence names the host alone: the rest of such an address is often its password.
    """
    said: list[str] = []
    # a thread, because no timeout of Python's ends the look-up of a name; it is left behind when it is late
    asking = threading.Thread(target=_ask, args=(address(url, ok), patience, said), name="ping", daemon=True)
    asking.start()
    asking.join(patience)
    why = "no answer in time" if asking.is_alive() else said[0]
    return f"{urlsplit(url).hostname} was not told of the night: {why}." if why else None


def address(url: str, ok: bool) -> str:
    """The address to ask for; `/fail` goes at the end of its path, before any `?`."""
    if ok:
        return url
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=parts.path.rstrip("/") + "/fail"))


def _ask(url: str, patience: float, said: list[str]) -> None:
    try:
        said.append(_answer(url, patience))
    except Exception as error:  # whatever a network does, the night is done
        said.append(type(error).__name__)


def _answer(url: str, patience: float) -> str:
    """Empty for a good answer; anything else, a redirect included, is told by its number."""
    from urllib.error import HTTPError
    from urllib.request import HTTPRedirectHandler, Request, build_opener

    class Nowhere(HTTPRedirectHandler):
        def redirect_request(self, *asked: Any, **more: Any) -> None:
            return None  # the address in the settings, and no other that an answer may name

    try:
        with build_opener(Nowhere).open(Request(url, headers={"User-Agent": "bo-tui"}), timeout=patience):
            return ""
    except HTTPError as error:
        error.close()
        return f"HTTP {error.code}"
