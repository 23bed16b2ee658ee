// caught: "All workers share the rest" or "what stays serial takes its time"
fn predicted(fraction: f64, ceiling: f64) -> f64 {
    ceiling * (1.0 - fraction)
}
