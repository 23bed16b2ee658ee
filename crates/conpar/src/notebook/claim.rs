//! A claim of the text, checked by a measurement, in a form that a test can read.

use serde::{Deserialize, Serialize};

use super::Block;
use crate::language::{say, word};
use crate::measure::{Estimate, Verdict};

/// What a notebook claims, and what this run says of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Claim {
    /// The claim in words.
    pub claim: String,
    /// Whether this run supports it.
    pub verdict: Verdict,
    /// The measured value that decides, if one was measured.
    pub estimate: Option<Estimate>,
    /// Why the verdict is what it is.
    pub reason: String,
}

/// States `text` and what the measured `estimate` says of being above `bound`.
///
/// The verdict comes from the interval alone: "supported" when all of it lies above the bound, "violated" when all of
/// it lies below, else "cannot tell".
///
/// ```
/// use conpar::measure::{Estimate, Verdict};
/// use conpar::notebook::claim;
///
/// let speedup = Estimate { point: 1.9, low: 1.8, high: 1.95, level: 0.95 };
/// assert_eq!(claim("two workers help", &speedup).above(1.0).verdict, Verdict::Supported);
/// ```
pub fn claim(text: &str, estimate: &Estimate) -> Open {
    Open { claim: text.to_owned(), estimate: *estimate }
}

/// A claim that still lacks the bound it is held against.
#[derive(Debug, Clone)]
pub struct Open {
    claim: String,
    estimate: Estimate,
}

impl Open {
    /// Claims that the true value lies above `bound`.
    pub fn above(self, bound: f64) -> Claim {
        let verdict = self.estimate.above(bound);
        self.decided(verdict, &say!(en: "above {bound}", pt: "acima de {bound}"))
    }

    /// Claims that the true value lies below `bound`.
    pub fn below(self, bound: f64) -> Claim {
        let verdict = self.estimate.below(bound);
        self.decided(verdict, &say!(en: "below {bound}", pt: "abaixo de {bound}"))
    }

    /// Claims that the true value lies no farther than `distance` from `value`.
    pub fn near(self, value: f64, distance: f64) -> Claim {
        let verdict = self.estimate.within(value - distance, value + distance);
        self.decided(
            verdict,
            &say!(en: "within {distance} of {value}", pt: "a no máximo {distance} de {value}"),
        )
    }

    fn decided(self, verdict: Verdict, bound: &str) -> Claim {
        let reason =
            say!(en: "measured {}, claimed {bound}", pt: "medido {}, afirmado {bound}", self.estimate);
        Claim { claim: self.claim, verdict, estimate: Some(self.estimate), reason }
    }
}

impl Claim {
    /// The kind of output under which claims reach a test.
    pub const MIME: &'static str = "application/vnd.conpar.claim+json";

    /// A claim on which this machine cannot decide, and why.
    pub fn cannot_tell(claim: &str, reason: &str) -> Claim {
        let (claim, reason) = (claim.to_owned(), reason.to_owned());
        Claim { claim, verdict: Verdict::CannotTell, estimate: None, reason }
    }

    /// A claim on which nothing can be said, since too few samples were undisturbed.
    pub(super) fn too_busy(claim: &str) -> Claim {
        let reason = word!(
            en: "the machine was too busy: too few undisturbed samples",
            pt: "a máquina estava ocupada demais: poucas amostras limpas"
        );
        Claim::cannot_tell(claim, reason)
    }

    /// Shows the claim as the result of a cell.
    pub fn evcxr_display(&self) {
        Claims(vec![self.clone()]).evcxr_display();
    }
}

/// Several claims of one cell.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Claims(pub Vec<Claim>);

impl Claims {
    /// Shows the claims as the result of a cell.
    pub fn evcxr_display(&self) {
        Block { notes: self.sentences(), claims: self.0.clone(), ..Block::default() }.emit();
    }

    /// Each claim with its verdict, in words.
    pub(super) fn sentences(&self) -> Vec<String> {
        let sentence = |claim: &Claim| format!("{}: {} ({}).", claim.claim, claim.verdict, claim.reason);
        self.0.iter().map(sentence).collect()
    }
}
