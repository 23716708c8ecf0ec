"""XML of Office Open XML packages: names, a parser that follows nothing, questions to many elements at once."""

from collections.abc import Callable
from typing import Any

from lxml import etree

Element = etree._Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"

DELETED = frozenset({W + "del", W + "moveFrom"})
UNPRINTED = (*DELETED, MC + "Fallback", W + "rt")

STRICT = b"http://purl.oclc.org/ooxml/"
_STRICT_NAMES = (  # ISO/IEC 29500 Strict names the same elements in other namespaces
    (STRICT + b"wordprocessingml/main", b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"),
    (STRICT + b"officeDocument/math", b"http://schemas.openxmlformats.org/officeDocument/2006/math"),
    (STRICT + b"officeDocument/relationships", b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"),
    (STRICT + b"drawingml/main", b"http://schemas.openxmlformats.org/drawingml/2006/main"),
)


def transitional(blob: bytes) -> bytes:
    """A part with the names of ISO/IEC 29500 Transitional, which are those of ECMA-376."""
    if STRICT in blob:
        for strict, usual in _STRICT_NAMES:
            blob = blob.replace(strict, usual)
    return blob


def parse_xml(blob: bytes) -> Element:
    """The root of a part. No entities, no network, libxml2's limits on depth and length stay on.

    Raises:
        etree.XMLSyntaxError: the part is not well-formed.
        ValueError: the part declares a document type (entities), which OPC forbids.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    root = etree.fromstring(transitional(blob), parser)
    if root.getroottree().docinfo.internalDTD is not None:
        raise ValueError("document type declaration in a package part")
    return root


def child(parent: Element | None, name: str) -> Element | None:
    """The first child of this name in WordprocessingML; sooner found than by `find`."""
    return next(parent.iterchildren(W + name), None) if parent is not None else None


def xpath(expression: str) -> Callable[[Element], Any]:
    """A question to many elements at once, answered without an object for each; prefixes `w` and `mc`."""
    return etree.XPath(expression, namespaces={"w": W[1:-1], "mc": MC[1:-1]}, smart_strings=False)
