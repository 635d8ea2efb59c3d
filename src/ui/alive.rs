//! Keeps the page true while the world around it comes and goes: time passes, the computer sleeps, the tab is hidden,
//! the connection is lost and found, the person leaves.

use crate::pace::{self, IDLE};
use crate::scope::Moment;
use crate::ui::app::Now;
use crate::ui::browser;
use crate::ui::erase::{Memo, RwSignal, expect_context, signal};
use crate::ui::store::Store;
use chrono::Duration;
use leptos::prelude::*;

/// Longest time between two looks at the clock, in seconds.
const LOOK: u32 = 15;
/// A timer that comes so much later than set has slept.
const NAP: Duration = Duration::seconds(60);

/// Watches until the page is left. Gives whether the browser has a connection.
pub fn keep(moment: Memo<Moment>, every: u32, store: Store) -> RwSignal<bool> {
    let now = expect_context::<Now>();
    let looked = StoredValue::new(browser::now());
    let used = StoredValue::new(browser::now());
    let (is_online, set_online) = signal(browser::is_online());

    let look = move |is_back: bool| {
        let time = browser::now();
        let has_slept = time - looked.get_value() > NAP;
        looked.set_value(time);
        if time - used.get_value() >= IDLE {
            store.forget_tokens();
        }
        let moment = moment.read_untracked();
        let is_due = pace::is_due(moment.now, time, &moment.zone, every, is_back || has_slept);
        drop(moment);
        if is_due && !document().hidden() && browser::is_online() {
            again(now, move || store.refresh_old());
        }
    };
    let hear = move |name: &str| match name {
        "online" | "offline" => {
            set_online.set(browser::is_online());
            if browser::is_online() {
                store.retry(&[]);
                look(true);
            }
        }
        "visibilitychange" => look(true),
        _ => {
            look(false);
            used.set_value(browser::now());
        }
    };

    let period = if every == 0 { LOOK } else { every.min(LOOK) };
    let timer = set_interval_with_handle(move || look(false), std::time::Duration::from_secs(period.into()));
    if let Ok(timer) = timer {
        on_cleanup(move || timer.clear());
    }
    for name in [
        "online",
        "offline",
        "visibilitychange",
        "pointerdown",
        "keydown",
        "wheel",
    ] {
        let listener = window_event_listener_untyped(name, move |_| hear(name));
        on_cleanup(move || listener.remove());
    }
    is_online
}

/// Moves the time of the page on and asks again, as somebody wants it.
pub fn refresh(now: Now, store: Store) {
    again(now, move || store.refresh());
}

/// The new time may change what is wanted; what stays wanted is asked again, too.
fn again(now: Now, ask: impl FnOnce() + 'static) {
    now.0.set(browser::now());
    request_animation_frame(ask);
}
