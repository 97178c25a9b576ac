"""Answers with a status: refusals, failures, gateways, redirects, rate limits, a revoked key."""

import math
import re
from email.utils import formatdate
from typing import Final

from cfsync.emulator.answers import Answer, Refused, refusal
from cfsync.emulator.calls import Call
from cfsync.emulator.faults import measures
from cfsync.emulator.faults.spoiled import with_body
from cfsync.emulator.faults.world import Act, Sayable, Serve, Words, World, always

STATUS: Final = re.compile(r"(html-|empty-)?([345][0-9]{2})(-after)?")
_GATEWAY: Final = frozenset({502, 503, 504})
_HTML: Final = b"<html><head><title>%d</title></head><body><h1>Bad gateway</h1></body></html>"


def status(match: re.Match[str], words: Words) -> Act:
    """Of what STATUS matched: `500`, `502-after`, `html-502`, `429 retry-after=1`."""
    number, after = int(match[2]), bool(match[3])
    html = match[1] == "html-" or number in _GATEWAY
    code, field, reason = (words.option(name) for name in ("code", "field", "reason"))
    location, retry_after = words.option("location"), words.option("retry-after")

    def act(call: Call, serve: Serve, world: World) -> Answer:
        if after:
            serve(call)
        headers = _retry_after(retry_after, world)
        if location:
            headers["location"] = location
        refused = Refused(number, code=code, field=field, reason=reason, headers=headers)
        answer = refusal(refused, world.meta(call))
        if match[1] == "empty-":
            return with_body(answer, b"", "text/plain")
        return with_body(answer, _HTML % number, "text/html") if html else answer

    return act


def _retry_after(text: str, world: World) -> dict[str, str]:
    if text == "date":
        text = formatdate(world.now() + 2, usegmt=True)
    return {"retry-after": text} if text else {}


def _rate(words: Words) -> Act:
    rate = measures.rate(words.argument)
    burst = measures.whole(words.option("burst", str(max(1, math.ceil(rate)))))
    tokens, last = float(burst), 0.0

    def act(call: Call, serve: Serve, world: World) -> Answer:
        nonlocal tokens, last
        now = world.now()
        tokens, last = min(burst, tokens + max(0.0, now - last) * rate), now
        if tokens >= 1:
            tokens -= 1
            return serve(call)
        wait = str(max(1, math.ceil((1 - tokens) / rate)))
        return refusal(Refused(429, headers={"retry-after": wait}), world.meta(call))

    return act


def _revoke(call: Call, _serve: Serve, world: World) -> Answer:
    return refusal(Refused(401, "The API key was revoked"), world.meta(call))


STATUS_USAGE: Final = (
    ("500", "answers this status instead; 502, 503 and 504 as HTML"),
    ("html-500 | empty-502", "the same as HTML, or with nothing"),
    ("502-after", "the same, but carried out first"),
    ("400 code=C field=slug reason=R", "what the error's envelope says"),
    ("429 retry-after=1", "any text; `date` is a date in two seconds"),
    ("302 location=URL", "a redirect"),
)
SAYABLE: Final = {
    "rate": Sayable("rate=100/s burst=10", "429 with Retry-After beyond this rate", _rate),
    "revoke": Sayable("revoke", "the key no longer counts from this request on", always(_revoke)),
}
