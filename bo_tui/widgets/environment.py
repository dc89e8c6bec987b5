"""What the terminal can do, decided before textual is imported; this module imports neither textual nor rich.

Textual reads its TEXTUAL_* and ESCDELAY settings when it is imported, so `prepare` has to come first.
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping

QUIET = {
    "TEXTUAL_ANIMATIONS": "none",  # an animated page costs 459 KB over SSH, a plain one 13 KB
    "TEXTUAL_SMOOTH_SCROLL": "0",
    "TEXTUAL_FPS": "30",
    "ESCDELAY": "100",  # milliseconds; only the bare Esc key waits this long
}


def prepare(environ: MutableMapping[str, str]) -> None:
    """Give textual its quiet settings where the person has set none; call it before textual is imported."""
    for name, value in QUIET.items():
        environ.setdefault(name, value)
    # as a setting and not later: for NO_COLOR textual chooses its filter when the App is made, and paints black on black
    # when the theme becomes an ansi one only afterwards
    environ.setdefault("TEXTUAL_THEME", theme(environ))
    remote = environ.get("SSH_CONNECTION") or environ.get("SSH_TTY")
    if remote and not sixteen_colours(environ):
        environ.setdefault("TEXTUAL_COLOR_SYSTEM", "256")


def refusal(environ: Mapping[str, str], *, interactive: bool = True) -> str | None:
    """Why this terminal cannot show the program, as a sentence, or None; `interactive` = stdin and stdout are terminals."""
    if not interactive:
        return "The program needs a terminal; for scripts, use the commands listed by bo-tui --help."
    term = environ.get("TERM", "")
    if term in ("", "dumb", "unknown"):
        return f"This terminal (TERM={term or 'not set'}) cannot place text on a screen; set TERM, for example xterm-256color."
    return None


def sixteen_colours(environ: Mapping[str, str]) -> bool:
    """Whether the terminal promises no more than 16 colours."""
    if environ.get("COLORTERM", "").lower() in ("truecolor", "24bit"):
        return False
    term = environ.get("TERM", "")
    return not ("256color" in term or "direct" in term or "kitty" in term)


def theme(environ: Mapping[str, str]) -> str:
    """The theme's name: `ansi-dark` (the terminal's own palette) for NO_COLOR and 16 colours, else `textual-dark`."""
    if environ.get("NO_COLOR") or sixteen_colours(environ):
        return "ansi-dark"
    return "textual-dark"


def has_utf8(environ: Mapping[str, str]) -> bool:
    """Whether box drawing may be shown; without it the grids draw their guides in ASCII."""
    if environ.get("TERM", "").startswith("vt"):
        return False
    for name in ("LC_ALL", "LC_CTYPE", "LANG"):
        value = environ.get(name)
        if value:
            return "utf-8" in value.lower() or "utf8" in value.lower()
    return False
