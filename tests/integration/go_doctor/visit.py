"""Runs the target half without Ansible: options as JSON on standard input, facts and proof as JSON on standard output.

The same code as the module runs, minus the transport; it needs no more than the collection's tree and Python 3.9:

    PYTHONPATH=<folder with ansible_collections> python3 visit.py <<< '{"functional": true}'
"""

from __future__ import annotations

import json
import os
import sys

from ansible_collections.gopherops.workstation.plugins.module_utils._functional._prove import Proof, not_proved
from ansible_collections.gopherops.workstation.plugins.module_utils._info._collect import Collection, visit


def main() -> None:
    options = json.load(sys.stdin)
    with visit(os.environ) as place:
        look = Collection(place, options)
        info = look.gather()
        functional = not_proved("it was not asked for")
        if options.get("functional"):
            functional = Proof(place, info, look.login, look.settings).run(
                options["probe"], bool(options.get("answers"))
            )
    json.dump({**info, "functional": functional}, sys.stdout)


if __name__ == "__main__":
    main()
