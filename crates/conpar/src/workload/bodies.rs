//! Bodies that attract one another.

/// Softens the attraction of bodies that nearly touch, as is usual in N-body codes: Aarseth, "Gravitational N-Body
/// Simulations", 2003, section 2.1.
const SOFTENING: f64 = 1e-3;

/// The places and masses of bodies, each coordinate in an array of its own: neighbours in the loop are neighbours in
/// memory.
#[derive(Debug, Clone, PartialEq)]
pub struct Bodies {
    /// First coordinates.
    pub x: Vec<f64>,
    /// Second coordinates.
    pub y: Vec<f64>,
    /// Third coordinates.
    pub z: Vec<f64>,
    /// Masses.
    pub mass: Vec<f64>,
}

impl Bodies {
    /// `count` bodies in the unit cube, always the same.
    pub fn random(count: usize) -> Bodies {
        let [x, y, z, mass] = [1, 2, 3, 4].map(|seed| super::random_numbers(count, seed));
        Bodies { x, y, z, mass }
    }

    /// The acceleration of body `i` by all bodies, with a gravitational constant of 1: the sum of m d / (|d|² + ε²)^(3/2).
    pub fn acceleration(&self, i: usize) -> [f64; 3] {
        let mut sum = [0.0; 3];
        let others = self.x.iter().zip(&self.y).zip(&self.z).zip(&self.mass);
        let (x, y, z) = (self.x[i], self.y[i], self.z[i]);
        for (((&other_x, &other_y), &other_z), &mass) in others {
            let (dx, dy, dz) = (other_x - x, other_y - y, other_z - z);
            let square = dx * dx + dy * dy + dz * dz + SOFTENING * SOFTENING;
            let pull = mass / (square * square.sqrt());
            sum[0] += pull * dx;
            sum[1] += pull * dy;
            sum[2] += pull * dz;
        }
        sum
    }

    /// The accelerations of all bodies.
    pub fn accelerations(&self, all: &mut [[f64; 3]]) {
        for (i, one) in all.iter_mut().enumerate() {
            *one = self.acceleration(i);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_bodies_fall_towards_each_other() {
        let bodies = Bodies { x: vec![0.0, 2.0], y: vec![0.0, 0.0], z: vec![1.0, 1.0], mass: vec![3.0, 5.0] };
        let [x, y, z] = bodies.acceleration(0);
        assert!((x - 5.0 / 4.0).abs() < 1e-5, "m / d²: {x}");
        assert_eq!([y, z], [0.0; 2]);
    }

    #[test]
    fn forces_cancel_out() {
        let bodies = Bodies::random(100);
        let mut all = vec![[f64::NAN; 3]; 100];
        bodies.accelerations(&mut all);
        for axis in 0..3 {
            let sum: f64 = all.iter().zip(&bodies.mass).map(|(one, mass)| mass * one[axis]).sum();
            let size: f64 = all.iter().zip(&bodies.mass).map(|(one, mass)| (mass * one[axis]).abs()).sum();
            assert!(sum.abs() < 1e-12 * size, "actio is reactio: {sum} of {size}");
        }
    }
}
