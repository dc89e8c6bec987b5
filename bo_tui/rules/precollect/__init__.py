"""Pre-collections (TSI): what starts, what TSI is told, and when it ends (DESIGN section 4, seed 002).

Only for an enrolled practice (`gate`). TSI knows accounts, not lines: a line's stay is the office's own book-keeping.

- `gate`: `refusal(office, practice) -> str | None` (why the page and its settings are not offered), `require(practice_row)`
- `criteria`, `terms`, `selection`, `why`: who starts; the night, *Why?* and the lists ask the same expressions
- `candidates`: `candidates(office, practice, *, dos=None, most=None) -> Candidates`, the list of Create
- `starts`: `create_start(office, practice, lines=None, *, seen=None) -> Started`; `lacking(office, practice, lines=None)`
- `stops`: `create_stop(office, practice) -> list[MadeFile]`, `waiting(office, practice) -> Waiting`,
  `stop_precollection(office, practice, lines, *, seen=None) -> Stopped`
- `queue`: `cancel(office, practice, lines, reason, *, seen=None) -> Cancelled`
- `suspension`: `suspend(office, practice, account, value, *, stop=False, seen=None) -> Suspended`
- `filestates`: `mark_sent(office, file)`, `acknowledge(office, file, accounts, amount) -> str`
- `exports`: `export_name(kind, stamp)`, `export_csv(office, file, target, stamp) -> Path`, `export_bytes(office, file, target)`
- `statements`: `statement_paused(line)`, an expression
- `preview`: `preview(office, practice, rules) -> Preview`; saving is `rules.settings.precollection_rules`

What pages show is read by `views.precollect`.
"""
