//! Meaning of a syntax tree: names, ions, calls; AST to IR.
