import pytest

from cfsync.emulator.faults import Fault, sayable
from cfsync.errors import UsageError


@pytest.mark.parametrize(
    "text",
    [
        "500@7",
        "429@3 retry-after=1",
        "429@3..",
        "400@w2 field=slug code=VALIDATION_ERROR reason=taken",
        "302@4 location=https://elsewhere.example/",
        "drop-after-commit@5",
        "drop-before@5",
        "refuse@1..3",
        "html-502@9",
        "empty-503",
        "502-after@9",
        "cut@4",
        "empty@4",
        "garbage@4",
        "huge=1MiB@4",
        "deep=1000@4",
        "without=id@r2",
        "wrong-type=position",
        "latency=50ms",
        "drip=10s@3",
        "rate=100/s",
        "rate=120/min burst=5",
        "revoke@12",
        "403@..",
        "404@.. on=hero",
        "twice@w5",
        "late=2s@5",
        "lag=3",
        "normalise=trim",
        "normalise=lower",
        "ignore=seo.title",
        "fill=seo.noindex=false",
        "repeat-cursor",
        "no-cursor",
        "wrong-total",
        "no-total",
        "duplicate",
        "empty-list",
        "short-list",
        "bare-list",
        "expire-cursor@2",
        "edit@3 hero content=Hello props.color=red",
        "edit@3 'Big hero' content='two words'",
        "add@3 hero name=new type=text",
        "delete@w3 hero",
        "copy@3 hero",
        "move@3 hero under=index position=3",
        "500 chance=0.1",
    ],
)
def test_it_can_be_said(text):
    assert Fault.parse(text).text == text


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "it has to begin like 500@7 or latency=50ms"),
        ("Boom!", "it has to begin like 500@7 or latency=50ms"),
        ("'open", "No closing quotation"),
        ("latancy=50ms", "there is no fault 'latancy'; did you mean latency?"),
        ("zzzz", "there is no fault 'zzzz'"),
        ("200@3", "there is no fault '200'"),
        ("latency=fast", "latency needs a time like 50ms, 2s or 1min, not 'fast'"),
        ("rate=0/s", "rate needs a rate like 100/s or 120/min, not '0/s'"),
        ("rate=1/s burst=x", "rate needs a whole number, not 'x'"),
        ("huge=big", "huge needs a size like 4096, 64KiB or 100MiB, not 'big'"),
        ("without", "without needs the name of a field: without=id"),
        ("wrong-type", "wrong-type needs the name of a field: wrong-type=position"),
        ("normalise=upper", "normalise knows trim and lower, not 'upper'"),
        ("ignore", "ignore needs the name of a field: ignore=seo or ignore=props.color"),
        ("fill=seo", "fill needs a field and a value: fill=seo.noindex=false"),
        ("edit@3", "edit says no resource"),
        ("edit@3 hero", "edit says no value: edit@3 hero content=Hello props.color=red"),
        ("500@7 surprise", "500 does not know surprise"),
        ("500@7 wait=3", "500 does not know wait"),
        ("500@5..3", "@5..3 ends before it begins"),
        ("500 chance=2", "chance=2 is not between 0 and 1"),
        ("500 chance=often", "chance=often is not between 0 and 1"),
    ],
)
def test_what_cannot_be_understood_says_why_and_what_can_be_said(text, why):
    with pytest.raises(UsageError) as caught:
        Fault.parse(text)
    assert repr(text) in caught.value.message
    assert caught.value.why == why
    assert "drop-after-commit" in caught.value.next_step


@pytest.mark.parametrize("when", ["x", "0", "3.", "r0", "-1", "w"])
def test_a_request_that_cannot_be_meant_is_refused(when):
    if when == "w":
        assert Fault.parse(f"500@{when}")  # all writes
        return
    with pytest.raises(UsageError) as caught:
        Fault.parse(f"500@{when}")
    assert caught.value.why.startswith(f"@{when} says no request: @7 the seventh")


def test_every_fault_stands_in_the_list_with_its_meaning():
    lines = list(sayable())
    assert len(lines) > 30
    assert all(len(line.split("  ")) >= 3 for line in lines)


def test_every_usage_in_the_list_can_be_said():
    for line in list(sayable())[:-1]:
        usage = line[2:36].rstrip()
        for each in usage.split(" | "):
            said = each.replace("trim|lower", "trim").replace("NAME", "hero")
            assert Fault.parse(said)
