//! Results read back from files. A file that a reader was sent may hold anything: it gives a result that can be drawn, or
//! an error.

use std::fs::File;
use std::io::{ErrorKind, Read as _};
use std::path::Path;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::Predictions;
use super::shown::{FORMAT, VERSION};
use crate::Error;
use crate::isolation::JobReport;
use crate::language::{say, word};
use crate::machine::Machine;
use crate::measure::{Estimate, Sample};
use crate::messages::{Conversation, Grown, Latencies, MOST_POINTS, Place};
use crate::overlap::{MOST_TASKS, Overlapped};
use crate::plot::{self, Agreement, Bars, Chart, Comparison, Histogram, Ladder, Roofline};
use crate::ranks::{self, Checkpoints, Job, Past};
use crate::responsiveness::{self, Responded};
use crate::schedule::{Scheduled, Simulated};
use crate::speedup::{Point, Scaling};
use crate::sweep::Swept;
use crate::trace::Timeline;
use crate::transport::{Payoff, Transports};
use crate::units::Resident;

/// A result that [`save_json`](super::Shown::save_json) wrote and that can be read back.
pub trait Loaded: DeserializeOwned {
    /// What it is called in an error.
    fn name() -> &'static str;

    /// Finds what no measurement gives: a drawing of it would be wrong, or endless.
    ///
    /// # Errors
    ///
    /// What is wrong, in words.
    fn sound(&self) -> Result<(), String>;

    /// Loads a result.
    ///
    /// ```
    /// use conpar::prelude::*;
    /// use conpar::plot::Chart;
    ///
    /// # let folder = std::env::temp_dir().join(format!("conpar-loaded-{}", std::process::id()));
    /// # std::fs::create_dir(&folder).unwrap();
    /// let file = folder.join("squares.json");
    /// let squares = chart("squares").line("x²", (0..9).map(|x| (f64::from(x), f64::from(x * x))));
    /// squares.save_json(&file)?;
    /// assert_eq!(Chart::load(&file)?, squares);
    /// # std::fs::remove_dir_all(folder).unwrap();
    /// # Ok::<(), conpar::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::CannotRead`], with what to do; [`Error::NewerFormat`] where a newer conpar wrote it; [`Error::NotAResult`] for
    /// a file that holds something else, or numbers that no measurement gives.
    fn load(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let wrong =
            |reason: String| Error::NotAResult { path: path.to_owned(), wanted: Self::name(), reason };
        let mut value = read(path, &wrong)?;
        match version(&mut value).map_err(wrong)? {
            VERSION => {}
            version => return Err(Error::NewerFormat { path: path.to_owned(), version, known: VERSION }),
        }
        let result: Self = serde_json::from_value(value).map_err(|error| wrong(error.to_string()))?;
        result.sound().map_err(wrong)?;
        Ok(result)
    }
}

/// The largest file that is read: far more than any result has.
const MOST_BYTES: u64 = 16 << 20;
/// The longest name.
const LONGEST: usize = 10_000;
/// The largest number: what is greater is no time in seconds, no count and no ratio, and it breaks a figure's axes.
const LARGEST: f64 = 1e15;
/// The most arms of one figure.
const MOST_ARMS: usize = 64;
/// The most workers of one point, and the most lanes of a figure's height.
const MOST_WORKERS: usize = 1 << 16;

fn read(path: &Path, wrong: &dyn Fn(String) -> Error) -> Result<Value, Error> {
    let refused = |error: std::io::Error| Error::cannot_read(path, &error);
    // A pipe would be waited for, a device may have no end.
    if !std::fs::metadata(path).map_err(refused)?.is_file() {
        return Err(refused(ErrorKind::IsADirectory.into()));
    }
    let mut content = Vec::new();
    File::open(path).map_err(refused)?.take(MOST_BYTES + 1).read_to_end(&mut content).map_err(refused)?;
    if content.len() as u64 > MOST_BYTES {
        let large = say!(en: "it is larger than {} MB", pt: "é maior que {} MB", MOST_BYTES >> 20);
        return Err(wrong(large));
    }
    let value = serde_json::from_slice(&content).map_err(|error| wrong(error.to_string()))?;
    modest(&value).map_err(wrong)?;
    Ok(value)
}

/// Takes off what tells the format, and gives its version: files from before there was one are of version 1.
fn version(value: &mut Value) -> Result<u64, String> {
    let Some(fields) = value.as_object_mut() else { return Ok(VERSION) };
    match (fields.remove("format"), fields.remove("version")) {
        (None, None) => Ok(1),
        (Some(Value::String(format)), Some(Value::Number(version))) if format == FORMAT => {
            let version = version.as_u64().filter(|&version| version > 0);
            version.ok_or_else(|| say!(en: "its version is no number from 1 on", pt: "sua versão não é um número a partir de 1"))
        }
        _ => Err(say!(
            en: "its format is not `{FORMAT}` with a version",
            pt: "seu formato não é `{FORMAT}` com uma versão"
        )),
    }
}

/// Holds every number and every name in a file within bounds.
fn modest(value: &Value) -> Result<(), String> {
    match value {
        Value::Number(number) if number.as_f64().is_none_or(|number| number.abs() > LARGEST) => {
            Err(say!(en: "the number {number} is too large", pt: "o número {number} é grande demais"))
        }
        Value::String(text) if text.len() > LONGEST => {
            Err(say!(en: "a name has {} bytes", pt: "um nome tem {} bytes", text.len()))
        }
        Value::Array(values) => values.iter().try_for_each(modest),
        Value::Object(fields) => fields.values().try_for_each(modest),
        _ => Ok(()),
    }
}

fn ensure(sound: bool, wrong: &str) -> Result<(), String> {
    if sound { Ok(()) } else { Err(wrong.to_owned()) }
}

fn more_arms() -> &'static str {
    word!(
        en: "there are more arms than a figure can show",
        pt: "há mais variantes do que uma figura pode mostrar"
    )
}

fn no_time() -> &'static str {
    word!(en: "a time is not positive", pt: "um tempo não é positivo")
}

fn upside_down() -> &'static str {
    word!(en: "an interval is upside down", pt: "um intervalo está invertido")
}

fn no_estimate() -> &'static str {
    word!(
        en: "an estimate is not positive, or its interval is upside down",
        pt: "uma estimativa não é positiva, ou seu intervalo está invertido"
    )
}

fn no_whole_round() -> &'static str {
    word!(
        en: "a round lacks samples, or a time is not positive",
        pt: "a uma rodada faltam amostras, ou um tempo não é positivo"
    )
}

/// Whether an estimate of a positive quantity can be one.
fn positive(estimate: &Estimate) -> bool {
    estimate.point > 0.0 && estimate.low >= 0.0 && estimate.low <= estimate.high
}

impl Loaded for Scaling {
    fn name() -> &'static str {
        word!(en: "a speedup experiment", pt: "um experimento de speedup")
    }

    fn sound(&self) -> Result<(), String> {
        ensure(self.cores.effective > 0.0, word!(en: "there are no cores", pt: "não há núcleos"))?;
        ensure(self.curves.len() <= MOST_ARMS, more_arms())?;
        ensure(
            positive(&self.serial_seconds),
            word!(
                en: "the serial time is not positive",
                pt: "o tempo serial não é positivo"
            ),
        )?;
        let curves = self.curves.iter().map(|curve| &curve.points).chain([&self.ceiling]);
        curves.into_iter().try_for_each(|points| sound_points(points))?;
        self.machine.iter().try_for_each(Loaded::sound)
    }
}

fn sound_points(points: &[Point]) -> Result<(), String> {
    let ascending = points.windows(2).all(|pair| pair[0].workers < pair[1].workers);
    ensure(
        ascending,
        word!(
            en: "the points of a curve are not in ascending order of workers",
            pt: "os pontos de uma curva não estão em ordem crescente de trabalhadores"
        ),
    )?;
    points.iter().try_for_each(|point| {
        ensure(
            (1..=MOST_WORKERS).contains(&point.workers),
            word!(
                en: "a number of workers is zero or too large",
                pt: "um número de trabalhadores é zero ou grande demais"
            ),
        )?;
        ensure(point.seconds > 0.0, no_time())?;
        ensure(
            positive(&point.speedup),
            word!(
                en: "a speedup is not positive, or its interval is upside down",
                pt: "um speedup não é positivo, ou seu intervalo está invertido"
            ),
        )
    })
}

impl Loaded for Comparison {
    fn name() -> &'static str {
        word!(en: "a comparison", pt: "uma comparação")
    }

    fn sound(&self) -> Result<(), String> {
        self.check()?;
        self.results.iter().try_for_each(|result| result.scaling.sound())
    }
}

impl Loaded for Roofline {
    fn name() -> &'static str {
        word!(en: "work under its memory bound", pt: "um trabalho sob seu limite de memória")
    }

    fn sound(&self) -> Result<(), String> {
        ensure(
            self.bytes > 0.0 && self.triad_bytes > 0.0,
            word!(
                en: "the bytes are not positive",
                pt: "os bytes não são positivos"
            ),
        )?;
        self.work.sound()?;
        self.triad.sound()
    }
}

impl Loaded for Swept {
    fn name() -> &'static str {
        word!(en: "a sweep over a parameter", pt: "uma varredura de um parâmetro")
    }

    fn sound(&self) -> Result<(), String> {
        ensure(self.series.len() <= MOST_ARMS, more_arms())?;
        let rounds = self.rounds();
        let whole = |samples: &Vec<Sample>| {
            samples.len() == rounds && samples.iter().all(|sample| sample.seconds > 0.0)
        };
        ensure(self.samples.iter().all(whole), no_whole_round())?;
        ensure(
            self.beside.len() <= MOST_ARMS,
            word!(
                en: "there are more recorded arms than a figure can show",
                pt: "há mais variantes registradas do que uma figura pode mostrar"
            ),
        )?;
        let recorded = self.beside.iter().flat_map(|beside| &beside.places);
        recorded.into_iter().try_for_each(|(_, estimate)| {
            ensure(
                positive(estimate),
                word!(
                    en: "a recorded value is not positive, or its interval is upside down",
                    pt: "um valor registrado não é positivo, ou seu intervalo está invertido"
                ),
            )
        })?;
        self.series.iter().flat_map(|series| &series.places).try_for_each(|place| {
            ensure(
                place.index < self.samples.len(),
                word!(
                    en: "a value has no samples",
                    pt: "um valor não tem amostras"
                ),
            )?;
            ensure(positive(&place.estimate), no_estimate())
        })
    }
}

impl Loaded for Conversation {
    fn name() -> &'static str {
        word!(en: "a conversation", pt: "uma conversa")
    }

    fn sound(&self) -> Result<(), String> {
        self.contradiction().map_or(Ok(()), |reason| Err(reason.to_owned()))
    }
}

impl Loaded for Latencies {
    fn name() -> &'static str {
        word!(en: "an experiment on latencies", pt: "um experimento sobre latências")
    }

    fn sound(&self) -> Result<(), String> {
        ensure(self.arms.len() <= MOST_ARMS, more_arms())?;
        let sound = |place: &Place| {
            let law = place.law.is_none_or(|law| positive(&law.predicted) && positive(&law.agreement));
            law && positive(&place.median) && positive(&place.p99) && positive(&place.rate)
        };
        let places = || self.arms.iter().flat_map(|arm| &arm.places);
        ensure(places().all(sound), no_estimate())?;
        let whole = |place: &Place| {
            place.medians.len() == self.rounds && place.medians.iter().all(|sample| sample.seconds > 0.0)
        };
        ensure(places().all(whole), no_whole_round())
    }
}

impl Loaded for Grown {
    fn name() -> &'static str {
        word!(en: "an experiment on queues that grow", pt: "um experimento sobre filas que crescem")
    }

    fn sound(&self) -> Result<(), String> {
        ensure(
            self.arms.len() <= MOST_ARMS,
            word!(
                en: "there are more programs than a figure can show",
                pt: "há mais programas do que uma figura pode mostrar"
            ),
        )?;
        let rounds = self.arms.first().map_or(0, |arm| arm.memories.len());
        self.arms.iter().try_for_each(|arm| {
            ensure(
                positive(&arm.memory),
                word!(
                    en: "a memory is not positive, or its interval is upside down",
                    pt: "uma memória não é positiva, ou seu intervalo está invertido"
                ),
            )?;
            ensure(
                arm.memories.len() == rounds,
                word!(
                    en: "the programs were not run equally often",
                    pt: "os programas não executaram o mesmo número de vezes"
                ),
            )?;
            ensure(
                arm.queue.len() <= MOST_POINTS,
                word!(
                    en: "a queue has too many points",
                    pt: "uma fila tem pontos demais"
                ),
            )
        })
    }
}

impl Loaded for Simulated {
    fn name() -> &'static str {
        word!(en: "a simulation of schedulers", pt: "uma simulação de escalonadores")
    }

    fn sound(&self) -> Result<(), String> {
        self.contradiction().map_or(Ok(()), |reason| Err(reason.to_owned()))
    }
}

impl Loaded for Scheduled {
    fn name() -> &'static str {
        word!(en: "simulated runs of schedulers", pt: "execuções simuladas de escalonadores")
    }

    fn sound(&self) -> Result<(), String> {
        self.contradiction().map_or(Ok(()), |reason| Err(reason.to_owned()))
    }
}

impl Loaded for JobReport {
    fn name() -> &'static str {
        word!(en: "a report on jobs", pt: "um relato de tarefas")
    }

    fn sound(&self) -> Result<(), String> {
        self.contradiction().map_or(Ok(()), |reason| Err(reason.to_owned()))
    }
}

impl Loaded for Transports {
    fn name() -> &'static str {
        word!(en: "messages through transports", pt: "mensagens por transportes")
    }

    fn sound(&self) -> Result<(), String> {
        self.swept.sound()?;
        let arms = self.swept.series.iter().map(|series| &series.arm);
        ensure(
            arms.eq(self.fits.iter().map(|fit| &fit.arm)),
            word!(
                en: "the fits are not those of the arms",
                pt: "os ajustes não são os das variantes"
            ),
        )?;
        let sound = |estimate: &Estimate| 0.0 <= estimate.low && estimate.low <= estimate.high;
        let fits = || self.fits.iter().flat_map(|fit| [&fit.latency, &fit.per_byte]);
        ensure(
            fits().all(sound),
            word!(
                en: "a fitted time is negative, or its interval is upside down",
                pt: "um tempo ajustado é negativo, ou seu intervalo está invertido"
            ),
        )
    }
}

impl Loaded for Job {
    fn name() -> &'static str {
        word!(en: "a job of ranks", pt: "um job de ranks")
    }

    fn sound(&self) -> Result<(), String> {
        ensure(
            (1..=MOST_WORKERS).contains(&self.ranks.len()),
            word!(
                en: "the number of ranks is zero or too large",
                pt: "o número de ranks é zero ou grande demais"
            ),
        )?;
        let size = self.ranks.len() as i32;
        let placed = (0..).zip(&self.ranks).all(|(rank, placed)| placed.rank == rank && placed.size == size);
        ensure(
            placed,
            word!(
                en: "the ranks are not those of one world",
                pt: "os ranks não são os de um só mundo"
            ),
        )?;
        ensure(self.seconds > 0.0, no_time())?;
        ensure(self.timed.iter().all(|timed| timed.seconds > 0.0), no_time())
    }
}

impl Loaded for Past {
    fn name() -> &'static str {
        word!(en: "a simulation past this machine", pt: "uma simulação além desta máquina")
    }

    fn sound(&self) -> Result<(), String> {
        ensure(
            self.curves.len() <= MOST_ARMS,
            word!(
                en: "there are more curves than a figure can show",
                pt: "há mais curvas do que uma figura pode mostrar"
            ),
        )?;
        let sound = |(ranks, value): &(usize, f64)| (1..=MOST_WORKERS).contains(ranks) && *value > 0.0;
        let points = self.curves.iter().flat_map(|curve| &curve.points);
        ensure(
            points.into_iter().all(sound),
            word!(
                en: "a number of ranks or a value is not positive",
                pt: "um número de ranks ou um valor não é positivo"
            ),
        )?;
        let measured = |held: &ranks::Held| held.ranks > 0 && positive(&held.value);
        ensure(
            self.measured.iter().all(measured),
            word!(
                en: "what was measured is not positive",
                pt: "o que foi medido não é positivo"
            ),
        )
    }
}

impl Loaded for Checkpoints {
    fn name() -> &'static str {
        word!(en: "the cost of checkpoints", pt: "o custo de checkpoints")
    }

    fn sound(&self) -> Result<(), String> {
        ranks::checkpoints(self.cost, self.restart, self.hours, self.machines)
            .map_or_else(|error| Err(error.to_string()), |_| Ok(()))
    }
}

impl Loaded for Payoff {
    fn name() -> &'static str {
        word!(
            en: "shared work beside work done alone",
            pt: "trabalho repartido ao lado de trabalho feito só"
        )
    }

    fn sound(&self) -> Result<(), String> {
        self.swept.sound()?;
        ensure(self.arms.len() <= MOST_ARMS, more_arms())?;
        let ratios = self.arms.iter().flat_map(|arm| &arm.ratios);
        ensure(
            ratios.clone().all(|(_, ratio, _)| positive(ratio)),
            word!(
                en: "a ratio is not positive",
                pt: "um quociente não é positivo"
            ),
        )?;
        let crossings = || self.arms.iter().flat_map(|arm| [&arm.measured, &arm.predicted]);
        let upright = crossings().all(|crossing| positive(&crossing.value));
        ensure(
            upright,
            word!(
                en: "a payload from which on it pays is not positive, or its interval is upside down",
                pt: "uma carga útil a partir da qual compensa não é positiva, ou seu intervalo está invertido"
            ),
        )
    }
}

impl Loaded for Timeline {
    fn name() -> &'static str {
        word!(en: "a timeline", pt: "uma linha do tempo")
    }

    fn sound(&self) -> Result<(), String> {
        self.contradiction().map_or(Ok(()), |reason| Err(reason.to_owned()))
    }
}

impl Loaded for Overlapped {
    fn name() -> &'static str {
        word!(en: "an experiment on overlapping tasks", pt: "um experimento sobre tarefas sobrepostas")
    }

    fn sound(&self) -> Result<(), String> {
        ensure(
            (1..=MOST_TASKS).contains(&self.tasks),
            word!(
                en: "the number of tasks is zero or too large",
                pt: "o número de tarefas é zero ou grande demais"
            ),
        )?;
        ensure(
            self.cores > 0 && self.effective_cores > 0.0,
            word!(
                en: "there are no cores",
                pt: "não há núcleos"
            ),
        )?;
        ensure(
            self.corners.len() <= 4,
            word!(
                en: "there are more than four corners",
                pt: "há mais de quatro cantos"
            ),
        )?;
        self.corners.iter().try_for_each(|corner| {
            ensure(
                positive(&corner.gain),
                word!(
                    en: "a gain is not positive, or its interval is upside down",
                    pt: "um ganho não é positivo, ou seu intervalo está invertido"
                ),
            )?;
            corner.timeline.sound()
        })
    }
}

impl Loaded for Responded {
    fn name() -> &'static str {
        word!(en: "an experiment on responsiveness", pt: "um experimento sobre responsividade")
    }

    fn sound(&self) -> Result<(), String> {
        /// The most different delays of all runs together: each is looked at for every draw of the rounds.
        const MOST_DELAYS: usize = 200_000;
        ensure(self.arms.len() <= responsiveness::MOST_ARMS, more_arms())?;
        ensure(
            self.period > 0.0 && self.jobs > 0,
            word!(
                en: "the period or the number of jobs is not positive",
                pt: "o período ou o número de tarefas não é positivo"
            ),
        )?;
        let rounds = self.rounds();
        ensure(
            self.arms.iter().all(|arm| arm.runs.len() == rounds),
            word!(
                en: "a round lacks a run",
                pt: "a uma rodada falta uma execução"
            ),
        )?;
        let runs = || self.arms.iter().flat_map(|arm| &arm.runs);
        ensure(runs().all(|run| run.seconds > 0.0), no_time())?;
        let delays = || runs().flat_map(|run| [&run.delays, &run.waits]);
        let distinct: usize = delays().map(|delays| delays.0.len()).sum();
        ensure(
            distinct <= MOST_DELAYS,
            word!(
                en: "there are more delays than can be looked at",
                pt: "há mais atrasos do que se podem examinar"
            ),
        )?;
        let counts = delays().flat_map(|delays| &delays.0).map(|(_, count)| *count);
        ensure(
            counts.max().unwrap_or(0) <= u64::from(u32::MAX),
            word!(
                en: "a delay was had too often",
                pt: "um atraso ocorreu vezes demais"
            ),
        )?;
        self.arms.iter().filter_map(|arm| arm.traced.as_ref()).try_for_each(|traced| {
            ensure(
                traced.beats.len() <= MOST_WORKERS,
                word!(
                    en: "there are more beats than a figure can show",
                    pt: "há mais batidas do que uma figura pode mostrar"
                ),
            )?;
            let sound = |beat: &responsiveness::Beat| beat.due >= 0.0 && beat.delay >= 0.0;
            ensure(
                traced.beats.iter().all(sound),
                word!(
                    en: "a beat came before it was due",
                    pt: "uma batida veio antes da hora"
                ),
            )?;
            traced.work.sound()
        })
    }
}

impl Loaded for Machine {
    fn name() -> &'static str {
        word!(en: "a machine", pt: "uma máquina")
    }

    fn sound(&self) -> Result<(), String> {
        self.contradiction().map_or(Ok(()), |reason| Err(reason.to_owned()))
    }
}

impl Loaded for Histogram {
    fn name() -> &'static str {
        word!(en: "a histogram", pt: "um histograma")
    }

    fn sound(&self) -> Result<(), String> {
        ensure(
            self.series().len() <= MOST_ARMS,
            word!(
                en: "there are more sets of values than a figure can show",
                pt: "há mais conjuntos de valores do que uma figura pode mostrar"
            ),
        )?;
        ensure(
            self.is_ordered(),
            word!(
                en: "a set of values is in no order, or the bins are none or too many",
                pt: "um conjunto de valores não está em ordem, ou as classes faltam ou são demais"
            ),
        )
    }
}

impl Loaded for Agreement {
    fn name() -> &'static str {
        word!(
            en: "a figure of measured against expected values",
            pt: "uma figura de valores medidos e esperados"
        )
    }

    fn sound(&self) -> Result<(), String> {
        let upright = |(_, measured): &(f64, Estimate)| measured.low <= measured.high;
        ensure(self.points().iter().chain(self.doubts()).all(upright), upside_down())
    }
}

impl Loaded for Bars {
    fn name() -> &'static str {
        word!(en: "a figure of bars", pt: "uma figura de barras")
    }

    fn sound(&self) -> Result<(), String> {
        let upright = |(_, value): &(String, Estimate)| value.low <= value.high;
        ensure(
            self.values().len() <= plot::MOST_BARS,
            word!(
                en: "there are more bars than a figure can show",
                pt: "há mais barras do que uma figura pode mostrar"
            ),
        )?;
        ensure(self.values().iter().all(upright), upside_down())
    }
}

impl Loaded for Resident {
    fn name() -> &'static str {
        word!(en: "the memory of units that wait", pt: "a memória de unidades que esperam")
    }

    fn sound(&self) -> Result<(), String> {
        ensure(self.arms.len() <= MOST_ARMS, more_arms())?;
        self.arms.iter().flat_map(|arm| &arm.places).try_for_each(|place| {
            ensure(
                place.units > 0,
                word!(
                    en: "a number of units is zero",
                    pt: "um número de unidades é zero"
                ),
            )?;
            ensure(
                positive(&place.bytes),
                word!(
                    en: "a number of bytes is not positive, or its interval is upside down",
                    pt: "um número de bytes não é positivo, ou seu intervalo está invertido"
                ),
            )
        })
    }
}

impl Loaded for Ladder {
    fn name() -> &'static str {
        word!(en: "a ladder", pt: "uma escada")
    }

    fn sound(&self) -> Result<(), String> {
        let most = self.things().len().max(self.quantities().len());
        ensure(
            most <= plot::MOST_RUNGS,
            word!(
                en: "there are more things or quantities than a figure can show",
                pt: "há mais coisas ou grandezas do que uma figura pode mostrar"
            ),
        )?;
        let values = self.marks.iter().filter_map(|mark| mark.value.as_ref());
        values.into_iter().try_for_each(|value| {
            ensure(
                positive(value),
                word!(
                    en: "a value is not positive, or its interval is upside down",
                    pt: "um valor não é positivo, ou seu intervalo está invertido"
                ),
            )
        })
    }
}

impl Loaded for Predictions {
    fn name() -> &'static str {
        word!(en: "predictions", pt: "previsões")
    }

    fn sound(&self) -> Result<(), String> {
        ensure(
            self.predictions.len() <= MOST_ARMS,
            word!(
                en: "there are more predictions than a cell has",
                pt: "há mais previsões do que uma célula tem"
            ),
        )?;
        let contradiction = self.predictions.iter().find_map(|prediction| prediction.contradiction());
        contradiction.map_or(Ok(()), |reason| Err(reason.to_owned()))
    }
}

impl Loaded for Chart {
    fn name() -> &'static str {
        word!(en: "a chart", pt: "um gráfico")
    }

    fn sound(&self) -> Result<(), String> {
        Ok(())
    }
}
