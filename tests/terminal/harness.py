"""A real terminal for tests: a program in a pseudo-terminal, raw bytes in, a screen of text out.

    with Terminal(["bo-tui", "--store", path], rows=24, cols=80) as term:
        term.wait_for("External Collections")
        term.send(b"\\x1b[B\\x1b[B\\r")     # two Downs and Enter in one write, as a stalled SSH line delivers them
        term.wait_for("Adjust")
        assert term.lines[23].startswith(" F1 Help")
        bytes_used = term.spent(b"\\x1b[B")   # what one key costs over SSH

`wait_for` looks at the screen as a person would see it (pyte), not at the bytes, and shows the screen when it gives up.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Mapping, Sequence
from types import TracebackType

import pyte

KEYS = {
    "up": b"\x1b[A",
    "down": b"\x1b[B",
    "right": b"\x1b[C",
    "left": b"\x1b[D",
    "home": b"\x1b[H",
    "end": b"\x1b[F",
    "pageup": b"\x1b[5~",
    "pagedown": b"\x1b[6~",
    "insert": b"\x1b[2~",
    "delete": b"\x1b[3~",
    "enter": b"\r",
    "tab": b"\t",
    "shift+tab": b"\x1b[Z",
    "escape": b"\x1b",
    "backspace": b"\x7f",
    "space": b" ",
    "f1": b"\x1bOP",
    "f2": b"\x1bOQ",
    "f3": b"\x1bOR",
    "f4": b"\x1bOS",
    **{f"f{n}": b"\x1b[%d~" % code for n, code in zip(range(5, 13), (15, 17, 18, 19, 20, 21, 23, 24), strict=True)},
}
"""The bytes an xterm sends for a key; Alt+letter is `alt("s")`."""

_CONFUSING = re.compile(rb"\x1b\[[<>=?][0-9;]*u|\x1b\[\?[0-9;]+\$p")  # pyte prints what it does not know


def alt(letter: str) -> bytes:
    """The bytes of Alt and a letter."""
    return b"\x1b" + letter.encode()


def keys(*names: str) -> bytes:
    """The bytes of several keys: names from KEYS, `alt+s`, or text to type."""
    parts = []
    for name in names:
        if name in KEYS:
            parts.append(KEYS[name])
        elif name.startswith("alt+") and len(name) == 5:
            parts.append(alt(name[4]))
        else:
            parts.append(name.encode())
    return b"".join(parts)


class Terminal:
    """A program in a pseudo-terminal of `rows` by `cols`; `environ` is added to a plain environment (None removes a name)."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        rows: int = 24,
        cols: int = 80,
        environ: Mapping[str, str | None] | None = None,
        cwd: str | os.PathLike[str] | None = None,
    ) -> None:
        self.screen = pyte.Screen(cols, rows)
        self._stream = pyte.ByteStream(self.screen)
        self.raw = bytearray()
        self.exit_code: int | None = None
        environment = _plain_environment(environ or {})
        size = struct.pack("HHHH", rows, cols, 0, 0)
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            try:
                fcntl.ioctl(0, termios.TIOCSWINSZ, size)
                if cwd is not None:
                    os.chdir(cwd)
                os.execvpe(command[0], list(command), environment)
            finally:
                os._exit(127)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, size)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # --- looking ---------------------------------------------------------------------------------------------------

    @property
    def lines(self) -> list[str]:
        """The screen's lines from the top, without trailing blanks."""
        return [line.rstrip() for line in self.screen.display]

    @property
    def text(self) -> str:
        """The whole screen."""
        return "\n".join(self.lines)

    @property
    def cursor(self) -> tuple[int, int]:
        """Where the real cursor stands: line and column, from 0."""
        return self.screen.cursor.y, self.screen.cursor.x

    @property
    def total(self) -> int:
        """How many bytes the program has written."""
        return len(self.raw)

    def wait_for(self, text: str, timeout: float = 10.0) -> str:
        """Read until the screen shows the text; returns the first line that does."""
        self.wait_until(lambda: text in self.text, f"{text!r}", timeout)
        return next(line for line in self.lines if text in line) if "\n" not in text else text

    def wait_gone(self, text: str, timeout: float = 10.0) -> None:
        """Read until the screen no longer shows the text."""
        self.wait_until(lambda: text not in self.text, f"{text!r} to go", timeout)

    def wait_until(self, done, what: str = "it", timeout: float = 10.0) -> None:  # type: ignore[no-untyped-def]
        """Read until `done()` is true; AssertionError with the screen when that takes too long."""
        end = time.monotonic() + timeout
        while not done():
            if time.monotonic() > end or not self._read(0.05):
                if done():
                    return
                raise AssertionError(f"waited for {what}; the screen shows:\n{self.text}")

    def settle(self, quiet: float = 0.1, timeout: float = 5.0) -> None:
        """Read until the program has written nothing for `quiet` seconds."""
        end = time.monotonic() + timeout
        last, total = time.monotonic(), self.total
        while time.monotonic() < end and time.monotonic() - last < quiet:
            if not self._read(0.01):
                return
            if self.total != total:
                last, total = time.monotonic(), self.total

    # --- doing -----------------------------------------------------------------------------------------------------

    def send(self, data: bytes) -> None:
        """Write bytes as the keyboard would, in one write."""
        os.write(self.fd, data)

    def press(self, *names: str) -> None:
        """Write several keys in one write; names as in `keys`."""
        self.send(keys(*names))

    def spent(self, data: bytes, quiet: float = 0.15) -> int:
        """How many bytes the program writes in answer to these bytes."""
        before = self.total
        self.send(data)
        self.settle(quiet)
        return self.total - before

    def answer_time(self, data: bytes, quiet: float = 0.1) -> float:
        """Seconds from writing the bytes to the last byte of the answer; the screen is drawn only afterwards."""
        start = last = time.monotonic()
        answered = False
        undrawn: list[bytes] = []
        self.send(data)
        while time.monotonic() - last < (quiet if answered else 1.0):
            ready, _, _ = select.select([self.fd], [], [], 0.002)
            if ready:
                undrawn.append(os.read(self.fd, 65536))
                answered, last = True, time.monotonic()
        for part in undrawn:
            self._draw(part)
        return last - start

    def resize(self, rows: int, cols: int) -> None:
        """Give the terminal another size, as dragging its window does."""
        self.screen.resize(rows, cols)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, 0, 0))
        os.kill(self.pid, signal.SIGWINCH)

    def signal(self, number: int) -> None:
        """Send the program a signal."""
        os.kill(self.pid, number)

    def wait_exit(self, timeout: float = 5.0) -> int:
        """Read until the program has ended; its exit code (128 + n when a signal n killed it)."""
        end = time.monotonic() + timeout
        while self.exit_code is None:
            self._read(0.02)
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                code = os.waitstatus_to_exitcode(status)
                self.exit_code = code if code >= 0 else 128 - code
            elif time.monotonic() > end:
                raise AssertionError(f"the program did not end; the screen shows:\n{self.text}")
        while self._read(0.02):
            pass
        return self.exit_code

    def memory(self) -> int:
        """The program's resident memory in bytes."""
        with open(f"/proc/{self.pid}/status") as status:
            return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmRSS"))

    def close(self) -> None:
        """End the program, kindly first."""
        if self.exit_code is None:
            for number in (signal.SIGTERM, signal.SIGKILL):
                try:
                    os.kill(self.pid, number)
                    self.wait_exit(2.0)
                    break
                except (AssertionError, ProcessLookupError, ChildProcessError):
                    continue
        with contextlib.suppress(OSError):
            os.close(self.fd)

    def _read(self, timeout: float) -> bool:
        """Take what there is to read; False when the program has closed its end."""
        ready, _, _ = select.select([self.fd], [], [], timeout)
        if not ready:
            return self.exit_code is None
        try:
            data = os.read(self.fd, 65536)
        except OSError:
            return False
        if not data:
            return False
        self._draw(data)
        return True

    def _draw(self, data: bytes) -> None:
        self.raw += data
        if b"\x1b[?2026$p" in data:
            os.write(self.fd, b"\x1b[?2026;2$y")  # as a modern terminal: frames come whole
        self._stream.feed(_CONFUSING.sub(b"", data))


def _plain_environment(changes: Mapping[str, str | None]) -> dict[str, str]:
    """This process's environment without what would change the picture, and with the changes."""
    loud = ("TEXTUAL", "ESCDELAY", "NO_COLOR", "COLORTERM", "LC_", "TERM_PROGRAM", "SSH_", "COLUMNS", "LINES")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(loud)}
    environment.update(TERM="xterm-256color", LANG="C.UTF-8")
    for name, value in changes.items():
        if value is None:
            environment.pop(name, None)
        else:
            environment[name] = value
    return environment
