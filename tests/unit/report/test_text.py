from dataclasses import replace

from cfsync.report.text import plan_sheet


def test_a_plan_is_a_tree_of_projects_pages_and_elements(full_plan):
    assert plan_sheet(full_plan).render().splitlines() == [
        "acme → staging  api.staging.codefluss.dev",
        "",
        "  my-website",
        "  + about  page  sites/main.yaml:12",
        '      seo.title "About us"',
        "    + hero  section  sites/main.yaml:12",
        '        content "Hello"  props.pageId (known after apply)',
        "  · gone",
        "    index",
        "    ~ hero/title  sites/main.yaml:12",
        '        content       "Hello" → "Hello world"',
        "        props.level   (not set) → null",
        '        styles.color  "red" → (removed)',
        "    > footer/cta  was hero/cta  2 siblings renumbered",
        "    ± story",
        '        type  "text" → "list"',
        "    - old  element and 4 below it",
        "    = new",
        "",
        "Kept as the site has it: only the site changed these",
        "  my-website:index#hero  sites/main.yaml:12",
        "      content",
        '        site   "Site"',
        '        files  "Files"',
        "  my-website:index#sub  deleted on the site, not made again",
        "  my-website:index#hero/b  what stands in it has another order there",
        "  my-website:index#hero/c  was moved elsewhere",
        "",
        "2 conflicts: nothing is written there until a person decides",
        "  ! my-website:index#hero/lead  sites/main.yaml:12",
        "      changed in the files and on the site, differently",
        "      content",
        '        site   "Site"',
        '        files  "Files"  sites/main.yaml:12',
        '        base   "Base"',
        "  ! my-website:shop",
        "      to be deleted, but something that is to stay stands below it",
        "      holds  my-website:shop#x0",
        "      holds  my-website:shop#x1",
        "      holds  my-website:shop#x2",
        "      holds  my-website:shop#x3",
        "      holds  my-website:shop#x4",
        "      … and 2 more",
        "",
        "Hint: 'new' looks like 'old' renamed",
        "",
        (
            "> moved   ± made anew, its content kept   "
            "= there already, owned from the next apply on   · gone from files and site alike"
        ),
        "",
        (
            "Plan: 2 to create, 1 to update, 1 to move, 1 to replace, 5 to delete, 1 to adopt and "
            "2 renumbered."
        ),
        (
            "Left alone: 4 live edits, 3 ignored fields and 8 unmanaged resources. "
            "`cfsync list` names them."
        ),
        "",
        "Refused: 2 conflicts",
        "      a:b",
        "      next   cfsync plan --on-conflict keep-live",
    ]


def test_a_plan_without_changes_says_so_and_nothing_else(empty_plan):
    assert plan_sheet(replace(empty_plan, config_digest="c0ffee")).render() == (
        "acme → local\n\nNo changes. local is as the files say.\n"
    )


def test_a_plan_that_was_not_made_from_the_files_does_not_speak_of_them(empty_plan):
    assert "No changes. There is nothing to do in local." in plan_sheet(empty_plan).render()


def test_kept_edits_alone_are_no_changes(empty_plan, full_plan):
    kept = replace(empty_plan, kept=full_plan.kept)
    assert "No changes. local has nothing to get from the files." in plan_sheet(kept).render()


def test_conflicts_alone_are_not_called_no_changes(empty_plan, full_plan):
    torn = replace(empty_plan, conflicts=full_plan.conflicts)
    assert "No changes but the conflicts." in plan_sheet(torn).render()


def test_the_header_says_that_there_is_no_base(empty_plan):
    assert "No base yet" in plan_sheet(replace(empty_plan, has_base=False)).render()


def test_a_project_is_shown_once_even_where_addresses_sort_around_it(empty_plan, full_plan):
    update = full_plan.changes[2]
    addresses = ("my", "my-web", "my-web:index", "my:index")
    changes = tuple(replace(update, address=address, edits=()) for address in addresses)
    shown = plan_sheet(replace(empty_plan, changes=changes)).render()
    assert "~ my\n  ~ index\n\n~ my-web\n  ~ index" in "\n".join(
        line.split("  sites")[0] for line in shown.splitlines()
    )


def test_many_adoptions_are_counted_instead_of_named(empty_plan, full_plan):
    adopt = full_plan.changes[6]
    changes = tuple(replace(adopt, address=f"a:index#e{n}") for n in range(9))
    shown = plan_sheet(replace(empty_plan, changes=changes)).render()
    assert "= e2\n    = … and 6 more" in shown
    assert "e3" not in shown


def test_a_reordered_element_says_so(empty_plan, full_plan):
    move = replace(full_plan.changes[3], moved_from=None)
    assert (
        "to another place among its siblings"
        in plan_sheet(replace(empty_plan, changes=(move,))).render()
    )


def test_colours_appear_only_when_asked_for(full_plan):
    assert "\x1b" not in plan_sheet(full_plan).render()
    assert "\x1b[32m+ \x1b[0m" in plan_sheet(full_plan).render(colour=True)
