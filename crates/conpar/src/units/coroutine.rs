//! corosensei's coroutines with numbers going in and out, compiled once.
//!
//! corosensei's own types are generic, so that a cell would compile the code that switches stacks; and that code jumps to pieces of
//! assembler which the shared library that cells are linked with does not show to the outside. So what is generic there is
//! fixed here, and called across the border: an ordinary call more for each switch, and a box for each coroutine.

use corosensei::CoroutineResult;

/// What a coroutine runs.
type Body = Box<dyn FnOnce(&Yielder<'_>, u64) -> u64>;

/// A function with a stack of its own, 1 MiB of address space, which can be stopped anywhere in it and resumed.
///
/// ```
/// use conpar::corosensei::CoroutineResult::{Return, Yield};
/// use conpar::units::Coroutine;
///
/// let mut adds_one = Coroutine::new(|me, n| me.suspend(n + 1));
/// assert!(matches!(adds_one.resume(4), Yield(5)));
/// assert!(matches!(adds_one.resume(7), Return(7)));
/// ```
pub struct Coroutine(corosensei::Coroutine<u64, u64, u64>);

/// By this a coroutine stops itself.
pub struct Yielder<'y>(&'y corosensei::Yielder<u64, u64>);

impl Coroutine {
    /// A coroutine that will run `body` with what it is first resumed with.
    ///
    /// # Panics
    ///
    /// Where the system gives no memory for a stack, as [`corosensei::Coroutine::new`] does.
    pub fn new(body: impl FnOnce(&Yielder<'_>, u64) -> u64 + 'static) -> Coroutine {
        Coroutine::boxed(Box::new(body))
    }

    #[inline(never)]
    fn boxed(body: Body) -> Coroutine {
        Coroutine(corosensei::Coroutine::new(move |yielder, input| body(&Yielder(yielder), input)))
    }

    /// Lets it go on until it stops itself or returns. A panic in it goes on in the caller.
    ///
    /// # Panics
    ///
    /// When it has returned before.
    #[inline(never)]
    pub fn resume(&mut self, input: u64) -> CoroutineResult<u64, u64> {
        self.0.resume(input)
    }
}

impl std::fmt::Debug for Coroutine {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Coroutine").field("done", &self.0.done()).finish()
    }
}

impl std::fmt::Debug for Yielder<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Yielder")
    }
}

impl Yielder<'_> {
    /// Stops the coroutine and hands `output` to who resumed it; returns what it is resumed with.
    #[inline(never)]
    pub fn suspend(&self, output: u64) -> u64 {
        self.0.suspend(output)
    }
}
