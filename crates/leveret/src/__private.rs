//! What the macros' output names. Not part of the API.
