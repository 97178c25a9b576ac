"""`cfsync undo RUN`: back to what was there before, where nobody changed it since."""

import pytest
from support.emulator import in_process

pytestmark = pytest.mark.usefixtures("small")


def tree(site):
    """What is live, as a visitor sees it."""
    with in_process(db=site.path / ".cfsync/local.db") as api:
        return _unnumbered(api.state())


def _unnumbered(resources):
    """Order is what counts, not the numbers that make it."""
    return [
        {key: value for key, value in resource.items() if key not in ("position", "children")}
        | {"children": _unnumbered(resource["children"])}
        for resource in resources
    ]


@pytest.fixture
def apply(cfsync):
    def run(*more):
        answer = cfsync("apply", "--yes", "--json", *more)
        assert answer.code == 0, answer.out + answer.err
        return answer.json["run"]["run"]

    return run


def test_an_update_is_put_back_and_git_still_asks_for_it(cfsync, site, apply):
    apply()
    before = tree(site)
    site.replace("content: Hello", "content: Changed, props: {level: 2}")
    run = apply()
    answer = cfsync("undo", run, "--yes")
    assert answer.code == 0
    assert f"Git still asks for the 1 change of run {run}" in answer.out
    assert tree(site) == before
    assert cfsync("plan").last == "Plan: 1 to update."


def test_what_was_made_is_deleted_with_its_number(cfsync, site, apply):
    run = apply()
    refused = cfsync("undo", run, "--yes")
    assert refused.code == 6
    assert "--allow-deletes 6" in refused.err
    assert cfsync("undo", run, "--yes", "--allow-deletes", 6).code == 0
    assert "Nothing there." in cfsync("list").out
    assert cfsync("plan").last == "Plan: 6 to create."


def test_what_was_deleted_is_made_again(cfsync, site, apply):
    apply()
    before = tree(site)
    site.replace(
        "            children:\n"
        "              - {name: title, type: heading, content: Hello}\n"
        "              - {name: cta, type: button, content: Pricing}\n",
        "            children:\n              - {name: cta, type: button, content: Pricing}\n",
    )
    run = apply("--allow-deletes", 1)
    assert tree(site) != before
    assert cfsync("undo", run, "--yes").code == 0
    assert tree(site) == before
    assert cfsync("plan").last == "Plan: 1 to delete."


def test_a_deleted_page_comes_back_with_everything_on_it(cfsync, site, apply):
    apply()
    before = tree(site)
    text = (site.path / "cfsync.yaml").read_text()
    page = text[text.index("      - slug: index") : text.index("      - slug: about")]
    site.replace(page, "")
    run = apply("--allow-deletes", 4)
    assert cfsync("undo", run, "--yes").code == 0
    assert tree(site) == before


def test_an_order_and_a_name_are_put_back(cfsync, site, apply):
    apply()
    before = tree(site)
    site.replace(
        "              - {name: title, type: heading, content: Hello}\n"
        "              - {name: cta, type: button, content: Pricing}\n",
        "              - {name: cta, type: button, content: Pricing}\n"
        "              - {name: headline, renamed_from: title, type: heading, content: Hello}\n",
    )
    run = apply()
    assert tree(site) != before
    answer = cfsync("undo", run, "--yes")
    assert answer.code == 0, answer.out + answer.err
    assert tree(site) == before


def test_what_was_changed_since_is_a_conflict(cfsync, site, apply):
    apply()
    site.replace("content: Hello", "content: First")
    first = apply()
    site.replace("content: First", "content: Second")
    apply()
    answer = cfsync("undo", first, "--yes")
    assert answer.code == 6
    assert '"Second"' in answer.out
    assert cfsync("undo", first, "--yes", "--on-conflict", "take-config").code == 0
    assert '"Hello" → "Second"' in cfsync("plan").out


def test_what_a_designer_added_keeps_a_made_page_alive(cfsync, site, apply):
    run = apply()
    with in_process(db=site.path / ".cfsync/local.db") as api:
        api.designer.add("my-website:about", name="mine", type="text")
    answer = cfsync("undo", run, "--yes", "--allow-deletes", 6)
    assert answer.code == 6
    assert "my-website:about#mine" in answer.out


def test_an_undo_can_itself_be_undone(cfsync, site, apply):
    apply()
    site.replace("content: Hello", "content: Changed")
    run = apply()
    after = tree(site)
    undone = cfsync("undo", run, "--yes", "--json").json["run"]["run"]
    assert cfsync("undo", undone, "--yes").code == 0
    assert tree(site) == after
    assert "No changes." in cfsync("plan").out


def test_only_runs_that_were_applied_can_be_undone(cfsync):
    answer = cfsync("undo", "20990101")
    assert answer.code == 64
    assert "neither a file nor a run" in answer.err
