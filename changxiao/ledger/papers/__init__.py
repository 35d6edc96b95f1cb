"""纸本: PDF from a template of ours and plain data, typeset by typst in a process of its own."""
