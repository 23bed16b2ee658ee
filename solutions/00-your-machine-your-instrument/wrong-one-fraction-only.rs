// caught: "with another fraction it is wrong"
fn predicted(fraction: f64, ceiling: f64) -> f64 {
    ceiling / (1.0 + 0.4 * (ceiling - 1.0))
}
