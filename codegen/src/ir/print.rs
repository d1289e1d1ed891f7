//! Readable text of the IR, for tests and `modgen --emit ir`.
