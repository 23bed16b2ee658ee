//! An [`Ended`] in a cell: what the child wrote, how it ended and what it used.

use super::{Block, Loaded, Shown, Table};
use crate::Error;
use crate::child::{Captured, Ended, How};
use crate::language::{say, word};

impl How {
    /// The end in words.
    pub fn words(self) -> String {
        match self {
            How::Exited(0) => say!(en: "It returned.", pt: "Retornou."),
            How::Exited(code) => {
                say!(en: "It ended with exit code {code}.", pt: "Terminou com o código de saída {code}.")
            }
            How::Signalled(signal) => {
                say!(en: "Signal {signal} ended it.", pt: "O sinal {signal} o encerrou.")
            }
            How::Deadline => say!(
                en: "It was still there at its deadline, and was killed.",
                pt: "Ainda estava lá no fim do prazo e foi morto."
            ),
            How::Killed => say!(en: "It was killed.", pt: "Foi morto."),
        }
    }
}

impl Ended {
    /// The result that the child measured and told with [`tell`](crate::child::tell). What it wrote to its standard error is
    /// printed: what it did otherwise than asked, for example.
    ///
    /// # Errors
    ///
    /// [`Error::ChildFailed`] where it told no such result, with what is known of why.
    pub fn result<T: Loaded>(&self) -> Result<T, Error> {
        let result: T = self.told_or(T::name())?;
        eprint!("{}", self.stderr.text);
        let wrong = |reason| Error::ChildFailed { what: T::name().to_owned(), reason };
        result.sound().map_err(wrong)?;
        Ok(result)
    }

    /// Prints what the child wrote, and shows how it ended.
    pub fn evcxr_display(&self) {
        let whole = |captured: &Captured| match captured.dropped {
            0 => captured.text.clone(),
            dropped => say!(
                en: "{}\n… and {dropped} more bytes, which were dropped\n",
                pt: "{}\n… e mais {dropped} bytes, que foram descartados\n",
                captured.text
            ),
        };
        // A line that looks like the kernel's own protocol would be taken for it.
        print!("{}", whole(&self.stdout).replace("EVCXR_", "EVCXR "));
        eprint!("{}", whole(&self.stderr));
        self.block().emit();
    }

    fn used(&self) -> Vec<[String; 2]> {
        let row = |name: &str, value: String| [name.to_owned(), value];
        let mut rows = vec![row(
            word!(en: "from start to end", pt: "do início ao fim"),
            format!("{:.3} s", self.seconds),
        )];
        rows.extend(self.cpu_seconds.map(|seconds| {
            row(word!(en: "time on cores", pt: "tempo nos núcleos"), format!("{seconds:.3} s"))
        }));
        rows.extend(self.most_memory.map(|bytes| {
            row(word!(en: "most memory", pt: "máximo de memória"), format!("{:.1} MB", bytes as f64 / 1e6))
        }));
        rows
    }
}

impl Shown for Ended {
    fn block(&self) -> Block {
        let caption =
            say!(en: "{} It took {:.2} s.", pt: "{} Levou {:.2} s.", self.how.words(), self.seconds);
        let head = word!(en: ["child", ""], pt: ["filho", ""]);
        Block { caption, table: Table::new(head, self.used()), ..Block::default() }
    }

    fn columns(&self) -> Table {
        let optional = |value: Option<String>| value.unwrap_or_default();
        let row = [
            self.how.words(),
            self.seconds.to_string(),
            optional(self.cpu_seconds.map(|seconds| seconds.to_string())),
            optional(self.most_memory.map(|bytes| bytes.to_string())),
        ];
        let head = word!(
            en: ["end", "seconds", "time on cores (s)", "most memory (bytes)"],
            pt: ["fim", "segundos", "tempo nos núcleos (s)", "máximo de memória (bytes)"]
        );
        Table::new(head, [row])
    }
}
