//! The C sources, compiled by gcc with OpenMP when the program starts, and called in this process.

use std::ffi::CStr;
use std::fmt;
use std::path::Path;
use std::process::Command;

use conpar::machine;
use libloading::Library;

const SOURCES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/arms");

/// What the C compiler is told besides the target. `-ffp-contract=off`, since rustc too never makes one rounding out of the
/// two of a product and a sum: results are to be equal to the last bit.
const FLAGS: [&str; 6] = ["-std=gnu11", "-O3", "-ffp-contract=off", "-fopenmp", "-shared", "-fPIC"];

/// The C functions, ready to be called.
pub(crate) struct OpenMp {
    library: Library,
    /// The compiler's name and version, the first line that it says of itself.
    pub(crate) compiler: String,
    /// What it was told.
    pub(crate) flags: Vec<String>,
}

/// Why there are no C functions, and what to do.
#[derive(Debug)]
pub(crate) struct NoOpenMp(String);

impl fmt::Display for NoOpenMp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "OpenMP is left out: {}. It needs gcc with OpenMP: `apt install gcc`, `dnf install gcc`, `conda install -c \
             conda-forge gcc` or `brew install gcc`; another compiler's name is read from the variable CC.",
            self.0
        )
    }
}

impl OpenMp {
    /// Compiles the C sources and loads them.
    pub(crate) fn compile() -> Result<OpenMp, NoOpenMp> {
        let compiler = std::env::var("CC").unwrap_or_else(|_| "gcc".to_owned());
        let run = |arguments: &[&str]| {
            let done = Command::new(&compiler).args(arguments).output();
            let done = done.map_err(|error| NoOpenMp(format!("`{compiler}` does not start ({error})")))?;
            match done.status.success() {
                true => Ok(String::from_utf8_lossy(&done.stdout).into_owned()),
                false => {
                    let said = String::from_utf8_lossy(&done.stderr);
                    Err(NoOpenMp(format!("`{compiler} {}` said: {}", arguments.join(" "), said.trim())))
                }
            }
        };
        let flags: Vec<String> = FLAGS.into_iter().map(str::to_owned).chain(target()).collect();
        let sources = sources().map_err(|error| NoOpenMp(format!("{SOURCES} cannot be read ({error})")))?;
        // A name of this process's own: the test and the program may run at the same time.
        let library = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("arms-{}.so", std::process::id()));
        let path = library.to_string_lossy();
        let mut arguments: Vec<&str> = flags.iter().map(String::as_str).collect();
        arguments.extend(["-o", &path]);
        arguments.extend(sources.iter().map(String::as_str));
        arguments.push("-lm");
        run(&arguments)?;
        let version = run(&["--version"])?;
        // SAFETY: nothing runs when it is loaded but the start of the OpenMP library itself.
        let loaded = unsafe { Library::new(&library) };
        // It stays in memory. If the file cannot be removed, it is one file more in cargo's folder of temporary files.
        let _ = std::fs::remove_file(&library);
        let library =
            loaded.map_err(|error| NoOpenMp(format!("what gcc made cannot be loaded ({error})")))?;
        Ok(OpenMp { library, compiler: version.lines().next().unwrap_or_default().to_owned(), flags })
    }

    /// The C function of that name.
    ///
    /// # Safety
    ///
    /// `F` has to be the function's type.
    pub(crate) unsafe fn function<F: Copy>(&self, name: &CStr) -> F {
        // SAFETY: the caller knows the type.
        let function = unsafe { self.library.get::<F>(name) };
        *function.unwrap_or_else(|error| panic!("the C sources have no function {name:?}: {error}"))
    }

    /// Binds each of so many OpenMP threads of the calling thread to a core, as Rust's workers are.
    pub(crate) fn bind(&self, workers: usize) {
        type EachWorker = unsafe extern "C" fn(i32, extern "C" fn(usize));
        extern "C" fn bind(nth: usize) {
            machine::bind_to(nth);
        }
        // SAFETY: the type is that of `each_worker` in workers.c; `bind` may be called by any thread.
        unsafe { self.function::<EachWorker>(c"each_worker")(workers as i32, bind) }
    }
}

/// What gcc has to be told to use the instructions that rustc was allowed to use for this program.
fn target() -> Option<String> {
    cfg!(target_arch = "x86_64").then(|| format!("-march={}", level()))
}

/// The level of the instruction set that rustc was allowed to use: what `-C target-cpu` in RUSTFLAGS says.
pub(crate) fn level() -> &'static str {
    if cfg!(not(target_arch = "x86_64")) {
        std::env::consts::ARCH
    } else if cfg!(target_feature = "avx512f") {
        "x86-64-v4"
    } else if cfg!(target_feature = "avx2") {
        "x86-64-v3"
    } else if cfg!(target_feature = "sse4.2") {
        "x86-64-v2"
    } else {
        "x86-64"
    }
}

fn sources() -> std::io::Result<Vec<String>> {
    let mut sources = Vec::new();
    for folder in [SOURCES.to_owned(), format!("{SOURCES}/workloads")] {
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "c") {
                sources.push(path.to_string_lossy().into_owned());
            }
        }
    }
    sources.sort();
    Ok(sources)
}
