from cfsync.report.listing import Listed, listing_sheet, listing_to_json

ROWS = (
    Listed("my-website", "project", "proj_1", 0, "owned", "published", protected=True),
    Listed("my-website:index", "page", "page_1", 1, "owned", "draft"),
    Listed("my-website:index#hero", "element", "elem_1", 2, "owned", "section", ignored=True),
    Listed("my-website:index#hero/cta", "element", "elem_2", 3, "unmanaged", "button"),
)


def test_a_listing_is_a_tree_with_ids_and_what_cfsync_makes_of_each():
    assert list(listing_sheet(ROWS).lines()) == [
        "my-website  proj_1  owned      protected  published",
        "  index     page_1  owned      draft",
        "    hero    elem_1  owned      ignored  section",
        "      cta   elem_2  unmanaged  button",
        "",
        "4 resources: 3 owned, 1 unmanaged.",
    ]


def test_nothing_is_said_in_words():
    assert listing_sheet(()).render() == "Nothing there.\n"
    seen = listing_sheet((), "my-website:abuot").render()
    assert seen == "Nothing at my-website:abuot. All that is live: cfsync list\n"


def test_a_listing_as_json_has_one_entry_a_resource():
    form = listing_to_json(ROWS, "local", "local")
    assert [entry["state"] for entry in form["resources"]][-1] == "unmanaged"
    assert form["resources"][0]["protected"]
