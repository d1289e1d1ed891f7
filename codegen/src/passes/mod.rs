//! The ordered list of passes on the IR.
