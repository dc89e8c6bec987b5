"""Settings of one installation: a small TOML file, strict, with the path of any error (DESIGN section 8).

What a practice decides is in its store; here is only what belongs to the machine. msgspec is imported only where a
settings file exists.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from bo_tui.errors import BadConfiguration, NoInput
from bo_tui.text import clip

FILE_NAME = "settings.toml"


@dataclass(frozen=True)
class Backups:
    """What the night keeps in `backups/`: the newest of so many days, weeks and months that have one."""

    nightly: bool = False  # also where the command does not say --backup
    keep_daily: int = 7
    keep_weekly: int = 5
    keep_monthly: int = 12
    attachments: bool = False  # also a copy of the attachments, in backups/attachments/


@dataclass(frozen=True)
class Settings:
    """What the settings file may say; every setting has a default."""

    db: str | None = None  # the office's file, when neither --db nor BO_TUI_DB names it
    idle_minutes: int = 15  # the program locks after so many minutes without a key; 0 = never
    ping_url: str | None = None  # told after a night: this address, or with /fail at its end; None = nobody is told
    backups: Backups = field(default_factory=Backups)


def load(path: Path | None) -> Settings:
    """The settings of a file; without a path those of the user's own settings file, or the defaults when there is none.

    Raises NoInput (66) for a named file that does not exist, BadConfiguration (78) saying which setting is wrong and how.
    """
    if path is None:
        path = _own_file()
        if path is None:
            return Settings()
    if not path.is_file():
        raise NoInput(f"There is no settings file {path}.")
    return _decode(path)


def default_store() -> Path:
    """The store when nothing names one: `office.db` in the user's data folder."""
    from platformdirs import user_data_dir

    return Path(user_data_dir("bo_tui")) / "office.db"


def _own_file() -> Path | None:
    from platformdirs import user_config_dir

    path = Path(user_config_dir("bo_tui")) / FILE_NAME
    try:
        return path if path.is_file() else None
    except OSError:  # a service whose unit hides the home folders has no settings of its own
        return None


def _decode(path: Path) -> Settings:
    import msgspec

    try:
        raw = msgspec.toml.decode(path.read_bytes())
        _require_known(path, raw, Settings, "")
        if isinstance(table := raw.get("backups"), dict):
            _require_known(path, table, Backups, "backups.")
        settings = msgspec.convert(raw, Settings)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadConfiguration(f"{path}: {error}.") from error
    if settings.idle_minutes < 0:
        raise BadConfiguration(f"{path}: `idle_minutes` is below zero.")
    _require_keeping(path, settings.backups)
    if settings.ping_url is not None:
        _require_address(path, settings.ping_url)
    return settings


def _require_known(path: Path, raw: dict[str, Any], kind: type[Settings] | type[Backups], prefix: str) -> None:
    known = [field.name for field in fields(kind)]
    if unknown := sorted(set(raw) - set(known)):
        raise BadConfiguration(
            f"{path}: there is no setting `{prefix}{clip(unknown[0])}`; there are {', '.join(known)}."
        )


def _require_keeping(path: Path, backups: Backups) -> None:
    kept = {name: getattr(backups, name) for name in ("keep_daily", "keep_weekly", "keep_monthly")}
    for name, count in kept.items():
        if count < 0:
            raise BadConfiguration(f"{path}: `backups.{name}` is below zero.")
    if not any(kept.values()):
        raise BadConfiguration(f"{path}: `backups` keeps none; `nightly = false` there makes none.")


def _require_address(path: Path, url: str) -> None:
    """Only what a plain GET can reach without a password: nothing else of this machine is to be opened by an address."""
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
        good = good and parts.port != 0 and url.isascii() and url.isprintable() and " " not in url
    except ValueError:  # a port that is no number, a bracket too many
        good = False
    if not good:
        raise BadConfiguration(f"{path}: `ping_url` is not an address such as https://ping.example/office.")
