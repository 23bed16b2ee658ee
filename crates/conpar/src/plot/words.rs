//! Words that figures, captions and notes share, so that one thing is worded in one place.

use crate::measure::Estimator;

/// `count` of a thing: "1 worker", "2 workers".
pub(crate) fn counted(count: usize, thing: &str) -> String {
    if count == 1 { format!("1 {thing}") } else { format!("{count} {thing}s") }
}

/// Cores' worth of time, which a quota can make a fraction: "1 core", "1.5 cores".
pub(crate) fn cores(effective: f64) -> String {
    if effective == 1.0 { "1 core".to_owned() } else { format!("{effective} cores") }
}

/// The number of workers: "1 worker", "2 workers".
pub(crate) fn workers(count: usize) -> String {
    counted(count, "worker")
}

/// How a time was estimated.
pub(crate) fn estimator(estimator: Estimator) -> &'static str {
    match estimator {
        Estimator::MedianOfClean => "median of clean samples",
        Estimator::Minimum => "minimum",
    }
}

/// At most `most` characters of a name that stands in full elsewhere.
pub(crate) fn shortened(name: &str, most: usize) -> String {
    match name.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_singular_and_all_else_is_plural() {
        assert_eq!([0, 1, 2].map(workers), ["0 workers", "1 worker", "2 workers"]);
        assert_eq!([1.0, 1.5, 2.0].map(cores), ["1 core", "1.5 cores", "2 cores"]);
    }

    #[test]
    fn a_name_is_cut_between_characters() {
        assert_eq!(shortened("ação", 3), "açã…");
        assert_eq!(shortened("ação", 4), "ação");
    }
}
