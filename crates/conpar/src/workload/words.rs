//! How often each word occurs in a text.

/// Words and their counts, in a hash table with open addressing: Knuth, "The Art of Computer Programming" 3, section 6.4,
/// algorithm L. The hash is FNV-1a (Fowler, Noll and Vo), computed while the word's end is looked for.
#[derive(Debug, Clone)]
pub struct WordCounts<'t> {
    /// A power of two of slots, at most half of them taken. A count of 0 marks a free one.
    slots: Vec<Slot<'t>>,
    distinct: usize,
}

#[derive(Debug, Clone, Copy, Default)]
struct Slot<'t> {
    hash: u64,
    word: &'t [u8],
    count: u64,
}

/// The number of slots of an empty table.
const SLOTS: usize = 1 << 13;

impl<'t> WordCounts<'t> {
    /// Counts the words of `text`: what stands between spaces or the ends of lines.
    pub fn of(text: &'t str) -> WordCounts<'t> {
        let mut counts = WordCounts { slots: vec![Slot::default(); SLOTS], distinct: 0 };
        let mut rest = text.as_bytes();
        while let Some(start) = rest.iter().position(|byte| !is_space(*byte)) {
            rest = &rest[start..];
            let mut hash = 0xcbf2_9ce4_8422_2325;
            let mut length = 0;
            for &byte in rest.iter().take_while(|byte| !is_space(**byte)) {
                hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
                length += 1;
            }
            let (word, after) = rest.split_at(length);
            counts.add(Slot { hash, word, count: 1 });
            rest = after;
        }
        counts
    }

    /// The counts of two texts together.
    pub fn merge(mut self, other: WordCounts<'t>) -> WordCounts<'t> {
        other.slots.into_iter().filter(|slot| slot.count > 0).for_each(|slot| self.add(slot));
        self
    }

    /// How often `word` occurred.
    pub fn count(&self, word: &str) -> u64 {
        self.iter().find(|(other, _)| *other == word.as_bytes()).map_or(0, |(_, count)| count)
    }

    /// All words, in no order.
    pub fn iter(&self) -> impl Iterator<Item = (&'t [u8], u64)> {
        self.slots.iter().filter(|slot| slot.count > 0).map(|slot| (slot.word, slot.count))
    }

    /// How many different words there are.
    pub fn distinct(&self) -> usize {
        self.distinct
    }

    /// A number that depends on every word and its count, and not on their order: the sum of hash × count, modulo 2⁶⁴.
    pub fn checksum(&self) -> u64 {
        self.slots.iter().fold(0, |sum, slot| sum.wrapping_add(slot.hash.wrapping_mul(slot.count)))
    }

    fn add(&mut self, new: Slot<'t>) {
        let mask = self.slots.len() - 1;
        let mut place = new.hash as usize & mask;
        loop {
            let slot = &mut self.slots[place & mask];
            if slot.count == 0 {
                *slot = new;
                self.distinct += 1;
                return self.grow();
            }
            if slot.hash == new.hash && slot.word == new.word {
                slot.count += new.count;
                return;
            }
            place += 1;
        }
    }

    /// Keeps half of the slots free, so that a word is found after few looks, and the search for a free one ends.
    fn grow(&mut self) {
        if self.distinct * 2 > self.slots.len() {
            let larger = vec![Slot::default(); self.slots.len() * 2];
            let full = std::mem::replace(&mut self.slots, larger);
            self.distinct = 0;
            full.into_iter().filter(|slot| slot.count > 0).for_each(|slot| self.add(slot));
        }
    }
}

fn is_space(byte: u8) -> bool {
    byte == b' ' || byte == b'\n'
}

/// A text of so many words, always the same for a seed. As in a real text few words are frequent and many are rare: word
/// number n of 4,000 comes about 1/n times as often as the first (Zipf's law).
pub fn random_text(words: usize, seed: u64) -> String {
    const VOCABULARY: usize = 4_000;
    let mut rng = fastrand::Rng::with_seed(seed);
    let vocabulary: Vec<String> = (0..VOCABULARY)
        .map(|_| {
            let letters = rng.usize(2..11);
            (0..letters).map(|_| rng.lowercase()).collect()
        })
        .collect();
    let mut text = String::new();
    for word in 0..words {
        // The number of a word is below n in a share of ln n / ln 4,000 of the cases.
        let number = (VOCABULARY as f64).powf(rng.f64()) as usize;
        text.push_str(&vocabulary[number.min(VOCABULARY) - 1]);
        text.push(if word % 12 == 11 { '\n' } else { ' ' });
    }
    text
}

/// `text` in at most `parts` pieces of about the same length, cut between words.
pub fn split_between_words(text: &str, parts: usize) -> Vec<&str> {
    let length = text.len().div_ceil(parts.max(1));
    let mut pieces = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let after = rest.as_bytes().iter().skip(length).position(|byte| is_space(*byte));
        let (piece, others) = rest.split_at(after.map_or(rest.len(), |after| length + after));
        pieces.push(piece);
        rest = others;
    }
    pieces
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    fn naive(text: &str) -> HashMap<&[u8], u64> {
        let mut counts = HashMap::new();
        text.split_ascii_whitespace().for_each(|word| *counts.entry(word.as_bytes()).or_insert(0) += 1);
        counts
    }

    #[test]
    fn counts_are_those_of_a_hash_map() {
        let many: String = (0..SLOTS).map(|n| format!("w{} ", n * n % 9_001)).collect();
        for text in ["", " ", "one", " one  two\none ", &random_text(5_000, 1), &many] {
            let counts = WordCounts::of(text);
            assert_eq!(counts.iter().collect::<HashMap<_, _>>(), naive(text));
            assert_eq!(counts.distinct(), naive(text).len());
        }
        assert_eq!(WordCounts::of(" one  two\none ").count("one"), 2);
        assert_eq!(WordCounts::of("one").count("two"), 0);
    }

    #[test]
    fn pieces_merge_to_the_whole() {
        let text = random_text(5_000, 2);
        for parts in [1, 2, 3, 7] {
            let pieces = split_between_words(&text, parts);
            assert!(pieces.len() <= parts && pieces.concat() == text);
            let merged = pieces.into_iter().map(WordCounts::of).reduce(WordCounts::merge).expect("a piece");
            assert_eq!(merged.iter().collect::<HashMap<_, _>>(), naive(&text));
            assert_eq!(merged.checksum(), WordCounts::of(&text).checksum());
        }
    }
}
