"""The heart: a request in, an answer out. Synchronous; time and chance come from outside."""

import sqlite3
import threading
from collections.abc import Callable, Iterable
from functools import partial
from random import Random
from typing import Final, assert_never

import msgspec

from cfsync.contract import Contract, Operation, Verb
from cfsync.emulator import answers, cursors
from cfsync.emulator.answers import Answer, Meta, Refused
from cfsync.emulator.calls import READS, Call
from cfsync.emulator.designer import Designer
from cfsync.emulator.faults import Fault, Serve
from cfsync.emulator.log import Commit, Exchange, Log
from cfsync.emulator.resources import Resources
from cfsync.emulator.routes import Routes, parameters
from cfsync.emulator.stamps import iso
from cfsync.emulator.store import Store
from cfsync.emulator.tree import tree
from cfsync.model.address import KindName
from cfsync.model.values import Fields, Json

ANY_TOKEN: Final = "*"  # noqa: S105 - stands for every token
"""Some bearer token has to be there; which one does not matter."""


class Api:
    """One Codefluss. Safe to use from several threads, one request at a time."""

    def __init__(
        self,
        store: Store,
        contract: Contract,
        *,
        now: Callable[[], float],
        random: Random | None = None,
        token: str | None = None,
        faults: Iterable[Fault | str] = (),
    ) -> None:
        """`now` in seconds since the epoch; `random` makes ids and fates; no token: nobody asks.

        Raises UsageError for a fault that cannot be understood.
        """
        self.store = store
        self.contract = contract
        self.now = now
        self.random = random or Random()  # noqa: S311 - ids need to be unlike, not secret
        self.token = token
        self.faults = [Fault.parse(each) if isinstance(each, str) else each for each in faults]
        """May be changed at any time."""
        self.log = Log()
        self.resources = Resources(store, contract, now, self.random)
        self.designer = Designer(self.resources, partial(self._commit, 0))
        self._routes = Routes(contract)
        self._numbers = {"all": 0, "reads": 0, "writes": 0}
        self._late: list[tuple[float, Call]] = []
        self._lock = threading.RLock()

    def close(self) -> None:
        self.store.close()

    def handle(
        self,
        method: str,
        target: str,
        headers: dict[str, str] | None = None,
        body: bytes = b"",
        *,
        defer: Callable[[], None] | None = None,
    ) -> Answer:
        """Answer a request; `target` is below the base URL, header names are in lower case.

        `defer` is told instead of a commit, and sees to one before the answer is given; faults
        cannot wait for it. Raises Lost or NotSent where a fault says so.
        """
        with self._lock:
            call = self._arrive(method, target, headers or {}, body)
            if self._late:
                self.deliver_late(self.now())
            status = 0
            self.store.defer = None if self.faults else defer
            try:
                answer = self._through_faults(call)
                status = answer.status
            finally:
                self.store.defer = None
                self.log.exchanges.append(Exchange(call.number, method, target, status, self.now()))
            return answer

    def serve(self, call: Call) -> Answer:
        """Answer a request as if there were no faults."""
        meta = self.meta(call)
        try:
            self._authorise(call)
            return self._carry_out(call, meta)
        except Refused as refused:
            return answers.refusal(refused, meta)
        except sqlite3.Error as error:
            return answers.refusal(_broken(error), meta)

    def commit(self) -> None:
        """What was deferred. Raises sqlite3.Error, and then nothing of it remains."""
        with self._lock:
            self.store.commit()

    def broken(self, error: sqlite3.Error) -> Answer:
        """What is answered where a commit that was deferred fails."""
        return answers.refusal(_broken(error), self._meta(self._numbers["all"]))

    def meta(self, call: Call) -> Meta:
        return self._meta(call.number)

    def _meta(self, number: int) -> Meta:
        return Meta(f"req_{number:012x}", iso(round(self.now() * 1_000_000)))

    def later(self, seconds: float, call: Call) -> None:
        """Carry the request out once this time has passed, whoever still waits for it."""
        self._late.append((self.now() + seconds, call))

    def deliver_late(self, now: float = float("inf")) -> None:
        """Carry out the late requests that are due; without a time, all of them."""
        due = sorted((each for each in self._late if each[0] <= now), key=lambda each: each[0])
        self._late = [each for each in self._late if each[0] > now]
        for _, call in due:
            self.serve(call)

    def count_anew(self) -> None:
        """Numbers of requests, for `@k`, start again; the log is emptied."""
        with self._lock:
            self._numbers = dict.fromkeys(self._numbers, 0)
            self.log.clear()

    def state(self, *, ids: bool = False) -> list[Fields]:
        """Everything as a tree, equal for equal content; see `tree`."""
        with self._lock:
            return tree(self.store.rows(), self.contract, ids=ids)

    def _arrive(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Call:
        path, _, query = target.partition("?")
        self.log.methods[method] += 1
        self._numbers["all"] += 1
        which = "reads" if method in READS else "writes"
        self._numbers[which] += 1
        return Call(self._numbers["all"], self._numbers[which], method, path, query, headers, body)

    def _through_faults(self, call: Call) -> Answer:
        if not self.faults:
            return self.serve(call)
        acting = [each for each in self.faults if each.concerns(call, self)]
        acting.sort(key=lambda each: not each.first)
        serve: Serve = self.serve
        for fault in reversed(acting):  # the one named first is the outermost
            serve = fault.around(serve, self)
        return serve(call)

    def _authorise(self, call: Call) -> None:
        if self.token is None:
            return
        scheme, _, given = call.headers.get("authorization", "").partition(" ")
        good = bool(given) if self.token == ANY_TOKEN else given == self.token
        if scheme.lower() != "bearer" or not good:
            raise Refused(401, headers={"www-authenticate": "Bearer"})

    def _carry_out(self, call: Call, meta: Meta) -> Answer:
        operation, id_ = self._routes.match(call.method, call.path)
        kind = self.contract.kinds[operation.kind]
        match operation.verb:
            case "list":
                return self._list(operation, id_, call.query, meta)
            case "get":
                return answers.one(200, self.resources.get(kind, id_), meta)
            case "create":
                made, text = self.resources.create(kind, id_, _json(call))
                self._commit(call.number, operation.verb, operation.kind, made)
                return answers.one(201, text, meta)
            case "update":
                text = self.resources.update(kind, id_, _json(call))
            case "delete":
                text = self.resources.delete(kind, id_)
            case _:
                assert_never(operation.verb)
        self._commit(call.number, operation.verb, operation.kind, id_)
        return answers.one(200, text, meta)

    def _list(self, operation: Operation, scope: str, query: str, meta: Meta) -> Answer:
        kind = self.contract.kinds[operation.kind]
        given = parameters(operation, query)
        start, text = 0, given["cursor"]
        if text is not None:
            start = cursors.after(text, kind.name, scope)
        texts, end, total = self.resources.page(kind, scope, start, given["limit"])
        cursor = None if end is None else cursors.cursor(kind.name, scope, end)
        return answers.many(texts, cursor, total, meta)

    def _commit(self, number: int, verb: Verb, kind: KindName, id_: str) -> None:
        self.log.commits.append(Commit(number, verb, kind, id_, self.now()))


def _broken(error: sqlite3.Error) -> Refused:
    return Refused(500, f"The emulator's database: {error}")


def _json(call: Call) -> Json:
    content_type = call.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type != "application/json":
        reason = f"Content-Type must be application/json, not {content_type or 'missing'}"
        raise Refused(400, "Invalid content type", field="Content-Type", reason=reason)
    try:
        return msgspec.json.decode(call.body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        reason = f"Body is not JSON: {error}"
        raise Refused(400, "Invalid body", field="body", reason=reason) from error
