"""How words are recognised: rules that carry their examples, text -> spans with values."""
