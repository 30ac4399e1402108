"""The collection from the checkout's own link, and the helpers of tests/tools."""

from __future__ import annotations

import pathlib
import sys

TESTS = pathlib.Path(__file__).resolve().parents[2]

sys.path.insert(0, str(TESTS / "tools"))
if not any(type(finder).__name__ == "_AnsibleCollectionFinder" for finder in sys.meta_path):
    from ansible.plugins.loader import init_plugin_loader

    init_plugin_loader([str(TESTS.parent / "collections")])
