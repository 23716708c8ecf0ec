"""Document -> PlanDocument -> findings -> Parquet: reads what a plan says; never opens a source file."""
