//! Mutexes that tell who holds them, over the mutexes of either world.

/// Defines `Lock`, `Guard` and `Actor` over the `Mutex` and `MutexGuard` that are in scope, with a `pause` at the
/// end of each unit of work.
macro_rules! locks {
    () => {
        /// A mutex with a name, which tells who holds it.
        #[derive(Debug)]
        pub struct Lock<T> {
            state: std::sync::Arc<LockState>,
            inner: Mutex<T>,
        }

        impl<T> Lock<T> {
            /// A lock with this name around `value`.
            pub fn new(name: impl std::fmt::Display, value: T) -> Lock<T> {
                Lock { state: scene::new_lock(name.to_string()), inner: Mutex::new(value) }
            }
        }

        /// One who acts: a thread or a task.
        #[derive(Debug, Clone)]
        pub struct Actor(std::sync::Arc<ActorState>);

        impl Actor {
            /// An actor with this name.
            pub fn new(name: impl std::fmt::Display) -> Actor {
                Actor(scene::new_actor(name.to_string()))
            }

            /// Takes the lock, and waits for it where somebody has it.
            pub fn lock<'a, T>(&'a self, lock: &'a Lock<T>) -> Guard<'a, T> {
                self.0.wants(&lock.state);
                let inner = lock.inner.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                self.0.has(&lock.state);
                Guard { inner, lock: &lock.state, actor: &self.0 }
            }

            /// Takes the lock where nobody has it.
            pub fn try_lock<'a, T>(&'a self, lock: &'a Lock<T>) -> Option<Guard<'a, T>> {
                self.0.tries();
                let inner = lock.inner.try_lock().ok()?;
                self.0.has(&lock.state);
                Some(Guard { inner, lock: &lock.state, actor: &self.0 })
            }

            /// Does a unit of work: it is counted as progress.
            pub fn work<T>(&self, work: impl FnOnce() -> T) -> T {
                self.0.begins();
                let result = work();
                pause();
                self.0.ends();
                result
            }
        }

        /// What a lock guards, until this is dropped.
        #[derive(Debug)]
        pub struct Guard<'a, T> {
            inner: MutexGuard<'a, T>,
            lock: &'a LockState,
            actor: &'a ActorState,
        }

        impl<T> std::ops::Deref for Guard<'_, T> {
            type Target = T;
            fn deref(&self) -> &T {
                &self.inner
            }
        }

        impl<T> std::ops::DerefMut for Guard<'_, T> {
            fn deref_mut(&mut self) -> &mut T {
                &mut self.inner
            }
        }

        impl<T> Drop for Guard<'_, T> {
            fn drop(&mut self) {
                // Before the mutex itself is released, which is dropped after this.
                self.actor.releases(self.lock);
            }
        }
    };
}

pub(super) use locks;
