"""Equality of JSON, quick where things are equal, and how a declared value fits a larger one.

`values.equal` walks both sides in Python. Nearly everything that a plan looks at is equal, so that
C compares first and only a boolean in the place of a number is looked for by hand.
"""

from cfsync.model.values import ABSENT, Json, Maybe


def same(left: Maybe, right: Maybe) -> bool:
    """`values.equal`, several times faster where both are equal."""
    return left is right or (bool(left == right) and _no_boolean_for_a_number(left, right))


def _no_boolean_for_a_number(left: Json, right: Json) -> bool:
    """For two values that Python calls equal; Python also says that True == 1.

    What was read from a file are kinds of dict and list of its own.
    """
    if isinstance(left, dict):
        for name, value in left.items():
            if type(value) is not str and not _no_boolean_for_a_number(value, right[name]):
                return False
        return True
    if isinstance(left, list):
        return all(map(_no_boolean_for_a_number, left, right))
    return (type(left) is bool) == (type(right) is bool)


def inside(value: Maybe, name: str) -> Maybe:
    """The value of a key; ABSENT also where the value is no object."""
    return value.get(name, ABSENT) if isinstance(value, dict) else ABSENT


def fits(declared: Maybe, value: Maybe) -> bool:
    """Whether a value holds everything that is declared; `{}` asks for an object, not for keys."""
    if isinstance(declared, dict):
        return isinstance(value, dict) and all(
            name in value and fits(inner, value[name]) for name, inner in declared.items()
        )
    return same(declared, value)


def unchanged(sent: Maybe, stored: Maybe, live: Maybe) -> bool:
    """Whether the site still holds, under every leaf of `sent`, what was stored there."""
    if stored is live:
        return True
    if isinstance(stored, dict) and isinstance(live, dict) and not sent and isinstance(sent, dict):
        return True
    if stored == live:
        return _no_boolean_for_a_number(stored, live)
    if isinstance(sent, dict) and sent:
        return all(
            unchanged(value, inside(stored, name), inside(live, name))
            for name, value in sent.items()
        )
    return False
