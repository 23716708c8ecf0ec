"""When it runs, what is retried, who is told: orchestration only (Prefect)."""
