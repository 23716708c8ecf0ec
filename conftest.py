"""Its place makes the root importable in tests, so that they can build the documents of `samples`."""
