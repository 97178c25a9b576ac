"""The part of `config.schema.json` that the API's contract does not know, written by hand.

What later versions will understand stands here already, so that editors can say so; `NOT_YET`
makes the loader refuse it.
"""

from typing import Any, Final

from cfsync import limits
from cfsync.model.values import Fields

NOT_YET: Final[Fields] = {"not": {}}


def _later(title: str, description: str) -> Fields:
    return {
        "title": title,
        "description": f"Not supported by this version yet. {description}",
        **NOT_YET,
    }


def _text(title: str, description: str, **more: Any) -> Fields:
    return {"title": title, "description": description, "type": "string", **more}


def _flag(title: str, description: str) -> Fields:
    return {"title": title, "description": description, "type": "boolean", "default": False}


def _number(title: str, description: str, least: int, most: int, default: int) -> Fields:
    return {
        "title": title,
        "description": description,
        "type": "integer",
        "minimum": least,
        "maximum": most,
        "default": default,
    }


_NAME: Final[Fields] = {"pattern": "^[A-Za-z0-9][A-Za-z0-9._-]*$", "maxLength": 100}

LIVE_EDITS: Final[Fields] = {
    "title": "Edits on the live site",
    "description": "keep: what only the live site changed stays. overwrite: Git wins.",
    "enum": ["keep", "overwrite"],
    "default": "keep",
}

SAFETY: Final[Fields] = {
    "title": "Safety thresholds",
    "description": "A plan that deletes more than this is refused until a person consents.",
    "type": "object",
    "additionalProperties": False,
    "examples": [{"max_delete_percent": 30, "max_deletes": 100}],
    "properties": {
        "max_delete_percent": _number(
            "Most deletions, percent",
            "Of what cfsync owns in a project. Never refuses "
            f"{limits.DELETE_FLOOR} deletions or fewer.",
            0,
            100,
            limits.MAX_DELETE_PERCENT,
        ),
        "max_deletes": _number(
            "Most deletions", "In one plan, descendants counted.", 0, 10**6, limits.MAX_DELETES
        ),
    },
}

TOKEN: Final[Fields] = {
    "title": "API key",
    "description": "Where the key is read from; never the key itself. Without one, "
    "CODEFLUSS_API_KEY is used, for codefluss.com and codefluss.dev only.",
    "type": "object",
    "additionalProperties": False,
    "minProperties": 1,
    "maxProperties": 1,
    "examples": [{"env": "CODEFLUSS_API_KEY"}],
    "properties": {
        "env": _text(
            "Environment variable",
            "Its name begins with CODEFLUSS_ or CFSYNC_TOKEN_.",
            format="cfsync-token-variable",
            examples=["CODEFLUSS_STAGING_KEY"],
        ),
        "keyring": _text(
            "Name in the keyring",
            "Of the system, under the service 'cfsync'. Needs the package keyring.",
            minLength=1,
            maxLength=200,
            examples=["production"],
        ),
        "command": {
            "title": "Command",
            "description": "A program and its arguments; the key is what it prints. "
            "Runs only with CFSYNC_ALLOW_COMMANDS=1.",
            "type": "array",
            "minItems": 1,
            "items": {"type": "string", "minLength": 1},
            "examples": [["pass", "show", "codefluss/production"]],
        },
    },
}

ENVIRONMENT: Final[Fields] = {
    "title": "Environment",
    "description": "A Codefluss API that this configuration can be applied to.",
    "type": "object",
    "additionalProperties": False,
    "required": ["url"],
    "properties": {
        "url": _text(
            "Address of the API",
            "https://…, http:// on this machine only, or local:PATH for the built-in emulator.",
            format="cfsync-url",
            examples=["local:.cfsync/local.db", "https://api.codefluss.com/v1"],
        ),
        "token": TOKEN,
        "rate": _text(
            "Most requests",
            "Per time: 120/min, 5/s. Without it, as fast as the API allows.",
            format="cfsync-rate",
            examples=["120/min"],
        ),
        "parallel": _number(
            "Requests at once",
            "How many requests may be under way.",
            1,
            limits.MAX_PARALLEL,
            limits.PARALLEL,
        ),
        "timeout": _text(
            "Time for a request",
            "All of it, connecting and reading the answer included.",
            format="cfsync-positive-duration",
            default=f"{limits.REQUEST_TIMEOUT:g}s",
        ),
        "settle": _text(
            "Time to settle",
            "How long after a failure a request of unknown outcome is looked up. "
            "1s by default on this machine, 0s for local:.",
            format="cfsync-duration",
            default=f"{limits.SETTLE:g}s",
        ),
        "guard_age": _text(
            "Age of a guard reading",
            "How old the reading before a write may be.",
            format="cfsync-duration",
            default=f"{limits.GUARD_AGE:g}s",
        ),
        "confirm": _flag(
            "Ask for the name",
            "Every apply asks for the environment's name. Such a one is never the default.",
        ),
        "live_edits": LIVE_EDITS,
        "vars": _later("Variables", "Values of ${var.NAME} in this environment."),
        "overlays": _later("Overlays", "Files that change the configuration in this environment."),
    },
}

PROJECTS: Final[Fields] = {
    "title": "Projects",
    "description": "Sites. Leaving one out never deletes it; `delete: true` does.",
    "type": "array",
    "items": {"$ref": "#/$defs/project"},
    "examples": [[{"slug": "my-website", "name": "My Website"}]],
}

FILE: Final[Fields] = {
    "projects": PROJECTS,
    "vars": _later("Variables", "Values of ${var.NAME}."),
    "components": _later("Components", "Elements to be used several times, with parameters."),
}

ROOT: Final[Fields] = {
    "version": {
        "title": "Version of this format",
        "description": "Always 1.",
        "const": 1,
        "examples": [1],
    },
    "name": _text(
        "Name of this configuration",
        "Names it in the journal. Keep it: nothing that was applied is known under another name.",
        **_NAME,
        minLength=1,
        examples=["acme"],
    ),
    "include": {
        "title": "Included files",
        "description": "Paths or patterns below this folder. Each file may hold `projects`, or "
        "`pages` of a `project` that is declared elsewhere.",
        "type": "array",
        "items": {"type": "string", "format": "cfsync-path"},
        "examples": [["sites/*.yaml"]],
    },
    "journal": _text(
        "Journal",
        "Path below this folder. A database is named in CFSYNC_JOURNAL instead.",
        format="cfsync-path",
        default=".cfsync/journal.db",
    ),
    "environments": {
        "title": "Environments",
        "description": "By name.",
        "type": "object",
        "minProperties": 1,
        "propertyNames": _NAME,
        "additionalProperties": {"$ref": "#/$defs/environment"},
        "examples": [{"local": {"url": "local:.cfsync/local.db"}}],
    },
    "default_environment": _text(
        "Default environment",
        "Used without `--env`. Never one with `confirm: true`.",
        examples=["local"],
    ),
    "safety": SAFETY,
    **FILE,
}
REQUIRED: Final = ("version", "name", "environments")

RESOURCE: Final[Fields] = {
    "manage": {
        "title": "What is deleted",
        "description": "merge: only what cfsync owns and is no longer declared. "
        "mirror: whatever is not declared. add: nothing. Holds for everything below, too.",
        "enum": ["merge", "mirror", "add"],
        "default": "merge",
    },
    "live_edits": LIVE_EDITS,
    "protect": _flag("Protect", "No plan may delete it, until `cfsync unprotect`."),
    "delete": _flag("Delete", "Declares that it is gone, with everything below."),
    "renamed_from": _text(
        "Former name",
        "A name among the same siblings, or a whole address for a move across parents.",
        minLength=1,
        format="cfsync-former-name",
        examples=["home", "my-website:about#team/card"],
    ),
}

IGNORE: Final[Fields] = {
    "title": "Ignored",
    "description": "Sent on create, then never compared or sent again.",
    "type": "array",
    "examples": [[{"at": "index#hero/**", "fields": ["styles", "props.color"]}]],
    "items": {
        "type": "object",
        "additionalProperties": False,
        "required": ["at"],
        "properties": {
            "at": _text(
                "Where",
                "A pattern of addresses in this project: * is any one name, ** any depth.",
                format="cfsync-pattern",
                examples=["index#hero/**"],
            ),
            "fields": {
                "title": "Fields",
                "description": "Or keys in them. Without this, every field.",
                "type": "array",
                "minItems": 1,
                "items": {"type": "string", "format": "cfsync-field-path"},
                "examples": [["styles", "props.color"]],
            },
        },
    },
}


def _below(title: str, kind: str, key: str) -> Fields:
    return {
        "title": title,
        "description": f"Order here is order on the site. Without `{key}` nothing below is "
        "managed but what cfsync made there; [] says that there are none.",
        "type": "array",
        "items": {"$ref": f"#/$defs/{kind}"},
        "examples": [[]],
    }


CHILDREN: Final[dict[str, str]] = {"project": "pages", "page": "elements", "element": "children"}
"""Under which key a kind holds what stands below it."""

OWN: Final[dict[str, Fields]] = {
    "project": {"ignore": IGNORE, "pages": _below("Pages", "page", "pages")},
    "page": {"elements": _below("Elements", "element", "elements")},
    "element": {
        "children": _below("Children", "element", "children"),
        "use": _later("Component", "The component that this element is made from."),
        "each": _later("For each", "A list: one element is made for each of its items."),
        "with": _later("Parameters", "Values for the component's parameters."),
    },
}

INCLUDED: Final[dict[str, Fields]] = {
    **FILE,
    "project": _text(
        "Project of these pages",
        "Slug of a project that is declared in another file; `pages` are added to it.",
        minLength=1,
        examples=["my-website"],
    ),
    "pages": _below("Pages", "page", "pages"),
}
TOGETHER: Final = ("project", "pages")
"""In an included file: neither, or both."""

DECLARING: Final = frozenset({"projects", "pages"})
"""Keys of a file below which resources are declared."""

FROM_FILE: Final = (("element", "content"),)
"""Fields whose text may also come from a file."""

FILE_TEXT: Final[Fields] = {
    "required": ["file"],
    "additionalProperties": False,
    "properties": {
        "file": _text(
            "File",
            "UTF-8 text below this configuration's folder; one newline at its end is dropped.",
            format="cfsync-path",
            examples=["copy/story.md"],
        )
    },
}

EXAMPLES: Final[dict[tuple[str, str], tuple[Any, ...]]] = {
    ("project", "name"): ("My Website",),
    ("project", "slug"): ("my-website",),
    ("project", "settings"): ({"language": "en"},),
    ("page", "name"): ("Home",),
    ("page", "slug"): ("index",),
    ("page", "seo"): ({"title": "Home"},),
    ("page", "settings"): ({"layout": "wide"},),
    ("element", "name"): ("hero",),
    ("element", "type"): (
        *("section", "container", "heading", "text", "image", "button"),
        *("link", "list", "form", "input", "embed"),
    ),
    ("element", "content"): ("Hello",),
    ("element", "props"): ({"level": 1},),
    ("element", "styles"): ({"desktop": {"padding": "96px 0"}},),
}
"""For editors; the contract has none."""
