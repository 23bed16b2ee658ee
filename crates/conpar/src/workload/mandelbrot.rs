//! The Mandelbrot set: how many steps each point of the plane takes to escape.

/// A picture of the plane from -2 to 0.5 and from -1.25i to 1.25i.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mandelbrot {
    /// Points in a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// The steps after which a point counts as one of the set.
    pub limit: u32,
}

impl Mandelbrot {
    /// The steps z ← z² + c that leave z within a distance of 2, from 0 to the limit, for each point of row `y`.
    pub fn row(&self, y: usize, steps: &mut [u32]) {
        let imaginary = 2.5 * y as f64 / self.height as f64 - 1.25;
        for (x, steps) in steps.iter_mut().enumerate() {
            let real = 2.5 * x as f64 / self.width as f64 - 2.0;
            *steps = escape(real, imaginary, self.limit);
        }
    }

    /// The same for the whole picture, row after row: `steps` has width × height elements.
    pub fn picture(&self, steps: &mut [u32]) {
        for (y, row) in steps.chunks_mut(self.width).enumerate() {
            self.row(y, row);
        }
    }
}

fn escape(real: f64, imaginary: f64, limit: u32) -> u32 {
    let (mut x, mut y) = (0.0, 0.0);
    for step in 0..limit {
        let (x2, y2) = (x * x, y * y);
        if x2 + y2 > 4.0 {
            return step;
        }
        y = 2.0 * x * y + imaginary;
        x = x2 - y2 + real;
    }
    limit
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_points_escape_when_they_should() {
        assert_eq!(escape(0.0, 0.0, 100), 100, "the origin never does");
        assert_eq!(escape(-1.0, 0.0, 100), 100, "-1 goes to 0 and back");
        // 1, 2, 5: the first that is further than 2 is the third.
        assert_eq!(escape(1.0, 0.0, 100), 3);
    }

    #[test]
    fn the_picture_is_the_same_above_and_below_the_real_axis() {
        let view = Mandelbrot { width: 40, height: 20, limit: 50 };
        let mut steps = vec![u32::MAX; 800];
        view.picture(&mut steps);
        assert!(steps.contains(&50) && steps.contains(&1));
        for y in 1..view.height {
            assert_eq!(steps[y * 40..][..40], steps[(20 - y) * 40..][..40], "row {y}");
        }
    }
}
