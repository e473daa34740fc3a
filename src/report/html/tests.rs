//! What the page holds and that it is well formed.
