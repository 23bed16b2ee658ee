fn predicted(fraction: f64, ceiling: f64) -> f64 {
    1.0 / (fraction + (1.0 - fraction) / ceiling)
}
