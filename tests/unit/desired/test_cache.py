"""With the cache and without it everything that can be seen of a configuration is the same."""

from dataclasses import replace
from pathlib import Path

import pytest
from msgspec import structs

from cfsync import limits
from cfsync.desired import cache
from cfsync.desired.cache import ParseCache, folder_for
from cfsync.desired.loader import load
from cfsync.desired.marked import MarkedList, MarkedMap
from cfsync.desired.packing import pack, unpack
from cfsync.desired.yaml_tree import parse
from cfsync.errors import ConfigError
from cfsync.model.base import leaves
from cfsync.model.mark import mark_at

EXAMPLES = Path(__file__).parents[3] / "examples"
ROOT = """\
version: 1
name: acme
include: [sites/*.yaml]
environments:
  local: {url: local:.cfsync/local.db, live_edits: overwrite}
projects:
  - slug: site
    name: My Website
    manage: mirror
    ignore: [{at: "index#hero/**", fields: [styles, props.color]}]
    pages: [{slug: index, name: Home}]
"""
PAGES = """\
# a comment, ümlauts – and "quotes"
project: site
pages:
  - slug: about/team
    name: "Über uns \\u2013 Team"
    protect: true
    seo: {title: 'It''s us', noindex: false}
    elements:
    - name: hero
      type: section
      styles:
        desktop: {padding: 96px 0, opacity: 0.5, order: 1.0, z: -3}
      children:
        - {name: title, type: heading, content: "two\\nlines", props: {level: 1, on: true, "no": ~}}
        - name: story
          type: text
          live_edits: keep
          content: {file: copy/story.md}
        - name: list
          type: list
          props: {items: [one, [2, 3.5], {deep: [{}, [], null]}], empty: {}}
          visible: false
    - name: folded
      type: text
      renamed_from: unfolded
      content: >-
        folded
        text
"""


@pytest.fixture(autouse=True)
def small_files_are_cached(monkeypatch):
    monkeypatch.setattr(limits, "MIN_CACHED_BYTES", 1)


@pytest.fixture
def store(tmp_path):
    return tmp_path / "cache" / "cfsync"


@pytest.fixture
def site(folder):
    folder.path = folder.path / "site"
    return folder.root(ROOT, **{"sites/a.yaml": PAGES, "copy/story.md": "Once\r\n"})


def seen(resource):
    """Everything that can be asked of a declared resource, where it was written included."""
    own = [(path, mark_at(resource.fields, path)) for path in leaves(resource.fields)]
    below = None if resource.children is None else [seen(each) for each in resource.children]
    plain = structs.replace(resource, children=None, place=resource.mark)
    return structs.astuple(plain), own, below


def all_of(configuration):
    state = configuration.state
    return (
        replace(configuration, state=None, token=None),
        (state.name, state.digest),
        [seen(project) for project in state.projects],
        repr(state),  # tells 1 from 1.0 and from true
    )


def loaded(site, store, **environ):
    return site.load(XDG_CACHE_HOME=str(store.parent), **environ)


def test_nothing_that_can_be_seen_differs(site, store, parsed):
    without = all_of(site.load())
    cold = all_of(loaded(site, store))
    parsed.clear()
    warm = all_of(loaded(site, store))
    assert parsed == []
    assert without == cold == warm


@pytest.mark.parametrize("name", ["agency-site", "quickstart"])
def test_nothing_differs_in_an_example(contract, name, store, parsed):
    def all_from(**environ):
        return all_of(load(EXAMPLES / name, environment=None, environ=environ, contract=contract))

    without = all_from()
    cold, warm = (all_from(XDG_CACHE_HOME=str(store.parent)) for _ in range(2))
    assert without == cold == warm
    assert any(parsed.count(each) == 2 for each in parsed)  # not a third time


def places(value):
    match value:
        case MarkedMap():
            return {key: (value.key_place(key), value.place_of(key), places(value[key]))
                    for key in value} | {"\0": (value.start, value.end, value.place)}  # fmt: skip
        case MarkedList():
            own = (value.start, value.end, value.place)
            return [own, *((value.place_of(i), places(one)) for i, one in enumerate(value))]
        case _:
            return value


@pytest.mark.parametrize(
    "text",
    [
        PAGES,
        ROOT,
        PAGES.replace("\n", "\r\n"),
        "\ufeff" + ROOT,
        "[]",
        "{}",
        "just a text",
        "- [a, {b: [c, {d: e}]}]\n- {}\n- f",
    ],
)
def test_what_was_packed_has_every_value_at_its_place(text):
    raw = text.encode()
    document = parse("a.yaml", raw)
    packed = pack(document, raw)
    again = unpack(packed, "b.yaml", text.removeprefix("\ufeff").encode())
    assert repr(again.root) == repr(document.root)
    assert places(again.root) == places(document.root)
    assert again.source.nodes == document.source.nodes
    shown, first = again.source.problem(0, "wrong"), document.source.problem(0, "wrong")
    assert shown == replace(first, file="b.yaml")


def test_objects_that_are_values_alone_know_no_places():
    text = "projects: [{slug: s, pages: [{props: {a: {b: [1]}}, seo: {c: 1}, n: 1}, {n: 2}]}]"
    document = parse("a.yaml", text.encode())
    whole = unpack(pack(document, text.encode()), "a.yaml", text.encode()).root
    found = unpack(pack(document, text.encode(), {"props"}), "a.yaml", text.encode()).root
    assert found == whole == document.root
    (first, second), (one, two) = (
        root["projects"][0]["pages"] for root in (found, document.root)
    )  # fmt: skip
    assert type(first["props"]) is dict
    assert type(first["seo"]) is MarkedMap
    assert [first.place_of(key) for key in first] == [one.place_of(key) for key in one]
    assert second.place_of("n") == two.place_of("n")


@pytest.mark.parametrize(
    "text",
    [
        "a: &x {b: 1}\nc: *x",
        "a: {<<: {b: 1}, c: 2}",
        "a: 1\na: 2",
        "a: ${var.b}",
        "a: $${b}",
        "a: 123456789012345678901234567890",
    ],
)
def test_what_does_not_follow_from_its_values_is_not_packed(text):
    assert pack(parse("a.yaml", text.encode()), text.encode()) is None


@pytest.mark.parametrize(
    "packed",
    [
        *(b"", b"\x93", b"\x80", b"\xc0"),
        *(b"\x93\xc4\x00\xc4\x00" + root for root in (b"\x80", b"\x91\x01", b"\x92\xa1a\x80")),
    ],
)
def test_bytes_that_no_document_was_packed_to_are_refused(packed):
    with pytest.raises(ValueError):
        unpack(packed, "a.yaml", b"")


def test_a_problem_that_needs_two_files_is_the_same(site, store):
    site.write_all({"sites/b.yaml": "project: site\npages: [{slug: index, name: Again}]\n"})
    without = site.problems()
    cold, warm = (site.problems(XDG_CACHE_HOME=str(store.parent)) for _ in range(2))
    assert without == cold == warm
    assert "declared twice" in without[0].message
    assert without[0].source


def test_a_file_with_a_problem_is_not_kept(site, store):
    site.write_all({"sites/a.yaml": PAGES.replace("type: section", "typ: section")})
    before = site.problems(XDG_CACHE_HOME=str(store.parent))
    assert site.problems(XDG_CACHE_HOME=str(store.parent)) == before
    assert len(list(store.iterdir())) == 1  # the root file


def test_a_changed_file_is_read_anew(site, store, parsed):
    loaded(site, store)
    site.write_all({"sites/a.yaml": PAGES.replace("folded\n", "changed\n")})
    parsed.clear()
    found = loaded(site, store)
    assert parsed == ["sites/a.yaml"]
    assert "changed text" in repr(found.state)


def test_other_rules_are_other_entries(site, store, parsed, monkeypatch):
    loaded(site, store)
    parsed.clear()
    monkeypatch.setattr(limits, "MAX_YAML_DEPTH", limits.MAX_YAML_DEPTH - 1)
    loaded(site, store)
    assert len(parsed) == 2


def test_a_root_file_is_no_included_file(store):
    raw = b"version: 1"
    kept = ParseCache(store, b"rules")
    kept.keep(raw, raw, "root", parse("a.yaml", raw))
    assert kept.find("a.yaml", raw, raw, "root") is not None
    assert kept.find("a.yaml", raw, raw, "file") is None


@pytest.mark.parametrize("value", ["0", "off", "no", "false"])
def test_it_can_be_switched_off(site, store, value):
    loaded(site, store, CFSYNC_CACHE=value)
    assert not store.exists()


def test_it_is_kept_outside_of_the_repository():
    assert folder_for({"XDG_CACHE_HOME": "/x", "HOME": "/h"}) == Path("/x/cfsync")
    assert folder_for({"XDG_CACHE_HOME": "relative", "HOME": "/h"}) == Path("/h/.cache/cfsync")
    assert folder_for({"HOME": "relative"}) is None
    assert folder_for({}) is None


def test_only_its_owner_can_read_it(site, store):
    loaded(site, store)
    assert store.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in store.iterdir()} == {0o600}


def damage(path, how):
    content = path.read_bytes()
    match how:
        case "cut":
            path.write_bytes(content[: len(content) // 2])
        case "empty":
            path.write_bytes(b"")
        case "flipped":
            path.write_bytes(content[:-20] + bytes([content[-20] ^ 1]) + content[-19:])
        case "writable":
            path.chmod(0o620)
        case "link":
            path.rename(path.with_name("elsewhere"))
            path.symlink_to("elsewhere")
        case "folder":
            path.unlink()
            path.mkdir()


@pytest.mark.parametrize("how", ["cut", "empty", "flipped", "writable", "link", "folder"])
def test_an_entry_that_is_not_as_it_was_left_is_passed_over(site, store, parsed, how):
    without = all_of(site.load())
    loaded(site, store)
    for path in list(store.iterdir()):
        damage(path, how)
    parsed.clear()
    assert all_of(loaded(site, store)) == without
    assert len(parsed) == 2


def test_an_entry_under_the_name_of_another_is_passed_over(site, store, parsed):
    loaded(site, store)
    first, second = store.iterdir()
    second.write_bytes(first.read_bytes())
    parsed.clear()
    loaded(site, store)
    assert len(parsed) == 1


def test_a_folder_that_others_can_write_into_is_not_used(site, store, parsed):
    loaded(site, store)
    store.chmod(0o770)
    parsed.clear()
    loaded(site, store)
    assert len(parsed) == 2


def test_a_folder_of_somebody_else_is_not_used(site, store, parsed, monkeypatch):
    loaded(site, store)
    monkeypatch.setattr(cache.os, "geteuid", lambda: 12345)
    parsed.clear()
    loaded(site, store)
    assert len(parsed) == 2


def test_a_folder_that_cannot_be_made_is_no_problem(site, tmp_path):
    (tmp_path / "file").write_text("")
    assert site.load(XDG_CACHE_HOME=str(tmp_path / "file")).name == "acme"


def test_a_write_that_fails_leaves_nothing_and_is_no_problem(site, store, monkeypatch):
    def full(self, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    assert loaded(site, store).name == "acme"
    assert list(store.iterdir()) == []


def test_what_was_not_used_for_longest_goes_first(store, monkeypatch):
    files = [b"a: %d" % number for number in range(4)]
    old = ParseCache(store, b"rules")
    for number, raw in enumerate(files[:3]):
        old.keep(raw, raw, "file", parse("a.yaml", raw))
        newest = max(store.iterdir(), key=lambda path: path.stat().st_mtime_ns)
        cache.os.utime(newest, (number, number))
    assert old.find("a.yaml", files[0], files[0], "file") is not None  # it was used just now
    size = sum(path.stat().st_size for path in store.iterdir())
    monkeypatch.setattr(limits, "MAX_CACHE_BYTES", size)
    new = ParseCache(store, b"rules")
    new.keep(files[3], files[3], "file", parse("a.yaml", files[3]))
    new.close()
    assert [new.find("a.yaml", raw, raw, "file") is not None for raw in files] == [
        True,
        False,
        True,
        True,
    ]


def test_a_small_file_is_not_worth_an_entry(site, store, monkeypatch):
    monkeypatch.setattr(limits, "MIN_CACHED_BYTES", 1 << 20)
    loaded(site, store)
    assert not store.exists()


def test_problems_are_raised_all_at_once_with_a_warm_cache(site, store):
    loaded(site, store)
    site.write_all({"sites/c.yaml": "projects: 1\n", "sites/d.yaml": "projects: [{}]\n"})
    with pytest.raises(ConfigError) as caught:
        loaded(site, store)
    assert {problem.file for problem in caught.value.problems} == {"sites/c.yaml", "sites/d.yaml"}
