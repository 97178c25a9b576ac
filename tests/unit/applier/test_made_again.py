"""New ids are told with the addresses at which the resources stand."""

from cfsync.applier.ledger import Ledger, Step
from cfsync.applier.made_again import made_again
from cfsync.applier.result import failed_write
from cfsync.contract import load
from cfsync.model.live import Item, Live
from cfsync.model.plan import Write
from cfsync.model.run import MadeAgain


def live(id_, name, *children):
    item = Item("element", id_, "page_1", None, 0, {"name": name}, "", "")
    return Live(item, children)


def write(number, verb, address, **more):
    return Write(number, 0, verb, "element", address, "elem_1", "page_1", **more)


def test_everything_below_what_was_deleted_has_its_address():
    tree = live("e1", "box", live("e2", "card"), live("e3", "card", live("e4", "a/b")))
    writes = [write(0, "update", "s:p#x"), write(1, "delete", "s:p#box", subtree=tree)]
    new = {"e4": "n4", "e3": "n3", "e1": "n1", "e9": "n9"}
    assert made_again(new, writes, load()) == (
        MadeAgain("", "e9", "n9"),
        MadeAgain("s:p#box", "e1", "n1"),
        MadeAgain("s:p#box/card[2]", "e3", "n3"),
        MadeAgain("s:p#box/card[2]/a%2Fb", "e4", "n4"),
    )


def test_what_failed_is_the_first_write_there_that_was_not_done():
    writes = [write(0, "create", "s:p#x"), write(1, "update", "s:p#x"), write(2, "delete", "s:p#y")]
    ledger = Ledger(steps={0: Step("done"), 1: Step("not_done")})
    assert failed_write(ledger, writes, "s:p#x") == writes[1]
    assert failed_write(ledger, writes, "s:p#y") == writes[2]
    assert failed_write(ledger, writes, "") is None
    ledger.steps[1].state = "done"
    assert failed_write(ledger, writes, "s:p#x") is None
