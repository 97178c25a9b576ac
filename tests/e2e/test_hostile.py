"""Files that mean harm, or are broken: refused by the command itself, at once and in little memory.

`plan` runs on pull requests by strangers.
"""

import os
from pathlib import Path

import pytest
from support import measured
from support.checkout import clean_environ
from support.measured import Ended

MIB = 1024 * 1024
HEAD = """\
version: 1
name: acme
environments: {local: {url: "local:.cfsync/local.db"}}
default_environment: local
"""


def projects(text):
    return f"{HEAD}projects:\n{text}"


def a_bomb_of_aliases(folder):
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    return HEAD + "\n".join(lines) + "\n"


def a_bomb_of_aliases_where_anything_may_stand(folder):
    lines = ["  - slug: acme", "    name: Acme", "    settings:"]
    lines += ["      a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"      a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    return projects("\n".join(lines) + "\n")


def an_alias_of_itself(folder):
    return projects("  - slug: acme\n    name: Acme\n    settings: &a {a: *a}\n")


def brackets_without_end(folder):
    return projects("  " + "[" * 3000)


def nesting_without_end(folder):
    return projects("  - slug: acme\n    name: Acme\n    settings: " + "{a: " * 3000 + "}" * 3000)


def a_number_of_5000_digits(folder):
    return projects(f"  - slug: acme\n    name: Acme\n    settings: {{a: {'9' * 5000}}}\n")


def an_object_of_python(folder):
    return projects('  - !!python/object/apply:os.system ["touch touched"]\n')


def keys_that_stand_twice(folder):
    return projects("  - slug: acme\n    name: Acme\n    name: Other\n")


def an_unknown_key(folder):
    return projects("  - slug: acme\n    name: Acme\n    pagse: []\n")


def two_projects_of_one_slug(folder):
    return projects("  - {slug: acme, name: Acme}\n  - {slug: acme, name: Other}\n")


def an_unresolved_reference(folder):
    return projects('  - {slug: acme, name: "Acme ${var.x}"}\n')


def a_gigabyte(folder):
    with (folder / "cfsync.yaml").open("wb") as file:
        file.truncate(1024 * MIB)


def utf_16(folder):
    (folder / "cfsync.yaml").write_bytes(
        projects("  - {slug: acme, name: Acme}\n").encode("utf-16")
    )


def a_nul_byte(folder):
    return projects("  - {slug: acme, name: 'Ac\0me'}\n")


def a_pipe(folder):
    os.mkfifo(folder / "cfsync.yaml")


def a_device(folder):
    (folder / "cfsync.yaml").symlink_to("/dev/zero")


def included(path):
    return f"{HEAD}include: ['{path}']\nprojects: []\n"


def a_file_above_the_root(folder):
    (folder.parent / "outside.yaml").write_text("projects: []\n")
    return included("../outside.yaml")


def an_absolute_file(folder):
    return included("/etc/passwd")


def a_link_that_leads_outside(folder):
    (folder / "site.yaml").symlink_to("/etc/passwd")
    return included("site.yaml")


def an_included_pipe(folder):
    os.mkfifo(folder / "site.yaml")
    return included("site.yaml")


def a_text_from_outside(folder):
    return projects(
        "  - slug: acme\n    name: Acme\n    pages:\n      - slug: index\n        name: Home\n"
        "        elements:\n"
        "          - {name: t, type: text, content: {file: ../../../../../etc/passwd}}\n"
    )


def a_journal_outside(folder):
    return projects("  []\n") + "journal: ../journal.db\n"


def a_site_outside(folder):
    return projects("  []\n").replace("local:.cfsync", "local:../elsewhere")


def environment(text):
    return projects("  []\n").replace('url: "local:.cfsync/local.db"', text)


def a_key_for_a_strange_host(folder):
    return environment('url: "https://evil.example/v1", token: {env: CODEFLUSS_API_KEY}')


def a_variable_that_is_no_token(folder):
    return environment('url: "https://api.codefluss.com/v1", token: {env: AWS_SECRET}')


def a_command_as_token(folder):
    return environment('url: "https://api.codefluss.com/v1", token: {command: [touch, touched]}')


def a_key_over_plain_http(folder):
    return environment('url: "http://api.codefluss.com/v1"')


SAID = {
    a_bomb_of_aliases: "more than 2000000 values, aliases written out",
    a_bomb_of_aliases_where_anything_may_stand: "more than 2000000 values, aliases written out",
    an_alias_of_itself: "cfsync.yaml:8:",
    brackets_without_end: "cfsync.yaml:6:",
    nesting_without_end: "cfsync.yaml:8:",
    a_number_of_5000_digits: "cfsync.yaml:8:",
    an_object_of_python: "cfsync.yaml:6:5",
    keys_that_stand_twice: "cfsync.yaml:8:5",
    an_unknown_key: "pages",
    two_projects_of_one_slug: "acme",
    an_unresolved_reference: "${",
    a_gigabyte: "16 MiB",
    utf_16: "UTF-8",
    a_nul_byte: "cfsync.yaml:6:",
    a_pipe: "cfsync.yaml",
    a_device: "cfsync.yaml",
    a_file_above_the_root: "outside.yaml",
    an_absolute_file: "/etc/passwd",
    a_link_that_leads_outside: "site.yaml",
    an_included_pipe: "site.yaml",
    a_text_from_outside: "/etc/passwd",
    a_journal_outside: "../journal.db",
    a_site_outside: "../elsewhere",
    a_key_for_a_strange_host: "evil.example",
    a_variable_that_is_no_token: "CFSYNC_TOKEN_",
    a_command_as_token: "CFSYNC_ALLOW_COMMANDS",
    a_key_over_plain_http: "api.codefluss.com",
}


def run(folder: Path, command: str) -> Ended:
    environ = clean_environ(folder.parent, CODEFLUSS_API_KEY="cf_key", AWS_SECRET="aws_key")
    return measured.run(folder, environ, command)


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "site"
    folder.mkdir()
    return folder


@pytest.mark.parametrize("harm", SAID, ids=lambda harm: harm.__name__)
def test_harm_is_refused_within_a_second_and_200_megabytes(harm, folder):
    text = harm(folder)
    if text is not None:
        (folder / "cfsync.yaml").write_text(text, encoding="utf-8")

    ended = run(folder, "plan")

    assert ended.code == 1, ended.said
    assert SAID[harm] in ended.said
    assert "Traceback" not in ended.said
    assert "root:" not in ended.said
    assert "_key" not in ended.said
    assert ended.seconds < 1
    assert ended.bytes < 200 * MIB
    assert not list(folder.rglob("touched")) + list(folder.parent.glob("touched"))
    assert not (folder / ".cfsync").exists()
