"""The API key, wrapped so that nothing which prints a value can print it."""

from cfsync.errors import TokenUnavailable


class Token:
    """Shows itself only to the transport that puts it on the wire.

    Raises TokenUnavailable for a key that no header can carry; the message does not quote it.
    """

    __slots__ = ("_secret",)

    def __init__(self, secret: str) -> None:
        if not secret or not all("!" <= character <= "~" for character in secret):
            raise TokenUnavailable(
                "the API key is empty, or holds a space, a line end or a character beyond ASCII",
                why="a header cannot carry it; a copied key often ends in a line end",
                next_step="set the key again, without quotes and line ends",
            )
        self._secret = secret

    def header(self) -> str:
        """The value of `Authorization`."""
        return f"Bearer {self._secret}"

    def masked(self, text: str) -> str:
        """For what the API says: some repeat in an error what they were sent."""
        return text.replace(self._secret, "********")

    def __repr__(self) -> str:
        return "Token(...)"
