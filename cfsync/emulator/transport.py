"""The emulator behind the Protocol that the remote speaks through: no server, no socket."""

from cfsync.emulator.answers import Answer
from cfsync.emulator.api import Api
from cfsync.model.ports import Clock, Lost, Request, Response


class InProcess:
    """A Transport. Delays pass on the given clock, so that a logical one makes them instant."""

    def __init__(self, api: Api, clock: Clock) -> None:
        self.api = api
        self._clock = clock

    async def send(self, request: Request) -> Response:
        """Raises NotSent or Lost as faults have it; Lost as well for an answer that is too slow."""
        answer = self.api.handle(
            request.method,
            request.path,
            {name.lower(): value for name, value in request.headers.items()},
            request.body or b"",
        )
        await self._wait(answer, request.timeout)
        if answer.is_cut:
            raise Lost("the connection closed in the middle of the answer")
        return Response(answer.status, answer.headers, answer.body)

    async def _wait(self, answer: Answer, limit: float) -> None:
        seconds = answer.delay + answer.pace * len(answer.body)
        if seconds:
            await self._clock.sleep(min(seconds, limit))
        if seconds > limit:
            raise Lost(f"no whole answer within {limit:g} s")
