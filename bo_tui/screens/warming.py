"""What the next pages need is loaded once Home is there, so that the first press of a key does not wait for it."""

from __future__ import annotations

import gc
import logging
import sys
import threading
from collections.abc import Sequence
from importlib import import_module

from bo_tui.screens import logfile

log = logging.getLogger(__name__)

TURN = 0.0005  # seconds that loading may keep the interpreter to itself while a key waits; Python's own value is 0.005


def begin(modules: Sequence[str]) -> None:
    """Import these in a thread that does not keep the program from ending; then garbage is collected, where that was put off."""
    threading.Thread(target=_load, args=(modules,), name="warming", daemon=True).start()


def _load(modules: Sequence[str]) -> None:
    usual = sys.getswitchinterval()
    sys.setswitchinterval(TURN)
    try:
        for module in modules:
            import_module(module)
    except Exception as error:  # the page says it again when it is asked for
        logfile.fault(log, error)
    finally:
        sys.setswitchinterval(usual)
        collect_garbage()


def collect_garbage() -> None:
    """Collect from now on, where the start put it off; what was loaded until now stays and is not looked at again."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()
