//! A sequence diagram of recorded messages: life lines from top to bottom, with time; an arrow for each message, whose slope
//! is the time on its way; bars where a participant worked, or was inside a send.

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::axis::{Axis, Scale};
use super::mark::Drawn;
use super::theme::{INK, MUTED, SERIES};
use super::words::{Noun, counted, shortened};
use super::{Spot, Svg, text};
use crate::Error;
use crate::language::{say, word};
use crate::messages::{Conversation, Missed, Receipt, Sent};

const WIDTH: i32 = 740;
/// The room beside the life lines: the time's labels on the left, and little on the right.
const LEFT: i32 = 70;
const RIGHT: i32 = 16;
/// Where the life lines begin, below title, legend and names; what is left below them; and how long they are.
const TOP: i32 = 88;
const BELOW: i32 = 16;
const LONG: std::ops::RangeInclusive<i32> = 280..=600;
/// How much longer each message makes them.
const FOR_EACH: i32 = 40;
/// Half the width of a bar of work and of one of a send.
const WORK: i32 = 6;
const SEND: i32 = 3;
const WORKING: RGBColor = SERIES[0];
const SENDING: RGBColor = SERIES[1];
/// The most messages that are drawn, and up to how many have their names beside them.
pub(crate) const MOST_ARROWS: usize = 80;
const NAMED: usize = 40;
/// The size of a name's letters, the width of one, and half the height of a line of them, in pixels.
const SIZE: u32 = 11;
const LETTER: i32 = 7;
const LINE: i32 = 7;
/// How far beside its life line a cross has its words.
const CROSS: i32 = 12;
/// How long the arrow of a message is that nobody received.
const LOST: i32 = 34;

type Place = (i32, i32);

/// Draws the first messages of a conversation, up to 80; `alternative` is what the figure says in words.
///
/// # Errors
///
/// [`Error::NothingToDraw`] where nothing was recorded; [`Error::Drawing`] when plotters fails.
pub fn sequence_diagram(talk: &Conversation, alternative: &str) -> Result<Svg, Error> {
    let frame = Frame::new(talk).ok_or_else(|| Error::NothingToDraw { title: talk.name.clone() })?;
    let mut spots = Vec::new();
    let size = (WIDTH as u32, (TOP + frame.long + BELOW) as u32);
    let svg = Svg::draw(size, alternative, |area| {
        area.draw(&Text::new(
            shortened(&talk.name, 80),
            (WIDTH / 2, 8),
            text(15).pos(Pos::new(HPos::Center, VPos::Top)),
        ))?;
        legend(area, talk)?;
        frame.axis(area)?;
        frame.lifelines(area, talk, &mut spots)?;
        let mut labels = Labels::new(&frame, talk);
        for message in frame.drawn(talk) {
            frame.message(area, talk, message, &mut spots)?;
        }
        if frame.drawn(talk).len() <= NAMED {
            frame.drawn(talk).iter().try_for_each(|message| labels.name(area, message))?;
        }
        Ok(())
    })?;
    Ok(svg.with_spots(spots))
}

/// Where times and participants lie.
struct Frame {
    /// The first moment that is drawn, and the last, in seconds.
    from: f64,
    to: f64,
    /// The length of the life lines, in pixels.
    long: i32,
    /// Where each life line stands, in pixels from the left.
    across: Vec<i32>,
    /// The arrows of the messages that are drawn.
    arrows: Vec<[Place; 2]>,
}

impl Frame {
    fn new(talk: &Conversation) -> Option<Frame> {
        let shown = &talk.messages[..talk.messages.len().min(MOST_ARROWS)];
        let all = talk.messages.len() == shown.len();
        let messages = shown.iter().flat_map(|message| {
            [message.offered]
                .into_iter()
                .chain(message.returned)
                .chain(message.received.iter().map(|receipt| receipt.at))
        });
        // Where not all messages are drawn, what comes after them is not drawn either.
        let last = messages.clone().fold(f64::NEG_INFINITY, f64::max);
        let own = talk.lifelines.iter().flat_map(|lifeline| {
            let spans = lifeline.working.iter().flat_map(|span| [span.start, span.end]);
            spans.chain(lifeline.missed.iter().map(|missed| missed.at))
        });
        let moments: Vec<f64> =
            messages.chain(own.filter(|&at| all || at <= last)).filter(|at| at.is_finite()).collect();
        let (from, to) = super::axis::ends(moments)?;
        let to = if to > from { to } else { from + 1e-6 };
        let count = talk.lifelines.len().max(1) as i32;
        let place = |number: i32| LEFT + (WIDTH - LEFT - RIGHT) * (2 * number + 1) / (2 * count);
        let marks = talk.lifelines.iter().map(|lifeline| lifeline.missed.len()).sum::<usize>();
        let long = (FOR_EACH * (shown.len() + marks).min(100) as i32).clamp(*LONG.start(), *LONG.end());
        let across = (0..count).map(place).collect();
        let mut frame = Frame { from, to, long, across, arrows: Vec::new() };
        frame.arrows = shown.iter().flat_map(|message| frame.arrows_of(message)).collect();
        Some(frame)
    }

    fn drawn<'t>(&self, talk: &'t Conversation) -> &'t [Sent] {
        &talk.messages[..talk.messages.len().min(MOST_ARROWS)]
    }

    /// Pixels from the top at which a moment lies.
    fn down(&self, at: f64) -> i32 {
        TOP + ((at - self.from) / (self.to - self.from) * f64::from(self.long)).round() as i32
    }

    fn is_within(&self, at: f64) -> bool {
        (self.from..=self.to).contains(&at)
    }

    /// From where to where a message goes; one that nobody received goes a little way towards its sender's neighbour.
    fn arrows_of(&self, message: &Sent) -> Vec<[Place; 2]> {
        let start = (self.across[message.from], self.down(message.offered));
        let arrow = |receipt: &Receipt| [start, (self.across[receipt.by], self.down(receipt.at))];
        if message.received.is_empty() {
            return vec![[start, (start.0 + self.outwards(message.from) * -LOST, start.1 + LOST / 3)]];
        }
        message.received.iter().map(arrow).collect()
    }

    /// Towards which side of this life line there is no other: 1 is right. For one in the middle it is the left.
    fn outwards(&self, number: usize) -> i32 {
        if number > 0 && number + 1 == self.across.len() { 1 } else { -1 }
    }

    /// The time, in the unit in which it is read well.
    fn axis<DB: DrawingBackend>(&self, area: &DrawingArea<DB, Shift>) -> Drawn
    where
        DB::ErrorType: 'static,
    {
        let (factor, unit) = unit(self.to - self.from);
        let axis = Axis::rounded(Scale::Linear, 0.0, (self.to - self.from) * factor, 8);
        for at in axis.ticks() {
            let Some(value) = axis.value(at) else { continue };
            let y = self.down(self.from + value / factor);
            area.draw(&PathElement::new([(LEFT, y), (WIDTH - RIGHT, y)], MUTED.mix(0.25)))?;
            let beside = text(12).pos(Pos::new(HPos::Right, VPos::Center));
            area.draw(&Text::new(axis.label(at), (LEFT - 8, y), beside))?;
        }
        let above = text(13).pos(Pos::new(HPos::Left, VPos::Center));
        let label = say!(en: "time ({unit})", pt: "tempo ({unit})");
        Ok(area.draw(&Text::new(label, (8, TOP - 24), above))?)
    }

    fn lifelines<DB: DrawingBackend>(
        &self,
        area: &DrawingArea<DB, Shift>,
        talk: &Conversation,
        spots: &mut Vec<Spot>,
    ) -> Drawn
    where
        DB::ErrorType: 'static,
    {
        let room = (WIDTH - LEFT - RIGHT) / self.across.len() as i32;
        for (lifeline, &x) in talk.lifelines.iter().zip(&self.across) {
            let above = text(13).pos(Pos::new(HPos::Center, VPos::Center));
            // The first name may reach to the left, where only the word for the time stands.
            let name = shortened(&lifeline.name, (room / 8 - 1).max(2) as usize);
            if name != lifeline.name {
                spots.push(Spot { at: (x, TOP - 16), lines: vec![lifeline.name.clone()] });
            }
            area.draw(&Text::new(name, (x, TOP - 16), above))?;
            area.draw(&PathElement::new([(x, TOP), (x, TOP + self.long)], INK.stroke_width(1)))?;
            for span in lifeline.working.iter().filter(|span| self.is_within(span.end)) {
                let (top, bottom) = (self.down(span.start.max(self.from)), self.down(span.end));
                // A pixel stays free, so that one piece of work can be told from the next.
                let corners = [(x - WORK, top), (x + WORK, (bottom - 1).max(top + 1))];
                area.draw(&Rectangle::new(corners, WORKING.filled()))?;
                let worked = say!(en: "worked for {}", pt: "trabalhou por {}", time(span.end - span.start));
                let lines = vec![lifeline.name.clone(), worked];
                spots.push(Spot { at: (x, (top + bottom) / 2), lines });
            }
            for missed in lifeline.missed.iter().filter(|missed| self.is_within(missed.at)) {
                let y = self.down(missed.at);
                cross(area, (x, y))?;
                let side = self.outwards_of(x);
                self.beside(area, missed_words(missed), (x + side * CROSS, y), side)?;
                let told = counted(usize::try_from(missed.count).unwrap_or(usize::MAX), Noun::Message);
                let told = say!(en: "was told that it missed {told}", pt: "foi avisado de que perdeu {told}");
                spots.push(Spot { at: (x, y), lines: vec![lifeline.name.clone(), told] });
            }
        }
        Ok(())
    }

    /// Writes words that begin or end at `place`, and reach from there to the right where `side` is 1.
    fn beside<DB: DrawingBackend>(
        &self,
        area: &DrawingArea<DB, Shift>,
        words: String,
        place: Place,
        side: i32,
    ) -> Drawn
    where
        DB::ErrorType: 'static,
    {
        let anchor = if side > 0 { HPos::Left } else { HPos::Right };
        Ok(area.draw(&Text::new(words, place, text(SIZE).pos(Pos::new(anchor, VPos::Center))))?)
    }

    fn outwards_of(&self, x: i32) -> i32 {
        self.across.iter().position(|&across| across == x).map_or(1, |number| self.outwards(number))
    }

    /// The bar of its send, its arrows, and what they say.
    fn message<DB: DrawingBackend>(
        &self,
        area: &DrawingArea<DB, Shift>,
        talk: &Conversation,
        message: &Sent,
        spots: &mut Vec<Spot>,
    ) -> Drawn
    where
        DB::ErrorType: 'static,
    {
        let x = self.across[message.from];
        if let Some(returned) = message.returned {
            let (top, bottom) = (self.down(message.offered), self.down(returned));
            area.draw(&Rectangle::new([(x - SEND, top), (x + SEND, bottom.max(top + 1))], SENDING.filled()))?;
        }
        let lost = message.received.is_empty();
        for (arrow, index) in self.arrows_of(message).into_iter().zip(0..) {
            self.arrow(area, arrow, lost)?;
            spots.push(Spot { at: arrow[1], lines: says(talk, message, message.received.get(index)) });
        }
        Ok(())
    }

    fn arrow<DB: DrawingBackend>(
        &self,
        area: &DrawingArea<DB, Shift>,
        [from, to]: [Place; 2],
        lost: bool,
    ) -> Drawn
    where
        DB::ErrorType: 'static,
    {
        if lost {
            area.draw(&PathElement::new([from, to], INK.stroke_width(1)))?;
            return cross(area, to);
        }
        // From edge to edge of the bars.
        let edge = (WORK + 1) * (to.0 - from.0).signum();
        let (from, to) = ((from.0 + edge, from.1), (to.0 - edge, to.1));
        area.draw(&PathElement::new([from, to], INK.stroke_width(1)))?;
        let (across, down) = (f64::from(to.0 - from.0), f64::from(to.1 - from.1));
        let length = across.hypot(down).max(1.0);
        let (right, below) = (9.0 * across / length, 9.0 * down / length);
        let wing = |side: f64| {
            let at = |end: i32, along: f64, aside: f64| {
                (f64::from(end) - along + side * 0.4 * aside).round() as i32
            };
            (at(to.0, right, below), at(to.1, below, -right))
        };
        Ok(area.draw(&Polygon::new(vec![to, wing(1.0), wing(-1.0)], INK.filled()))?)
    }
}

/// Where names stand, and where none may.
struct Labels<'f> {
    frame: &'f Frame,
    taken: Vec<[Place; 2]>,
}

impl<'f> Labels<'f> {
    /// What was missed is written already.
    fn new(frame: &'f Frame, talk: &Conversation) -> Labels<'f> {
        let missed = talk.lifelines.iter().zip(&frame.across).flat_map(|(lifeline, &x)| {
            let side = frame.outwards_of(x);
            let shown = lifeline.missed.iter().filter(|missed| frame.is_within(missed.at));
            shown.map(move |missed| {
                corners(&missed_words(missed), (x + side * CROSS, frame.down(missed.at)), side)
            })
        });
        Labels { frame, taken: missed.collect() }
    }

    /// Writes a message's name where there is room for it, or not at all: it is said where the arrow is pointed at.
    fn name<DB: DrawingBackend>(&mut self, area: &DrawingArea<DB, Shift>, message: &Sent) -> Drawn
    where
        DB::ErrorType: 'static,
    {
        let name = shortened(&named(message), 12);
        let (x, y) = (self.frame.across[message.from], self.frame.down(message.offered));
        let alone = self.frame.across.len() < 2;
        let outer = message.from == 0 || message.from + 1 == self.frame.across.len();
        let outside = (self.frame.outwards(message.from), (x, y));
        let receiver = message
            .received
            .first()
            .map(|receipt| (self.frame.across[receipt.by], self.frame.down(receipt.at)));
        let toward = receiver.map(|(to, at)| ((to - x).signum(), (x, y - 9), (to, at - 9)));
        let places = [
            (outer && !alone).then_some(outside),
            toward.map(|(side, start, _)| (side, start)),
            toward.map(|(side, _, end)| (-side, end)),
        ];
        for (side, (x, y)) in places.into_iter().flatten() {
            let near = (x + side * (WORK + 4), y);
            let corners = corners(&name, near, side);
            let within = corners[0].0 > LEFT - 4 && corners[1].0 < WIDTH - 2 && corners[0].1 > TOP - 8;
            if within
                && !self.taken.iter().any(|taken| overlap(taken, &corners))
                && !self.frame.crosses(&corners)
            {
                self.taken.push(corners);
                return self.frame.beside(area, name, near, side);
            }
        }
        Ok(())
    }
}

impl Frame {
    /// Whether an arrow or a life line goes through this box.
    fn crosses(&self, corners: &[Place; 2]) -> bool {
        let inside = |(x, y): Place| {
            (corners[0].0..=corners[1].0).contains(&x) && (corners[0].1..=corners[1].1).contains(&y)
        };
        let through = |[from, to]: &[Place; 2]| {
            (0..=60).any(|step| {
                inside((from.0 + (to.0 - from.0) * step / 60, from.1 + (to.1 - from.1) * step / 60))
            })
        };
        self.arrows.iter().any(through)
            || self.across.iter().any(|x| (corners[0].0 - WORK..=corners[1].0 + WORK).contains(x))
    }
}

/// The box of words that begin or end at `place`, and reach from there to the right where `side` is 1.
fn corners(words: &str, (x, y): Place, side: i32) -> [Place; 2] {
    let far = x + side * LETTER * words.chars().count() as i32;
    [(x.min(far), y - LINE), (x.max(far), y + LINE)]
}

fn missed_words(missed: &Missed) -> String {
    say!(en: "missed {}", pt: "perdeu {}", missed.count)
}

fn overlap(one: &[Place; 2], two: &[Place; 2]) -> bool {
    one[0].0 <= two[1].0 && two[0].0 <= one[1].0 && one[0].1 <= two[1].1 && two[0].1 <= one[1].1
}

/// What cannot arrive.
fn cross<DB: DrawingBackend>(area: &DrawingArea<DB, Shift>, (x, y): Place) -> Drawn
where
    DB::ErrorType: 'static,
{
    for side in [-5, 5] {
        area.draw(&PathElement::new([(x - side, y - 5), (x + side, y + 5)], SENDING.stroke_width(3)))?;
    }
    Ok(())
}

fn legend<DB: DrawingBackend>(area: &DrawingArea<DB, Shift>, talk: &Conversation) -> Drawn
where
    DB::ErrorType: 'static,
{
    let y = 42;
    let mut x = LEFT;
    let mut entry = |words: &str, draw: &dyn Fn(i32) -> Drawn| {
        draw(x)?;
        area.draw(&Text::new(
            words.to_owned(),
            (x + 28, y),
            text(12).pos(Pos::new(HPos::Left, VPos::Center)),
        ))?;
        x += 52 + 7 * words.chars().count() as i32;
        Drawn::Ok(())
    };
    let bar = |x: i32, half: i32, colour: RGBColor| {
        Drawn::Ok(area.draw(&Rectangle::new([(x, y - half), (x + 20, y + half)], colour.filled()))?)
    };
    if talk.lifelines.iter().any(|lifeline| !lifeline.working.is_empty()) {
        entry(word!(en: "working", pt: "trabalhando"), &|x| bar(x, WORK, WORKING))?;
    }
    if talk.messages.iter().any(|message| message.returned.is_some()) {
        entry(word!(en: "inside its send", pt: "dentro do envio"), &|x| bar(x, SEND, SENDING))?;
    }
    let offered = word!(en: "message, offered to received", pt: "mensagem, da oferta à recepção");
    entry(offered, &|x| {
        area.draw(&PathElement::new([(x, y - 3), (x + 14, y + 2)], INK.stroke_width(1)))?;
        Ok(area.draw(&Polygon::new(vec![(x + 21, y + 4), (x + 12, y + 5), (x + 15, y - 2)], INK.filled()))?)
    })?;
    if talk.lost() > 0 || talk.lifelines.iter().any(|lifeline| !lifeline.missed.is_empty()) {
        entry(word!(en: "lost", pt: "perdida"), &|x| cross(area, (x + 10, y)))?;
    }
    Ok(())
}

/// The name of a message, or its number among its sender's.
fn named(message: &Sent) -> String {
    if message.name.is_empty() { message.number.to_string() } else { message.name.clone() }
}

fn says(talk: &Conversation, message: &Sent, receipt: Option<&Receipt>) -> Vec<String> {
    let name = |number: usize| shortened(&talk.lifelines[number].name, 24);
    let sender = name(message.from);
    let mut lines = match receipt {
        Some(receipt) => vec![
            say!(
                en: "{}: {sender} to {}",
                pt: "{}: {sender} para {}",
                named(message),
                name(receipt.by)
            ),
            say!(en: "on its way for {}", pt: "a caminho por {}", time(receipt.at - message.offered)),
        ],
        None => vec![
            say!(en: "{}: {sender} to nobody", pt: "{}: {sender} para ninguém", named(message)),
            say!(en: "nobody received it", pt: "ninguém a recebeu"),
        ],
    };
    lines.extend(message.returned.map(|returned| {
        say!(en: "inside its send for {}", pt: "dentro do envio por {}", time(returned - message.offered))
    }));
    lines
}

/// The unit in which a time is read well, and how many of it are a second.
fn unit(seconds: f64) -> (f64, &'static str) {
    match seconds {
        short if short < 5e-3 => (1e6, "µs"),
        short if short < 5.0 => (1e3, "ms"),
        _ => (1.0, "s"),
    }
}

/// A time with three digits: "12.3 µs".
pub(crate) fn time(seconds: f64) -> String {
    let (factor, unit) = if seconds < 1e-6 { (1e9, "ns") } else { unit(seconds) };
    let value = seconds * factor;
    let decimals = (2 - value.abs().max(1e-9).log10().floor() as i32).clamp(0, 2) as usize;
    format!("{value:.decimals$} {unit}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::messages::{Lifeline, Span};

    /// Twenty messages of the first of two to the second, each offered so many pixels after the one before.
    fn offered_every(pixels: f64) -> Conversation {
        let moment = |pixels: f64| pixels / f64::from(*LONG.end());
        let sent = |number: u32| {
            let at = moment(pixels * f64::from(number));
            let receipt = Receipt { by: 1, at };
            let number = u64::from(number);
            Sent {
                from: 0,
                name: String::new(),
                number,
                offered: at,
                returned: None,
                received: vec![receipt],
            }
        };
        let lifeline = |missed| {
            let working = vec![Span { start: 0.0, end: 1.0 }];
            Lifeline { name: "μ".to_owned(), ended: true, working, missed }
        };
        let missed = Missed { at: moment(pixels * 3.0), count: 7 };
        Conversation {
            name: "κ".to_owned(),
            lifelines: vec![lifeline(vec![missed]), lifeline(Vec::new())],
            messages: (0..20).map(sent).collect(),
            makespan: 1.0,
            dropped: 0,
        }
    }

    /// The heights at which the left one's names and what it missed are written.
    fn heights(talk: &Conversation) -> Vec<i32> {
        let svg = sequence_diagram(talk, "κ").expect("a conversation");
        let left = Frame::new(talk).expect("moments").across[0] - WORK - 4;
        let texts = svg.markup().split("<text ").skip(1).filter_map(|text| {
            let value =
                |name: &str| text.split_once(&format!("{name}=\""))?.1.split('"').next()?.parse().ok();
            let x: i32 = value(" x").or_else(|| value("x"))?;
            (left - 2..=left).contains(&x).then(|| value(" y"))?
        });
        let mut heights: Vec<i32> = texts.collect();
        heights.sort_unstable();
        heights
    }

    #[test]
    fn a_name_is_written_only_where_a_whole_line_has_room() {
        for (pixels, at_least) in [(28.0, 18), (15.0, 18), (13.0, 9), (11.0, 9), (9.0, 9)] {
            let heights = heights(&offered_every(pixels));
            let close = heights.windows(2).map(|pair| pair[1] - pair[0]).min();
            assert!(close > Some(2 * LINE), "{pixels}: {heights:?}");
            assert!(heights.len() >= at_least, "{pixels}: {heights:?}");
        }
    }
}
