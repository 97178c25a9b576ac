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
