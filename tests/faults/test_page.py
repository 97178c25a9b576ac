"""The page adds up what the parts say, whoever left them."""

import json

import pytest
from faults.figures import Figures
from faults.page import percentile, write
from faults.play import Broken, Tally
from faults.verdict import Verdict


@pytest.fixture
def figures(tmp_path):
    return Figures(tmp_path, full=True)


@pytest.fixture
def written(tmp_path):
    def written():
        write(tmp_path, tmp_path / "page.md")
        return (tmp_path / "page.md").read_text(encoding="utf-8")

    return written


def broken(figures, verdict):
    with figures.exploring("exhaustive", f"{verdict} 4 changes", "edits=1") as tally:
        tally.condemn(verdict)
        raise Broken


def test_what_a_broken_schedule_lost_or_made_twice_is_on_the_page(figures, written):
    figures.planned("exhaustive", ["4 changes, faults=1", "4 changes, edits=1"])
    with figures.exploring("exhaustive", "4 changes", "faults=1") as tally:
        tally.schedules += 7
    for verdict in (Verdict(lost=["x", "y"]), Verdict(duplicated=["x"], wrong=["y"]), Verdict()):
        with pytest.raises(Broken):
            broken(figures, verdict)

    page = written()

    assert "| lost / duplicated in silence / wrong | 2 / 1 / 2 |" in page
    assert "| schedules explored exhaustively | 7 |" in page
    assert "Not run to their end for this page: 4 changes, edits=1." in page


def test_a_run_that_is_broken_off_leaves_nothing(figures, tmp_path):
    with pytest.raises(KeyboardInterrupt), figures.exploring("seeds", "seeds 0 to 9"):
        raise KeyboardInterrupt

    assert list(tmp_path.iterdir()) == []


def test_parts_of_an_older_harness_are_read(tmp_path, written):
    tally = {
        "schedules": 103, "pruned": 20, "processes": 184, "recoveries": 80,
        "ended": {"applied": 30, "undone": 53}, "persons": 0, "lost_in_window": 0,
        "duplicates_told": 0, "longest": 40.0, "windows": {"0": 203},
    }  # fmt: skip
    old = {"kind": "exhaustive", "name": "4 changes", "budget": "crashes=1", "seconds": 6.6}
    (tmp_path / "a.json").write_text(json.dumps({**old, "tally": tally}))
    (tmp_path / "b.json").write_text(json.dumps({"kind": "points", "known": 34, "tried": 34}))
    (tmp_path / "c.json").write_text(json.dumps({"kind": "mutant", "name": "no fsync"}))
    (tmp_path / "d.json").write_text(json.dumps({"kind": "mutants", "names": ["no fsync"]}))

    page = written()

    assert "| 4 changes | crashes=1 | 103 | 7 | 30 | 53 | 0 |" in page
    assert "journal in SQLite, known / tried | 34 / 34 |" in page
    assert "| lost / duplicated in silence / wrong | 0 / 0 / 0 |" in page
    assert "| mutants made / killed | 1 / 1 |" in page


def one_that_failed(figures):
    with figures.points("apply", "PostgreSQL", 2) as tried:
        tried.append(1)
        raise AssertionError


def test_the_stores_are_told_apart_and_a_point_that_failed_is_not_tried(figures, written):
    with figures.points("apply", "SQLite", 2) as tried:
        tried += [1, 2]
    with pytest.raises(AssertionError):
        one_that_failed(figures)

    page = written()

    assert "journal in SQLite, known / tried | 2 / 2 |" in page
    assert "journal in PostgreSQL, known / tried | 2 / 1 |" in page


def test_a_mutant_that_survives_is_named(figures, written):
    figures.mutants(["deletes first", "no fsync"])
    with figures.mutant("no fsync"):
        pass
    with pytest.raises(AssertionError), figures.mutant("deletes first"):
        raise AssertionError

    page = written()

    assert "| mutants made / killed | 2 / 1 |" in page
    assert "Not killed: deletes first." in page


def test_lots_of_seeds_that_are_missing_are_counted(figures, written):
    figures.planned("seeds", ["seeds 0 to 9", "seeds 10 to 19", "seeds 20 to 29"])
    with figures.exploring("seeds", "seeds 0 to 9") as tally:
        tally.schedules += 10

    page = written()

    assert "Not run to their end for this page: 2 lots of seeds." in page
    assert "| seeds, of 10 to 500 changes | 10 |" in page


def test_windows_are_ranked(figures, written):
    figures.window(20, [float(n) for n in range(1, 101)])

    assert "(HTTP on loopback, latency 20 ms, 100 writes) | 50.0 / 99.0 |" in written()
    assert percentile([3.0, 1.0, 2.0], 0.5) == 2.0
    assert percentile([7.0], 0.99) == 7.0


def test_a_slice_leaves_no_figures_of_a_full_run(tmp_path):
    figures = Figures(tmp_path, full=False)
    figures.machine(3)
    figures.rows({1})

    assert [file.name for file in tmp_path.iterdir()] == ["rows.json"]


def test_what_no_checker_can_name_is_wrong_too():
    tally = Tally()
    tally.condemn(Verdict())

    assert (tally.lost, tally.duplicated, tally.wrong) == (0, 0, 1)
    assert not tally.is_good
