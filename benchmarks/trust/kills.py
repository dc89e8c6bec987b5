"""Kill the night, import, posting, restore and backup many times: `python -m benchmarks.trust.kills --kills 1000 --seed 1`.

Prints what it does with its seeds; `--scene NAME --work N` repeats one piece of work. The table of docs/trust.md is made of the
JSON by docs/make_trust.py.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import shutil
import signal
import sqlite3
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.trust import killing, scenes
from benchmarks.trust.campaign import Campaign, Found, full_disk

NIGHTS = 0.7  # of the kills, so many hit the night
LARGE = 20_000
CHAINED = ("night", "batch")  # the work of the others is all or nothing: taken up again it begins anew
RESULTS = Path(__file__).parent / "results" / "kills.json"


def shares(kills: int, large: int, lines: int, of: float = NIGHTS) -> list[tuple[str, int, int]]:
    """(scene, lines, kills): `large` of the night's kills on 20,000 lines, the rest of everything on `lines`."""
    nights = round(kills * of)
    large = min(large, nights)
    others = [name for name in scenes.SCENES if name != "night"]
    each = [(kills - nights) // len(others)] * len(others)
    each[0] += kills - nights - sum(each)
    plan = [("night", LARGE, large), ("night", lines, nights - large)]
    plan += [(name, lines, count) for name, count in zip(others, each, strict=True)]
    return [one for one in plan if one[2]]


def machine() -> dict[str, Any]:
    """What kind of machine this was; no names."""
    processors = os.cpu_count()
    return {
        "system": f"{platform.system()} {platform.machine()}", "processors": processors,
        "python": platform.python_version(), "sqlite": sqlite3.sqlite_version,
    }  # fmt: skip


def main(arguments: list[str] | None = None) -> int:
    """Run the campaigns; 1 when anything was wrong."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.trust.kills", description=__doc__)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--large", type=int, default=200, help="how many of the night's kills are on 20,000 lines")
    parser.add_argument("--nights", type=float, default=NIGHTS, help="what part of all kills hits the night")
    parser.add_argument("--lines", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--scene", choices=list(scenes.SCENES), help="only this one, on --lines")
    parser.add_argument(
        "--chain", action="store_true", help="up to 24 kills of one piece of work, each a little further on"
    )
    parser.add_argument("--full", type=int, help="full disks of each campaign; default: a tenth of the kills")
    parser.add_argument("--work", type=int, default=0, help="begin with this piece of work, to repeat it")
    parser.add_argument("--folder", type=Path, help="where the offices are made; default: in memory")
    parser.add_argument("--json", type=Path, help="where the figures go; default: nowhere")
    said = parser.parse_args(arguments)
    plan = (
        [(said.scene, said.lines, said.kills)]
        if said.scene
        else shares(said.kills, said.large, said.lines, said.nights)
    )
    started = time.time()
    root = Path(tempfile.mkdtemp(prefix="bo_tui-kills-", dir=said.folder or killing.fast_folder()))
    done: list[dict[str, Any]] = []
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what was found until then is kept
    try:
        for scene, lines, kills in plan:
            print(f"{scene}: {kills} kills on {lines:,} lines, seed {said.seed}", flush=True)
            begun, found = time.time(), Found(scene, lines, said.seed)
            full = 0
            try:
                campaign = Campaign(scenes.SCENES[scene], lines, root, chain=said.chain and scene in CHAINED)
                campaign.run(found, kills, _tell, said.work)
                full = _full(campaign, found, -(-kills // 10) if said.full is None else said.full)
            finally:
                chain = said.chain and scene in CHAINED
                done.append(
                    found.document() | {"chain": chain, "full_disks": full, "seconds": round(time.time() - begun)}
                )
            steps = ", ".join(f"{step} {count}" for step, count in found.steps.most_common())
            print(f"  {found.kills} kills of {found.works} works ({steps}); {full} full disks", flush=True)
            shutil.rmtree(campaign.base)
    finally:
        shutil.rmtree(root, ignore_errors=True)
        if said.json:
            said.json.parent.mkdir(parents=True, exist_ok=True)
            document = {
                "date": time.strftime("%Y-%m-%d"), "machine": machine(), "seed": said.seed,
                "seconds": round(time.time() - started), "campaigns": done,
            }  # fmt: skip
            said.json.write_text(json.dumps(document, indent=1) + "\n")
    wrong = sum(len(one["wrong"]) for one in done)
    print(f"{sum(one['kills'] for one in done)} kills, {wrong} works that did not end as one left alone")
    return 1 if wrong else 0


def _full(campaign: Campaign, found: Found, count: int) -> int:
    """Fill the disk so many times, at sizes between what is there and what the work leaves."""
    first, last = campaign.sizes
    chance = random.Random(f"{found.seed}/{found.scene}/full")
    for _ in range(count):
        room = chance.randint(first, last)
        wrong = full_disk(campaign, room)
        if wrong:
            found.wrong.append({"room": room, "wrong": wrong})
            print(f"  WRONG: {found.scene} with room for {room} bytes: {wrong}", flush=True)
    return count


_told = 0


def _tell(found: Found) -> None:
    """A line for each thing that was wrong, as it comes, and now and then how far it is."""
    global _told
    if found.works % 50 == 0:
        print(f"  {found.kills} kills", file=sys.stderr, flush=True)
    _told = min(_told, len(found.wrong))
    for one in found.wrong[_told:]:
        print(
            f"  WRONG: --scene {found.scene} --lines {found.lines} --seed {found.seed} --work {one['work']}", flush=True
        )
        print(f"    {one['moments']}: {one['wrong']}", flush=True)
    _told = len(found.wrong)


if __name__ == "__main__":
    sys.exit(main())
