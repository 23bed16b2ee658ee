//! A [`Calibration`] and its parts, in a cell and on a page.

use super::{Block, Claim, Claims, Shown, Table, claim};
use crate::calibration::{Calibration, Competition, EVENT, EqualArms, HarnessCost, OFTEN, Planted, TRACING};
use crate::language::{say, word};
use crate::measure::{Estimate, Verdict};
use crate::plot::{self, agreement, histogram};
use crate::speedup::Versus;

impl Calibration {
    /// Shows all parts in a cell, one under the other.
    pub fn evcxr_display(&self) {
        self.block().emit();
    }

    /// The parts with their headings, each as a block of its own.
    pub fn sections(&self) -> [(&'static str, Block); 5] {
        [
            (word!(en: "The machine", pt: "A máquina"), self.machine.card()),
            (word!(en: "Planted serial fractions", pt: "Frações seriais plantadas"), planted(&self.planted)),
            (
                word!(en: "The ceiling beside competing processes", pt: "O teto ao lado de processos concorrentes"),
                competition(&self.competition),
            ),
            (
                word!(en: "Two arms with the same code", pt: "Duas variantes com o mesmo código"),
                equal(&self.equal),
            ),
            (word!(en: "What the instrument costs", pt: "Quanto custa o instrumento"), self.harness.block()),
        ]
    }

    /// What has to hold of the instrument, and what this run says of it.
    pub fn claims(&self) -> Claims {
        let of = |text: &str, verdict, reason: String| Claim {
            claim: text.to_owned(),
            verdict,
            estimate: None,
            reason,
        };
        let verdicts = self.planted.iter().map(Planted::verdict);
        let loads = &self.competition.loads;
        let repeats = loads.iter().filter(|load| load.loops > 0).flat_map(|load| &load.repeats);
        let under_load = repeats.map(|repeat| self.competition.verdict(repeat));
        let mut claims = vec![
            of(
                word!(
                    en: "planted serial fractions are found",
                    pt: "frações seriais plantadas são encontradas"
                ),
                all(verdicts),
                planted_sentence(&self.planted),
            ),
            of(
                word!(en: "load never makes a wrong ceiling", pt: "a carga nunca produz um teto errado"),
                all(under_load),
                competition_sentence(&self.competition),
            ),
            of(
                word!(
                    en: "equal arms show no difference",
                    pt: "variantes iguais não mostram diferença"
                ),
                self.equal.verdict(),
                equal_sentence(&self.equal),
            ),
        ];
        claims.extend(self.harness.claims().0);
        Claims(claims)
    }
}

/// What several verdicts come to: one that is violated decides; one that is supported does, where none is.
fn all(verdicts: impl Iterator<Item = Verdict>) -> Verdict {
    verdicts.fold(Verdict::CannotTell, |one, two| match (one, two) {
        (Verdict::Violated, _) | (_, Verdict::Violated) => Verdict::Violated,
        (Verdict::Supported, _) | (_, Verdict::Supported) => Verdict::Supported,
        _ => Verdict::CannotTell,
    })
}

impl Shown for Calibration {
    fn block(&self) -> Block {
        let parts = self.sections().map(|(_, block)| block);
        let mut whole = Block { claims: self.claims().0, ..Block::default() };
        for part in parts {
            whole.figures.extend(part.figures);
            whole.notes.push(part.caption);
        }
        whole
    }

    /// A row for each planted fraction, each repeat beside competing processes, each comparison of equal arms.
    fn columns(&self) -> Table {
        let row = |what: &str, known: String, found: Option<Estimate>, verdict: String| {
            let number = |value: fn(&Estimate) -> f64| {
                found.as_ref().map_or(String::new(), |found| value(found).to_string())
            };
            [
                what.to_owned(),
                known,
                number(|found| found.point),
                number(|found| found.low),
                number(|found| found.high),
                verdict,
            ]
        };
        let planted = self.planted.iter().map(|planted| {
            let verdict = planted.verdict().to_string();
            let what = word!(en: "planted serial fraction", pt: "fração serial plantada");
            row(what, planted.fraction.to_string(), planted.found, verdict)
        });
        let loads = self.competition.loads.iter().flat_map(|load| {
            load.repeats.iter().map(|repeat| {
                let verdict = self.competition.verdict(repeat).to_string();
                let what = word!(en: "ceiling beside processes", pt: "teto ao lado de processos");
                row(what, load.loops.to_string(), Some(repeat.speedup), verdict)
            })
        });
        let equal = self.equal.compared.iter().map(|compared| {
            let what = word!(en: "equal arms", pt: "variantes iguais");
            row(what, "1".to_owned(), compared.speedup, words(compared.versus).to_owned())
        });
        let head = word!(
            en: ["what", "known", "found", "low", "high", "verdict"],
            pt: ["o quê", "conhecido", "encontrado", "de", "até", "veredito"]
        );
        Table::new(head, planted.chain(loads).chain(equal))
    }
}

fn planted_sentence(all: &[Planted]) -> String {
    let count = |verdict| all.iter().filter(|planted| planted.verdict() == verdict).count();
    say!(
        en: "Of {} planted serial fractions {} were found again, {} were not, and of {} the machine cannot tell.",
        pt: "Frações seriais plantadas: {}; reencontradas: {}; não reencontradas: {}; inconclusivas nesta máquina: {}.",
        all.len(),
        count(Verdict::Supported),
        count(Verdict::Violated),
        count(Verdict::CannotTell)
    )
}

fn planted(all: &[Planted]) -> Block {
    let mut figure = agreement(word!(en: "Serial fraction", pt: "Fração serial"))
        .expected(word!(en: "planted, share of the work", pt: "plantada, parcela do trabalho"))
        .measured(word!(en: "found", pt: "encontrada"));
    for planted in all {
        let Some(found) = planted.found else { continue };
        figure = match planted.credible {
            true => figure.point(planted.fraction, found),
            false => figure.doubtful(planted.fraction, found),
        };
    }
    let row = |planted: &Planted| {
        let found =
            planted.found.map_or_else(|| say!(en: "none", pt: "nenhuma"), |found| format!("{found:.3}"));
        [
            planted.fraction.to_string(),
            planted.workers.to_string(),
            planted.speedup.to_string(),
            planted.ceiling.to_string(),
            found,
            planted.verdict().to_string(),
        ]
    };
    let head = word!(
        en: ["planted", "workers", "speedup", "ceiling", "found, 95% interval", "verdict"],
        pt: ["plantada", "trabalhadores", "speedup", "teto", "encontrada, intervalo de 95%", "veredito"]
    );
    let mut block = Block {
        caption: planted_sentence(all),
        notes: vec![say!(
            en: "What the machine's cores lose together is taken off: the ceiling stands for the number of workers \
                 in Karp and Flatt's formula.",
            pt: "O que os núcleos da máquina perdem juntos é descontado: o teto toma o lugar do número de \
                 trabalhadores na fórmula de Karp e Flatt."
        )],
        table: Table::new(head, all.iter().map(row)),
        ..Block::default()
    };
    if !figure.points().is_empty() {
        block.show(figure.draw());
    }
    block
}

fn competition_sentence(competition: &Competition) -> String {
    let Some(quiet) = competition.quiet else {
        return say!(
            en: "Two quiet cores were never seen, so there is nothing to compare with: cannot tell.",
            pt: "Nunca se viram dois núcleos tranquilos, e não há com que comparar: inconclusivo."
        );
    };
    if !competition.is_steady() {
        return say!(
            en: "Two workers reach {quiet}, and then something else, though nothing of ours competed: \
                 others take turns on these cores. There is nothing to compare with: cannot tell.",
            pt: "Dois trabalhadores alcançam {quiet}, e depois outra coisa, embora nada nosso concorresse: \
                 outros se revezam nestes núcleos. Não há com que comparar: inconclusivo."
        );
    }
    let busy = || competition.loads.iter().filter(|load| load.loops > 0);
    let count = |verdict| busy().map(|load| competition.count(load, verdict)).sum::<usize>();
    say!(
        en: "On the quiet machine two workers reach {quiet}. Of {} measurements beside competing processes \
             {} were within 5% of it, {} were wrong, and {} said that they cannot tell.",
        pt: "Na máquina quieta, dois trabalhadores alcançam {quiet}. Medições ao lado de processos concorrentes: {}; \
             a no máximo 5% disso: {}; erradas: {}; declaradas inconclusivas: {}.",
        busy().map(|load| load.repeats.len()).sum::<usize>(),
        count(Verdict::Supported),
        count(Verdict::Violated),
        count(Verdict::CannotTell)
    )
}

fn competition(competition: &Competition) -> Block {
    let rows = competition.loads.iter().map(|load| {
        let range = |values: &mut dyn Iterator<Item = f64>| {
            let (low, high) =
                values.fold((f64::INFINITY, 0.0_f64), |(low, high), value| (low.min(value), high.max(value)));
            say!(en: "{low:.2} to {high:.2}", pt: "{low:.2} a {high:.2}")
        };
        [
            load.loops.to_string(),
            load.repeats.len().to_string(),
            range(&mut load.repeats.iter().map(|repeat| repeat.naive)),
            range(&mut load.repeats.iter().map(|repeat| repeat.speedup.point)),
            competition.count(load, Verdict::Supported).to_string(),
            competition.count(load, Verdict::CannotTell).to_string(),
            competition.count(load, Verdict::Violated).to_string(),
        ]
    });
    let head = word!(
        en: ["processes", "repeats", "mean of all", "as shown", "right", "cannot tell", "wrong"],
        pt: ["processos", "repetições", "média de todas", "como mostrado", "certas", "inconclusivas", "erradas"]
    );
    let mut block = Block {
        caption: competition_sentence(competition),
        table: Table::new(head, rows),
        ..Block::default()
    };
    block.show(plot::ceiling_under_load(competition));
    block
}

fn words(versus: Versus) -> &'static str {
    match versus {
        Versus::Faster => word!(en: "faster", pt: "mais rápida"),
        Versus::Slower => word!(en: "slower", pt: "mais lenta"),
        Versus::NoDifference => word!(en: "no difference shown", pt: "nenhuma diferença mostrada"),
        Versus::CannotTell => {
            word!(en: "cannot tell: wide interval", pt: "inconclusivo: intervalo largo")
        }
        Versus::TooBusy => word!(en: "cannot tell: busy machine", pt: "inconclusivo: máquina ocupada"),
    }
}

const VERSUS: [Versus; 5] =
    [Versus::NoDifference, Versus::Faster, Versus::Slower, Versus::CannotTell, Versus::TooBusy];

fn equal_sentence(equal: &EqualArms) -> String {
    let none = equal.count(Versus::NoDifference);
    let mut sentence = say!(
        en: "Two arms with the same code were compared until {} comparisons could tell: \
             {none} said \"no difference shown\", {} called one of the two faster, and {} could not tell.",
        pt: "Duas variantes com o mesmo código foram comparadas até que houvesse {} comparações conclusivas. \
             \"Nenhuma diferença mostrada\": {none}; uma das duas mais rápida: {}; inconclusivas: {}.",
        equal.decided(),
        equal.decided() - none,
        equal.compared.len() - equal.decided()
    );
    if equal.decided() < equal.wanted {
        sentence += &say!(
            en: " {} were wanted: the machine was too busy.",
            pt: " Queríamos {}: a máquina estava ocupada demais.",
            equal.wanted
        );
    } else {
        sentence += &say!(
            en: " At least {}% have to say the first.",
            pt: " Ao menos {}% precisam dizer a primeira coisa.",
            OFTEN * 100.0
        );
    }
    sentence
}

fn equal(equal: &EqualArms) -> Block {
    let mut figure =
        histogram(word!(en: "The same code against itself", pt: "O mesmo código contra si mesmo"))
            .x(word!(en: "speedup, 1 is the truth", pt: "speedup, 1 é a verdade"));
    for versus in VERSUS {
        let of = equal.compared.iter().filter(|compared| compared.versus == versus);
        let points: Vec<f64> = of.filter_map(|compared| compared.speedup).map(|found| found.point).collect();
        if !points.is_empty() {
            figure = figure.values(words(versus), points);
        }
    }
    let rows = VERSUS.map(|versus| [words(versus).to_owned(), equal.count(versus).to_string()]);
    let mut block = Block {
        caption: equal_sentence(equal),
        table: Table::new(word!(en: ["said", "how often"], pt: ["dito", "quantas vezes"]), rows),
        ..Block::default()
    };
    block.show(figure.draw());
    block
}

impl HarnessCost {
    /// Shows the costs in a cell.
    pub fn evcxr_display(&self) {
        self.block().emit();
    }

    /// What the costs must not exceed, and what this run says of it.
    pub fn claims(&self) -> Claims {
        let costs = [
            (
                word!(
                    en: "tracing costs less than 1% of the traced time",
                    pt: "o registro custa menos de 1% do tempo registrado"
                ),
                self.tracing,
                TRACING,
            ),
            (
                word!(
                    en: "an event is recorded in less than 100 ns",
                    pt: "um evento é registrado em menos de 100 ns"
                ),
                self.event,
                EVENT,
            ),
        ];
        let judged = costs.map(|(text, cost, bound)| match self.credible {
            true => claim(text, &cost).below(bound),
            false => Claim::cannot_tell(
                text,
                word!(en: "the machine was too busy", pt: "a máquina estava ocupada demais"),
            ),
        });
        Claims(judged.to_vec())
    }

    /// Each cost with its unit, its interval, and what it is a part of.
    fn rows(&self) -> Vec<[String; 3]> {
        let scaled =
            |seconds: &Estimate, unit: f64, name: &str| format!("{:.1} {name}", seconds.scaled(unit));
        let percent = |share: &Estimate| format!("{:.2} %", share.scaled(100.0));
        let mut rows = vec![
            [
                say!(en: "a reading of the clock", pt: "uma leitura do relógio"),
                scaled(&self.clock, 1e9, "ns"),
                say!(en: "two for each sample", pt: "duas por amostra"),
            ],
            [
                say!(en: "watching a sample", pt: "observar uma amostra"),
                scaled(&self.watch, 1e6, "µs"),
                say!(
                    en: "before and after it, no part of its time",
                    pt: "antes e depois dela, fora de seu tempo"
                ),
            ],
            [
                say!(en: "recording an event", pt: "registrar um evento"),
                scaled(&self.event, 1e9, "ns"),
                say!(en: "two for each span of a timeline", pt: "dois por trecho de uma linha do tempo"),
            ],
            [
                say!(
                    en: "tracing work in pieces of 100 µs",
                    pt: "registrar trabalho em pedaços de 100 µs"
                ),
                percent(&self.tracing),
                say!(en: "of their time", pt: "do tempo deles"),
            ],
        ];
        rows.extend(self.start_skew.map(|skew| {
            let share = percent(&skew.over(&self.makespan));
            [
                say!(
                    en: "start of two workers, apart",
                    pt: "distância entre o início de dois trabalhadores"
                ),
                scaled(&skew, 1e6, "µs"),
                say!(en: "{share} of a sample", pt: "{share} de uma amostra"),
            ]
        }));
        rows
    }
}

impl Shown for HarnessCost {
    fn block(&self) -> Block {
        let rows = self.rows();
        let mut caption: String =
            rows.iter().map(|[what, cost, of]| format!("{what}: {cost}, {of}. ")).collect::<String>();
        caption.truncate(caption.trim_end().len());
        let busy = word!(
            en: "The machine was too busy for a verdict: these are the smallest values that were seen.",
            pt: "A máquina estava ocupada demais para um veredito: estes são os menores valores que se viram."
        );
        let head = word!(
            en: ["what", "cost, 95% interval", "of what"],
            pt: ["o quê", "custo, intervalo de 95%", "de quê"]
        );
        let mut block = Block {
            caption: capital(&caption),
            notes: if self.credible { Vec::new() } else { vec![busy.to_owned()] },
            table: Table::new(head, rows),
            claims: self.claims().0,
            ..Block::default()
        };
        block.notes.push(say!(en: "{} rounds.", pt: "{} rodadas.", self.rounds));
        block
    }

    fn columns(&self) -> Table {
        let row = |(what, cost): (&str, Estimate)| {
            [what.to_owned(), cost.point.to_string(), cost.low.to_string(), cost.high.to_string()]
        };
        let mut costs = vec![
            ("clock_seconds", self.clock),
            ("watch_seconds", self.watch),
            ("makespan_seconds", self.makespan),
            ("event_seconds", self.event),
            ("tracing_share", self.tracing),
        ];
        costs.extend(self.start_skew.map(|skew| ("start_skew_seconds", skew)));
        let head = word!(en: ["what", "cost", "low", "high"], pt: ["o quê", "custo", "de", "até"]);
        Table::new(head, costs.into_iter().map(row))
    }
}

/// The sentences with capital letters at their beginnings.
fn capital(text: &str) -> String {
    let sentences = text.split_inclusive(". ").map(|sentence| {
        let mut letters = sentence.chars();
        letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
    });
    sentences.collect()
}
