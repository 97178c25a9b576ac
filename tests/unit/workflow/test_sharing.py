from msgspec import structs

from cfsync.journal.canonical import encode
from cfsync.model.desired import Desired, DesiredState
from cfsync.model.mark import Mark
from cfsync.model.values import IdOf
from cfsync.workflow.sharing import at_hand


def declared(fields):
    return Desired("element", fields, None, Mark("a.yaml", 1))


def test_what_the_files_say_is_at_hand_by_its_canonical_text():
    above, below = {"slug": "s"}, {"name": "hero", "content": "a\nb"}
    projects = (structs.replace(declared(above), children=(declared(below),)),)
    found = at_hand(DesiredState("acme", projects, "digest", refers=False))
    assert found == {encode(above): above, encode(below): below}
    assert found[encode(below)] is below


def test_a_text_that_utf_8_cannot_hold_is_at_hand_too():
    odd = [declared({"name": "\ud800"}), declared({"name": "hero"})]
    found = at_hand(DesiredState("acme", tuple(odd), "digest", refers=False))
    assert found[encode({"name": "\ud800"})] is odd[0].fields
    assert found[encode({"name": "hero"})] is odd[1].fields


def test_files_that_refer_to_the_site_share_nothing():
    state = DesiredState("acme", (declared({"href": IdOf("s:p")}),), "digest")
    assert at_hand(state) == {}
