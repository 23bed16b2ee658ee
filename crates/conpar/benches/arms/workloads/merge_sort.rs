//! Sorts by merging. Halves are sorted at the same time as long as they are large; the last merge has one worker alone.

use std::thread;

use conpar::machine::bind_to;
use conpar::workload::{merge, merge_sort};

use super::{Size, Workload};
use crate::openmp::OpenMp;

/// Pieces up to this length are sorted by one worker: it takes some hundred microseconds.
const GRAIN: usize = 1 << 14;

pub(crate) struct Sort {
    values: Vec<u32>,
}

impl Sort {
    pub(crate) fn new(size: Size) -> Sort {
        let mut rng = fastrand::Rng::with_seed(1);
        let length = if size == Size::Full { 1 << 18 } else { 2 * GRAIN + 77 };
        Sort { values: (0..length).map(|_| rng.u32(..)).collect() }
    }
}

/// The values to sort, and as much memory to merge them in.
#[derive(Debug, Clone)]
pub(crate) struct Sorted {
    values: Vec<u32>,
    buffer: Vec<u32>,
}

impl PartialEq for Sorted {
    fn eq(&self, other: &Sorted) -> bool {
        self.values == other.values
    }
}

impl Workload for Sort {
    const NAME: &'static str = "merge-sort";
    type Output = Sorted;

    fn blank(&self) -> Sorted {
        Sorted { values: self.values.clone(), buffer: vec![0; self.values.len()] }
    }

    fn prepare(&self, out: &mut Sorted) {
        out.values.copy_from_slice(&self.values);
    }

    fn serial(&self, out: &mut Sorted) {
        merge_sort(&mut out.values, &mut out.buffer);
    }

    fn rayon(&self, out: &mut Sorted) {
        sort_joining(&mut out.values, &mut out.buffer);
    }

    fn threads(&self, workers: usize, out: &mut Sorted) {
        sort_on(0, workers, &mut out.values, &mut out.buffer);
    }

    fn openmp(&self, c: &OpenMp, workers: usize, out: &mut Sorted) {
        type MergeSort = unsafe extern "C" fn(i32, usize, usize, *mut u32, *mut u32);
        let (length, values) = (out.values.len(), out.values.as_mut_ptr());
        // SAFETY: the type is that of `merge_sort` in merge_sort.c; both arrays have `length` elements.
        unsafe {
            let merge_sort = c.function::<MergeSort>(c"merge_sort");
            merge_sort(workers as i32, GRAIN, length, values, out.buffer.as_mut_ptr());
        }
    }
}

fn sort_joining(values: &mut [u32], buffer: &mut [u32]) {
    if values.len() <= GRAIN {
        return merge_sort(values, buffer);
    }
    let middle = values.len() / 2;
    let (left, right) = values.split_at_mut(middle);
    let (left_buffer, right_buffer) = buffer.split_at_mut(middle);
    rayon::join(|| sort_joining(left, left_buffer), || sort_joining(right, right_buffer));
    merge(left, right, buffer);
    values.copy_from_slice(buffer);
}

/// Sorts with the workers `nth` to `nth + workers`: one of them is the calling thread.
fn sort_on(nth: usize, workers: usize, values: &mut [u32], buffer: &mut [u32]) {
    if workers <= 1 || values.len() <= GRAIN {
        return thread::scope(|scope| {
            scope.spawn(|| {
                bind_to(nth);
                merge_sort(values, buffer);
            });
        });
    }
    // An odd worker gets a larger share: a third of the values for one of three.
    let (few, many) = (workers / 2, workers - workers / 2);
    let middle = values.len() * few / workers;
    let (left, right) = values.split_at_mut(middle);
    let (left_buffer, right_buffer) = buffer.split_at_mut(middle);
    thread::scope(|scope| {
        scope.spawn(|| sort_on(nth, few, left, left_buffer));
        sort_on(nth + few, many, right, right_buffer);
    });
    merge(left, right, buffer);
    values.copy_from_slice(buffer);
}
