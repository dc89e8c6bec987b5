"""Settings of one installation: a small TOML file, strict, with the path of any error (DESIGN section 8).

What a practice decides is in its store; here is only what belongs to the machine. msgspec is imported only where a
settings file exists.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

from bo_tui.errors import BadConfiguration, NoInput

FILE_NAME = "settings.toml"


@dataclass(frozen=True)
class Settings:
    """What the settings file may say; every setting has a default."""

    db: str | None = None  # the office's file, when neither --db nor BO_TUI_DB names it
    idle_minutes: int = 15  # the program locks after so many minutes without a key; 0 = never


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
    return path if path.is_file() else None


def _decode(path: Path) -> Settings:
    import msgspec

    try:
        raw = msgspec.toml.decode(path.read_bytes())
        known = [field.name for field in fields(Settings)]
        if unknown := sorted(set(raw) - set(known)):
            raise BadConfiguration(f"{path}: there is no setting `{unknown[0]}`; there are {', '.join(known)}.")
        settings = msgspec.convert(raw, Settings)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadConfiguration(f"{path}: {error}.") from error
    if settings.idle_minutes < 0:
        raise BadConfiguration(f"{path}: `idle_minutes` is below zero.")
    return settings
