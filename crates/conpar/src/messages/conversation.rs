//! The result of a record, as plain data.

use serde::{Deserialize, Serialize};

use super::record::{Event, Gathered, What};
use crate::Error;
use crate::language::word;

/// The most who take part in one conversation.
pub const MOST_PARTICIPANTS: usize = 16;

/// What was said between whom.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Conversation {
    /// The name of the conversation.
    pub name: String,
    /// Those who took part.
    pub lifelines: Vec<Lifeline>,
    /// The messages, in the order in which they were offered.
    pub messages: Vec<Sent>,
    /// From the start of the record to its end, in seconds.
    pub makespan: f64,
    /// How many marks were not kept: they did not fit, or belong to a message whose sender is missing.
    pub dropped: u64,
}

/// One who took part.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Lifeline {
    /// The name.
    pub name: String,
    /// Whether the record is there; one who had not ended left none.
    pub ended: bool,
    /// When it worked.
    pub working: Vec<Span>,
    /// When it was told that it had missed messages.
    pub missed: Vec<Missed>,
}

/// A stretch of time.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Span {
    /// Seconds from the start of the record.
    pub start: f64,
    /// Seconds from the start of the record.
    pub end: f64,
}

/// Messages that a channel dropped before a receiver could take them.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Missed {
    /// When the receiver was told, in seconds from the start of the record.
    pub at: f64,
    /// How many.
    pub count: u64,
}

/// One message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sent {
    /// Its sender, an index of a life line.
    pub from: usize,
    /// Its name; empty where it has none.
    pub name: String,
    /// How many messages its sender had offered before.
    pub number: u64,
    /// When it was offered, in seconds from the start of the record.
    pub offered: f64,
    /// When its send returned; `None` where that was not marked.
    pub returned: Option<f64>,
    /// By whom it was received, and when; none for one that was lost, several for a broadcast.
    pub received: Vec<Receipt>,
}

/// That a message was received.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Receipt {
    /// The receiver, an index of a life line.
    pub by: usize,
    /// Seconds from the start of the record.
    pub at: f64,
}

impl Conversation {
    /// How long each message was on its way, from its offer until it was received, in seconds and ascending: one for each
    /// receiver.
    pub fn latencies(&self) -> Vec<f64> {
        let each = |message: &Sent| {
            message.received.iter().map(|receipt| receipt.at - message.offered).collect::<Vec<_>>()
        };
        let mut latencies: Vec<f64> = self.messages.iter().flat_map(each).collect();
        latencies.sort_unstable_by(f64::total_cmp);
        latencies
    }

    /// The messages a second, from the first receipt to the last; `None` with fewer than two.
    pub fn rate(&self) -> Option<f64> {
        let received =
            || self.messages.iter().flat_map(|message| &message.received).map(|receipt| receipt.at);
        let (first, last) = (received().reduce(f64::min)?, received().reduce(f64::max)?);
        (last > first).then(|| (received().count() - 1) as f64 / (last - first))
    }

    /// How long this participant was inside its sends, in seconds.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchArm`] where nobody has this name.
    pub fn sending(&self, participant: &str) -> Result<f64, Error> {
        let number = self.lifelines.iter().position(|lifeline| lifeline.name == participant);
        let number = number.ok_or_else(|| Error::NoSuchArm {
            arm: participant.to_owned(),
            measured: self
                .lifelines
                .iter()
                .map(|lifeline| lifeline.name.as_str())
                .collect::<Vec<_>>()
                .join("`, `"),
        })?;
        Ok(self.sending_of(number))
    }

    /// How long the participant with this number was inside its sends, in seconds.
    pub(crate) fn sending_of(&self, number: usize) -> f64 {
        let own = self.messages.iter().filter(|message| message.from == number);
        own.filter_map(|message| Some(message.returned? - message.offered)).fold(0.0, |sum, time| sum + time)
    }

    /// How many messages nobody received.
    pub fn lost(&self) -> usize {
        self.messages.iter().filter(|message| message.received.is_empty()).count()
    }

    /// The names of those who had not ended when the conversation was over: of them nothing is known.
    pub fn unended(&self) -> Vec<&str> {
        self.lifelines
            .iter()
            .filter(|lifeline| !lifeline.ended)
            .map(|lifeline| lifeline.name.as_str())
            .collect()
    }

    /// What no record can hold, in words.
    pub(crate) fn contradiction(&self) -> Option<&'static str> {
        let count = self.lifelines.len();
        let wrong = |message: &Sent| {
            message.from >= count
                || message.offered < 0.0
                || message.returned.is_some_and(|returned| returned < message.offered)
                || message.received.iter().any(|receipt| receipt.by >= count || receipt.at < message.offered)
        };
        let spans = |lifeline: &Lifeline| {
            lifeline.working.iter().all(|span| 0.0 <= span.start && span.start <= span.end)
        };
        match () {
            () if count > MOST_PARTICIPANTS => Some(word!(
                en: "there are more participants than a figure can show",
                pt: "há mais participantes do que uma figura pode mostrar"
            )),
            () if self.makespan < 0.0 => {
                Some(word!(en: "it ends before it starts", pt: "termina antes de começar"))
            }
            () if self.messages.iter().any(wrong) => Some(word!(
                en: "a message arrives before it was sent, or has no sender",
                pt: "uma mensagem chega antes de ser enviada, ou não tem emissor"
            )),
            () if !self.lifelines.iter().all(spans) => {
                Some(word!(en: "work ends before it starts", pt: "um trabalho termina antes de começar"))
            }
            () if self
                .lifelines
                .iter()
                .flat_map(|lifeline| &lifeline.missed)
                .any(|missed| missed.at < 0.0) =>
            {
                Some(word!(
                    en: "something was missed before the start",
                    pt: "algo se perdeu antes do início"
                ))
            }
            () => None,
        }
    }
}

/// Brings the two ends of each message together.
pub(super) fn assemble(name: &str, gathered: Gathered, makespan: f64) -> Conversation {
    let seconds = |nanoseconds: u64| nanoseconds as f64 * 1e-9;
    let Gathered { names, ended, mut dropped } = gathered;
    let lifeline = |name| Lifeline { name, ended: false, working: Vec::new(), missed: Vec::new() };
    let mut lifelines: Vec<Lifeline> = names.into_iter().map(lifeline).collect();
    let mut sent: Vec<Vec<Sent>> = lifelines.iter().map(|_| Vec::new()).collect();
    for (number, written) in &ended {
        let (lifeline, own) = (&mut lifelines[*number], &mut sent[*number]);
        lifeline.ended = true;
        dropped += written.dropped;
        for &Event { at, what } in &written.events {
            match what {
                What::Offered(name) => own.push(Sent {
                    from: *number,
                    name: name.unwrap_or_default().to_owned(),
                    number: own.len() as u64,
                    offered: seconds(at),
                    returned: None,
                    received: Vec::new(),
                }),
                What::Returned => match own.last_mut().filter(|last| last.returned.is_none()) {
                    Some(last) => last.returned = Some(seconds(at)),
                    None => dropped += 1,
                },
                What::Received { .. } => (),
                What::Worked { until } => {
                    lifeline.working.push(Span { start: seconds(at), end: seconds(until) })
                }
                What::Missed { count } => lifeline.missed.push(Missed { at: seconds(at), count }),
            }
        }
    }
    for (by, written) in &ended {
        for &Event { at, what } in &written.events {
            let What::Received { from, number } = what else { continue };
            let message = sent.get_mut(from as usize).and_then(|own| own.get_mut(number as usize));
            // A message of another conversation would come before it was offered in this one, or have no sender here.
            match message.filter(|message| message.offered <= seconds(at)) {
                Some(message) => message.received.push(Receipt { by: *by, at: seconds(at) }),
                None => dropped += 1,
            }
        }
    }
    let mut messages: Vec<Sent> = sent.into_iter().flatten().collect();
    messages.sort_by(|one, two| one.offered.total_cmp(&two.offered));
    messages.iter_mut().for_each(|message| message.received.sort_by(|one, two| one.at.total_cmp(&two.at)));
    Conversation { name: name.to_owned(), lifelines, messages, makespan, dropped }
}
