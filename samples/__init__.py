"""Plans of our own writing, built as Word, PDF and text from readable sources (samples/plans/*.toml)."""
