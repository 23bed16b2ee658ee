//! Recording: each participant writes for itself; what they wrote comes together when they end.

use std::cell::RefCell;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use super::conversation::{Conversation, MOST_PARTICIPANTS, assemble};

/// The most events that a participant keeps: 3 MB. More are counted and dropped, so that a record cannot fill the memory.
pub(super) const MOST_EVENTS: usize = 100_000;

/// For how many events there is room from the beginning.
const ROOM: usize = 1_024;

/// Records the messages of `talk`, which gets a [`Talk`] to name those who take part.
pub fn conversation(name: &str, talk: impl FnOnce(&Talk)) -> Conversation {
    let record = Talk::begin();
    talk(&record);
    record.conversation(name)
}

/// Where those who take part in a conversation come together.
#[derive(Debug, Clone)]
pub struct Talk {
    record: Arc<Record>,
}

#[derive(Debug)]
struct Record {
    start: Instant,
    gathered: Mutex<Gathered>,
}

/// The names of all participants, in the order in which they were named, and what those wrote that have ended.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    pub(super) names: Vec<String>,
    pub(super) ended: Vec<(usize, Written)>,
    /// Events of participants for which there was no place.
    pub(super) dropped: u64,
}

/// What one participant wrote.
#[derive(Debug, Default)]
pub(super) struct Written {
    pub(super) events: Vec<Event>,
    /// How many messages it offered, those that found no place included.
    offered: u32,
    pub(super) dropped: u64,
}

/// Something that happened, so many nanoseconds after the start.
#[derive(Debug, Clone, Copy)]
pub(super) struct Event {
    pub(super) at: u64,
    pub(super) what: What,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum What {
    /// A message was offered; it may have a name.
    Offered(Option<&'static str>),
    /// The send of the message that was offered last has returned.
    Returned,
    /// The message with this number of the participant `from` was received.
    Received { from: u32, number: u32 },
    /// Work that began at this moment was done at another.
    Worked { until: u64 },
    /// The participant was told that it had missed messages.
    Missed { count: u64 },
}

/// A value on its way, with the mark by which its sender is found again.
///
/// It goes through any channel. [`Participant::received`] gives the value back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Message<T> {
    value: T,
    from: u32,
    number: u32,
}

/// One who takes part in a conversation: a thread or a task. It may be moved to another thread; it ends when it is dropped,
/// which has to be before the conversation is over.
#[derive(Debug)]
pub struct Participant {
    record: Arc<Record>,
    /// Its place in the conversation; `None` where there was none left.
    number: Option<usize>,
    written: RefCell<Written>,
}

impl Talk {
    pub(super) fn begin() -> Talk {
        Talk { record: Arc::new(Record { start: Instant::now(), gathered: Mutex::default() }) }
    }

    /// Names one who takes part. The life lines of a figure stand in the order of these calls. A conversation has at most
    /// [`MOST_PARTICIPANTS`]; what more of them do is counted, and not kept.
    pub fn participant(&self, name: &str) -> Participant {
        let number = self.record.gather(|gathered| {
            let number = gathered.names.len();
            (number < MOST_PARTICIPANTS).then(|| {
                gathered.names.push(name.to_owned());
                number
            })
        });
        let events = Vec::with_capacity(if number.is_some() { ROOM } else { 0 });
        let written = RefCell::new(Written { events, ..Written::default() });
        Participant { record: Arc::clone(&self.record), number, written }
    }

    /// Ends the conversation: what those wrote who have ended.
    pub(super) fn conversation(&self, name: &str) -> Conversation {
        let makespan = self.record.start.elapsed().as_secs_f64();
        let gathered = self.record.gather(std::mem::take);
        assemble(name, gathered, makespan)
    }
}

impl Record {
    fn gather<T>(&self, change: impl FnOnce(&mut Gathered) -> T) -> T {
        // A panic elsewhere leaves it whole: it is only ever appended to.
        change(&mut self.gathered.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Participant {
    /// Marks that a message is offered, and gives what is to be sent. `alice.sent(to.send(alice.offer(5)))` marks both ends
    /// of a send.
    pub fn offer<T>(&self, value: T) -> Message<T> {
        self.offered(None, value)
    }

    /// As [`offer`](Participant::offer), of a message that has a name in the figure.
    pub fn offer_as<T>(&self, name: &'static str, value: T) -> Message<T> {
        self.offered(Some(name), value)
    }

    fn offered<T>(&self, name: Option<&'static str>, value: T) -> Message<T> {
        let from = self.number.map_or(u32::MAX, |number| number as u32);
        let number = self.written.borrow().offered;
        self.write(self.now(), What::Offered(name));
        self.written.borrow_mut().offered = number.saturating_add(1);
        Message { value, from, number }
    }

    /// Marks that the send of the last message has returned, and hands on what it returned.
    pub fn sent<R>(&self, returned: R) -> R {
        self.write(self.now(), What::Returned);
        returned
    }

    /// Marks that a message was received, and gives its value.
    pub fn received<T>(&self, message: Message<T>) -> T {
        self.write(self.now(), What::Received { from: message.from, number: message.number });
        message.value
    }

    /// Does work, and marks from when to when.
    pub fn working<R>(&self, work: impl FnOnce() -> R) -> R {
        let start = self.now();
        let value = work();
        self.write(start, What::Worked { until: self.now() });
        value
    }

    /// Marks that a channel said: so many messages were missed, as tokio's `broadcast` tells a receiver that lags.
    pub fn missed(&self, count: u64) {
        self.write(self.now(), What::Missed { count });
    }

    fn now(&self) -> u64 {
        // 584 years fit.
        self.record.start.elapsed().as_nanos() as u64
    }

    fn write(&self, at: u64, what: What) {
        let mut written = self.written.borrow_mut();
        if self.number.is_some() && written.events.len() < MOST_EVENTS {
            written.events.push(Event { at, what });
        } else {
            written.dropped += 1;
        }
    }
}

impl Drop for Participant {
    fn drop(&mut self) {
        let written = std::mem::take(self.written.get_mut());
        self.record.gather(|gathered| match self.number {
            Some(number) => gathered.ended.push((number, written)),
            None => gathered.dropped += written.dropped,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_counted() {
        let talk = conversation("many", |talk| {
            let alice = talk.participant("alice");
            (0..MOST_EVENTS as u64 + 5).for_each(|count| alice.missed(count));
        });
        assert_eq!((talk.lifelines[0].missed.len(), talk.dropped), (MOST_EVENTS, 5));
        let crowd = conversation("a crowd", |talk| {
            for _ in 0..MOST_PARTICIPANTS + 3 {
                let one = talk.participant("one");
                one.received(one.offer(()));
            }
        });
        assert_eq!((crowd.lifelines.len(), crowd.dropped), (MOST_PARTICIPANTS, 6));
        assert!(crowd.messages.iter().all(|message| message.received.len() == 1));
    }

    #[test]
    fn who_has_not_ended_is_said_to_be_missing() {
        let mut left = None;
        let talk = conversation("left behind", |talk| {
            left = Some(talk.participant("late"));
            drop(talk.participant("in time"));
        });
        assert_eq!(talk.unended(), ["late"]);
    }
}
