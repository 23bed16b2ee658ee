// caught: "what stays serial takes its time"
fn predicted(fraction: f64, ceiling: f64) -> f64 {
    1.0 / fraction
}
