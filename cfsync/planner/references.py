"""References inside values: ids that the configuration names by address."""

from cfsync.model.values import IdOf, Json


def mentions(value: Json) -> bool:
    """Whether there is any reference; nearly always there is none."""
    if isinstance(value, dict):
        for inner in value.values():  # noqa: SIM110 - a generator is twice as slow
            if type(inner) is not str and mentions(inner):
                return True
        return False
    return any(map(mentions, value)) if isinstance(value, list) else type(value) is IdOf


def references(value: Json) -> list[IdOf]:
    """All references inside a value."""
    if isinstance(value, IdOf):
        return [value]
    if isinstance(value, dict):
        return [found for inner in value.values() for found in references(inner)]
    if isinstance(value, list):
        return [found for inner in value for found in references(inner)]
    return []
