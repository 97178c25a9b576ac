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


@pytest.fixture
def designer(site):
    """Calls the designer while nobody else has the site open."""

    def call(name, *arguments, **fields):
        with in_process(db=site.path / ".cfsync/local.db") as api:
            return getattr(api.designer, name)(*arguments, **fields)

    return call


def left_to_the_site(cfsync, run, *more):
    undone = cfsync("undo", run, "--yes", "--on-conflict", "keep-live", *more, "--json")
    assert undone.code == 0, undone.out
    return [(one["what"], one["address"]) for one in undone.json["plan"]["kept"]]


def test_what_an_undo_leaves_to_the_site_stays_owned_and_kept(cfsync, site, apply, designer):
    apply()
    site.replace("content: Hello", "content: Changed, props: {level: 2}")
    site.replace("        name: About\n", "        name: About\n      - {slug: new, name: New}\n")
    run = apply()
    designer("edit", "my-website:index#hero/title", content="theirs")
    designer("edit", "my-website:new", {"name": "theirs"})
    before = cfsync("plan", "--json").json["kept"]
    assert left_to_the_site(cfsync, run) == [
        ("fields", "my-website:index#hero/title"),
        ("delete", "my-website:new"),
    ]
    plan = cfsync("plan", "--json")
    assert plan.code == 0
    assert plan.json["kept"] == before
    (change,) = plan.json["changes"]
    assert [edit["path"] for edit in change["edits"]] == [["props", "level"]]
    assert "0 unmanaged" in cfsync("list").out


def test_an_undo_that_leaves_everything_to_the_site_asks_nobody_to_revert(
    cfsync, site, apply, designer
):
    apply()
    site.replace("content: Hello", "content: Changed")
    run = apply()
    designer("edit", "my-website:index#hero/title", content="theirs")
    answer = cfsync("undo", run, "--yes", "--on-conflict", "keep-live")
    assert answer.code == 0
    assert "Git still asks" not in answer.out
    assert "lets go" not in answer.out


CHILDREN = """\
              - {name: title, type: heading, content: Hello}
              - {name: cta, type: button, content: Pricing}
"""


def stays_kept(cfsync, run, what):
    """Undone with the site's side, the next plan says of it what it said before."""
    before = cfsync("plan", "--json")
    assert [one["what"] for one in before.json["kept"]] == [what]
    assert [one for one, _ in left_to_the_site(cfsync, run)] == [what]
    after = cfsync("plan", "--json")
    assert after.json["kept"] == before.json["kept"]
    assert after.json["changes"] == after.json["conflicts"] == []


def test_an_order_left_to_the_site_stays_the_designers(cfsync, site, apply, designer):
    third = "              - {name: third, type: text}\n"
    site.replace(CHILDREN, CHILDREN + third)
    apply()
    site.replace(CHILDREN + third, third + CHILDREN)
    run = apply()
    position = designer("get", "my-website:index#hero/title")["position"]
    designer("move", "my-website:index#hero/third", position=position + 1)
    stays_kept(cfsync, run, "order")


def test_a_parent_left_to_the_site_stays_the_designers(cfsync, site, apply, designer):
    title = "              - {name: title, type: heading, content: Hello}\n"
    former = ", renamed_from: 'my-website:index#hero/title'}"
    site.replace(CHILDREN, CHILDREN + "          - {name: box, type: section}\n")
    apply()
    moved = title.strip().removeprefix("- ").replace("}", former)
    site.replace(title, "")
    site.replace("name: box, type: section", f"name: box, type: section, children: [{moved}]")
    run = apply()
    after = tree(site)
    assert cfsync("undo", run, "--yes").code == 0  # nothing is deleted and made again
    assert cfsync("plan").last == "Plan: 1 to move."
    run = apply()
    assert tree(site) == after
    designer("move", "my-website:index#box/title", under="my-website:index")
    stays_kept(cfsync, run, "parent")
