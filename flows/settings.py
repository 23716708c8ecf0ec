"""How Prefect runs here: on this machine, quietly, telling nobody outside.

Prefect reads its settings from the environment when it is first imported, so these must stand before. What the
operator has set himself stays.
"""

import os
from pathlib import Path

DEFAULTS = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",  # no usage reports to the outside
    "PREFECT_TELEMETRY_ENABLE_RESOURCE_METRICS": "false",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",  # the first start makes a database: 15 s, more if busy
}
HOST = "127.0.0.1"  # Prefect's page knows no passwords, so it is shown to this machine only
_DAY = 24 * 60 * 60
_EVENT_DAYS = 7  # events are many and tell nothing that runs and logs do not


def apply() -> None:
    """Sets the defaults that are not set yet."""
    for name, value in DEFAULTS.items():
        os.environ.setdefault(name, value)


def of_service(state: Path, port: int, history_days: int) -> dict[str, str]:
    """What server, runner and flow runs of `kehoach serve` share.

    Whatever PREFECT_ settings the operator has for other servers would send our runs there; these take their place.
    """
    foreign = {name for name in os.environ if name.startswith("PREFECT_") and name not in DEFAULTS}
    kept = {name: value for name, value in os.environ.items() if name not in foreign}
    return kept | {
        "PREFECT_HOME": str(state / "prefect"),
        "PREFECT_PROFILES_PATH": str(state / "prefect" / "profiles.toml"),
        "PREFECT_API_URL": f"http://{HOST}:{port}/api",
        "PREFECT_SERVER_API_HOST": HOST,
        "PREFECT_SERVER_API_PORT": str(port),
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": str(history_days * _DAY),
        "PREFECT_SERVER_EVENTS_RETENTION_PERIOD": f"P{min(history_days, _EVENT_DAYS)}D",
        # Kept in memory, the place of a run that was killed together with the server would stay taken for ever.
        "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem",
    }
