"""Loading ahead: in a thread, whatever cannot be loaded is left to the page that needs it."""

from __future__ import annotations

import gc
import sys
import threading

import pytest

from bo_tui.screens import warming
from bo_tui.screens.app import NEXT, PAGES


def wait() -> None:
    for thread in threading.enumerate():
        if thread.name == "warming":
            thread.join(20)


@pytest.mark.parametrize("first", ["json", "bo_tui.no_such_module"])
def test_afterwards_the_interpreter_is_as_usual_and_garbage_is_collected(first: str) -> None:
    usual = sys.getswitchinterval()
    gc.disable()
    try:
        warming.begin([first, *(PAGES[name][0] for name in NEXT)])
        wait()
        assert gc.isenabled()
    finally:
        gc.enable()
        gc.unfreeze()
    assert sys.getswitchinterval() == usual
    if first == "json":
        assert all(PAGES[name][0] in sys.modules for name in NEXT)
