//! [`Growth`]: how much a grant adds to the pace.

/// The part of the pace that a rejection leaves.
pub(super) const CUT: f64 = 0.9;

/// The part of the pace that each grant adds during a search.
const SEARCH_GROWTH: f64 = 0.25;

/// The largest part that a grant adds after it.
const MAX_GROWTH: f64 = 0.08;

/// From so many requests a second on, the grants of one window measure what the service grants.
pub(super) const MEASURABLE_RATE: f64 = 8.0;

/// More grants in a row are a surprise at the limit: it was raised, or others have stopped.
pub(super) const SURPRISING_GRANTS: u32 = 32;

/// The part of the limit that a cubed second adds to the pace, from where it levels off
/// (<https://www.rfc-editor.org/rfc/rfc9438#section-4.2>).
const CUBIC_GROWTH: f64 = 0.08;

/// The part of its requests that a client of the pace [`FAIR_RATE`] accepts to be rejected.
const FAIR_REJECTIONS: f64 = 0.1;
const FAIR_RATE: f64 = 0.8;
const MAX_REJECTIONS: f64 = 0.4;

/// The phase of a throttled client, which decides how much a grant adds to its pace. Rates are
/// requests a second.
#[derive(Clone, Copy, Debug)]
pub(super) enum Growth {
    /// The limit is not known: each grant adds a quarter, until a rejection shows the limit.
    Search,
    /// The limit was met `seconds` ago.
    ///
    /// - A fast client grows as TCP does by CUBIC: quickly up to the last limit, slowly around it,
    ///   and quickly beyond.
    /// - A slow client is one of many and is rejected at random. Its steps up and down balance at a
    ///   part of rejected requests that is larger for a slower client, so clients that do not know
    ///   each other approach one pace.
    Settled { limit: f64, seconds: f64 },
    /// A slow client had a surprising number of grants, at the pace `before`.
    Probe { before: f64 },
}

impl Growth {
    pub(super) fn settled_at(limit: f64) -> Self {
        Self::Settled { limit, seconds: 0.0 }
    }

    /// Returns what one more grant makes of the pace `rate`. `granted` is the rate of the grants in
    /// the last window, and `in_a_row` the number of grants since the last rejection.
    pub(super) fn raise(&mut self, rate: f64, granted: f64, in_a_row: u32) -> f64 {
        if let Self::Settled { .. } = self
            && in_a_row > SURPRISING_GRANTS
            && rate < MEASURABLE_RATE
        {
            *self = Self::Probe { before: rate };
        }
        // A pace that is not used up does not run ahead of what is known.
        let known = 2.0 * granted + 2.0;
        match self {
            Self::Search => known.min(rate * (1.0 + SEARCH_GROWTH)),
            Self::Probe { .. } => known.min(rate * (1.0 + MAX_GROWTH)),
            Self::Settled { limit, seconds } if rate >= MEASURABLE_RATE => {
                *seconds += 1.0 / rate;
                let levels_off_at = ((1.0 - CUT) / CUBIC_GROWTH).cbrt();
                let cubic = *limit * (1.0 + CUBIC_GROWTH * (*seconds - levels_off_at).powi(3));
                cubic.min(rate * (1.0 + MAX_GROWTH))
            }
            Self::Settled { .. } => {
                // As much as balances the accepted part of rejections, each of which cuts the pace.
                let rejections = accepted_rejections(rate);
                rate * (1.0 - CUT.ln() * rejections / (1.0 - rejections))
            }
        }
    }
}

/// Returns the part of its requests that a client of this pace has rejected while it competes with
/// others. The slower of two clients accepts more rejections, so it gains on the faster one.
fn accepted_rejections(rate: f64) -> f64 {
    let exponent = if rate > FAIR_RATE { -0.5 } else { -2.0 };
    (FAIR_REJECTIONS * (rate / FAIR_RATE).powf(exponent)).min(MAX_REJECTIONS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slower_clients_accept_more_rejections() {
        assert_eq!(accepted_rejections(FAIR_RATE), FAIR_REJECTIONS);
        assert!(accepted_rejections(8.0) < 0.04);
        assert!(accepted_rejections(0.5) > 0.2);
        assert_eq!(accepted_rejections(1.0 / 16.0), MAX_REJECTIONS);
    }

    #[test]
    fn settled_slow_client_balances_grants_and_rejections() {
        let mut growth = Growth::settled_at(FAIR_RATE);
        let raised = (0..9).fold(FAIR_RATE, |rate, _| growth.raise(rate, rate, 1));
        // One of ten is rejected.
        assert!((raised * CUT / FAIR_RATE - 1.0).abs() < 0.01, "{raised}");
    }
}
