"""Templates of web pages: what is put into them is text, and a name that nobody gave is a fault."""

import jinja2


def page_templates(package: str) -> jinja2.Environment:
    """The templates that lie in a package."""
    return jinja2.Environment(
        loader=jinja2.PackageLoader(package),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
