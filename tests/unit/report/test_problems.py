from cfsync.errors import ConfigError, NeedsDecision, Problem, ServerFailed
from cfsync.report.problems import error_sheet, error_to_json

PROBLEM = Problem(
    "cfsync.yaml", 12, 7, "unknown field 'stlyes'", "      stlyes: {}", "a field", "styles"
)


def test_an_error_says_what_where_why_and_what_now():
    error = NeedsDecision("not applied", where="staging", why="first\nsecond", next_step="try")
    assert list(error_sheet(error).lines()) == [
        "Error: not applied",
        "  where  staging",
        "  why    first",
        "         second",
        "  next   try",
    ]


def test_an_error_of_the_api_names_its_request():
    error = ServerFailed("the API failed", status=500, api_code="INTERNAL", request_id="req_1")
    assert list(error_sheet(error).lines())[1] == "  answer HTTP 500  INTERNAL  req_1"
    assert error_to_json(error)["requestId"] == "req_1"


def test_a_problem_shows_its_line_with_a_caret():
    error = ConfigError([PROBLEM, Problem("b.yaml", 0, 0, "is empty")])
    assert list(error_sheet(error).lines()) == [
        "Error: 2 problems in the configuration",
        "",
        "b.yaml  is empty",
        "",
        "cfsync.yaml:12:7  unknown field 'stlyes'",
        "   12 │       stlyes: {}",
        "      │       ^",
        "    expected  a field",
        "    did you mean  styles?",
    ]


def test_the_caret_stands_below_what_is_shown_even_behind_escapes_and_in_long_lines():
    tab = Problem("a", 1, 2, "m", "\tx")
    far = Problem("a", 2, 500, "m", "y" * 499 + "Z" + "y" * 499)
    lines = list(error_sheet(ConfigError([tab, far])).lines())
    assert lines[3].index("x") == lines[4].index("^")
    assert lines[7].index("Z") == lines[8].index("^")


def test_problems_are_in_the_json_one_by_one():
    form = error_to_json(ConfigError([PROBLEM]), plan=None)
    assert (form["code"], form["exitCode"], form["formatVersion"]) == ("config-invalid", 1, 1)
    assert form["problems"][0]["suggestion"] == "styles"
    assert form["plan"] is None
