"""The figures as one table: what, how much, beside what, the ratio, the goal and whether it is met."""

from __future__ import annotations

import os
import platform
import sqlite3
import time
from typing import Any

HEADS = ("what", "measured", "beside", "ratio", "goal", "met")
Row = tuple[str, str, str, str, str, str]


def machine() -> dict[str, Any]:
    """The kind of machine and how busy it was: no name of it."""
    return {
        "date": time.strftime("%Y-%m-%d"),
        "cores": os.cpu_count(),
        "processor": platform.machine(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "load": round(os.getloadavg()[0], 1),
    }


def rows(figures: dict[str, Any]) -> list[Row]:
    """The table's rows, for whatever was measured."""
    found: list[Row] = []
    for night in figures.get("night", ()):
        found += _night(night)
    if "loading" in figures:
        found += _loading(figures["loading"])
    if "startup" in figures:
        found += _startup(figures["startup"])
    if "keys" in figures:
        found += _keys(figures["keys"])
    if "batch" in figures:
        found.append(("posting a batch of 5,000 payments", f"{figures['batch']:.2f} s", "", "", "", ""))
    if "together" in figures:
        found += _together(figures["together"])
    return found


def _met(good: bool) -> str:
    return "yes" if good else "no"


def _night(night: dict[str, Any]) -> list[Row]:
    name = f"night, {night['lines']:,} lines"
    floor = f"plain sqlite3 {night['floor_seconds']:.2f} s"
    ratio, cpu, used, least = night["ratio"], night["cpu_ratio"], night["night_mb"], night["floor_mb"]
    seconds = f"{night['floor_cpu']:.2f} s"
    found: list[Row] = [
        (name, f"{night['night_seconds']:.2f} s", floor, f"{ratio:.2f}", "<= 1.50", _met(ratio <= 1.5)),
        (f"{name}: processor", f"{night['night_cpu']:.2f} s", seconds, f"{cpu:.2f}", "<= 1.50", _met(cpu <= 1.5)),
    ]  # fmt: skip
    if "night_whole_cpu" in night:
        whole, bare = night["night_whole_cpu"], night["floor_whole_cpu"]
        words = f"{name}: processor, with the process's start"
        found.append((words, f"{whole:.2f} s", f"{bare:.2f} s", f"{whole / bare:.2f}", "", ""))
    if used:
        found.append((f"{name}: memory", f"{used:.0f} MB", f"{least:.0f} MB", f"{used / least:.2f}", "", ""))
    return found


def _loading(it: dict[str, Any]) -> list[Row]:
    loaded = f"{it['load_seconds_per_million']:.1f} s"
    found: list[Row] = [
        ("import, per million rows", loaded, f"{it['load_cpu'] * 1e6 / it['rows']:.1f} s of processor", "", "", ""),
        ("import, memory", f"{it['load_mb']:.0f} MB", "", "", "", ""),
    ]
    for kind, what, goal, cores in (("chain", "the chain", 500_000, 1), ("check", "all of it", 250_000, 2)):
        rate = it[f"{kind}_per_second"]
        by_cpu = cores * it[f"{kind}_entries"] / it[f"{kind}_cpu"]
        beside = f"{by_cpu:,.0f}/s by processor time"
        found.append(
            (
                f"check, {what}",
                f"{rate:,.0f} entries/s",
                beside,
                "",
                f">= {goal:,}/s",
                _met(True) if rate >= goal else "by processor time" if by_cpu >= goal else _met(False),
            )
        )
    found.append(("check, memory", f"{it['check_mb']:.0f} MB", "", "", "", ""))
    return found


def _startup(it: dict[str, float]) -> list[Row]:
    python, textual = f"bare Python {it['python']:.0f} ms", f"bare Textual {it['textual']:.0f} ms"
    frame = it["program"] / it["textual"]
    return [
        ("`--help`", f"{it['help']:.0f} ms", python, f"{it['help'] / it['python']:.1f}", "", ""),
        ("`nightly`, nothing to do", f"{it['nightly']:.0f} ms", python, f"{it['nightly'] / it['python']:.1f}", "", ""),
        ("first usable frame", f"{it['program']:.0f} ms", textual, f"{frame:.2f}", "<= 1.50", _met(frame <= 1.5)),
    ]


def _keys(it: dict[str, dict[str, float]]) -> list[Row]:
    found: list[Row] = []
    for name in ("down", "pagedown", "end", "filter", "sort"):
        one = it[name]
        spread = f"p50 {one['p50_ms']:.1f} ms, p95 {one['p95_ms']:.1f} ms"
        found.append(
            (
                f"key to frame, {name}",
                spread,
                f"{one['bytes']:.0f} bytes",
                "",
                "p95 <= 16 ms",
                _met(one["p95_ms"] <= 16),
            )
        )
    if rows := it.get("filter_rows"):  # the letter stands there long before: it is what `filter` measures
        spread = f"p50 {rows['p50_ms']:.0f} ms, p95 {rows['p95_ms']:.0f} ms"
        found.append(("filter, until its rows are there", spread, "150 ms of it for the next letter", "", "", ""))
    down = it["down"]["bytes"]
    found.append(("bytes per cursor-down", f"{down:.0f}", "", "", "<= 600", _met(down <= 600)))
    before, after = it["memory"]["before_mb"], it["memory"]["after_mb"]
    grown = after / before
    found.append(
        (
            "the program's memory",
            f"{after:.0f} MB",
            f"{before:.0f} MB before",
            f"{grown:.2f}",
            "constant",
            _met(grown < 1.25),
        )
    )
    return found


def _together(it: dict[str, Any]) -> list[Row]:
    whole = it["whole"]
    wrong = sum(len(it[name]) for name in ("locked", "broken", "lost", "findings"))
    name = f"{it['operators']} operators beside a night of {it['lines']:,} lines"
    spread = f"p50 {1000 * whole['p50']:.0f} ms, p95 {1000 * whole['p95']:.0f} ms, max {1000 * whole['max']:.0f} ms"
    acts = f"{it['confirmed']:,} acts, {it['during']:,} of them during the night's {it['night']['seconds']:.1f} s"
    return [
        (f"{name}: a write", spread, acts, "", "max <= 1,000 ms", _met(whole["max"] <= 1)),
        (f"{name}: lost, locked out, found by check", str(wrong), "", "", "0", _met(not wrong)),
    ]
