"""`python -m service.schemas [--check]`: the JSON Schemas, generated from the models.

Comes in: nothing but the code. Goes out: `schemas/*.json`, one spelling each (sorted keys, two spaces,
newline at the end). Promises: `--check` writes nothing and exits with 1 when a file differs, is missing
or belongs to no model any more.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel

from service.api.app import create_app
from service.api.problems import Problem
from service.facts.models import Fact, Rejected, Verdict
from service.resources import data_dir
from service.settings import Settings
from service.stories.groups import Grouping
from service.stories.models import ArticleFacts, Conflict, CopyGroup, MergedFact, Story, Summary
from service.text.article import Article

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schemas() -> dict[str, dict[str, Any]]:
    """Every schema by file name."""
    written: dict[str, type[BaseModel]] = {
        "fact": Fact,
        "merged_fact": MergedFact,
        "conflict": Conflict,
        "copy_group": CopyGroup,
        "summary": Summary,
        "story": Story,
        "article_facts": ArticleFacts,
        "grouping": Grouping,
        "verdict": Verdict,
        "rejected": Rejected,
    }
    found = {f"{name}.json": _schema(model, "serialization") for name, model in written.items()}
    found["article.json"] = _schema(Article, "validation")
    found["problem.json"] = _schema(Problem, "validation")  # keys without a value are left out
    # No setting shows in the document, so the environment is not asked.
    found["openapi.json"] = create_app(Settings.model_construct()).openapi()
    return found


def spelled(schema: dict[str, Any]) -> str:
    """The one spelling of a schema file."""
    return json.dumps(schema, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def drift(folder: Path) -> list[str]:
    """Names of the files in `folder` that are not what the models say, sorted."""
    wanted = {name: spelled(schema) for name, schema in schemas().items()}
    there = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.json")}
    return sorted(name for name in wanted.keys() | there.keys() if wanted.get(name) != there.get(name))


def write(folder: Path) -> None:
    """Make `folder` what the models say."""
    wanted = schemas()
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.glob("*.json"):
        if path.name not in wanted:
            path.unlink()
    for name, schema in wanted.items():
        (folder / name).write_text(spelled(schema), encoding="utf-8", newline="\n")


def main(arguments: Sequence[str], folder: Path) -> int:
    """Exit code: 0 done or nothing differs, 1 something differs, 2 not understood."""
    if arguments not in ([], ["--check"]):
        print("usage: python -m service.schemas [--check]", file=sys.stderr)
        return 2
    if not arguments:
        write(folder)
        return 0
    if names := drift(folder):
        print(f"{', '.join(names)}: not as the models say; run python -m service.schemas", file=sys.stderr)
        return 1
    return 0


def _schema(model: type[BaseModel], mode: Literal["validation", "serialization"]) -> dict[str, Any]:
    return {"$schema": DIALECT, **model.model_json_schema(mode=mode)}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], data_dir("schemas")))
