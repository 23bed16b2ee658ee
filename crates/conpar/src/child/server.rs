//! A child that stays and answers: a line for each line that it is sent.

use std::fmt;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::output::{Ended, How};
use super::program::Program;
use super::running::Running;
use crate::Error;
use crate::language::{say, word};

/// How much of what a failed program said is shown, in bytes.
const MOST_SHOWN: usize = 2_000;

/// How long a program that has closed its output may take to end.
const ENDING: Duration = Duration::from_secs(2);

/// A program that runs and answers. When this is dropped, it is killed with all its descendants.
#[must_use = "a program that nobody asks is killed at once"]
pub struct Server {
    greeting: String,
    patience: Duration,
    child: Mutex<Option<Asked>>,
}

struct Asked {
    running: Running,
    answers: Receiver<String>,
}

impl Server {
    pub(super) fn start(program: &Program) -> Result<Server, Error> {
        let (to_us, answers) = channel();
        let program = program.clone().on_line(move |line| _ = to_us.send(line.to_owned()));
        let child = Mutex::new(Some(Asked { running: program.start()?, answers }));
        let mut server = Server { greeting: String::new(), patience: program.deadline, child };
        server.greeting = server.answer(None)?;
        Ok(server)
    }

    /// The program's first line.
    pub fn greeting(&self) -> &str {
        &self.greeting
    }

    /// Sends a line and waits for the next line that comes back.
    ///
    /// # Errors
    ///
    /// [`Error::ChildFailed`] when the program ended, or did not answer by its deadline and was killed. After that it has
    /// to be started again.
    pub fn ask(&self, question: &str) -> Result<String, Error> {
        self.answer(Some(question))
    }

    fn answer(&self, question: Option<&str>) -> Result<String, Error> {
        let failed = |reason: String| Error::ChildFailed {
            what: question.unwrap_or(word!(en: "the program", pt: "o programa")).to_owned(),
            reason,
        };
        let mut child = self.child.lock().unwrap_or_else(PoisonError::into_inner);
        let ended = word!(
            en: "it had ended already: start it again",
            pt: "já tinha terminado: inicie-o de novo"
        );
        let asked = child.as_mut().ok_or_else(|| failed(ended.to_owned()))?;
        if let Some(question) = question {
            asked.running.send(format!("{question}\n").as_bytes());
        }
        let error = match asked.answers.recv_timeout(self.patience) {
            Ok(answer) => return Ok(answer),
            Err(error) => error,
        };
        let Some(Asked { running, .. }) = child.take() else {
            return Err(failed(say!(en: "it is gone", pt: "não existe mais")));
        };
        Err(failed(match error {
            RecvTimeoutError::Timeout => {
                running.kill();
                say!(
                    en: "no answer within {:?}, so it was killed",
                    pt: "nenhuma resposta em {:?}, e por isso foi morto",
                    self.patience
                )
            }
            RecvTimeoutError::Disconnected => said(&running.wait_for(ENDING)),
        }))
    }
}

/// How a program ended that should have answered.
fn said(ended: &Ended) -> String {
    // Who waits for an answer has no deadline of its own to speak of.
    let how = match ended.how {
        How::Deadline => How::Killed,
        how => how,
    };
    let how = how.said();
    let text = ended.stderr.text.trim();
    let end =
        text.char_indices().map(|(end, _)| end).take_while(|&end| end <= MOST_SHOWN).last().unwrap_or(0);
    let shown = if text.len() > MOST_SHOWN { &text[..end] } else { text };
    if shown.is_empty() { how } else { say!(en: "{how} and said: {shown}", pt: "{how} e disse: {shown}") }
}

impl fmt::Debug for Server {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Server").field("greeting", &self.greeting).finish_non_exhaustive()
    }
}
