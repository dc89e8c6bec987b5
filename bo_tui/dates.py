"""Business dates as whole day numbers, counted from 1970-01-01; the only place that asks what day it is.

Age on D is `D - aging_date`, a subtraction of two such numbers (DESIGN section 2). Calendar arithmetic that a person
means ("a month ago") is pendulum's, imported only when asked for, because the first frame must not wait for it.
"""

from __future__ import annotations

import datetime as _dt
import re

_EPOCH = _dt.date(1970, 1, 1).toordinal()
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_SHORTHAND = re.compile(r"t(?:([+-])(\d{1,4})([dwmy]?))?", re.IGNORECASE)


def today() -> int:
    """The machine's local date as a day number. For the command line and the app only."""
    return _dt.date.today().toordinal() - _EPOCH


def utc_stamp() -> str:
    """The moment now in UTC, `2026-11-21T22:00:05Z`; kept only in columns whose names end in `_at`."""
    return _dt.datetime.now(_dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def local(stamp: str) -> str:
    """A kept moment as a person reads it: the machine's local date and time, `2026-11-21 23:00`. The only form on screens."""
    moment = _dt.datetime.fromisoformat(stamp.replace("Z", "+00:00"))
    return moment.astimezone().strftime("%Y-%m-%d %H:%M")


def written(stamp: str, business_date: int) -> str:
    """When an act was written, with its business date where that is another day: `2026-11-21 23:00 for 2026-11-20`."""
    moment, day = local(stamp), iso(business_date)
    return moment if moment.startswith(day) else f"{moment} for {day}"


def day_begins(day: int) -> str:
    """The moment in UTC, as `utc_stamp` writes it, at which a day of the machine's calendar begins."""
    moment = _dt.datetime.combine(_date(day), _dt.time()).astimezone(_dt.UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def parse(text: str) -> int:
    """Day number of an ISO date `2026-11-21`; ValueError says in words what is wrong with it."""
    text = text.strip()
    if not _ISO.fullmatch(text) or not text.isascii():
        raise ValueError("is not a date such as 2026-11-21")
    try:
        return _dt.date.fromisoformat(text).toordinal() - _EPOCH
    except ValueError:
        raise ValueError("is not a day of the calendar") from None


def understand(text: str, today: int) -> int:
    """What an operator types in a date field: an ISO date, or `t`, `t-1`, `t+2w`, `t-3m`, `t+1y` counted from today."""
    match = _SHORTHAND.fullmatch(text.strip())
    if match is None:
        return parse(text)
    sign, count, unit = match.groups()
    number = int(f"{sign}{count}") if count else 0
    try:
        return shift(today, number, (unit or "d").lower())
    except ValueError:  # pendulum's own words are about years
        raise ValueError("is not a day of the calendar") from None


def shift(day: int, number: int, unit: str = "d") -> int:
    """A day so many days, weeks, months or years (`d w m y`) away; months end where the month ends."""
    if unit == "d":
        return day + number
    if unit == "w":
        return day + 7 * number
    import pendulum

    start = pendulum.Date.fromordinal(day + _EPOCH)
    moved = start.add(months=number) if unit == "m" else start.add(years=number)
    return moved.toordinal() - _EPOCH


def month_start(day: int) -> int:
    """The first day of the month that a day lies in."""
    return _date(day).replace(day=1).toordinal() - _EPOCH


def iso(day: int | None) -> str:
    """`2026-11-21`; empty for None."""
    return "" if day is None else _date(day).isoformat()


def compact(day: int | None, pattern: str = "%Y%m%d") -> str:
    """A date in the pattern that a file layout asks for (`%m%d%Y` and the like); empty for None."""
    return "" if day is None else _date(day).strftime(pattern)


def weekday(day: int) -> str:
    """`Sat`: the weekday's short English name, for the program's header."""
    return ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[_date(day).weekday()]


def _date(day: int) -> _dt.date:
    return _dt.date.fromordinal(day + _EPOCH)
