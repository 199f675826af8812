"""`python -m tests.storms.run`: drain an outbox while its dispatchers or its database die.

Prints one line of JSON: how many messages were lost, repeated, sent, left to a person. Everything
happens on servers of its own in a temporary folder.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from pathlib import Path

from portal.embedded import Place, Servers
from tests import migrated

_CACHE = Path(__file__).resolve().parents[2] / ".pytest_cache" / "d" / "servers"


def main() -> None:
    """Start the servers, let the storm rage, print what it left."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="portal-storm-") as folder:
        place = Place(Path(folder) / "servers")
        found = migrated.seed_in(_CACHE)
        seed = found if found.exists() else None
        # Without a flush at each commit a killed database forgets what it had promised.
        durable = options.kind == "database"
        servers = Servers(place, durable=durable, seed=seed)
        servers.start()
        try:
            _settle(place, is_migrated=seed is not None)
            from tests.storms.storm import Storm

            verdict = Storm(servers, Path(folder), options).rage()
        finally:
            servers.stop()
            place.remove()
    sys.stdout.write(json.dumps(verdict) + "\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=["kill", "database", "redis"])
    parser.add_argument("--messages", type=int, default=400)
    parser.add_argument("--times", type=int, default=10, help="how many kills or restarts")
    parser.add_argument("--gateway", default="dedup=yes&ask=no")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    return parser.parse_args()


def _settle(place: Place, *, is_migrated: bool) -> None:
    os.environ |= place.environment() | {"PORTAL_MODE": "demo"}
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)
    if is_migrated:
        name = migrated.TEMPLATE
        os.environ["DATABASE_URL"] = place.database_url.replace("/portal?", f"/{name}?")
    from portal.mode import set_default_settings

    set_default_settings()
    import django

    django.setup()
    from django.core.management import call_command

    from portal.common import db_roles

    db_roles.use_owner()
    call_command("migrate", verbosity=0)


if __name__ == "__main__":
    main()
