"""What schemathesis cannot know: some valid requests are refused for what they mean."""

import schemathesis


@schemathesis.check
def refuses_valid_requests_only_for_their_meaning(ctx, response, case):
    """A taken slug, an unknown parent, a cursor that nobody gave out: no schema can say these."""
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    if response.status_code == 400:
        error = response.json()["error"]
        field = error.get("details", {}).get("field")
        assert error["code"] == "INVALID_CURSOR" or field in {"slug", "parentId"}, error
