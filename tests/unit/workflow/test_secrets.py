import base64
from urllib.parse import quote

import pytest

from cfsync.workflow import secrets

TOKEN = "cf/live+KEY=0123456789"


@pytest.fixture(autouse=True)
def _fresh(monkeypatch):
    monkeypatch.setattr(secrets, "_hidden", set())


@pytest.mark.parametrize(
    "form",
    [
        TOKEN,
        quote(TOKEN, safe=""),
        TOKEN.encode().hex(),
        base64.b64encode(TOKEN.encode()).decode(),
        base64.b64encode(b"x" + TOKEN.encode()).decode(),
        base64.b64encode(b"Basic:" + TOKEN.encode() + b"!").decode(),
    ],
)
def test_a_hidden_token_is_masked_however_it_is_written(form):
    secrets.hide(TOKEN)
    shown = secrets.scrubbed(f"before {form} after")
    assert TOKEN[3:13] not in shown
    assert "********" in shown
    assert shown.startswith("before ")
    assert shown.endswith(" after")


def test_without_a_token_text_stays_as_it_is():
    secrets.hide(None)
    secrets.hide("")
    assert secrets.scrubbed("text") == "text"


@pytest.mark.parametrize("token", ["1", "any", "default"])
def test_a_key_that_is_an_ordinary_word_blots_nothing_out(token):
    secrets.hide(token)
    text = 'many companies, {"column": 17}, the default'
    assert secrets.scrubbed(text) == text
