"""Renames whose old name goes to somebody new, with a designer's work on what was renamed."""


def test_a_page_is_renamed_and_a_new_one_takes_its_slug(cfsync, wish):
    wish.pages("- {slug: news, name: News}\n")
    assert cfsync("apply", "--yes").code == 0
    old = wish.designer.find("my-website:news")
    wish.designer.add("my-website:news", name="theirs", type="text")
    wish.pages(
        "- {slug: archive, name: News, renamed_from: news}\n- {slug: news, name: Fresh news}\n",
    )
    assert "Plan: 1 to create and 1 to update." in cfsync("plan").out
    assert cfsync("apply", "--yes").code == 0
    assert wish.designer.find("my-website:archive") == old
    assert wish.designer.get("my-website:archive#theirs")["name"] == "theirs"
    assert wish.designer.get("my-website:news")["name"] == "Fresh news"
    assert "No changes." in cfsync("plan").out  # though `renamed_from` still stands in the file


def test_a_rename_that_the_designer_made_as_well_is_no_second_page(cfsync, wish):
    wish.pages("- {slug: news, name: News}\n")
    assert cfsync("apply", "--yes").code == 0
    old = wish.designer.find("my-website:news")
    wish.designer.edit("my-website:news", slug="archive")
    wish.pages(
        "- {slug: archive, name: News, renamed_from: news}\n- {slug: news, name: Fresh news}\n",
    )
    assert cfsync("apply", "--yes").code == 0
    assert wish.designer.find("my-website:archive") == old
    assert wish.designer.get("my-website:news")["name"] == "Fresh news"


def test_two_pages_swap_their_slugs_once(cfsync, wish):
    wish.pages("- {slug: news, name: News}\n- {slug: blog, name: Blog}\n")
    assert cfsync("apply", "--yes").code == 0
    before = [wish.designer.find(f"my-website:{slug}") for slug in ("news", "blog")]
    swap = (
        "- {slug: blog, name: News, renamed_from: news}\n"
        "- {slug: news, name: Blog, renamed_from: blog}\n"
    )
    wish.pages(swap)
    assert 'slug  "news" → "blog"' in cfsync("plan").out
    assert cfsync("apply", "--yes").code == 0
    assert [wish.designer.find(f"my-website:{slug}") for slug in ("blog", "news")] == before
    assert "No changes." in cfsync("plan").out
    run = cfsync("history", "--json").json["runs"][0]["run"]
    assert cfsync("undo", run, "--yes").code == 0
    assert [wish.designer.find(f"my-website:{slug}") for slug in ("news", "blog")] == before
    assert cfsync("apply", "--yes").code == 0
    wish.pages(swap.replace("name: News", "name: New").replace("name: Blog", "name: Bloggy"))
    told = cfsync("plan")
    assert told.code == 1
    assert "cfsync.yaml:13:" in told.err
    assert "whether they have been swapped already cannot be told" in told.err
