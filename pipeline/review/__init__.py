"""Review: a local page where a checker sees the crop of the paper beside the fields, corrects and confirms."""
