//! A [`Conversation`] in a cell: its sequence diagram, and how long its messages were on their way.

use super::{Block, Claim, Shown, Table};
use crate::Error;
use crate::language::{say, word};
use crate::measure::Verdict;
use crate::messages::Conversation;
use crate::plot::{self, Noun, counted, quantile, time};

/// How many messages the table shows.
const MOST_ROWS: usize = 200;

/// From how many receipts on a 99th percentile says more than the longest.
const FOR_PERCENTILE: usize = 200;

/// Of how many participants the caption tells how long they were inside their sends.
const FEW: usize = 4;

impl Conversation {
    /// Shows the sequence diagram in a cell.
    pub fn evcxr_display(&self) {
        self.block().emit();
    }

    /// Claims that a channel lost messages of this participant, and told it how many: it received fewer than were offered,
    /// and what it was told that it had missed makes up for the rest.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchArm`] where nobody has this name.
    pub fn claim_missed(&self, participant: &str) -> Result<Claim, Error> {
        self.sending(participant)?;
        let number =
            self.lifelines.iter().position(|lifeline| lifeline.name == participant).unwrap_or_default();
        let others = || self.messages.iter().filter(|message| message.from != number);
        let (offered, got) = (
            others().count(),
            others().filter(|message| message.received.iter().any(|receipt| receipt.by == number)).count(),
        );
        let told: u64 = self.lifelines[number].missed.iter().map(|missed| missed.count).sum();
        let text = say!(
            en: "{participant} is told of each message that it misses",
            pt: "{participant} é avisado de cada mensagem que perde"
        );
        let reason = say!(
            en: "of {offered} messages it received {got}, and was told that it missed {told}",
            pt: "de {offered} mensagens recebeu {got}, e foi avisado de que perdeu {told}"
        );
        let verdict = match (self.dropped == 0 && self.unended().is_empty(), told) {
            (false, _) => {
                let reason = word!(en: "the record is not whole", pt: "o registro não está completo");
                return Ok(Claim::cannot_tell(&text, reason));
            }
            (true, 0) if got == offered => {
                let reason = word!(en: "this time it missed none", pt: "desta vez não perdeu nenhuma");
                return Ok(Claim::cannot_tell(&text, reason));
            }
            (true, told) if got as u64 + told == offered as u64 => Verdict::Supported,
            _ => Verdict::Violated,
        };
        Ok(Claim { claim: text, verdict, estimate: None, reason })
    }

    fn caption(&self) -> String {
        let latencies = self.latencies();
        let mut caption = format!("{}: {}", self.name, counted(self.messages.len(), Noun::Message));
        match (latencies.first(), latencies.last()) {
            (Some(&shortest), Some(&longest)) => {
                caption += &say!(
                    en: ", on their way for {} to {}, half of them for no more than {}.",
                    pt: ", de {} a {} a caminho, metade delas por no máximo {}.",
                    time(shortest),
                    time(longest),
                    time(quantile(&latencies, 0.5))
                );
                if latencies.len() >= FOR_PERCENTILE {
                    caption += &say!(
                        en: " 99th percentile: {}.",
                        pt: " 99º percentil: {}.",
                        time(quantile(&latencies, 0.99))
                    );
                }
            }
            _ => caption += word!(en: ", and nobody received one.", pt: ", e ninguém recebeu nenhuma."),
        }
        // Of a crowd the table tells.
        for (number, lifeline) in self.lifelines.iter().enumerate().filter(|_| self.lifelines.len() <= FEW) {
            let (sending, sends) =
                (self.sending_of(number), self.messages.iter().filter(|message| message.from == number));
            if sends.filter(|message| message.returned.is_some()).count() > 0 {
                caption += &say!(
                    en: " {} was inside its sends for {}.",
                    pt: " {} passou {} dentro de seus envios.",
                    lifeline.name,
                    time(sending)
                );
            }
        }
        caption
    }

    fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if self.messages.len() > plot::MOST_ARROWS {
            notes.push(say!(
                en: "The figure shows the first {} messages.",
                pt: "A figura mostra as primeiras {} mensagens.",
                plot::MOST_ARROWS
            ));
        }
        if self.lost() > 0 {
            notes.push(say!(
                en: "Offered, and not received: {}.",
                pt: "Ofertadas e não recebidas: {}.",
                counted(self.lost(), Noun::Message)
            ));
        }
        if !self.unended().is_empty() {
            notes.push(say!(
                en: "`{}` had not ended when the conversation was over, and left no record: wait for its thread.",
                pt: "`{}` não tinha terminado quando a conversa acabou, e não deixou registro: espere pela thread.",
                self.unended().join("`, `")
            ));
        }
        if self.dropped > 0 {
            notes.push(say!(
                en: "{} marks were not kept: they did not fit into the record, or belong to no send of it.",
                pt: "{} marcas não foram guardadas: não couberam no registro, ou não pertencem a nenhum envio dele.",
                self.dropped
            ));
        }
        notes
    }

    /// For each message and receiver: the sender, the receiver, the message, and its times in seconds.
    fn rows(&self) -> impl Iterator<Item = ([String; 3], [Option<f64>; 4])> {
        let name = |number: usize| self.lifelines[number].name.clone();
        self.messages.iter().flat_map(move |message| {
            let said =
                if message.name.is_empty() { message.number.to_string() } else { message.name.clone() };
            let row = move |receipt: Option<(usize, f64)>| {
                let to = receipt.map_or_else(|| say!(en: "nobody", pt: "ninguém"), |(by, _)| name(by));
                let (offered, at) = (message.offered, receipt.map(|(_, at)| at));
                let times = [Some(offered), message.returned, at, at.map(|at| at - offered)];
                ([name(message.from), to, said.clone()], times)
            };
            let receipts: Vec<_> = match message.received.is_empty() {
                true => vec![None],
                false => message.received.iter().map(|receipt| Some((receipt.by, receipt.at))).collect(),
            };
            receipts.into_iter().map(row).collect::<Vec<_>>()
        })
    }
}

impl Shown for Conversation {
    fn block(&self) -> Block {
        let caption = self.caption();
        let rows = self.rows().take(MOST_ROWS).map(|(names, times)| {
            let micros = |at: Option<f64>| at.map_or_else(String::new, |at| format!("{:.1}", at * 1e6));
            names.into_iter().chain(times.map(micros)).collect::<Vec<_>>()
        });
        let head = word!(
            en: ["from", "to", "message", "offered (µs)", "send returned (µs)", "received (µs)", "on its way (µs)"],
            pt: ["de", "para", "mensagem", "oferta (µs)", "retorno do envio (µs)", "recebida (µs)", "a caminho (µs)"]
        );
        let table = Table { head: head.map(str::to_owned).to_vec(), rows: rows.collect() };
        let mut block = Block { notes: self.notes(), table, ..Block::default() };
        block.show(plot::sequence_diagram(self, &caption));
        block.caption = caption;
        block
    }

    fn columns(&self) -> Table {
        let rows = self.rows().map(|(names, times)| {
            let seconds = |at: Option<f64>| at.map_or_else(String::new, |at| at.to_string());
            names.into_iter().chain(times.map(seconds)).collect::<Vec<_>>()
        });
        let head = word!(
            en: ["from", "to", "message", "offered (s)", "send returned (s)", "received (s)", "on its way (s)"],
            pt: ["de", "para", "mensagem", "oferta (s)", "retorno do envio (s)", "recebida (s)", "a caminho (s)"]
        );
        Table { head: head.map(str::to_owned).to_vec(), rows: rows.collect() }
    }
}
