//! Counts the words of a text. Each worker counts those of a part of it in a table of its own; then they are merged.

use std::thread;

use conpar::machine::bind_to;
use conpar::workload::{WordCounts, random_text, split_between_words};
use rayon::prelude::*;

use super::{Size, Workload};
use crate::openmp::OpenMp;

pub(crate) struct Words {
    text: String,
}

impl Words {
    pub(crate) fn new(size: Size) -> Words {
        Words { text: random_text(if size == Size::Full { 300_000 } else { 3_000 }, 1) }
    }
}

/// What is compared of the counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Summary {
    distinct: usize,
    checksum: u64,
}

impl From<WordCounts<'_>> for Summary {
    fn from(counts: WordCounts<'_>) -> Summary {
        Summary { distinct: counts.distinct(), checksum: counts.checksum() }
    }
}

impl Workload for Words {
    const NAME: &'static str = "words";
    type Output = Summary;

    fn blank(&self) -> Summary {
        Summary { distinct: usize::MAX, checksum: 0 }
    }

    fn serial(&self, out: &mut Summary) {
        *out = WordCounts::of(&self.text).into();
    }

    fn rayon(&self, out: &mut Summary) {
        let parts = split_between_words(&self.text, rayon::current_num_threads());
        let counts = parts.into_par_iter().map(WordCounts::of).reduce_with(WordCounts::merge);
        *out = counts.unwrap_or_else(|| WordCounts::of("")).into();
    }

    fn threads(&self, workers: usize, out: &mut Summary) {
        let counts = thread::scope(|scope| {
            let start = |(nth, part)| {
                scope.spawn(move || {
                    bind_to(nth);
                    WordCounts::of(part)
                })
            };
            let parts = split_between_words(&self.text, workers).into_iter().enumerate();
            let threads: Vec<_> = parts.map(start).collect();
            threads.into_iter().map(|thread| thread.join().expect("no panic")).reduce(WordCounts::merge)
        });
        *out = counts.unwrap_or_else(|| WordCounts::of("")).into();
    }

    fn openmp(&self, c: &OpenMp, workers: usize, out: &mut Summary) {
        type CountWords = unsafe extern "C" fn(i32, usize, *const u8, *mut u64) -> usize;
        // SAFETY: the type is that of `count_words` in words.c, which reads the text and writes the checksum.
        out.distinct = unsafe {
            let count_words = c.function::<CountWords>(c"count_words");
            count_words(workers as i32, self.text.len(), self.text.as_ptr(), &raw mut out.checksum)
        };
    }
}
