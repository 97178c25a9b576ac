"""Counting in words."""


def counted(number: int, noun: str, plural: str = "") -> str:
    """`1 change`, `2 changes`, `1,000 changes`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def listed(parts: list[str], last: str = "and") -> str:
    """`a, b and c`."""
    if len(parts) < 2:  # noqa: PLR2004 - one needs no comma
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}"
