"""Renames whose old name goes to somebody new, with a designer's work on what was renamed."""

PAGES = """\
  - slug: my-website
    name: My Website
    pages:
      - {slug: index, name: Home}
"""


def _wish(site, pages):
    start = (site.path / "cfsync.yaml").read_text(encoding="utf-8").partition("projects:\n")[0]
    site.write(f"{start}projects:\n{PAGES}{pages}")


def test_a_page_is_renamed_and_a_new_one_takes_its_slug(cfsync, site, served):
    _wish(site, "      - {slug: news, name: News}\n")
    assert cfsync("apply", "--yes").code == 0
    old = served.designer.find("my-website:news")
    served.designer.add("my-website:news", name="theirs", type="text")
    _wish(
        site,
        "      - {slug: archive, name: News, renamed_from: news}\n"
        "      - {slug: news, name: Fresh news}\n",
    )
    assert "Plan: 1 to create and 1 to update." in cfsync("plan").out
    assert cfsync("apply", "--yes").code == 0
    assert served.designer.find("my-website:archive") == old
    assert served.designer.get("my-website:archive#theirs")["name"] == "theirs"
    assert served.designer.get("my-website:news")["name"] == "Fresh news"
    assert "No changes." in cfsync("plan").out  # though `renamed_from` still stands in the file


def test_a_rename_that_the_designer_made_as_well_is_no_second_page(cfsync, site, served):
    _wish(site, "      - {slug: news, name: News}\n")
    assert cfsync("apply", "--yes").code == 0
    old = served.designer.find("my-website:news")
    served.designer.edit("my-website:news", slug="archive")
    _wish(
        site,
        "      - {slug: archive, name: News, renamed_from: news}\n"
        "      - {slug: news, name: Fresh news}\n",
    )
    assert cfsync("apply", "--yes").code == 0
    assert served.designer.find("my-website:archive") == old
    assert served.designer.get("my-website:news")["name"] == "Fresh news"


def test_two_pages_swap_their_slugs_once(cfsync, site, served):
    _wish(site, "      - {slug: news, name: News}\n      - {slug: blog, name: Blog}\n")
    assert cfsync("apply", "--yes").code == 0
    before = [served.designer.find(f"my-website:{slug}") for slug in ("news", "blog")]
    swap = (
        "      - {slug: blog, name: News, renamed_from: news}\n"
        "      - {slug: news, name: Blog, renamed_from: blog}\n"
    )
    _wish(site, swap)
    assert 'slug  "news" → "blog"' in cfsync("plan").out
    assert cfsync("apply", "--yes").code == 0
    assert [served.designer.find(f"my-website:{slug}") for slug in ("blog", "news")] == before
    assert "No changes." in cfsync("plan").out
    run = cfsync("history", "--json").json["runs"][0]["run"]
    assert cfsync("undo", run, "--yes").code == 0
    assert [served.designer.find(f"my-website:{slug}") for slug in ("news", "blog")] == before
    assert cfsync("apply", "--yes").code == 0
    _wish(site, swap.replace("name: News", "name: New").replace("name: Blog", "name: Bloggy"))
    told = cfsync("plan")
    assert told.code == 1
    assert "cfsync.yaml:12:" in told.err
    assert "whether they have been swapped already cannot be told" in told.err
