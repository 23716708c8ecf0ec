"""What words mean: exact names and aliases as data, loaded strictly.

Every file is TOML beside this module. A name (after `text.key`) with two owners, an unknown field or a missing
one raises VocabularyError before the first document is read.
"""
