"""The wire: every request may be carried out or not, answered or not, now, late or twice."""

import asyncio
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from faults.history import Answered, Committed, Seen, Sent

from cfsync import limits
from cfsync.model.ports import Lost, Request, Response

if TYPE_CHECKING:
    from faults.world import World

_REFUSAL = (
    b'{"success":false,"error":{"code":"VALIDATION_ERROR","message":"Invalid request",'
    b'"details":{"field":"content","reason":"made up"}}}'
)
_FAILURE = b'{"success":false,"error":{"code":"INTERNAL_ERROR","message":"Server error"}}'
_FORBIDDEN = b'{"success":false,"error":{"code":"FORBIDDEN","message":"Not authorized"}}'
_JSON = {"content-type": "application/json"}


@dataclass(slots=True)
class Late:
    due: float
    number: int
    request: Request


class Wire:
    """Implements model.ports.Transport over the emulator's heart."""

    def __init__(self, world: "World") -> None:
        self._world = world
        self._late: list[Late] = []
        self._down: dict[str, int] = {}
        self._under_way: dict[int, Request] = {}
        self.numbers = 0

    async def send(self, request: Request) -> Response:
        self._world.alive()
        if request.method != "GET":
            return await self._write(request)
        await asyncio.sleep(0)  # others get to send theirs as well
        self._world.alive()
        self.deliver(self._world.clock.monotonic())
        return self._read(request)

    def orphan(self) -> None:
        """Their sender died: what is under way is carried out, or is not."""
        for number, request in self._under_way.items():
            if self._world.choose(2, "write"):
                self._carry_out(request, number)
        self._under_way.clear()

    def deliver(self, now: float = float("inf")) -> None:
        """What was late arrives."""
        due = sorted((one for one in self._late if one.due <= now), key=lambda one: one.due)
        self._late = [one for one in self._late if one.due > now]
        for one in due:
            self._carry_out(one.request, one.number)

    @property
    def late(self) -> int:
        return len(self._late)

    def _read(self, request: Request) -> Response:
        world = self._world
        world.boundary(in_window=False)
        if left := self._down.get(request.path):
            self._down[request.path] = left - 1
            return Response(503, {}, b"")
        way = world.choose(3, "read") if world.may("reads") else 0
        if way:
            world.spend("reads")
        if way == 1:
            self._down[request.path] = limits.READ_ATTEMPTS - 1
            return Response(503, {}, b"")
        if way == 2:  # said of what is there: no proof of absence
            return Response(403, dict(_JSON), _FORBIDDEN)
        response = self._handle(request)
        resources = _resources(response)
        if "/" in request.path and response.status == 404:
            resources = {request.path.rpartition("/")[2]: {}}
        world.history.append(Seen(world.process, world.clock.monotonic(), resources))
        return response

    async def _write(self, request: Request) -> Response:
        world = self._world
        number = self._note(request)
        self._under_way[number] = request
        await asyncio.sleep(0)  # others get to send theirs as well
        world.alive()
        del self._under_way[number]
        self.deliver(world.clock.monotonic())
        world.boundary(in_window=True)
        ways = ["ok"]
        if world.may("faults"):
            ways += ["400", "lost", "lost-after", "500", "500-after"]
        if world.may("crashes"):
            ways += ["crash", "crash-after"]
        if world.may("late"):
            ways += ["late", "late-crash"] if world.may("crashes") else ["late"]
        if world.may("beyond"):
            ways.append("beyond")
        if world.may("twice") and request.method == "POST":
            ways.append("twice")
        way = ways[world.choose(len(ways), "write")]
        return await self._so(way, request, number)

    async def _so(self, way: str, request: Request, number: int) -> Response:
        world = self._world
        match way:
            case "ok":
                return self._answer(request, number)
            case "twice":
                world.spend("twice")
                response = self._answer(request, number)
                self._carry_out(request, number)
                return response
            case "crash" | "crash-after":
                if way == "crash-after":
                    self._carry_out(request, number)
                world.die()
            case "late" | "late-crash" | "beyond":
                await self._delay(way, request, number)
        world.spend("faults")
        if way.endswith("-after"):
            self._carry_out(request, number)
        if way.startswith("lost"):
            raise Lost("the connection was reset")
        if way == "400":
            return Response(400, dict(_JSON), _REFUSAL)
        return Response(500, dict(_JSON), _FAILURE)

    async def _delay(self, way: str, request: Request, number: int) -> None:
        world = self._world
        world.spend("beyond" if way == "beyond" else "late")
        settle = world.scenario.environment.settle
        after = request.timeout + (1000.0 if way == "beyond" else settle - 0.1)
        self._late.append(Late(world.clock.monotonic() + after, number, request))
        if way == "late-crash":
            world.die()
        await world.clock.sleep(request.timeout)
        world.alive()
        raise Lost("no whole answer in time")

    def _note(self, request: Request) -> int:
        world = self._world
        lease = world.store.lease(world.key)
        self.numbers += 1
        now = world.clock.monotonic()
        until = lease.expires - world.clock.now() + now if lease else now
        world.history.append(
            Sent(
                process=world.process,
                number=self.numbers,
                method=request.method,
                path=request.path,
                body=json.loads(request.body) if request.body else {},
                key=request.headers.get("Idempotency-Key", ""),
                at=now,
                deadline=now + request.timeout,
                lease_until=until,
            )
        )
        return self.numbers

    def _answer(self, request: Request, number: int) -> Response:
        world = self._world
        response = self._carry_out(request, number)
        world.history.append(Answered(world.process, world.clock.monotonic(), _resources(response)))
        return response

    def _carry_out(self, request: Request, number: int) -> Response:
        world = self._world
        log = world.api.log.commits
        count = len(log)
        before = self._before(request)
        response = self._handle(request)
        if len(log) > count:
            at = world.clock.monotonic()
            world.history.append(Committed(number, log[-1].id, before, at))
        return response

    def _before(self, request: Request) -> dict[str, Any] | None:
        """Every resource that the request is about to change, as it is."""
        if request.method == "POST":
            return None
        id_ = request.path.rpartition("/")[2]
        if request.method == "PATCH":
            row = self._world.api.store.find(id_)
            return {} if row is None else {id_: _fields(row)}
        rows = {row.id: row for row in self._world.api.store.rows()}
        gone = {id_}
        for row in rows.values():  # in the order of creation, and moves only ever cost a rule
            if row.parent in gone or row.scope in gone:
                gone.add(row.id)
        return {one: _fields(rows[one]) for one in gone if one in rows}

    def _handle(self, request: Request) -> Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        headers["authorization"] = f"Bearer {self._world.token}"
        api = self._world.api
        answer = api.handle(request.method, request.path, headers, request.body or b"")
        return Response(answer.status, answer.headers, answer.body)


def _fields(row: Any) -> dict[str, Any]:
    return json.loads(row.body + "}")


def _resources(response: Response) -> dict[str, dict[str, Any]]:
    if response.status not in (200, 201):
        return {}
    found = json.loads(response.body)["data"]
    each = found if isinstance(found, list) else [found]
    return {one["id"]: one for one in each}
