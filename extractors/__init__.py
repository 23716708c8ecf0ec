"""bytes -> Document: knows file formats, knows nothing about plans."""
