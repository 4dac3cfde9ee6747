//! [`StripedLock`]: a lock that many threads read through at once.

use std::ops::{Deref, DerefMut};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use super::stripes::{STRIPES, Stripes};

/// A lock of a value that is read often and written seldom. A reader locks only the stripe of its
/// thread, and a writer locks all of them.
#[derive(Debug)]
pub(super) struct StripedLock<T>(Stripes<RwLock<Shared<T>>>);

/// The value that all stripes share. A writer takes it from all but the first, so that it is the
/// only owner, and returns it before it unlocks them.
type Shared<T> = Option<Arc<T>>;

impl<T> StripedLock<T> {
    pub(super) fn new(value: T) -> Self {
        let value = Arc::new(value);
        Self(Stripes::from_fn(|| RwLock::new(Some(Arc::clone(&value)))))
    }

    // A panic under the lock, which only a bug could cause, must not make every later read fail.

    pub(super) fn read(&self) -> ReadGuard<'_, T> {
        ReadGuard(self.0.of_thread().read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn write(&self) -> WriteGuard<'_, T> {
        let stripes = self.0.each_ref();
        let mut stripes =
            stripes.map(|stripe| stripe.write().unwrap_or_else(PoisonError::into_inner));
        stripes[1..].iter_mut().for_each(|stripe| **stripe = None);
        WriteGuard(stripes)
    }
}

pub(super) struct ReadGuard<'l, T>(RwLockReadGuard<'l, Shared<T>>);

impl<T> Deref for ReadGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        present(&self.0)
    }
}

pub(super) struct WriteGuard<'l, T>([RwLockWriteGuard<'l, Shared<T>>; STRIPES]);

impl<T> Deref for WriteGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        present(&self.0[0])
    }
}

impl<T> DerefMut for WriteGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        match self.0[0].as_mut().and_then(Arc::get_mut) {
            Some(value) => value,
            None => unreachable!("the other stripes have dropped the value"),
        }
    }
}

impl<T> Drop for WriteGuard<'_, T> {
    fn drop(&mut self) {
        let (first, others) = self.0.split_at_mut(1);
        others.iter_mut().for_each(|stripe| (**stripe).clone_from(&first[0]));
    }
}

fn present<T>(shared: &Shared<T>) -> &T {
    match shared {
        Some(value) => value,
        None => unreachable!("a writer returns the value before it unlocks the stripes"),
    }
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::{ptr, thread};

    use super::*;

    #[test]
    fn reader_locks_only_the_stripe_of_its_thread() {
        let lock = StripedLock::new(0);
        let _guard = lock.read();
        for stripe in lock.0.each_ref() {
            assert_eq!(stripe.try_write().is_err(), ptr::eq(stripe, lock.0.of_thread()));
        }
    }

    #[test]
    fn writer_locks_all_stripes() {
        let lock = StripedLock::new(0);
        let _guard = lock.write();
        assert!(lock.0.each_ref().iter().all(|stripe| stripe.try_read().is_err()));
    }

    #[test]
    fn every_thread_reads_what_any_thread_wrote() {
        let lock = &StripedLock::new(0);
        let write_and_read = || {
            for _ in 0..100 {
                let before = *lock.read();
                *lock.write() += 1;
                assert!(*lock.read() > before);
            }
        };
        thread::scope(|scope| (0..2 * STRIPES).for_each(|_| drop(scope.spawn(write_and_read))));
        assert_eq!(*lock.read(), 2 * STRIPES * 100);
    }

    #[test]
    fn value_is_there_after_a_writer_panicked() {
        let lock = StripedLock::new(0);
        let panicked = catch_unwind(AssertUnwindSafe(|| {
            let mut value = lock.write();
            *value = 1;
            panic!("a bug");
        }));
        assert!(panicked.is_err());
        *lock.write() += 1;
        assert_eq!(*lock.read(), 2);
    }
}
