from dataclasses import replace

import pytest

from cfsync.report.inert import inert, inert_start
from cfsync.report.jsonform import plan_to_json
from cfsync.report.jsonvalue import dumps
from cfsync.report.sheet import Sheet, Span
from cfsync.report.text import plan_sheet

HOSTILE = (
    "\x1b[2J\x1b]0;title\x07",
    "a\rb",
    "\x9b31m",
    "user\u202etxt.exe",
    "zero\u200bwidth\ufeff",
    "\u2066isolate\u2069",
    "soft\u00adhyphen",
    "tag\U000e0041s",
    "lone\ud800surrogate",
    "line\u2028separator\x85",
    "\n::error::owned",
    "::set-output name=x::y",
    "##[add-mask]x",
    "##vso[task.setvariable]x",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_what_cannot_be_seen_is_written_out(text):
    assert all(c.isprintable() for c in inert(text))


def test_ordinary_text_stays_as_it_is():
    assert inert("Größe 96px – 東京 #1 [2] ## heading") == "Größe 96px – 東京 #1 [2] ## heading"


def test_escapes_are_named_so_that_people_know_them():
    assert inert("a\x1bb\tc\nd\r\ne\u202ef") == "a\\x1bb\\tc⏎d⏎e\\u202ef"


@pytest.mark.parametrize("line", ["::warning::x", "  ::warning::x", "\t::x"])
def test_no_line_begins_like_a_command_of_a_pipeline(line):
    assert not inert_start(line).lstrip().startswith("::")


def test_every_span_of_a_sheet_is_inert_whoever_put_it_there():
    sheet = Sheet()
    sheet.line("plain \x1b[0m", Span("bold \r", "bold"), indent=2)
    sheet.line(Span("", "dim"), Span("::error::", "error"))
    shown = sheet.render(colour=True).replace("\x1b[1m", "").replace("\x1b[0m", "")
    assert shown == "  plain \\x1b[0mbold \\r\n\\x3a:error::\n"


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_plan_is_inert_as_text_and_as_json(full_plan, text):
    changes = (
        replace(full_plan.changes[0], address=text),
        replace(
            full_plan.changes[2],
            edits=(
                replace(full_plan.changes[2].edits[0], before=text, after=[text, {text: text}]),
                replace(full_plan.changes[2].edits[0], before=[text, 1], after=[text + "x", text]),
            ),
        ),
    )
    plan = replace(
        full_plan,
        name=text,
        changes=changes,
        kept=(replace(full_plan.kept[0], address=text),),
        suggestions=(text,),
    )
    for shown in (plan_sheet(plan).render(), dumps(plan_to_json(plan))):
        assert all(c.isprintable() or c == "\n" for c in shown)
        assert "##[" not in shown
        assert "##vso[" not in shown
        assert not any(line.lstrip().startswith("::") for line in shown.splitlines())
