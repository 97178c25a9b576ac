"""`--target` and `--exclude`: a slip of the pen does not widen a plan, and no line claims more."""

import pytest


@pytest.fixture
def applied(cfsync, served):
    assert cfsync("apply", "--yes").code == 0
    return served


@pytest.mark.parametrize("option", ["--target", "--exclude"])
def test_an_address_that_nobody_has_is_a_slip_of_the_pen(cfsync, applied, option):
    answer = cfsync("plan", option, "my-website:abuot")
    assert answer.code == 64
    assert f"{option} my-website:abuot: nothing of that address" in answer.err
    assert "did you mean my-website:about?" in answer.err


@pytest.mark.parametrize("option", ["--target", "--exclude"])
def test_a_pattern_may_match_nothing(cfsync, applied, option):
    assert cfsync("plan", option, "my-website:blog/**").code == 0


def test_what_is_to_be_deleted_or_is_on_the_site_alone_can_be_named(cfsync, applied, site):
    site.replace("      - slug: about\n        name: About\n", "")
    applied.designer.add("my-website", slug="theirs", name="Theirs")
    assert "Plan: 1 to delete." in cfsync("plan", "--target", "my-website:about").out
    assert cfsync("plan", "--exclude", "my-website:theirs").code == 0


def test_no_changes_among_the_targets_says_nothing_of_the_rest(cfsync, applied, site):
    site.replace("content: Hello", "content: Changed")
    answer = cfsync("plan", "--target", "my-website:about")
    assert "No changes. That holds for what was selected." in answer.out
    assert "as the files say" not in answer.out
    assert cfsync("--json", "plan", "--target", "my-website:about").json["partial"] is True
