"""Names that no two siblings share: `p`, `p-2`, `p-3`."""

MAX_NAME = 200


class Names:
    """Hands out unique names among siblings; a name already taken gets the next free number."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._next: dict[str, int] = {}

    def unique(self, wanted: str, limit: int = MAX_NAME) -> str:
        """`wanted`, or `wanted-N`, never longer than `limit` characters."""
        name = wanted = wanted[:limit]
        number = self._next.get(wanted, 1)
        while name in self._taken:
            number += 1
            end = f"-{number}"
            name = wanted[: limit - len(end)].rstrip("-/") + end
        self._next[wanted] = number
        self._taken.add(name)
        return name
