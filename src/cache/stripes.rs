//! [`Stripes`]: one of a kind for each of several threads.

use std::sync::atomic::{AtomicUsize, Ordering};

pub(super) const STRIPES: usize = 8;

/// Eight of a kind, of which each thread uses one: threads that write to the same memory wait for
/// each other, if only for a hundred nanoseconds.
#[derive(Debug, Default)]
pub(super) struct Stripes<T>([Stripe<T>; STRIPES]);

/// Alone on its cache lines; processors load two at a time.
#[derive(Debug, Default)]
#[repr(align(128))]
struct Stripe<T>(T);

impl<T> Stripes<T> {
    pub(super) fn from_fn(mut stripe: impl FnMut() -> T) -> Self {
        Self(std::array::from_fn(|_| Stripe(stripe())))
    }

    /// Returns the one of this thread.
    pub(super) fn of_thread(&self) -> &T {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        thread_local! {
            static STRIPE: usize = NEXT.fetch_add(1, Ordering::Relaxed) % STRIPES;
        }
        &self.0[STRIPE.with(|stripe| *stripe)].0
    }

    pub(super) fn each_ref(&self) -> [&T; STRIPES] {
        self.0.each_ref().map(|stripe| &stripe.0)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::{ptr, thread};

    use super::*;

    #[test]
    fn stripes_share_no_cache_line() {
        let stripes = Stripes::<u8>::default();
        let lines = stripes.each_ref().map(|stripe| ptr::from_ref(stripe).addr() / 128);
        assert_eq!(HashSet::from(lines).len(), STRIPES);
    }

    #[test]
    fn threads_use_different_stripes_and_keep_them() {
        let stripes = &Stripes::<u8>::default();
        let used = || ptr::from_ref(stripes.of_thread()).addr();
        assert_eq!(used(), used());
        // Other tests start threads too, so it is not known which stripe each gets.
        let of_threads = (0..2 * STRIPES).map(|_| thread::scope(|s| s.spawn(used).join().unwrap()));
        assert!(of_threads.collect::<HashSet<_>>().len() > 1);
    }
}
