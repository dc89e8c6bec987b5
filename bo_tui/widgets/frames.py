"""One key, one frame: what a key sets off is drawn together when it is done, not in as many frames as it has parts.

Textual draws on a timer, the first change at once and what follows (the sentence above the keys) up to a thirtieth of a
second later. The app knows from its key queue when a key is done; until then the screens leave the timer's frames out.
Leans on textual's private `_on_timer_update`, as its own Pilot does: the minor version is pinned.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from textual.screen import Screen

    Base = Screen[Any]
else:
    Base = object

LONGEST = 1 / 30  # seconds: a key that takes longer, and a burst of keys, are drawn as often as this


class FramePerKey(Base):
    """For a Screen of an `OrderedKeysApp`: no frame while `app.frames_wait`; the app draws when what they wait for is done."""

    _laying_out = False
    _covered = False  # by another screen; also in the moment between that one's end and its own coming back

    def _on_screen_suspend(self) -> None:
        self._covered = True

    def _on_screen_resume(self, event: Any) -> None:
        self._covered = False

    @property
    def _waits(self) -> bool:
        """Whether a frame of now would show half of what is going on: a line of this page below a dialog that has ended."""
        return self is self.app.screen and (self._covered or getattr(self.app, "frames_wait", False))

    def _on_timer_update(self) -> None:
        if self._waits:
            self._update_timer.pause()
        else:
            super()._on_timer_update()

    def _refresh_layout(self, *arguments: Any, **named: Any) -> None:
        self._laying_out = True
        try:
            super()._refresh_layout(*arguments, **named)
        finally:
            self._laying_out = False

    def _compositor_refresh(self) -> None:
        # What a layout moved is no frame of its own where the whole page is drawn right after it (back from a dialog, whose
        # lines would stand between the page's until then).
        if not self._waits and not (self._laying_out and self._repaint_required):
            super()._compositor_refresh()

    def draw_what_waited(self) -> None:
        """Draw all that has changed since the last frame."""
        self._on_timer_update()
        if self._compositor._dirty_regions and self.is_current:  # a layout was made whose frame was left out
            self._compositor_refresh()
