"""How Prefect runs here: on this machine, quietly, telling nobody outside.

Prefect reads its settings from the environment when it is first imported, so these must stand before. What the
operator has set himself stays.
"""

import os

DEFAULTS = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",  # no usage reports to the outside
    "PREFECT_TELEMETRY_ENABLE_RESOURCE_METRICS": "false",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",  # the first start makes a database: 15 s, more if busy
}


def apply() -> None:
    """Sets the defaults that are not set yet."""
    for name, value in DEFAULTS.items():
        os.environ.setdefault(name, value)
