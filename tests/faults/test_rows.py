"""The fault matrix has 48 rows; each has tests that carry its number in their names."""

import re
from pathlib import Path

ROWS = 48


def test_every_row_of_the_matrix_has_a_test(figures):
    files = Path(__file__).parent.glob("test_*.py")
    text = "\n".join(file.read_text(encoding="utf-8") for file in files)
    found = {int(number) for number in re.findall(r"^def test_row_(\d\d)_\w+", text, re.MULTILINE)}

    assert found == set(range(1, ROWS + 1))
    figures.rows(found)
