"""What one would write by hand: `byhand.py FOLDER URL [apply]`.

`yaml.safe_load`, `httpx.Client`, DeepDiff on each pair, one call after another. No validation, no
journal, no retries. The key is in CFSYNC_TOKEN_BENCH.
"""

import os
import sys
from collections import Counter
from pathlib import Path

import httpx
import yaml
from deepdiff import DeepDiff

FIELDS = ("name", "type", "content", "props", "styles")


def wanted(folder):
    """Pages by slug, each with its name and its elements by the names on their path."""
    pages = {}
    for file in sorted(Path(folder, "sites").glob("*.yaml")):
        with file.open(encoding="utf-8") as text:
            for page in yaml.safe_load(text)["pages"]:
                elements = {}
                flatten(page["elements"], (), elements)
                pages[page["slug"]] = (page["name"], elements)
    return pages


def flatten(elements, above, into):
    for position, each in enumerate(elements):
        path = (*above, each["name"])
        into[path] = ({field: each[field] for field in FIELDS}, position)
        flatten(each.get("children", []), path, into)


def listed(client, path):
    items, cursor = [], None
    while True:
        params = {"limit": 100} | ({"cursor": cursor} if cursor else {})
        answer = client.get(path, params=params)
        answer.raise_for_status()
        answer = answer.json()
        items += answer["data"]
        if not answer["pagination"]["hasMore"]:
            return items
        cursor = answer["pagination"]["nextCursor"]


def by_path(items):
    by_id = {each["id"]: each for each in items}

    def path(each):
        above = by_id.get(each["parentId"])
        return (*path(above), each["name"]) if above else (each["name"],)

    return {path(each): each for each in items}


def planned(client, pages):
    """(method, page, path, fields, id) of each call."""
    projects = {each["slug"]: each for each in listed(client, "/projects")}
    project = projects.get("bench")
    live = listed(client, f"/projects/{project['id']}/pages") if project else []
    live = {each["slug"]: each for each in live}
    calls = [] if project else [("POST", None, None, {"slug": "bench", "name": "Benchmark"}, None)]
    ids = {}
    for slug, (name, elements) in pages.items():
        there = {}
        if slug in live:
            ids[slug] = live[slug]["id"]
            there = by_path(listed(client, f"/pages/{live[slug]['id']}/elements"))
            ids |= {(slug, path): each["id"] for path, each in there.items()}
        else:
            calls.append(("POST", slug, None, {"slug": slug, "name": name}, None))
        for path, (fields, position) in elements.items():
            found = there.get(path)
            if found is None:
                calls.append(("POST", slug, path, {**fields, "position": position}, None))
            elif DeepDiff({field: found[field] for field in FIELDS}, fields, ignore_order=True):
                changes = {field: fields[field] for field in FIELDS if field != "type"}
                calls.append(("PATCH", slug, path, changes, found["id"]))
        gone = there.keys() - elements.keys()
        calls += [("DELETE", slug, path, None, there[path]["id"]) for path in gone]
    return calls, ids, project["id"] if project else None


def applied(client, calls, ids, project):
    for method, slug, path, fields, id_ in calls:
        if method == "DELETE":
            client.delete(f"/elements/{id_}").raise_for_status()
        elif method == "PATCH":
            client.patch(f"/elements/{id_}", json=fields).raise_for_status()
        elif slug is None:
            project = created(client, "/projects", fields)
        elif path is None:
            ids[slug] = created(client, f"/projects/{project}/pages", fields)
        else:
            parent = ids[slug, path[:-1]] if path[:-1] else None
            made = created(client, f"/pages/{ids[slug]}/elements", {**fields, "parentId": parent})
            ids[slug, path] = made


def created(client, path, fields):
    answer = client.post(path, json=fields)
    answer.raise_for_status()
    return answer.json()["data"]["id"]


def main():
    folder, url = sys.argv[1:3]
    pages = wanted(folder)
    key = {"Authorization": f"Bearer {os.environ['CFSYNC_TOKEN_BENCH']}"}
    with httpx.Client(base_url=url, headers=key) as client:
        calls, ids, project = planned(client, pages)
        sys.stdout.write(f"{dict(Counter(call[0] for call in calls))}\n")
        if "apply" in sys.argv[3:]:
            applied(client, calls, ids, project)


main()
