"""What words mean: exact names and aliases as data, loaded strictly.

Every file is TOML beside this module. A name (after `text.key`) with two owners, an unknown field or a missing
one raises VocabularyError before the first document is read.
"""

from pipeline.vocab.doctypes import (
    DocType,
    DocTypes,
    Suffix,
    doctype_named,
    doctype_of_code,
    doctypes_of_code,
    issuers_of_symbol,
    load_doctypes,
    suffix_of_code,
)
from pipeline.vocab.provinces import Province, load_provinces, place_key, province_named, provinces_named

__all__ = [
    "DocType",
    "DocTypes",
    "Province",
    "Suffix",
    "doctype_named",
    "doctype_of_code",
    "doctypes_of_code",
    "issuers_of_symbol",
    "load_doctypes",
    "load_provinces",
    "place_key",
    "province_named",
    "provinces_named",
    "suffix_of_code",
]
