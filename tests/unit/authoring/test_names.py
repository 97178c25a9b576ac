from cfsync.authoring.names import Names


def test_equal_names_are_numbered_and_a_taken_number_is_skipped() -> None:
    names = Names()

    given = [names.unique(name) for name in ("p", "p", "p-3", "p", "p", "q")]

    assert given == ["p", "p-2", "p-3", "p-4", "p-5", "q"]


def test_a_name_is_cut_so_that_its_number_still_fits() -> None:
    names = Names()

    given = [names.unique("x" * 300, 10) for _ in range(11)]

    assert given[0] == "x" * 10
    assert given[10] == "x" * 7 + "-11"
    assert len(set(given)) == 11


def test_a_cut_slug_does_not_end_in_a_separator() -> None:
    names = Names()
    names.unique("abc/d")

    assert names.unique("abc/d", 5) == "abc-2"
