"""The commands, one module a subject; each has `register(app)`, and pipeline.cli lists them."""
