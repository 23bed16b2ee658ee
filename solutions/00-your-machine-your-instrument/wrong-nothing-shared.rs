// caught: "All workers share the rest"
fn predicted(fraction: f64, ceiling: f64) -> f64 {
    1.0
}
