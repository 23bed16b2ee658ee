// caught: "All workers share the rest"
fn predicted(fraction: f64, ceiling: f64) -> f64 {
    ceiling.min(1.0 / (fraction + (1.0 - fraction)))
}
