//! Measures and draws concurrency and parallelism.
