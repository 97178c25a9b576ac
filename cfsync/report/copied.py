"""What was copied from one journal into another."""

from cfsync.model.lease import JournalKey
from cfsync.model.values import Fields
from cfsync.report.jsonvalue import FORMAT_VERSION
from cfsync.report.sheet import Sheet, Span


def copied_sheet(
    keys: tuple[JournalKey, ...], source: str, target: str, *, next_step: str
) -> Sheet:
    sheet = Sheet()
    if not keys:
        sheet.line(f"Nothing to copy: {source} knows of no run.")
        return sheet
    sheet.line(Span("Copied", "good"), f" from {source} to {target}, each line checked there:")
    for key in keys:
        sheet.line(f"{key.name}, {key.environment}", Span(f"  {key.host}", "dim"), indent=2)
    sheet.line("The old one stays as it is, and must not be written to any more.")
    sheet.line(Span("next   ", "dim"), next_step, indent=2)
    return sheet


def copied_to_json(
    keys: tuple[JournalKey, ...], source: str, target: str, *, next_step: str
) -> Fields:
    return {
        "formatVersion": FORMAT_VERSION,
        "code": "ok",
        "from": source,
        "to": target,
        "copied": [
            {"name": key.name, "environment": key.environment, "host": key.host} for key in keys
        ],
        "nextStep": next_step if keys else "",
    }
