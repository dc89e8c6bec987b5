"""So many kills of a scene, each followed by doing the work again until it is done, and the comparison with one left alone."""

from __future__ import annotations

import random
import re
import resource
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.trust import killing, scenes, snapshot
from benchmarks.trust.killing import Moment
from benchmarks.trust.scenes import Scene
from bo_tui.db.connection import open_store
from bo_tui.errors import Refusal
from bo_tui.rules import checking

WEIGHTS = {"time": 30, "statement": 20, "commit": 15, "tick": 20, "call": 15}
AGAIN = 0.6  # of the kills, so many are followed by a kill of the run that takes the work up again
MOST = 6  # kills of one piece of work
CHAIN = 0.96  # of the kills of a chain: the work gets on a little between two kills, so that one comparison serves many
MOST_OF_CHAIN = 24
STAYS = 0.5  # of a chain's kills, so many fall in the same step once more
State = dict[str, dict[str, str]]


@dataclass
class Found:
    """What a campaign came to: kills by step and by kind, and what was wrong, each with what repeats it."""

    scene: str
    lines: int
    seed: int
    kills: int = 0
    works: int = 0
    missed: int = 0
    steps: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    wrong: list[dict[str, Any]] = field(default_factory=list)

    def document(self) -> dict[str, Any]:
        """The same as plain JSON."""
        return {
            "scene": self.scene, "lines": self.lines, "seed": self.seed, "kills": self.kills, "works": self.works,
            "missed": self.missed, "steps": dict(self.steps), "kinds": dict(self.kinds), "wrong": self.wrong,
        }  # fmt: skip


class Campaign:
    """One scene of one size, built once below `root` and copied for each piece of work.

    With `chain` a piece of work is killed up to MOST_OF_CHAIN times, each time a little further on, before it may come to its end.
    """

    def __init__(self, scene: Scene, lines: int, root: Path, *, chain: bool = False) -> None:
        self.scene, self.lines, self.chain = scene, lines, chain
        self.base, self.folder = root / f"{scene.name}-base", root / f"{scene.name}-work"
        shutil.rmtree(self.base, ignore_errors=True)
        self.base.mkdir(parents=True)
        killing.run(lambda watch: scene.build(self.base, lines))
        self.before = self._seen(self.base)
        scenes.copied(self.base, self.folder)
        self.course, _ = killing.course(lambda watch: scene.work(self.folder, watch))
        self.ranges = self.course.ranges()
        self.after = [self._seen(self.folder)]
        found = killing.run(lambda watch: _check(self.folder)).left
        if found:
            raise AssertionError(f"left alone, {scene.name} is not good: {found[:3]}")
        self.sizes = self._sizes()
        if scene.name == "restore":  # each restore that came to its end is one more act
            for _ in range(MOST):
                killing.run(lambda watch: scene.work(self.folder, watch))
                self.after.append(self._seen(self.folder))

    def _sizes(self) -> tuple[int, int]:
        """Bytes between which a limit of a file's size bites: a little, and what the largest file has when all is done."""
        largest = max(path.stat().st_size for path in self.folder.rglob("*") if path.is_file())
        return 30_000, max(60_000, largest)

    def _seen(self, folder: Path) -> State:
        state: State = killing.run(lambda watch: snapshot.office(folder)).left
        state["files"] = {re.sub(r"aside-[^/]*", "aside", name): value for name, value in state["files"].items()}
        return state

    def moment(self, chance: random.Random) -> Moment:
        """A moment: a step, a kind and a place within that step, each drawn evenly (kinds by their weights)."""
        step = chance.choice(sorted(self.ranges))
        kind = chance.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        for one in (kind, "statement", "time"):
            first, last = self.ranges[step][one]
            if one == "time" and last > first:
                return Moment(one, chance.uniform(first, last))
            if last >= first + 1:
                return Moment(one, chance.randint(int(first) + 1, int(last)))
        return Moment("time", chance.uniform(0, self.course.end["time"]))

    def _later(self, step: str, kind: str, chance: random.Random) -> Moment:
        """A moment of the run that takes the work up again after a kill at a step: what is left to do, and a beginning."""
        done = self.ranges[step][kind][0] if step in self.ranges else 0.0
        number = chance.uniform(0, self.course.end[kind] - done)
        return Moment(kind, number if kind == "time" else int(number) + 1)

    def _further(self, step: str, place: float, chance: random.Random) -> tuple[Moment, str, float]:
        """A moment a little later than a place (0 to 1) of a step, for the run that takes the work up there; and its own place.

        What a run counts before it is where the other one was killed - opening the store, finding what is done - is about what
        its first step takes; a place is therefore meant, the step that was really killed is what the child says.
        """
        names = list(self.ranges)
        at = names.index(step) if step in names else 0
        goes_on = at + 1 < len(names) and chance.random() > STAYS
        meant, low = (names[at + 1], 0.0) if goes_on else (names[at], place)
        there = chance.uniform(low, 1.0)
        kinds = [chance.choices(list(WEIGHTS), list(WEIGHTS.values()))[0], "statement"]
        kind = next((one for one in kinds if one == "time" or self._length(meant, one) >= 1), "time")
        number = self._count(meant, kind, there) - self._count(names[at], kind, place) + self._length(names[0], kind)
        return Moment(kind, max(0.001, number) if kind == "time" else max(1, round(number))), meant, there

    def _length(self, step: str, kind: str) -> float:
        first, last = self.ranges[step][kind]
        return last - first

    def _count(self, step: str, kind: str, place: float) -> float:
        return self.ranges[step][kind][0] + place * self._length(step, kind)

    def _first(self, number: int, chance: random.Random) -> Moment:
        """The first moment of a piece of work: a chain's even ones take the commits in turn, every other is drawn."""
        commits = int(self.course.end["commit"])
        if self.chain and number % 2 == 0 and number // 2 < commits:
            return Moment("commit", number // 2 + 1)
        return self.moment(chance)

    def run(self, found: Found, kills: int, tell: Callable[[Found], None], start: int = 0) -> None:
        """Kill at least so many times, with the seed of `found`; `start` is the first piece of work, to repeat one."""
        number = start
        while found.kills < kills:
            self._one(number, random.Random(f"{found.seed}/{self.scene.name}/{number}"), found)
            number += 1
            tell(found)

    def _one(self, number: int, chance: random.Random, found: Found) -> None:
        scenes.copied(self.base, self.folder)
        moments: list[tuple[Moment, str]] = []
        wrong: list[str] = []
        try:
            self._kill(number, chance, found, moments, wrong)
            found.works += 1
            self._finish(chance, wrong)
        except killing.ChildFailed as error:
            wrong.append(str(error).strip().splitlines()[-1])
        if wrong:
            found.wrong.append(
                {"work": number, "moments": [[m.kind, m.number, step] for m, step in moments], "wrong": wrong[:20]}
            )

    def _kill(
        self, number: int, chance: random.Random, found: Found, moments: list[tuple[Moment, str]], wrong: list[str]
    ) -> None:
        """Begin a piece of work and take it up again, killed each time, as often as is drawn."""
        again, most = (CHAIN, MOST_OF_CHAIN) if self.chain else (AGAIN, MOST)
        moment, meant, there = self._first(number, chance), "", 0.0
        while True:
            ended = killing.run(lambda watch: self.scene.work(self.folder, watch), moment)
            if not ended.killed:
                found.missed += 1
                return
            moments.append((moment, ended.step))
            found.kills += 1
            found.steps[ended.step] += 1
            found.kinds[moment.kind] += 1
            wrong += self._whole()
            if len(moments) == most or chance.random() > again:
                return
            if self.chain:
                moment, meant, there = self._further(ended.step, there if ended.step == meant else 0.0, chance)
            else:
                moment = self._later(ended.step, self.moment(chance).kind, chance)

    def _finish(self, chance: random.Random, wrong: list[str]) -> None:
        """Let the work come to its end, and compare."""
        if self.scene.name == "restore" and chance.random() < 0.5:  # nobody restores again: the next night finishes it
            killing.run(lambda watch: scenes.finish_restore(self.folder))
            now = self._seen(self.folder)
            fitting = [snapshot.differences(state, now) for state in (self.before, *self.after)]
            wrong += sorted(fitting, key=len)[0]
        killing.run(lambda watch: self.scene.work(self.folder, watch))
        wrong += self._as_after()

    def _whole(self) -> list[str]:
        """What is wrong right after a kill: a store that is neither as before nor as after, a half file with its final name."""
        if self.scene.name == "backup":
            sound = killing.run(lambda watch: scenes.backup_is_sound(self.folder)).left
            if not sound:
                return ["the backup is there and not whole"]
        wrong = list(self._half_files())
        if self.scene.whole:
            now = killing.run(lambda watch: snapshot.tables(self.folder / scenes.STORE)).left
            if now not in [state["tables"] for state in (self.before, *self.after)]:
                wrong.append("the store is neither as before nor as after")
        return wrong

    def _half_files(self) -> Iterator[str]:
        known = {digest for state in (self.before, *self.after) for digest in state["files"].values()}
        for name, digest in snapshot.files(self.folder, parts=False).items():
            if digest not in known:
                yield f"{name} has other bytes"

    def _as_after(self) -> list[str]:
        now = self._seen(self.folder)
        fitting = [snapshot.differences(state, now) for state in self.after]
        wrong = min(fitting, key=len)
        if self.scene.name == "backup" and not (
            (self.folder / "made.db").exists() and killing.run(lambda watch: scenes.backup_is_sound(self.folder)).left
        ):
            wrong.append("the backup is not there")
        wrong += [f"{path.name} was left" for path in self.folder.glob(".restore-*")]
        if self.scene.name == "restore":
            wrong += killing.run(lambda watch: _check(self.folder)).left
        return wrong


def _check(folder: Path) -> list[str]:
    store = open_store(folder / scenes.STORE)
    found = [one.sentence for one in scenes.findings(checking.check, store)]
    store.close()
    return found


def full_disk(campaign: Campaign, room: int) -> list[str]:
    """What is wrong when no file may grow above so many bytes, as on a full disk, and later there is room again."""
    scenes.copied(campaign.base, campaign.folder)

    def work(watch: killing.Watch) -> Any:
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
        try:
            campaign.scene.work(campaign.folder, watch)
        except Refusal as refusal:
            return [refusal.exit_code, refusal.sentence]
        return None

    refused = killing.run(work).left
    wrong = [] if refused is None or refused[0] in (73, 74) else [f"the refusal was {refused}"]
    wrong += campaign._whole()
    killing.run(lambda watch: campaign.scene.work(campaign.folder, watch))
    return wrong + campaign._as_after()
