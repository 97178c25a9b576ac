"""What goes back: envelopes as the contract has them, and answers that can be spoiled."""

from dataclasses import dataclass
from typing import Final, NamedTuple

import msgspec

from cfsync.model.values import Fields

CODES: Final = {
    400: "VALIDATION_ERROR",
    401: "UNAUTHORIZED",
    403: "FORBIDDEN",
    404: "NOT_FOUND",
    405: "METHOD_NOT_ALLOWED",
    429: "RATE_LIMITED",
    500: "INTERNAL_ERROR",
}
MESSAGES: Final = {
    400: "Invalid request",
    401: "Not authenticated",
    403: "Not authorized",
    404: "Resource not found",
    405: "Method not allowed",
    429: "Rate limit exceeded",
    500: "Server error",
}


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str]
    """Names in lower case. A `content-length` beyond the body means: cut off after the body."""
    body: bytes
    delay: float = 0.0
    """Seconds until the first byte."""
    pace: float = 0.0
    """Seconds for each byte of the body."""

    @property
    def is_cut(self) -> bool:
        return int(self.headers.get("content-length", "0")) > len(self.body)


class Refused(Exception):
    """The API says no, with this status and details."""

    def __init__(
        self,
        status: int,
        message: str = "",
        *,
        code: str = "",
        field: str = "",
        reason: str = "",
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code or CODES.get(status, "ERROR")
        self.message = message or MESSAGES.get(status, "Error")
        self.field = field
        self.reason = reason
        self.headers = headers or {}


class Meta(NamedTuple):
    request_id: str
    timestamp: str

    @property
    def end(self) -> str:
        return f',"meta":{{"requestId":"{self.request_id}","timestamp":"{self.timestamp}"}}}}'


def one(status: int, resource: str, meta: Meta) -> Answer:
    return _answer(status, f'{{"success":true,"data":{resource}{meta.end}', meta)


def many(resources: list[str], cursor: str | None, total: int, meta: Meta) -> Answer:
    more = "false" if cursor is None else f'true,"nextCursor":"{cursor}"'
    return _answer(
        200,
        f'{{"success":true,"data":[{",".join(resources)}],'
        f'"pagination":{{"hasMore":{more},"total":{total}}}{meta.end}',
        meta,
    )


def refusal(refused: Refused, meta: Meta) -> Answer:
    error: Fields = {"code": refused.code, "message": refused.message}
    if refused.field:
        error["details"] = {"field": refused.field, "reason": refused.reason}
    text = msgspec.json.encode(error).decode()
    answer = _answer(refused.status, f'{{"success":false,"error":{text}{meta.end}', meta)
    answer.headers.update(refused.headers)
    return answer


def _answer(status: int, text: str, meta: Meta) -> Answer:
    body = text.encode()
    headers = {
        "content-type": "application/json",
        "x-request-id": meta.request_id,
        "content-length": str(len(body)),
    }
    return Answer(status, headers, body)
