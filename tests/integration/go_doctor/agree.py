"""Asks gopls the probe's questions with pygls and compares the answers: positions, items and diagnostics.

python tests/integration/go_doctor/agree.py --go FILE --gopls FILE
"""

# mypy: disable-error-code="untyped-decorator, no-untyped-call, union-attr"
from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.lsp.client import LanguageClient

ROOT = Path(__file__).resolve().parents[3]
SOURCE = ROOT / "plugins" / "plugin_utils" / "_probe" / "source"
LINE, NAME = 7, 5  # fmt.Println in the scratch module's main.go


def probe(go: str, gopls: str, scratch: Path, env: dict[str, str]) -> dict[str, Any]:
    """The answers that the probe got, by question."""

    def says(*words: str) -> str:
        return subprocess.run([go, *words], env=env, capture_output=True, text=True, check=True).stdout.strip()

    config = {
        "gopls": gopls,
        "goversion": says("env", "GOVERSION"),
        "goroot": says("env", "GOROOT"),
        "scratch": str(scratch),
        "answers": True,
    }
    ran = subprocess.run(
        [go, "run", "-trimpath", "."],
        cwd=SOURCE,
        env=env,
        input=json.dumps(config),
        capture_output=True,
        text=True,
        check=True,
    )
    report = json.loads(ran.stdout)
    assert report["passed"], report
    return {step["name"]: step.get("answer") for step in report["steps"]}


async def client(gopls: str, scratch: Path, env: dict[str, str]) -> dict[str, Any]:
    """The same questions by pygls."""
    one = LanguageClient("agree", "1")
    published: dict[str, asyncio.Future[list[types.Diagnostic]]] = {}
    wrong, right = (scratch / "wrong" / "wrong.go").as_uri(), (scratch / "main.go").as_uri()
    published[wrong] = asyncio.get_running_loop().create_future()

    @one.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    def _heard(params: types.PublishDiagnosticsParams) -> None:
        waiting = published.get(params.uri)
        if waiting and params.diagnostics and not waiting.done():
            waiting.set_result(list(params.diagnostics))

    @one.feature(types.WORKSPACE_CONFIGURATION)
    def _configure(params: types.ConfigurationParams) -> list[Any]:
        return [{} for _item in params.items]

    await one.start_io(gopls, env=env, cwd=str(scratch))
    folder = types.WorkspaceFolder(uri=scratch.as_uri(), name="scratch")
    await one.initialize_async(
        types.InitializeParams(
            capabilities=types.ClientCapabilities(workspace=types.WorkspaceClientCapabilities(configuration=True)),
            root_uri=scratch.as_uri(),
            workspace_folders=[folder],
        )
    )
    one.initialized(types.InitializedParams())
    for uri, file in ((right, scratch / "main.go"), (wrong, scratch / "wrong" / "wrong.go")):
        item = types.TextDocumentItem(uri=uri, language_id="go", version=1, text=file.read_text())
        one.text_document_did_open(types.DidOpenTextDocumentParams(text_document=item))
    document, position = types.TextDocumentIdentifier(uri=right), types.Position(line=LINE, character=NAME)
    greet = types.Position(line=LINE, character=14)
    diagnostics = await asyncio.wait_for(published[wrong], 120)
    definition = await one.text_document_definition_async(types.DefinitionParams(document, position))
    completion = await one.text_document_completion_async(types.CompletionParams(document, position))
    references = await one.text_document_references_async(
        types.ReferenceParams(types.ReferenceContext(include_declaration=True), document, greet)
    )
    await one.shutdown_async(None)
    one.exit(None)
    await one.stop()
    return {
        "diagnostics": [[one.message, place(one.range)] for one in diagnostics],
        "definition": [[one.uri, place(one.range)] for one in definition],
        "completion": [one.label for one in completion.items],
        "references": sorted([one.uri, place(one.range)] for one in references),
    }


def place(span: types.Range) -> list[int]:
    return [span.start.line, span.start.character, span.end.line, span.end.character]


def plain(span: dict[str, Any]) -> list[int]:
    return [span[end][part] for end in ("start", "end") for part in ("line", "character")]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--go", required=True)
    parser.add_argument("--gopls", required=True)
    asked = parser.parse_args()
    path = f"{os.path.dirname(asked.go)}:{os.environ['PATH']}"
    env = {**os.environ, "PATH": path, "GOTOOLCHAIN": "local", "GOWORK": "off", "GOFLAGS": ""}
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder).resolve()
        ours = probe(asked.go, asked.gopls, scratch, env)
        theirs = asyncio.run(client(asked.gopls, scratch, env))
    mine = {
        "diagnostics": [[one["message"], plain(one["range"])] for one in ours["diagnostics"]],
        "definition": [[one["uri"], plain(one["range"])] for one in ours["definition"]],
        "completion": ours["completion"],
        "references": sorted([one["uri"], plain(one["range"])] for one in ours["references"]),
    }
    bad = [name for name in mine if mine[name] != theirs[name]]
    for name, answers in mine.items():
        print(f"{'FAIL' if name in bad else 'ok  '} {name}: {len(answers)} answers")
        if name in bad:
            print(f"  probe {answers}\n  pygls {theirs[name]}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
