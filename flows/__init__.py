"""When it runs, what is retried, who is told: orchestration only (Prefect)."""

from flows import settings

settings.apply()  # before any module here imports prefect, which reads its settings once
