"""A designer at work: an edit just before a request is answered."""

from collections.abc import Callable
from typing import Final

from cfsync.emulator.answers import Answer, Refused, refusal
from cfsync.emulator.calls import Call
from cfsync.emulator.designer import CannotEdit, Designer
from cfsync.emulator.faults import measures
from cfsync.emulator.faults.world import Act, Sayable, Serve, Words, World


def _doing(what: Callable[[Designer], object]) -> Act:
    def act(call: Call, serve: Serve, world: World) -> Answer:
        try:
            what(world.designer)
        except CannotEdit as error:  # silence would make the fault look harmless
            return refusal(Refused(500, f"A fault cannot be done: {error}"), world.meta(call))
        return serve(call)

    return act


def _edit(words: Words) -> Act:
    name = words.name("resource")
    values = {key: measures.value(text) for key, text in words.all_options().items()}
    if not values:
        raise ValueError("says no value: edit@3 hero content=Hello props.color=red")
    return _doing(lambda designer: designer.edit(name, values))


def _add(words: Words) -> Act:
    name = words.name("resource to add it to")
    values = {key: measures.value(text) for key, text in words.all_options().items()}
    return _doing(lambda designer: designer.add(name, values))


def _delete(words: Words) -> Act:
    name = words.name("resource")
    return _doing(lambda designer: designer.delete(name))


def _copy(words: Words) -> Act:
    name = words.name("resource")
    return _doing(lambda designer: designer.copy(name))


def _move(words: Words) -> Act:
    name, under = words.name("resource"), words.option("under") or None
    text = words.option("position")
    position = measures.whole(text) if text else None
    return _doing(lambda designer: designer.move(name, under=under, position=position))


SAYABLE: Final = {
    "edit": Sayable("edit NAME field=value", "a designer edits it just before", _edit),
    "add": Sayable("add NAME name=x type=text", "a designer adds a child to it just before", _add),
    "delete": Sayable("delete NAME", "a designer deletes it just before", _delete),
    "copy": Sayable("copy NAME", "a designer duplicates it just before", _copy),
    "move": Sayable("move NAME under=NAME position=3", "a designer moves it just before", _move),
}
