//! [`ParsedValues`]: what the JSON of a value was parsed to, once for each type.

use std::any::{Any, TypeId};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;
use std::{fmt, mem};

use super::atomic_time::AtomicTime;

type Shared = Arc<dyn Any + Send + Sync>;

/// The parsed forms of one version, and those of the version before until this one was parsed.
#[derive(Default)]
pub(super) struct ParsedValues {
    /// Few: a program parses a secret as one type, seldom as two.
    forms: RwLock<Vec<Form>>,
}

#[derive(Clone)]
struct Form {
    of_type: TypeId,
    value: Shared,
    /// `None` for the version itself.
    inherited: Option<Inherited>,
}

/// The weight of a form of an earlier version.
#[derive(Clone)]
struct Inherited {
    /// When that version was last confirmed.
    confirmed_at: Arc<AtomicTime>,
    /// True if this version is known not to parse as the type.
    is_in_use: bool,
}

/// The knowledge about a type.
pub(super) enum Lookup<T> {
    Parsed(Arc<T>),
    /// This version does not parse. The form of an earlier one, and when that was last confirmed.
    Kept(Arc<T>, Duration),
    Unknown,
}

impl ParsedValues {
    /// Returns the forms of a version that another one replaces.
    pub(super) fn inherit(&self, confirmed_at: &Arc<AtomicTime>) -> Self {
        let mut forms = self.read().clone();
        for form in &mut forms {
            let inherited = form.inherited.get_or_insert_with(|| Inherited {
                confirmed_at: Arc::clone(confirmed_at),
                is_in_use: false,
            });
            inherited.is_in_use = false;
        }
        Self { forms: RwLock::new(forms) }
    }

    pub(super) fn get<T: Send + Sync + 'static>(&self) -> Lookup<T> {
        let forms = self.read();
        let Some((value, form)) = find(&forms) else { return Lookup::Unknown };
        match &form.inherited {
            None => Lookup::Parsed(value),
            Some(inherited) if inherited.is_in_use => {
                Lookup::Kept(value, inherited.confirmed_at.get())
            }
            Some(_) => Lookup::Unknown,
        }
    }

    /// Keeps what this version was parsed to.
    pub(super) fn insert<T: Send + Sync + 'static>(&self, value: Arc<T>) {
        let form = Form { of_type: TypeId::of::<T>(), value, inherited: None };
        let mut forms = self.write();
        let replaced = match forms.iter_mut().find(|other| other.of_type == form.of_type) {
            Some(other) => Some(mem::replace(other, form)),
            None => {
                forms.push(form);
                None
            }
        };
        // Unlocked first: to drop a parsed value runs code of the user.
        drop(forms);
        drop(replaced);
    }

    /// Notes that this version does not parse as `T`.
    pub(super) fn keep_inherited<T: 'static>(&self) {
        let mut forms = self.write();
        let of_type = |form: &&mut Form| form.of_type == TypeId::of::<T>();
        if let Some(inherited) = forms.iter_mut().find(of_type).and_then(|f| f.inherited.as_mut()) {
            inherited.is_in_use = true;
        }
    }

    fn read(&self) -> std::sync::RwLockReadGuard<'_, Vec<Form>> {
        self.forms.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> std::sync::RwLockWriteGuard<'_, Vec<Form>> {
        self.forms.write().unwrap_or_else(PoisonError::into_inner)
    }
}

fn find<T: Send + Sync + 'static>(forms: &[Form]) -> Option<(Arc<T>, &Form)> {
    let form = forms.iter().find(|form| form.of_type == TypeId::of::<T>())?;
    Some((Arc::clone(&form.value).downcast().ok()?, form))
}

impl fmt::Debug for ParsedValues {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ParsedValues").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn earlier_version_is_used_only_if_the_new_one_is_malformed() {
        let confirmed_at = Arc::new(AtomicTime::new(Duration::from_secs(7)));
        let first = ParsedValues::default();
        assert!(matches!(first.get::<u8>(), Lookup::Unknown));
        first.insert(Arc::new(1_u8));
        assert!(matches!(first.get::<u8>(), Lookup::Parsed(one) if *one == 1));
        assert!(matches!(first.get::<u16>(), Lookup::Unknown));

        let second = first.inherit(&confirmed_at);
        assert!(matches!(second.get::<u8>(), Lookup::Unknown), "it may parse");
        second.keep_inherited::<u8>();
        let seven = Duration::from_secs(7);
        assert!(matches!(second.get::<u8>(), Lookup::Kept(one, at) if *one == 1 && at == seven));

        let later = Arc::new(AtomicTime::new(Duration::from_secs(9)));
        let third = second.inherit(&later);
        assert!(matches!(third.get::<u8>(), Lookup::Unknown));
        third.keep_inherited::<u8>();
        assert!(matches!(third.get::<u8>(), Lookup::Kept(_, at) if at == seven), "the first's age");
        third.insert(Arc::new(3_u8));
        assert!(matches!(third.get::<u8>(), Lookup::Parsed(three) if *three == 3));
    }
}
