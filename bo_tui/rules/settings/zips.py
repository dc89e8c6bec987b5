"""Which state a ZIP code lies in, by its first three digits (the Postal Service's sectional centres), and what states there are."""

from __future__ import annotations

import re
from bisect import bisect_right

# from this prefix on: the state, until the next entry; empty where no prefix is in use or it is the military's
_FROM = (
    (5, "NY"), (6, "PR"), (8, "VI"), (9, "PR"), (10, "MA"), (28, "RI"), (30, "NH"), (39, "ME"), (50, "VT"), (55, "MA"),
    (56, "VT"), (60, "CT"), (70, "NJ"), (90, ""), (100, "NY"), (150, "PA"), (197, "DE"),
    (200, "DC"), (201, "VA"), (202, "DC"), (206, "MD"), (220, "VA"), (247, "WV"), (269, ""), (270, "NC"), (290, "SC"),
    (300, "GA"), (320, "FL"), (340, ""), (341, "FL"), (350, "AL"), (370, "TN"), (386, "MS"), (398, "GA"), (400, "KY"),
    (428, ""), (430, "OH"), (460, "IN"), (480, "MI"), (500, "IA"), (530, "WI"), (550, "MN"), (568, ""), (570, "SD"),
    (580, "ND"), (589, ""), (590, "MT"), (600, "IL"), (630, "MO"), (659, ""), (660, "KS"), (680, "NE"), (694, ""),
    (700, "LA"), (715, ""), (716, "AR"), (730, "OK"), (733, "TX"), (734, "OK"), (750, "TX"), (800, "CO"), (817, ""),
    (820, "WY"), (832, "ID"), (839, ""), (840, "UT"), (848, ""), (850, "AZ"), (866, ""), (870, "NM"), (885, "TX"),
    (889, "NV"), (899, ""), (900, "CA"), (962, ""), (967, "HI"), (969, "GU"), (970, "OR"), (980, "WA"), (995, "AK"),
)  # fmt: skip
_STARTS = [start for start, _ in _FROM]
STATES = tuple(sorted({state for _, state in _FROM if state} | {"AS", "MP", "AA", "AE", "AP"}))
_ZIP = re.compile(r"[0-9]{5}(-?[0-9]{4})?")


def is_zip(text: str) -> bool:
    """Whether a text is a ZIP code: five digits, or nine with or without a hyphen."""
    return text.isascii() and _ZIP.fullmatch(text) is not None


def state_of(zip_code: str) -> str | None:
    """The state of a ZIP code, None where its prefix has none."""
    at = bisect_right(_STARTS, int(zip_code[:3])) - 1
    return (_FROM[at][1] if at >= 0 else "") or None


def known_state(code: str | None) -> str | None:
    """The two-letter code in capitals where there is such a state, territory or military region, else None."""
    found = (code or "").strip().upper()
    return found if found in STATES else None
