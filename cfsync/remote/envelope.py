"""The envelopes of the API: `{data}`, `{data, pagination}`, `{error}`, each with or without `meta`.

Typed where cfsync rests on it, open elsewhere: an unknown field, or a `meta` of another shape, is
no reason to take an answer for a failure.
"""

from dataclasses import dataclass
from typing import Any, Final

import msgspec

from cfsync import limits
from cfsync.model.ports import Response
from cfsync.model.values import Fields, Json


class NotAnEnvelope(Exception):
    """What came is not an answer of the API. The message says why."""


class Pagination(msgspec.Struct, rename="camel"):
    has_more: bool
    next_cursor: str | None = None
    total: int | None = None


class _List(msgspec.Struct):
    data: list[dict[str, Any]]
    pagination: Pagination
    success: Any = None
    meta: Any = None


class _Single(msgspec.Struct):
    data: Any = None
    success: Any = None
    meta: Any = None


class _Error(msgspec.Struct):
    code: str
    message: str
    details: Any = None


class _Failed(msgspec.Struct):
    error: _Error
    success: Any = None
    meta: Any = None


@dataclass(frozen=True, slots=True)
class Listed:
    resources: list[Fields]
    has_more: bool
    next_cursor: str | None
    total: int | None


@dataclass(frozen=True, slots=True)
class Refused:
    """A well-formed error of the API."""

    code: str
    message: str
    field: str
    reason: str


_LIST: Final = msgspec.json.Decoder(_List)
_SINGLE: Final = msgspec.json.Decoder(_Single)
_FAILED: Final = msgspec.json.Decoder(_Failed)


def listed(response: Response) -> Listed:
    """Raises NotAnEnvelope."""
    answer = _decoded(_LIST, response)
    page = answer.pagination
    return Listed(answer.data, page.has_more, page.next_cursor, page.total)


def single(response: Response) -> Fields:
    """The one resource that was answered. Raises NotAnEnvelope."""
    data = _decoded(_SINGLE, response).data
    if not isinstance(data, dict):
        raise NotAnEnvelope("the answer has no object as its `data`")
    return data


def deleted(response: Response, id_: str) -> None:
    """Accept the answer to a DELETE. Raises NotAnEnvelope where it does not say that it is done."""
    if response.status in (202, 204):
        return
    answer = _decoded(_SINGLE, response)
    if answer.data is None and answer.success is True:
        return
    if not isinstance(answer.data, dict):
        raise NotAnEnvelope("the answer does not say what was deleted")
    if answer.data.get("id", id_) != id_ or answer.data.get("deleted", True) is not True:
        raise NotAnEnvelope(f"the answer does not say that {id_} was deleted")


def refused(response: Response) -> Refused | None:
    """None for whatever is not a whole error envelope: a gateway's page, a cut answer."""
    try:
        answer = _decode(_FAILED, response.body)
    except NotAnEnvelope:
        return None
    if answer.success:
        return None
    details = answer.error.details if isinstance(answer.error.details, dict) else {}
    return Refused(
        short(answer.error.code),
        short(answer.error.message),
        short(details.get("field")),
        short(details.get("reason")),
    )


def request_id(response: Response) -> str:
    """For the API's support; empty where none came."""
    if "x-request-id" in response.headers:
        return short(response.headers["x-request-id"])
    try:
        meta = _decode(_SINGLE, response.body).meta
    except NotAnEnvelope:
        return ""
    return short(meta.get("requestId")) if isinstance(meta, dict) else ""


def short(text: Json) -> str:
    """Text of the API's as far as we repeat it; empty for what is no text."""
    if not isinstance(text, str):
        return ""
    most = limits.MAX_REMOTE_TEXT
    return text if len(text) <= most else text[: most - 1] + "…"


def _decoded(decoder: "msgspec.json.Decoder[Any]", response: Response) -> Any:
    answer = _decode(decoder, response.body)
    if answer.success not in (None, True):
        raise NotAnEnvelope(f"the answer has status {response.status} but is no success")
    if _is_deep(response.body, answer.data):
        raise NotAnEnvelope(
            f"the answer is nested deeper than {limits.MAX_JSON_DEPTH} (limit MAX_JSON_DEPTH)"
        )
    return answer


def _decode(decoder: "msgspec.json.Decoder[Any]", body: bytes) -> Any:
    if not body:
        raise NotAnEnvelope("the answer is empty")
    try:
        return decoder.decode(body)
    except RecursionError as error:
        raise NotAnEnvelope("the answer is nested too deeply") from error
    except (msgspec.MsgspecError, UnicodeError) as error:
        raise NotAnEnvelope(f"the answer is not what the contract says: {error}") from error


def _is_deep(body: bytes, value: Json) -> bool:
    if body.count(b"{") + body.count(b"[") <= limits.MAX_JSON_DEPTH:
        return False
    return is_deeper(value, limits.MAX_JSON_DEPTH)


def is_deeper(value: Json, most: int) -> bool:
    """Whether containers stand in each other more than so many levels deep."""
    level: list[Json] = [[value]]  # level by level, all of a page's resources at once
    for _ in range(most + 1):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if type(outer) is dict else outer)
            if type(inner) is dict or type(inner) is list
        ]
        if not level:
            return False
    return True
