//! When the page asks again by itself, and when it forgets: after a failure, after sleep, after nobody was there.

use crate::remote::LoadError;
use crate::source::Ask;
use crate::zone::Zone;
use chrono::{DateTime, Duration, Utc};

/// So often a request that failed is asked again, until it succeeds or a person asks for it.
pub const TRIES: u32 = 3;

/// A typed token is forgotten when nobody has used the page for so long.
pub const IDLE: Duration = Duration::minutes(30);

/// Figures older than this are asked for again when a person comes back to them.
const AWAY: Duration = Duration::minutes(5);

/// A longer wait than this, in seconds, is left to the person.
const LONGEST: u32 = 120;

/// Asking again after a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Again {
    /// Milliseconds to wait before.
    pub wait: u32,
    /// Whether nothing is said of the failure until then: most faults of a network are gone a moment later.
    pub is_quiet: bool,
}

/// Whether and when to ask again what has been asked again `tries` times already. `chance`, from 0 to 1, spreads the
/// pages that lost the same server. Only what may pass by itself is asked again: no answer, a failing server, a limit.
pub fn again(error: &LoadError, tries: u32, chance: f64) -> Option<Again> {
    if tries >= TRIES {
        return None;
    }
    let spread = 0.5 + chance.clamp(0.0, 1.0);
    let wait = match error {
        LoadError::Unreachable | LoadError::Program => 500.0 * f64::from(4_u32.pow(tries)) * spread,
        LoadError::Server { status, .. } if *status >= 500 => 500.0 * f64::from(4_u32.pow(tries)) * spread,
        LoadError::Limited(seconds) => {
            let seconds = seconds.unwrap_or(60);
            if seconds > LONGEST {
                return None;
            }
            1000.0 * (f64::from(seconds) + chance)
        }
        _ => return None,
    };
    Some(Again {
        wait: wait as u32,
        is_quiet: tries == 0 && !matches!(error, LoadError::Limited(_)),
    })
}

/// An answer younger than this, in seconds, is not asked for again without being told to. The company keeps its figures for
/// two minutes and counts how often all of it asks; Windsurf has new ones every three hours, and limits that nobody knows.
pub fn least_age(ask: &Ask) -> i64 {
    match ask {
        Ask::Members(_) | Ask::Summary => 2 * 60,
        Ask::Assistant => 10 * 60,
        _ => 0,
    }
}

/// Whether figures of `last` are asked for again without being told to. `every` is the configured number of seconds, 0
/// for never. `is_back`: the page was out of sight, or the computer asleep. A new day always counts: today is another.
pub fn is_due(last: DateTime<Utc>, now: DateTime<Utc>, zone: &Zone, every: u32, is_back: bool) -> bool {
    let age = now - last;
    // Timers come a little early or late.
    let is_over = every > 0 && age + Duration::milliseconds(500) >= Duration::seconds(every.into());
    is_over || (is_back && age >= AWAY) || (age > Duration::zero() && zone.day_of(now) != zone.day_of(last))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failed(status: u16) -> LoadError {
        let message = String::new();
        LoadError::Server { status, message }
    }

    #[test]
    fn a_failure_that_may_pass_is_asked_again_three_times_later_each_time() {
        for error in [LoadError::Unreachable, failed(500), failed(502), failed(503)] {
            let waits: Vec<u32> = (0..)
                .map_while(|tries| again(&error, tries, 0.5))
                .map(|one| one.wait)
                .collect();
            assert_eq!(waits, [500, 2000, 8000]);
            let quiet: Vec<bool> = (0..TRIES)
                .filter_map(|tries| again(&error, tries, 0.5))
                .map(|one| one.is_quiet)
                .collect();
            assert_eq!(quiet, [true, false, false]);
        }
        let spread = [0.0, 1.0].map(|chance| again(&LoadError::Unreachable, 1, chance).map(|one| one.wait));
        assert_eq!(spread, [Some(1000), Some(3000)]);
    }

    #[test]
    fn what_will_not_pass_by_itself_is_not() {
        let words = || "words".to_string();
        for error in [
            LoadError::Unauthorized,
            LoadError::Forbidden(words()),
            LoadError::Unsupported(words()),
            LoadError::Disabled(words()),
            LoadError::Refused(words()),
            LoadError::TooLarge(1),
            LoadError::Timeout,
            failed(409),
        ] {
            assert_eq!(again(&error, 0, 0.5), None, "{error}");
        }
    }

    #[test]
    fn a_limit_is_waited_for_as_long_as_the_server_asks_never_shorter() {
        let wait = |seconds, chance| again(&LoadError::Limited(seconds), 0, chance);
        assert_eq!(wait(Some(7), 0.0).map(|one| one.wait), Some(7000));
        assert_eq!(wait(Some(7), 1.0).map(|one| one.wait), Some(8000));
        assert_eq!(wait(None, 0.0).map(|one| one.wait), Some(60_000));
        assert_eq!(wait(Some(121), 0.0), None);
        assert!(wait(Some(7), 0.0).is_some_and(|one| !one.is_quiet));
    }

    #[test]
    fn what_a_server_cannot_tell_anew_yet_is_left_alone() {
        let ages = [Ask::Daus, Ask::Members(1), Ask::Summary, Ask::Assistant].map(|ask| least_age(&ask));
        assert_eq!(ages, [0, 120, 120, 600]);
    }

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap_or_default()
    }

    #[test]
    fn figures_are_due_by_the_clock_on_return_and_on_a_new_day() {
        let utc = Zone::utc();
        let noon = at("2026-11-20T12:00:00Z");
        for (now, every, is_back, expected) in [
            ("2026-11-20T12:00:59Z", 60, false, false),
            ("2026-11-20T12:01:00Z", 60, false, true),
            ("2026-11-20T23:59:59Z", 0, false, false),
            ("2026-11-20T12:04:59Z", 0, true, false),
            ("2026-11-20T12:05:00Z", 0, true, true),
            ("2026-11-21T00:00:00Z", 0, false, true),
            // A clock that was set back.
            ("2026-11-19T12:00:00Z", 60, true, false),
        ] {
            assert_eq!(
                is_due(noon, at(now), &utc, every, is_back),
                expected,
                "{now} {every} {is_back}"
            );
        }
    }

    #[test]
    fn the_day_is_the_day_of_the_zone_also_when_its_clocks_change() {
        // Berlin, where 25 October 2026 has 25 hours: it ends at 23:00 UTC.
        let changes = at("2026-10-25T01:00:00Z").timestamp();
        let berlin = Zone::probe("Europe/Berlin", 1_760_000_000, 1_800_000_000, 7 * 86_400, |second| {
            if second < changes { 7200 } else { 3600 }
        });
        let late = at("2026-10-24T22:30:00Z");
        assert!(!is_due(late, at("2026-10-25T22:59:59Z"), &berlin, 0, false));
        assert!(is_due(late, at("2026-10-25T23:00:00Z"), &berlin, 0, false));
    }
}
