"""Keys that never overtake each other: key N+1 is let in only when key N, and what it set off, is done.

Textual hands each key to the focused widget's own queue. In a burst (a stalled SSH line) a key can therefore act before
the field has the digits typed before it, or reach the page while the dialog it opened is still being built. Here a probe
follows each key along the same queues; when it has come back and the focus is at rest, the next key goes in. What the key
changed is drawn then, as one frame (`frames.FramePerKey`).
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Any

from textual import events
from textual.app import App
from textual.dom import DOMNode
from textual.message import Message

from bo_tui.widgets.frames import LONGEST, FramePerKey

ROUNDS = 2  # the key itself, then what it posted (a submitted field, a changed focus)
MOST_ROUNDS = 12
WATCH = 0.03  # seconds between looks at a probe whose widget may have been removed
FRAME = -1  # the serial of a probe that no key sent
LOST = 0.2  # seconds after which the first frame waits for its probe no longer
PATIENCE = 17  # looks after which a lost probe is given up: half a second of a program that is not busy


class Probe(Message, bubble=True):
    """Follows a key through the queues; `serial` tells a late one from the one that is waited for."""

    def __init__(self, serial: int) -> None:
        super().__init__()
        self.serial = serial


class OrderedKeysApp(App[Any], inherit_bindings=False):
    """An App whose keys and pastes act strictly in the order typed, and without textual's own keys (Ctrl+Q quits at once)."""

    ENABLE_COMMAND_PALETTE = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._typed: deque[events.Key | events.Paste] = deque()
        self._in_flight = False
        self._holds = 0
        self._serial = 0
        self._round = 0
        self._looks = 0
        self._place: tuple[object, object] | None = None
        self._target: DOMNode | None = None
        self._watch: asyncio.TimerHandle | None = None
        self._drawing = False
        self._drawn_at = 0.0
        self._hidden = False

    def hold_keys(self) -> None:
        """Let no further key act until `release_keys`; calls nest. For the time that a save worker runs."""
        self._holds += 1

    def release_keys(self) -> None:
        """Undo one `hold_keys`; the keys typed meanwhile act now, in order."""
        self._holds = max(0, self._holds - 1)
        if not self._holds:  # a key still under way waits as well for what the end set off, such as another focus
            self._start()
            self._probe()

    @property
    def keys_held(self) -> bool:
        """Whether a save holds the keys back."""
        return self._holds > 0

    @property
    def frames_wait(self) -> bool:
        """Whether a key, or what it set off, or the first page is not done yet, so that a frame would show half of it."""
        return (self._in_flight or self._hidden) and not self._drawing

    def draw_now(self) -> None:
        """Draw what has changed at once instead of at the timer's next turn."""
        if self._exit or not self.screen_stack or self._hidden:
            return
        screen = self.screen
        self._drawing = True
        try:
            with screen._context():
                if isinstance(screen, FramePerKey):
                    screen.draw_what_waited()
                else:
                    screen._on_timer_update()
        finally:
            self._drawing = False
        self._drawn_at = asyncio.get_running_loop().time()

    def hide_frames(self) -> None:
        """Draw nothing before `show_frames`: the first page in one frame, and not once more when its figures are there."""
        self._hidden = True

    def show_frames(self) -> None:
        """Draw what there is, and go on as usual; told again it does nothing."""
        if self._hidden:
            self._hidden = False
            self.draw_now()

    def show_frames_after(self, widget: DOMNode) -> None:
        """`show_frames`, as soon as what widgets have changed until now is known to their screen."""
        if not widget.post_message(Probe(FRAME)):
            self.show_frames()
        elif self._hidden:
            self.set_timer(LOST, self.show_frames)  # a widget that goes away takes its probe along

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            if isinstance(event, events.Key) and event.key.startswith("alt+"):
                event.character = None  # otherwise a focused Input would type the letter
            if self._in_flight or self._holds or self._typed:
                self._typed.append(event)
            else:
                await self._let_in(event)
        else:
            await super().on_event(event)

    async def _let_in(self, event: events.Key | events.Paste) -> None:
        self._start()
        await super().on_event(event)
        self._probe()

    def _start(self) -> None:
        self._in_flight = True
        self._round = 0
        self._place = None

    def _probe(self) -> None:
        self._serial += 1
        self._target = self.focused or (self.screen if self.screen_stack else self)
        self._looks = 0
        if not self._target.post_message(Probe(self._serial)):
            self.post_message(Probe(self._serial))
        self._look_again()

    def _look_again(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
        self._watch = asyncio.get_running_loop().call_later(WATCH, self._look)

    def _look(self) -> None:
        """A widget that goes away takes its probe along, so a new one is sent; nothing may stop the keyboard for good.

        Looks are counted, not seconds: when the machine or a slow handler stalled the program, the probe is late but not lost, and
        the next key must not overtake what still waits in the queues.
        """
        target = self._target
        if not self._in_flight or target is None or self._exit:
            return
        self._looks += 1
        late = self._looks > PATIENCE
        if late:
            self._round = MOST_ROUNDS
        if late or not (target.is_attached or target is self):
            self._serial += 1
            self._looks = 0
            self._target = self
            self.post_message(Probe(self._serial))
        self.draw_now()  # it takes its time: what there is so far is shown
        self._look_again()

    async def on_probe(self, probe: Probe) -> None:
        """The probe came back: once more if something moved, else the next key."""
        probe.stop()
        if probe.serial == FRAME:
            self.show_frames()
        if probe.serial != self._serial or not self._in_flight:
            return
        place = (self.screen, self.focused) if self.screen_stack else (None, None)
        self._round += 1
        if self._round < MOST_ROUNDS and (self._round < ROUNDS or place != self._place):
            self._place = place
            self._probe()
            return
        self._in_flight = False
        if self._watch is not None:
            self._watch.cancel()
        more = bool(self._typed) and not self._holds
        if not more or asyncio.get_running_loop().time() - self._drawn_at > LONGEST:
            self.draw_now()
        if more:
            await self._let_in(self._typed.popleft())
