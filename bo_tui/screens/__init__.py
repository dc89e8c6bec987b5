"""The pages; the terminal's quiet settings are made here, before any of them imports textual (DESIGN section 8)."""

import os

from bo_tui.widgets import environment

environment.prepare(os.environ)
