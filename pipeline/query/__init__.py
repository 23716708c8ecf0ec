"""Questions to the tables: DuckDB over the Parquet files, ready views with their meaning, a Python API."""
