"""The practical floor in Python: `floor.py FOLDER URL [apply]`.

The same parse, lists, comparison and calls as a plan and an apply of cfsync, by the fastest means
known, and nothing else: no validation, no references, no guards, no journal, no retries, no
rendering, and the garbage collector is off. Not a tool: the figure that tools are held against.
"""

import asyncio
import gc
import os
import sys
from contextlib import suppress
from pathlib import Path

import aiohttp
import msgspec
import yaml

CONCURRENCY = 16
FIELDS = ("type", "content", "props", "styles")


class Item(msgspec.Struct):
    id: str
    name: str = ""
    slug: str = ""
    type: str = ""
    parentId: str | None = None  # noqa: N815 - as the API spells it
    content: str | None = None
    props: dict = {}
    styles: dict = {}


class Pagination(msgspec.Struct):
    hasMore: bool  # noqa: N815 - as the API spells it
    nextCursor: str | None = None  # noqa: N815 - as the API spells it


class Page(msgspec.Struct):
    data: list[Item]
    pagination: Pagination


class Answer(msgspec.Struct):
    data: Item


decode_page = msgspec.json.Decoder(Page).decode
decode_answer = msgspec.json.Decoder(Answer).decode


def scalar(text, memo):
    value = memo.get(text, memo)
    if value is memo:
        value = text
        if text[:1] in "0123456789+-.":
            with suppress(ValueError):
                value = float(text) if "." in text else int(text)
        memo[text] = value
    return value


def parsed(text, memo):  # noqa: C901 - one loop is what makes it fast
    """From libyaml's events, with the line of each mapping."""
    loader, lines = yaml.CSafeLoader(text), {}
    stack, here, key, in_map, root = [], None, None, False, None
    while True:
        event = loader.get_event()
        kind = type(event)
        if kind is yaml.ScalarEvent:
            value = event.value if event.style else scalar(event.value, memo)
            if not in_map:
                here.append(value)
            elif key is None:
                if value in here:
                    raise ValueError(f"duplicate key {value}")
                key = value
            else:
                here[key], key = value, None
        elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
            node = {} if kind is yaml.MappingStartEvent else []
            lines[id(node)] = event.start_mark.line
            if here is None:
                root = node
            elif in_map:
                here[key] = node
            else:
                here.append(node)
            stack.append((here, in_map))
            here, in_map, key = node, kind is yaml.MappingStartEvent, None
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            here, in_map = stack.pop()
            key = None
        elif kind is yaml.StreamEndEvent:
            return root


def wanted(folder):
    memo = {"true": True, "false": False, "null": None, "~": None, "": None}
    pages = {}
    for file in sorted(Path(folder, "sites").glob("*.yaml")):
        for page in parsed(file.read_bytes(), memo)["pages"]:
            elements = []
            flatten(page["elements"], (), elements)
            pages[page["slug"]] = (page["name"], elements)
    return pages


def flatten(elements, above, into):
    for position, each in enumerate(elements):
        path = (*above, each["name"])
        into.append((path, each, position))
        if "children" in each:
            flatten(each["children"], path, into)


class Api:
    def __init__(self, session, url):
        self.session, self.url = session, url

    async def listed(self, path):
        items, cursor = [], ""
        while True:
            more = f"&cursor={cursor}" if cursor else ""
            async with self.session.get(f"{self.url}{path}?limit=100{more}") as answer:
                page = decode_page(await answer.read())
            items += page.data
            if not page.pagination.hasMore:
                return items
            cursor = page.pagination.nextCursor

    async def sent(self, method, path, fields):
        body = msgspec.json.encode(fields)
        async with self.session.request(method, self.url + path, data=body) as answer:
            text = await answer.read()
            assert answer.status < 300, text
            return decode_answer(text).data.id


async def planned(api, pages):
    projects = {each.slug: each.id for each in await api.listed("/projects")}
    project = projects.get("bench")
    live = await api.listed(f"/projects/{project}/pages") if project else []
    todo, live = iter(live), {each.slug: each.id for each in live}
    elements = {}

    async def worker():
        for each in todo:
            elements[each.slug] = by_path(await api.listed(f"/pages/{each.id}/elements"))

    await asyncio.gather(*(worker() for _ in range(CONCURRENCY)))
    changes = {}
    for slug, (_, declared) in pages.items():
        there = elements.get(slug, {})
        changes[slug] = [each for each in declared if differs(there.get(each[0]), each[1])]
    return project, live, elements, changes


def by_path(items):
    by_id, paths = {each.id: each for each in items}, {None: ()}

    def path(each):
        if each.id not in paths:
            above = path(by_id[each.parentId]) if each.parentId else ()
            paths[each.id] = (*above, each.name)
        return paths[each.id]

    return {path(each): each for each in items}


def differs(live, declared):
    return live is None or not (
        live.type == declared["type"]
        and live.content == declared["content"]
        and live.props == declared["props"]
        and live.styles == declared["styles"]
    )


async def applied(api, pages, plan):
    project, live, elements, changes = plan
    if project is None:
        project = await api.sent("POST", "/projects", {"slug": "bench", "name": "Benchmark"})
    todo = iter(changes.items())

    async def worker():
        for slug, calls in todo:
            if slug not in live:
                fields = {"slug": slug, "name": pages[slug][0]}
                live[slug] = await api.sent("POST", f"/projects/{project}/pages", fields)
            await on_page(api, live[slug], elements.get(slug, {}), calls)

    await asyncio.gather(*(worker() for _ in range(CONCURRENCY)))


async def on_page(api, page, there, calls):
    ids = {path: each.id for path, each in there.items()}
    for path, element, position in calls:
        fields = {field: element[field] for field in FIELDS}
        if path in ids:
            del fields["type"]
            await api.sent("PATCH", f"/elements/{ids[path]}", fields)
        else:
            fields |= {"name": path[-1], "position": position, "parentId": ids.get(path[:-1])}
            ids[path] = await api.sent("POST", f"/pages/{page}/elements", fields)


async def main():
    folder, url = sys.argv[1:3]
    pages = wanted(folder)
    headers = {
        "Authorization": f"Bearer {os.environ['CFSYNC_TOKEN_BENCH']}",
        "Content-Type": "application/json",
    }
    connector = aiohttp.TCPConnector(limit=CONCURRENCY)
    async with aiohttp.ClientSession(connector=connector, headers=headers) as session:
        api = Api(session, url)
        plan = await planned(api, pages)
        sys.stdout.write(f"{sum(map(len, plan[3].values()))} changes\n")
        if "apply" in sys.argv[3:]:
            await applied(api, pages, plan)
    sys.stdout.flush()
    os._exit(0)


gc.disable()
asyncio.run(main())
