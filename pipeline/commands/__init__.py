"""The commands, one module a subject; each has `register(app)`, and `app` lists them."""
