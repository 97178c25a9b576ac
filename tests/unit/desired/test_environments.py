import pytest

from cfsync import limits
from cfsync.desired.tokens import FromCommand, FromKeyring, FromVariable, NoToken
from cfsync.errors import Untrusted, UsageError

LIVE = "live: {url: 'https://api.codefluss.com/v1', token: {env: CODEFLUSS_X}"


def text(*environments: str, more: str = "") -> str:
    lines = "".join(f"  {each}\n" for each in environments)
    return f"version: 1\nname: acme\nenvironments:\n{lines}{more}"


def test_an_environment_has_the_documented_defaults(folder):
    environment = folder.root(text(LIVE + "}")).load().environment
    assert environment.url == "https://api.codefluss.com/v1"
    assert environment.host == "api.codefluss.com"
    assert environment.rate is None
    assert environment.parallel == limits.PARALLEL
    assert (environment.timeout, environment.settle, environment.guard_age) == (30, 10, 5)
    assert environment.confirm is False
    assert (environment.max_delete_percent, environment.max_deletes) == (30, 100)
    assert environment.journal == str(folder.path.resolve() / ".cfsync/journal.db")


def test_an_environment_takes_what_is_written(folder):
    folder.root(
        text(
            LIVE + ", rate: 120/min, parallel: 4, timeout: 5s, settle: 500ms,"
            " guard_age: 1s, confirm: true}",
            more="journal: j/x.db\nsafety: {max_delete_percent: 5, max_deletes: 7}\n",
        )
    )
    environment = folder.load("live").environment
    assert environment.rate == 2
    assert environment.parallel == 4
    assert (environment.timeout, environment.settle, environment.guard_age) == (5, 0.5, 1)
    assert environment.confirm is True
    assert (environment.max_delete_percent, environment.max_deletes) == (5, 7)
    assert environment.journal == str(folder.path.resolve() / "j/x.db")


def test_nothing_settles_in_process_and_soon_on_this_machine(folder):
    folder.root(text("local: {url: 'local:x/y.db'}", "near: {url: 'http://127.0.0.1:8787'}"))
    local, near = folder.load("local").environment, folder.load("near").environment
    assert (local.settle, local.host) == (0, "local")
    assert local.url == f"local:{folder.path.resolve()}/x/y.db"
    assert (near.settle, near.host) == (1, "127.0.0.1:8787")


@pytest.mark.parametrize(
    ("environment", "origin"),
    [
        ("{url: 'local:x.db', token: {env: CODEFLUSS_X}}", NoToken()),
        ("{url: 'http://localhost:1'}", NoToken()),
        ("{url: 'http://localhost:1', token: {env: CODEFLUSS_X}}", FromVariable("CODEFLUSS_X")),
        ("{url: 'https://api.staging.codefluss.dev/v1'}", FromVariable("CODEFLUSS_API_KEY")),
        ("{url: 'https://codefluss.com', token: {keyring: k}}", FromKeyring("k")),
        ("{url: 'https://codefluss.com', token: {command: [a, b]}}", FromCommand(("a", "b"))),
    ],
)
def test_where_the_key_comes_from(folder, environment, origin):
    assert folder.root(text(f"e: {environment}")).load().token._origin == origin


def test_the_key_for_codefluss_goes_nowhere_else(folder):
    problem = folder.root(text("e: {url: 'https://api.example.com'}")).problem()
    assert "CODEFLUSS_API_KEY goes to Codefluss only" in problem.message
    assert (problem.line, problem.column) == (4, 7)


def test_a_host_that_nobody_allowed_is_refused_with_the_way_to_allow_it(folder):
    other = "other: {url: 'https://api.example.com:8443', token: {env: CFSYNC_TOKEN_X}}"
    folder.root(text(LIVE + "}", other, more="default_environment: live\n"))
    assert folder.load().environment.name == "live"
    with pytest.raises(Untrusted) as caught:
        folder.load("other")
    assert caught.value.next_step == "export CFSYNC_ALLOW_HOSTS=api.example.com:8443"
    assert caught.value.where == "cfsync.yaml:5:16"
    loaded = folder.load("other", CFSYNC_ALLOW_HOSTS="api.example.com", CFSYNC_TOKEN_X="t")
    assert loaded.token.read() == "t"


def test_the_default_environment_is_used_and_the_only_one_without_saying_so(folder):
    two = text("a: {url: 'local:a'}", "b: {url: 'local:b'}")
    assert folder.root(two + "default_environment: b\n").load().environment.name == "b"
    assert folder.root(text("a: {url: 'local:a'}")).load().environment.name == "a"
    assert folder.load().environments == ("a",)
    with pytest.raises(UsageError) as caught:
        folder.root(two).load()
    assert caught.value.why == "there are: a, b"


def test_an_environment_that_asks_for_its_name_is_never_the_default(folder):
    with pytest.raises(UsageError):
        folder.root(text("a: {url: 'local:a', confirm: true}")).load()
    folder.root(text("a: {url: 'local:a', confirm: true}", more="default_environment: a\n"))
    assert "never the default" in folder.problem("a").message


def test_an_unknown_environment_is_told_with_those_that_there_are(folder):
    folder.root(text("production: {url: 'local:a'}", "staging: {url: 'local:b'}"))
    with pytest.raises(UsageError) as caught:
        folder.load("prodction")
    assert caught.value.why == "there are: production, staging"
    assert caught.value.next_step == "--env production"
    folder.root((folder.path / "cfsync.yaml").read_text() + "default_environment: stagin\n")
    problem = folder.problem()
    assert (problem.suggestion, problem.expected) == ("staging", "one of: production, staging")


def test_the_journal_can_be_named_from_outside_and_a_database_only_there(folder):
    folder.root(text("a: {url: 'local:a'}"))
    url = "postgresql://u:pa55@h/db"
    assert folder.load(CFSYNC_JOURNAL=url).environment.journal == url
    assert folder.load(CFSYNC_JOURNAL="/x/j.db").environment.journal == "/x/j.db"
    assert folder.load(CFSYNC_JOURNAL="j.db").environment.journal == f"{folder.path.resolve()}/j.db"
    with pytest.raises(UsageError) as caught:
        folder.load(CFSYNC_JOURNAL="mysql://u:pa55@h/db")
    assert "pa55" not in str(vars(caught.value))
    problem = folder.root(text("a: {url: 'local:a'}", more=f"journal: {url}\n")).problem()
    assert "only from CFSYNC_JOURNAL" in problem.message
    assert "pa55" not in str(problem)


def test_journal_and_local_database_stay_below_the_root_links_resolved(folder):
    (folder.path / "out").symlink_to("/tmp")
    folder.root(text("a: {url: 'local:out/x'}", more="journal: out/j.db\n"))
    messages = [each.message for each in folder.problems()]
    assert messages == [
        "'out/x' is not below the folder of the configuration",
        "'out/j.db' is not below the folder of the configuration",
    ]
    for path in ("../x", "/x", "~/x", "''"):
        assert folder.root(text(f"a: {{url: 'local:a'}}\njournal: {path}")).problem().line == 5


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ("{url: 'local:'}", "a path is missing"),
        ("{url: 'local:../x'}", "not below"),
        ("{url: 'http://example.com'}", "plain http is for this machine only"),
        ("{url: 'https://u:pa55@codefluss.com'}", "must not hold a user name"),
        ("{url: 'local:a', timeout: 0s}", "no time at all"),
        ("{url: 'local:a', timeout: 30}", "'timeout' is a number"),
        ("{url: 'local:a', rate: fast}", "is not a rate"),
        ("{url: 'local:a', parallel: 0}", "'parallel' cannot be 0"),
        ("{url: 'local:a', parallel: 1000}", "'parallel' cannot be 1000"),
        ("{url: 'local:a', settle: soon}", "is not a duration"),
        ("{url: 'local:a', token: {}}", "'token' is an empty mapping"),
        ("{url: 'local:a', token: {env: CODEFLUSS_A, keyring: b}}", "more than one key"),
        ("{url: 'local:a', token: {command: pass show x}}", "'command' is a text"),
        ("{url: 'local:a', live_edits: sometimes}", "'sometimes' is not known here"),
        ("{url: 'local:a', overlays: [a]}", "'overlays' is not supported"),
        ("{url: 'local:a', vars: {a: b}}", "'vars' is not supported"),
        ("{}", "'url' is missing"),
    ],
)
def test_what_is_wrong_with_an_environment_is_told_at_its_place(folder, environment, message):
    problem = folder.root(text(f"e: {environment}")).problem()
    assert message in problem.message
    assert problem.line == 4
    assert "pa55" not in str(problem)


CANARY = "sk_live_canary1"


@pytest.mark.parametrize(
    "environment",
    [
        f"{{url: 'local:a', token: {CANARY}}}",
        f"{{url: 'local:a', tokne: {CANARY}}}",
        f"{{url: 'local:a', token: {{env: {CANARY}}}}}",
        f"{{url: 'local:a', token: {{value: {CANARY}}}}}",
        f"{{url: 'local:a', token: {{file: {CANARY}}}}}",
        f"{{url: 'local:a', token: [{CANARY}]}}",
        f"{{url: 'local:a', token: {CANARY}, timeout: 3}}",
        f"{{url: 'https://{CANARY}@codefluss.com'}}",
        f"{{url: 'local:a'}}\n  f:\n    url: local:b\n    token: >-\n      {CANARY}",
        f"{{url: 'local:a', token: {CANARY}",
        f"{{url: 'local:a', token: \"{CANARY}, x: [",
    ],
)
def test_a_key_written_in_a_file_is_refused_and_never_repeated(folder, environment):
    problems = folder.root(text(f"e: {environment}")).problems()
    assert problems
    assert CANARY not in str(problems)


def test_a_literal_token_is_told_with_the_ways_that_there_are(folder):
    problem = folder.root(text(f"e: {{url: 'local:a', token: {CANARY}}}")).problem()
    assert problem.message == "a token must not be written in a file"
    assert problem.expected.startswith("{env: CODEFLUSS_API_KEY}")
    assert problem.source == "  e: {url: 'local:a', token: …"


def test_nothing_of_a_loaded_configuration_shows_the_key(folder):
    loaded = folder.root(text(LIVE + "}")).load(CODEFLUSS_X=CANARY)
    assert CANARY not in repr(loaded)
    assert loaded.token.read() == CANARY


def test_a_name_that_is_no_name_is_told_at_its_place(folder):
    problem = folder.root(text("'a b': {url: 'local:a'}")).problem()
    assert (problem.line, problem.column) == (4, 3)
    assert problem.message == "'a b' cannot be a name"


def test_without_environments_nothing_can_be_meant(folder):
    assert folder.root("version: 1\nname: a\n").problem().message == "'environments' is missing"
    folder.root("version: 1\nname: a\nenvironments: {}\n")
    assert folder.problem().message == "'environments' is an empty mapping"
