"""Arrow -> Parquet that readers always see whole."""
