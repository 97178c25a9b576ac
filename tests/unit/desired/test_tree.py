import pytest

from cfsync.errors import ConfigError
from cfsync.model.desired import IgnoreRule

HEAD = """\
version: 1
name: acme
environments:
  local: {url: 'local:x.db'}
  late: {url: 'local:y.db', live_edits: overwrite}
default_environment: local
"""


def around(text: str) -> str:
    """A whole file around one element."""
    page = f"{{slug: p, name: P, elements: [{text}]}}"
    return HEAD + f"projects: [{{slug: s, name: Sss, pages: [{page}]}}]\n"


def one(folder, project: str, environment: str | None = None, **files: str | bytes):
    folder.root(HEAD + "projects:\n  - " + project.strip().replace("\n", "\n    ") + "\n", **files)
    return folder.load(environment).state.projects[0]


def element(folder, text: str, **files: str | bytes):
    project = one(
        folder,
        f"{{slug: s, name: Sss, pages: [{{slug: p, name: P, elements: [{text}]}}]}}",
        **files,
    )
    return project.children[0].children[0]


def test_fields_are_those_of_the_api_and_nothing_else(folder):
    project = one(
        folder,
        """
slug: s
name: Sss
protect: true
settings: {a: 1}
pages:
  - slug: p
    name: P
    elements:
      - {name: e, type: text, props: {level: 1}, children: [{name: f, type: box, visible: false}]}
""",
    )
    assert project.fields == {"name": "Sss", "slug": "s", "settings": {"a": 1}}
    (page,) = project.children
    assert page.fields == {"name": "P", "slug": "p"}
    (top,) = page.children
    assert top.fields == {"name": "e", "type": "text", "props": {"level": 1}}
    assert top.children[0].fields == {"name": "f", "type": "box", "visible": False}
    assert [each.kind for each in (project, page, top)] == ["project", "page", "element"]


def test_nothing_declared_below_is_not_the_same_as_declared_to_be_empty(folder):
    assert one(folder, "{slug: s, name: Sss}").children is None
    assert one(folder, "{slug: s, name: Sss, pages: []}").children == ()
    assert element(folder, "{name: e, type: t}").children is None
    assert element(folder, "{name: e, type: t, children: []}").children == ()


def test_manage_and_live_edits_are_inherited_from_the_nearest_that_says_something(folder):
    text = """
slug: s
name: Sss
manage: mirror
pages:
  - slug: p
    name: P
    live_edits: overwrite
    elements:
      - {name: a, type: t}
      - {name: b, type: t, manage: add, live_edits: keep, children: [{name: c, type: t}]}
"""
    project = one(folder, text)
    page = project.children[0]
    a, b = page.children
    assert (project.manage, project.live_edits) == ("mirror", "keep")
    assert (page.manage, page.live_edits) == ("mirror", "overwrite")
    assert (a.manage, a.live_edits) == ("mirror", "overwrite")
    assert (b.children[0].manage, b.children[0].live_edits) == ("add", "keep")
    assert one(folder, text, "late").live_edits == "overwrite"


def test_to_delete_something_its_key_is_enough(folder):
    project = one(folder, "{slug: s, delete: true, pages: [{slug: p, delete: true}]}")
    assert project.delete
    assert project.children is None
    assert project.fields == {"slug": "s"}
    assert element(folder, "{name: e, delete: true}").delete
    assert folder.load().counts == {"project": 1, "page": 1, "element": 0}


@pytest.mark.parametrize("text", ["{slug: s}", "{slug: s, delete: false}", "{name: Sss}"])
def test_else_it_needs_what_the_api_needs_to_create_it(folder, text):
    with pytest.raises(ConfigError):
        one(folder, text)
    assert "is missing" in folder.problem().message


def test_protect_renamed_from_and_ignore_rules_are_taken_over(folder):
    project = one(
        folder,
        """
slug: s
name: Sss
renamed_from: old
ignore:
  - {at: "index#hero/**", fields: [styles, props.color]}
  - {at: "**"}
pages: [{slug: p, name: P, protect: true, renamed_from: "s:q"}]
""",
    )
    assert project.renamed_from == "old"
    assert project.ignore == (
        IgnoreRule("index#hero/**", (("styles",), ("props", "color"))),
        IgnoreRule("**", ()),
    )
    assert project.children[0].protect
    assert project.children[0].renamed_from == "s:q"
    assert not project.protect


@pytest.mark.parametrize(
    ("text", "message", "suggestion"),
    [
        ("ignore: [{at: '**', fields: [style]}]", "no resource has a field 'style'", "styles"),
        ("ignore: [{at: '**', fields: ['a..b']}]", "'a..b' is not a field", ""),
        ("ignore: [{at: '**', fields: []}]", "'fields' is an empty list", ""),
        ("ignore: [{at: ''}]", "is not an address or a pattern", ""),
        ("ignore: [{fields: [name]}]", "'at' is missing", ""),
        ("renamed_from: 'x:#'", "is not an address", ""),
        ("renamed_from: ''", "'renamed_from' is empty", ""),
        ("manage: delete", "'delete' is not known here", ""),
        ("manage: merg", "'merg' is not known here", "merge"),
        ("protect: 'yes'", "'protect' is a text", ""),
        ("status: Draft", "'Draft' is not known here", "draft"),
        ("id: proj_1", "'id' is set by the API and cannot be written", ""),
        ("elements: []", "unknown key 'elements'", "pages"),
        ("Settings: {}", "unknown key 'Settings'", "settings"),
        ("pages: {}", "'pages' is an empty mapping", ""),
        ("pages: [null]", "this is nothing (null)", ""),
        ("description: {a: 1}", "'description' is a mapping", ""),
    ],
)
def test_what_is_wrong_with_a_project_is_told_with_the_nearest_name(
    folder, text, message, suggestion
):
    folder.root(HEAD + f"projects:\n  - slug: s\n    name: Sss\n    {text}\n")
    problem = folder.problem()
    assert message in problem.message
    assert problem.suggestion == suggestion
    assert problem.line in (8, 10)
    assert problem.source.strip()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{name: e}", "'type' is missing"),
        ("{type: t}", "'name' is missing"),
        ("{name: e, type: T}", "'T' does not fit ^[a-z][a-z0-9-]*$"),
        ("{name: e, type: t, position: 3}", "order in the file is order on the page"),
        ("{name: e, type: t, parentId: x}", "follows from the place in the file"),
        ("{name: '', type: t}", "'name' is empty"),
        ("{name: " + "n" * 201 + ", type: t}", "'name' is too long: 201 characters"),
        ("{name: e, type: t, content: 3}", "'content' is a number"),
        ("{name: e, type: t, content: {}}", "'file' is missing"),
        ("{name: e, type: t, props: []}", "'props' is an empty list"),
        ("{name: e, type: t, visible: no}", "'visible' is a text"),
        ("{name: e, type: t, styles: {padding: 3}}", "'padding' is a number"),
    ],
)
def test_what_is_wrong_with_an_element_is_told(folder, text, message):
    folder.root(around(text))
    assert message in folder.problem().message


@pytest.mark.parametrize(
    ("slug", "suggestion"), [("About Us!", "about-us"), ("/Über/Wir/", "uber/wir"), ("…", "")]
)
def test_a_slug_that_does_not_fit_is_told_with_one_that_does(folder, slug, suggestion):
    folder.root(
        HEAD + f"projects: [{{slug: s, name: Sss, pages: [{{slug: '{slug}', name: A}}]}}]\n"
    )
    problem = folder.problem()
    assert problem.message.startswith(f"'{slug}' does not fit ")
    assert problem.suggestion == suggestion


@pytest.mark.parametrize("word", ["use: card", "each: [1]", "with: {a: '${item.b}'}"])
def test_an_element_of_a_component_is_refused_in_one_sentence(folder, word):
    folder.root(around(f"{{{word}, name: '${{item.a}}'}}"))
    problem = folder.problem()
    assert problem.message == f"'{word.split(':')[0]}' is not supported by this version of cfsync"


@pytest.mark.parametrize("word", ["vars: {a: '${x}'}", "components: {c: {element: {use: d}}}"])
def test_what_would_silently_do_nothing_is_refused(folder, word):
    problem = folder.root(HEAD + word + "\n").problem()
    assert problem.message == f"'{word.split(':')[0]}' is not supported by this version of cfsync"
    assert (problem.line, problem.column) == (7, 1)


def test_a_reference_is_refused_wherever_it_stands(folder):
    folder.root(
        HEAD
        + 'projects:\n  - slug: s\n    name: "${var.brand} x"\n'
        + '    settings: {a: ["\\x24{b}"], "${c}": 1, d: "$${e} ${f"}\n'
    )
    problems = folder.problems()
    assert [each.message.split("'")[1] for each in problems] == [
        "${var.brand}",
        "${b}",
        "${c}",
        "${f",
    ]
    assert all("not supported by this version" in each.message for each in problems)
    assert {each.line for each in problems} == {9, 10}


def test_a_doubled_dollar_is_a_literal_one(folder):
    top = element(
        folder, '{name: e, type: t, content: "a $${x} $$${y} $5", props: {l: ["$${z}", "$$"]}}'
    )
    assert top.fields["content"] == "a ${x} $${y} $5"
    assert top.fields["props"] == {"l": ["${z}", "$$"]}


def test_a_literal_dollar_is_made_once_however_often_it_is_used(folder):
    project = one(folder, "slug: s\nname: Sss\nsettings: {a: &a {k: '$$${x}'}, b: *a, c: {<<: *a}}")
    assert project.fields["settings"]["a"] == {"k": "$${x}"} == project.fields["settings"]["b"]


def test_words_of_later_versions_are_free_inside_of_objects(folder):
    top = element(folder, "{name: e, type: t, props: {use: a, with: b, vars: {c: d}}}")
    assert top.fields["props"] == {"use": "a", "with": "b", "vars": {"c": "d"}}
    folder.root(HEAD + "projects: [{slug: s, name: Sss, settings: {use: {with: '${x}'}}}]\n")
    assert "${x}" in folder.problem().message


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"Hello\n", "Hello"),
        (b"Hello", "Hello"),
        (b"Hello\n\n", "Hello\n"),
        (b"a\r\nb\r\n", "a\nb"),
        (b"", ""),
        (b"\n", ""),
        ("\ufeffé ${x} $${y}\n".encode(), "é ${x} $${y}"),
    ],
)
def test_a_text_can_stand_in_a_file_of_its_own(folder, raw, text):
    top = element(folder, "{name: e, type: t, content: {file: copy/t.md}}", **{"copy/t.md": raw})
    assert top.fields["content"] == text
    assert "copy/t.md" in folder.load().files


def test_a_text_file_is_read_once(folder):
    project = one(
        folder,
        "{slug: s, name: Sss, pages: [{slug: p, name: P, elements: ["
        "{name: e, type: t, content: {file: t}}, "
        "{name: f, type: t, content: {file: t}, children: []}]}]}",
        t="x",
    )
    assert [each.fields["content"] for each in project.children[0].children] == ["x", "x"]
    assert folder.load().files == ("cfsync.yaml", "t")


@pytest.mark.parametrize(
    ("path", "raw", "file", "message"),
    [
        ("missing.md", None, "cfsync.yaml", "'missing.md' does not exist"),
        ("../x", None, "cfsync.yaml", "not below"),
        ("bad.md", b"ok\n\xff", "bad.md", "byte 0xFF is not UTF-8"),
        ("nul.md", b"a\x00b", "nul.md", "UTF-16"),
        ("esc.md", b"hello\x1b[0m", "esc.md", "U+001B"),
    ],
)
def test_a_text_file_that_cannot_be_read_is_told(folder, path, raw, file, message):
    files = {} if raw is None else {path: raw}
    text = around(f"{{name: e, type: t, content: {{file: {path}}}}}")
    problem = folder.root(text, **files).problem()
    assert problem.file == file
    assert message in problem.message


def test_the_place_of_a_text_from_a_file_is_where_the_file_is_named(folder):
    top = element(folder, "{name: e, type: t, content: {file: t}}", t="x")
    assert top.fields.mark_of("content").line == 8


def test_an_element_can_be_anchored_and_used_again(folder):
    project = one(
        folder,
        "slug: s\nname: Sss\npages:\n"
        "  - {slug: a, name: A, elements: "
        "[&e {name: e, type: t, children: [{name: f, type: t}]}]}\n"
        "  - {slug: b, name: B, elements: [*e, {<<: *e, name: g}]}\n",
    )
    again, merged = project.children[1].children
    assert again.fields == {"name": "e", "type": "t"}
    assert [each.fields["name"] for each in (*again.children, *merged.children)] == ["f", "f"]
    assert (merged.fields["name"], merged.fields["type"]) == ("g", "t")
    assert folder.load().counts["element"] == 6
    assert merged.fields.mark_of("type").line == 11
    assert merged.fields.mark_of("name").line == 12
