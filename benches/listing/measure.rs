//! Clocks, and ratios of two works that take turns, so that whatever else the machine does meets
//! both.

use std::fmt;
use std::io::Read as _;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

/// The turns that each of two works has.
const TURNS: usize = 21;

/// The turns that each of two works has that take a few milliseconds.
const SHORT_TURNS: usize = 301;

/// The turns that each of two works has that take several seconds.
const LONG_TURNS: usize = 5;

/// Keeps the processors awake while it exists, by processes that yield to all others. A processor
/// that falls asleep between two calls, and wakes up with cold caches, takes up to four times as
/// long for the same work.
pub(crate) struct Awake(Vec<Child>);

impl Awake {
    pub(crate) fn start() -> std::io::Result<Self> {
        let spinner = std::env::current_exe()?;
        let processors = std::thread::available_parallelism()?.get();
        let mut command = Command::new("nice");
        command.args(["-n", "19"]).arg(spinner).arg("spin").stdin(Stdio::piped());
        Ok(Self((0..processors).map(|_| command.spawn()).collect::<Result<_, _>>()?))
    }
}

impl Drop for Awake {
    fn drop(&mut self) {
        for spinner in &mut self.0 {
            // It ends with its standard input.
            drop(spinner.stdin.take());
            let _ = spinner.wait();
        }
    }
}

/// Uses a processor until the standard input ends.
pub(crate) fn spin() {
    let input = std::thread::spawn(|| std::io::stdin().read_to_end(&mut Vec::new()));
    while !input.is_finished() {
        std::hint::spin_loop();
    }
}

/// The processor time of this process, all its threads together, user and system, that `work`
/// takes.
pub(crate) fn processor_time<T, E>(work: impl FnOnce() -> Result<T, E>) -> Result<Duration, E> {
    let before = clock_gettime(ClockId::ProcessCPUTime);
    work()?;
    let after = clock_gettime(ClockId::ProcessCPUTime);
    let nanoseconds =
        (after.tv_sec - before.tv_sec) * 1_000_000_000 + (after.tv_nsec - before.tv_nsec);
    Ok(Duration::from_nanos(nanoseconds.unsigned_abs()))
}

/// Lets two works take turns, each saying how long it took, after one turn of each that does not
/// count.
pub(crate) fn in_turns<E>(
    ours: impl FnMut() -> Result<Duration, E>,
    theirs: impl FnMut() -> Result<Duration, E>,
) -> Result<Ratio, E> {
    in_so_many_turns(TURNS, ours, theirs)
}

/// The same for works that take a few milliseconds, which differ more from turn to turn.
pub(crate) fn in_short_turns<E>(
    ours: impl FnMut() -> Result<Duration, E>,
    theirs: impl FnMut() -> Result<Duration, E>,
) -> Result<Ratio, E> {
    in_so_many_turns(SHORT_TURNS, ours, theirs)
}

/// The same for works that take several seconds, which differ less.
pub(crate) fn in_long_turns<E>(
    ours: impl FnMut() -> Result<Duration, E>,
    theirs: impl FnMut() -> Result<Duration, E>,
) -> Result<Ratio, E> {
    in_so_many_turns(LONG_TURNS, ours, theirs)
}

fn in_so_many_turns<E>(
    turns: usize,
    mut ours: impl FnMut() -> Result<Duration, E>,
    mut theirs: impl FnMut() -> Result<Duration, E>,
) -> Result<Ratio, E> {
    ours()?;
    theirs()?;
    let turns = (0..turns).map(|_| Ok((ours()?, theirs()?))).collect::<Result<_, E>>()?;
    Ok(Ratio { turns })
}

/// The comparison of two works.
pub(crate) struct Ratio {
    turns: Vec<(Duration, Duration)>,
}

impl Ratio {
    /// The median of the differences of two works in one turn.
    pub(crate) fn difference(&self) -> Duration {
        median(self.turns.iter().map(|(ours, theirs)| ours.saturating_sub(*theirs)).collect())
    }

    /// The median of the ratios of two works in one turn.
    pub(crate) fn median(&self) -> f64 {
        self.quantile(0.5)
    }

    fn quantile(&self, part: f64) -> f64 {
        let mut ratios: Vec<_> = self
            .turns
            .iter()
            .map(|(ours, theirs)| ours.as_secs_f64() / theirs.as_secs_f64())
            .collect();
        ratios.sort_by(f64::total_cmp);
        ratios[((ratios.len() - 1) as f64 * part).round() as usize]
    }
}

/// `1.02 (half of 21 between 1.01 and 1.04; 20.1ms against 19.9ms)`.
impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (ours, theirs): (Vec<_>, Vec<_>) = self.turns.iter().copied().unzip();
        write!(
            f,
            "{:.3} (half of {} turns between {:.3} and {:.3}; {:.1?} against {:.1?})",
            self.median(),
            self.turns.len(),
            self.quantile(0.25),
            self.quantile(0.75),
            median(ours),
            median(theirs)
        )
    }
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// The most memory that this process has had, in KiB, as Linux tells it.
pub(crate) fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    peak.trim().strip_suffix(" kB")?.parse().ok()
}
