//! Memory that several processes have in common.
//!
//! It is a file that lives in memory alone and has no name (`memfd_create`, Linux): who has its descriptor can map it, and it
//! is gone with the last descriptor and the last mapping, however the processes end. Named shared memory (`shm_open`) would
//! stay behind a process that is killed.
//!
//! The file, its seals and the mapping come from nix, which is here for other things. A crate for mappings alone (memmap2) has
//! neither file nor seals; one for channels between processes (ipc-channel) hides what is to be seen, and comes with an event
//! loop and a serialiser of its own.

use std::fs::File;
use std::io;
use std::num::NonZeroUsize;
use std::ops::Deref;
use std::os::fd::{AsFd, OwnedFd};
use std::ptr::NonNull;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use nix::fcntl::{FcntlArg, SealFlag, fcntl};
use nix::sys::memfd::{MFdFlags, memfd_create};
use nix::sys::mman::{MapFlags, ProtFlags, mmap, munmap};

use crate::Error;
use crate::language::say;

/// The flag has a cache line of its own, before the words.
const HEAD: usize = 64;

/// The most bytes: 1 GiB.
const MOST: usize = 1 << 30;

/// In the flag: somebody sleeps until it changes.
const ASLEEP: u32 = 1 << 31;

/// How long a wait lasts at most. Memory has no end as a pipe has: nothing in it tells that the other process is gone.
const PATIENCE: Duration = Duration::from_secs(10);

/// Shared memory: words of 64 bits, all zero at first, and a flag that says whose turn it is.
///
/// Every word is an atomic: another process may write to it at any moment, so that nothing less would be sound. The flag
/// orders what is done to the words: what was stored before [`hand_over`](SharedMemory::hand_over) is seen by whoever
/// [waited for](SharedMemory::wait_for) that turn (release and acquire).
#[derive(Debug)]
pub struct SharedMemory {
    file: File,
    start: NonNull<AtomicU64>,
    /// The length of the mapping, in bytes.
    length: usize,
}

// SAFETY: the mapping belongs to the value alone, it is the same from every thread, and all of it is atomics.
unsafe impl Send for SharedMemory {}
// SAFETY: as above.
unsafe impl Sync for SharedMemory {}

impl SharedMemory {
    /// New memory of at least so many bytes.
    ///
    /// # Errors
    ///
    /// [`Error::NoSharedMemory`] with what the system said, or for more than 1 GiB.
    pub fn new(bytes: usize) -> Result<SharedMemory, Error> {
        if bytes > MOST {
            let reason = say!(
                en: "{bytes} bytes are too many: at most {MOST}",
                pt: "{bytes} bytes são demais: no máximo {MOST}"
            );
            return Err(Error::NoSharedMemory { reason });
        }
        let length = HEAD + bytes.next_multiple_of(size_of::<AtomicU64>());
        let flags = MFdFlags::MFD_CLOEXEC | MFdFlags::MFD_ALLOW_SEALING;
        let file = File::from(memfd_create("conpar", flags).map_err(refused)?);
        file.set_len(length as u64).map_err(refused)?;
        let seals = SealFlag::F_SEAL_SHRINK | SealFlag::F_SEAL_GROW | SealFlag::F_SEAL_SEAL;
        fcntl(&file, FcntlArg::F_ADD_SEALS(seals)).map_err(refused)?;
        SharedMemory::map(file, length)
    }

    /// The memory that another process made, by its descriptor: a child has it as its standard input, when that was
    /// [handed to it](SharedMemory::descriptor).
    ///
    /// # Errors
    ///
    /// [`Error::NoSharedMemory`] where the descriptor is that of something else.
    pub fn of(descriptor: impl AsFd) -> Result<SharedMemory, Error> {
        SharedMemory::from_file(File::from(descriptor.as_fd().try_clone_to_owned().map_err(refused)?))
    }

    fn from_file(file: File) -> Result<SharedMemory, Error> {
        let seals = fcntl(&file, FcntlArg::F_GET_SEALS);
        let seals = seals.map_or(SealFlag::empty(), SealFlag::from_bits_truncate);
        let length = usize::try_from(file.metadata().map_err(refused)?.len()).unwrap_or(0);
        if !seals.contains(SealFlag::F_SEAL_SHRINK) || !(HEAD..=HEAD + MOST).contains(&length) {
            return Err(Error::NoSharedMemory {
                reason: say!(
                    en: "this descriptor is none of shared memory: hand the child `memory.descriptor()?`",
                    pt: "este descritor não é de memória compartilhada: entregue ao filho `memory.descriptor()?`"
                ),
            });
        }
        SharedMemory::map(file, length)
    }

    /// A descriptor to hand to a child, as `command.stdin(memory.descriptor()?)`.
    ///
    /// # Errors
    ///
    /// [`Error::NoSharedMemory`] where the process may have no more descriptors.
    pub fn descriptor(&self) -> Result<OwnedFd, Error> {
        self.file.try_clone().map(OwnedFd::from).map_err(refused)
    }

    /// Says whose turn it is, and wakes a process that sleeps until it is. `turn` is below 2³¹; at first it is 0.
    pub fn hand_over(&self, turn: u32) {
        let before = self.flag().swap(turn & !ASLEEP, Ordering::AcqRel);
        if before & ASLEEP != 0 {
            futex::wake_one(self.flag());
        }
    }

    /// Waits until it is `turn`: looks so many times in a row, then sleeps until it is woken (a futex of Linux).
    ///
    /// Whether it came: after 10 s the other process is taken to be gone.
    pub fn wait_for(&self, turn: u32, spins: u32) -> bool {
        for _ in 0..spins {
            if self.flag().load(Ordering::Acquire) == turn {
                return true;
            }
            std::hint::spin_loop();
        }
        let clock = Instant::now();
        loop {
            let seen = self.flag().load(Ordering::Acquire);
            if seen & !ASLEEP == turn {
                return true;
            }
            let left = PATIENCE.saturating_sub(clock.elapsed());
            if left.is_zero() {
                return false;
            }
            let asleep = seen | ASLEEP;
            // Whoever changes the flag from now on sees that somebody sleeps. One who changed it just before makes this fail.
            let marked = self.flag().compare_exchange(seen, asleep, Ordering::AcqRel, Ordering::Acquire);
            if marked.is_ok() {
                // It returns when the flag has changed, for a signal, and at the end of the time: all are looked at above.
                futex::wait(self.flag(), asleep, left);
            }
        }
    }

    fn map(file: File, length: usize) -> Result<SharedMemory, Error> {
        let (protection, flags) = (ProtFlags::PROT_READ | ProtFlags::PROT_WRITE, MapFlags::MAP_SHARED);
        let bytes = NonZeroUsize::new(length).ok_or(nix::Error::EINVAL).map_err(refused)?;
        // SAFETY: a new mapping, at an address of the system's choice, takes no memory from anybody.
        let start = unsafe { mmap(None, bytes, protection, flags, &file, 0) }.map_err(refused)?;
        Ok(SharedMemory { file, start: start.cast(), length })
    }

    fn flag(&self) -> &AtomicU32 {
        // SAFETY: the first `HEAD` bytes of the mapping are the flag's alone; the rest as for the words below.
        unsafe { self.start.cast().as_ref() }
    }
}

/// The words.
impl Deref for SharedMemory {
    type Target = [AtomicU64];

    fn deref(&self) -> &[AtomicU64] {
        let words = (self.length - HEAD) / size_of::<AtomicU64>();
        // SAFETY: the mapping begins at a page and lives as long as `self`; sealed against shrinking, all of its `length` has
        // memory behind it; any bits are a number; and all accesses, of whatever process, are to be atomic.
        unsafe { std::slice::from_raw_parts(self.start.as_ptr().add(HEAD / size_of::<AtomicU64>()), words) }
    }
}

impl Drop for SharedMemory {
    fn drop(&mut self) {
        // SAFETY: it was mapped with this length, and no reference into it outlives `self`.
        let _ = unsafe { munmap(self.start.cast(), self.length) };
    }
}

fn refused(error: impl Into<io::Error>) -> Error {
    Error::NoSharedMemory { reason: error.into().to_string() }
}

/// The system call behind every lock, futex(2): to sleep while a word has a value. Not marked as private, it works between
/// processes.
mod futex {
    use std::sync::atomic::AtomicU32;
    use std::time::Duration;

    use nix::libc;

    /// Sleeps until it is woken, at most for so long, unless the word has another value by now.
    pub(super) fn wait(word: &AtomicU32, value: u32, most: Duration) {
        let tv_sec = libc::time_t::try_from(most.as_secs()).unwrap_or(libc::time_t::MAX);
        let most = libc::timespec { tv_sec, tv_nsec: most.subsec_nanos().into() };
        // SAFETY: both addresses are those of references that outlive the call, which reads them and keeps neither.
        unsafe { libc::syscall(libc::SYS_futex, word.as_ptr(), libc::FUTEX_WAIT, value, &raw const most) };
    }

    /// Wakes one that sleeps.
    pub(super) fn wake_one(word: &AtomicU32) {
        // SAFETY: the address is that of a reference, and is only looked up among those that sleep.
        unsafe { libc::syscall(libc::SYS_futex, word.as_ptr(), libc::FUTEX_WAKE, 1) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_one_mapping_stores_the_other_one_sees_when_it_is_its_turn() {
        let ours = SharedMemory::new(100).expect("memory");
        let theirs = SharedMemory::of(ours.descriptor().expect("a descriptor")).expect("the same memory");
        assert_eq!((ours.len(), theirs.len()), (13, 13));
        for spins in [0, 10_000] {
            std::thread::scope(|scope| {
                scope.spawn(|| {
                    for round in 0..500 {
                        assert!(theirs.wait_for(1, spins));
                        assert_eq!(theirs[12].load(Ordering::Relaxed), round);
                        theirs[0].store(2 * round, Ordering::Relaxed);
                        theirs.hand_over(0);
                    }
                });
                for round in 0..500 {
                    ours[12].store(round, Ordering::Relaxed);
                    ours.hand_over(1);
                    assert!(ours.wait_for(0, spins));
                    assert_eq!(ours[0].load(Ordering::Relaxed), 2 * round);
                }
            });
        }
    }

    #[test]
    fn what_is_no_shared_memory_is_refused() {
        let (reader, _writer) = std::io::pipe().expect("a pipe");
        assert!(matches!(SharedMemory::of(&reader), Err(Error::NoSharedMemory { .. })));
        let file = std::fs::File::open("/proc/self/exe").expect("this program");
        assert!(matches!(SharedMemory::of(&file), Err(Error::NoSharedMemory { .. })));
        assert!(matches!(SharedMemory::new(usize::MAX), Err(Error::NoSharedMemory { .. })));
    }
}
