//! Facts that only the browser knows: the time, zones, the page's own address. No state.

use crate::zone::Zone;
use chrono::{DateTime, Utc};
use js_sys::{Array, Date, Function, Intl, Number, Object, Promise, Reflect};
use std::future::poll_fn;
use std::task::{Context, Poll};
use std::time::Duration;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::MessagePort;

/// Days before and after now for which a zone's offsets are read.
const DAYS_BACK: i64 = 366 * 3;
const DAYS_AHEAD: i64 = 3;

/// The time now.
pub fn now() -> DateTime<Utc> {
    DateTime::from_timestamp_millis(Date::now() as i64).unwrap_or_default()
}

/// The instant of a date as HTTP writes it.
pub fn time(date: &str) -> Option<DateTime<Utc>> {
    let milliseconds = Date::parse(date);
    milliseconds.is_finite().then_some(())?;
    DateTime::from_timestamp_millis(milliseconds as i64)
}

/// Whether the browser has a connection to anything at all.
pub fn is_online() -> bool {
    leptos::prelude::window().navigator().on_line()
}

/// Loads the page again.
pub fn reload() {
    // Fails only where the address may not be loaded, and then it is loaded already.
    drop(leptos::prelude::window().location().reload());
}

/// A number with all its digits, as JavaScript writes it: by the browser, whose way of finding them is there already.
pub fn number(value: f64) -> String {
    Number::from(value)
        .to_string_with_radix(10)
        .map_or_else(|_| String::new(), String::from)
}

/// A number from 0 to 1.
pub fn chance() -> f64 {
    js_sys::Math::random()
}

/// Milliseconds since the page was opened.
pub fn uptime() -> f64 {
    leptos::prelude::window()
        .performance()
        .map_or(0.0, |performance| performance.now())
}

/// Waits until all that is to be done at once has had a turn. The browser does nothing else meanwhile.
pub async fn next_turn() {
    let mut is_now = true;
    let turn = |context: &mut Context<'_>| {
        context.waker().wake_by_ref();
        match std::mem::take(&mut is_now) {
            true => Poll::Pending,
            false => Poll::Ready(()),
        }
    };
    poll_fn(turn).await;
}

/// Lets the browser do what else there is to do: events, frames. Goes on right after, where a timer would wait.
pub async fn next_task() {
    let channel = Reflect::get(&js_sys::global(), &"MessageChannel".into())
        .and_then(|channel| Reflect::construct(&channel.unchecked_into::<Function>(), &Array::new()));
    let port = |name: &str| {
        let port = Reflect::get(channel.as_ref().ok()?, &name.into()).ok()?;
        port.dyn_into::<MessagePort>().ok()
    };
    let Some((to, from)) = port("port1").zip(port("port2")) else {
        return;
    };
    let promise = Promise::new(&mut |resolve, _| {
        from.set_onmessage(Some(&resolve));
        // Fails only for what cannot be copied.
        drop(to.post_message(&JsValue::NULL));
    });
    // A promise that is never rejected.
    drop(JsFuture::from(promise).await);
    from.close();
}

/// Waits.
pub async fn sleep(milliseconds: u32) {
    let wait = Duration::from_millis(milliseconds.into());
    let promise = Promise::new(&mut |resolve, _| {
        // Fails only where nothing can be called, and then nobody waits.
        let done = move || drop(resolve.call0(&JsValue::NULL));
        leptos::prelude::set_timeout(done, wait);
    });
    // A promise that is never rejected.
    drop(JsFuture::from(promise).await);
}

/// A member of a JavaScript object.
fn member(of: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(of, &name.into()).ok()
}

/// Calls a method of a JavaScript object.
fn call(on: &JsValue, name: &str, argument: &JsValue) -> Option<JsValue> {
    let method: Function = member(on, name)?.dyn_into().ok()?;
    method.call1(on, argument).ok()
}

/// The first language of the browser.
pub fn language() -> Option<String> {
    leptos::prelude::window().navigator().language()
}

/// Name of the browser's zone. `Temporal` knows it at once; where there is none, a first formatter takes some 20 ms.
pub fn browser_zone() -> String {
    let temporal = || {
        let now = member(&member(&js_sys::global(), "Temporal")?, "Now")?;
        call(&now, "timeZoneId", &JsValue::UNDEFINED)?.as_string()
    };
    let intl = || {
        let format = Intl::DateTimeFormat::new(&Array::new(), &Object::new());
        member(&format.resolved_options(), "timeZone")?.as_string()
    };
    temporal().or_else(intl).unwrap_or_else(|| "UTC".into())
}

/// Seconds east of UTC at an instant in seconds.
type Offset = Box<dyn Fn(i64) -> i32>;

/// The zone of a name with its offsets from `from` (or three years back) to a few days ahead; `None` when the browser
/// does not know it.
pub fn zone(name: &str, now: DateTime<Utc>, from: Option<DateTime<Utc>>) -> Option<Zone> {
    if name == "UTC" {
        return Some(Zone::utc());
    }
    let offset = temporal_offset(name).or_else(|| intl_offset(name))?;
    let earliest = now.timestamp() - DAYS_BACK * 86_400;
    let from = from.map_or(earliest, |from| from.timestamp().min(earliest));
    // A change is looked for week by week: Ramadan in Morocco has two of them about four weeks apart.
    Some(Zone::probe(
        name,
        from,
        now.timestamp() + DAYS_AHEAD * 86_400,
        7 * 86_400,
        offset,
    ))
}

/// What `Temporal` says of a zone; `None` where there is no `Temporal`, or no such zone.
pub fn temporal_offset(name: &str) -> Option<Offset> {
    let instants = member(&member(&js_sys::global(), "Temporal")?, "Instant")?;
    let zone = JsValue::from_str(name);
    let at = move |second: i64| {
        let instant = call(&instants, "fromEpochMilliseconds", &(second as f64 * 1000.0).into())?;
        call(&instant, "toZonedDateTimeISO", &zone)
    };
    // It takes whole dates for zones, too: the zone in them.
    let known = member(&at(0)?, "timeZoneId")?.as_string()?;
    let offset = move |second| member(&at(second)?, "offsetNanoseconds")?.as_f64();
    known.eq_ignore_ascii_case(name).then_some(())?;
    Some(Box::new(move |second| {
        offset(second).map_or(0, |nanoseconds| (nanoseconds / 1e9) as i32)
    }))
}

/// What a formatter says whose output is the wall clock in fixed digits; `None` for an unknown zone, which makes it throw.
pub fn intl_offset(name: &str) -> Option<Offset> {
    let options = Object::new();
    for (key, value) in [
        ("timeZone", name),
        ("hourCycle", "h23"),
        ("year", "numeric"),
        ("month", "2-digit"),
        ("day", "2-digit"),
        ("hour", "2-digit"),
        ("minute", "2-digit"),
        ("second", "2-digit"),
        ("calendar", "gregory"),
        ("numberingSystem", "latn"),
    ] {
        Reflect::set(&options, &key.into(), &value.into()).ok()?;
    }
    let constructor = member(&member(&js_sys::global(), "Intl")?, "DateTimeFormat")?;
    let constructor: Function = constructor.dyn_into().ok()?;
    let format = Reflect::construct(&constructor, &Array::of2(&"en-US".into(), &options)).ok()?;
    let format: Function = member(&format, "format")?.dyn_into().ok()?;
    Some(Box::new(move |second| shown_offset(&format, second)))
}

/// Seconds east of UTC: what the zone's clock shows, read as UTC, less the instant itself.
fn shown_offset(format: &Function, second: i64) -> i32 {
    let date = Date::new(&JsValue::from_f64(second as f64 * 1000.0));
    let shown = format
        .call1(&JsValue::NULL, &date)
        .ok()
        .and_then(|text| text.as_string())
        .unwrap_or_default();
    let mut numbers = shown
        .split(|c: char| !c.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .map(|part| part.parse::<u32>().unwrap_or(0));
    let mut next = || numbers.next().unwrap_or(0);
    let (month, day, year, hour, minute, secs) = (next(), next(), next(), next(), next(), next());
    let local = chrono::NaiveDate::from_ymd_opt(i32::try_from(year).unwrap_or(1970), month, day)
        .and_then(|date| date.and_hms_opt(hour, minute, secs));
    local.map_or(0, |local| {
        i32::try_from(local.and_utc().timestamp() - second).unwrap_or(0)
    })
}

/// Names of all zones the browser knows, `UTC` first.
pub fn zone_names() -> Vec<String> {
    let mut names = vec!["UTC".to_string()];
    let list = member(&js_sys::global(), "Intl").and_then(|intl| call(&intl, "supportedValuesOf", &"timeZone".into()));
    let list = list.and_then(|list| list.dyn_into::<Array>().ok());
    names.extend(
        list.iter()
            .flat_map(Array::iter)
            .filter_map(|name| name.as_string())
            .filter(|name| name != "UTC"),
    );
    names
}

/// Takes the loading text away, behind which the page of panels is not shown (style/base.css): where answers come quickly
/// it is laid out and painted once, with its figures, and nobody sees it empty for a moment. What boot.js has to say stays.
pub fn unveil() {
    let text = leptos::prelude::document().get_element_by_id("boot-message");
    if let Some(boot) = text.and_then(|text| text.parent_element()) {
        boot.remove();
    }
}

/// Leaves a mark on the browser's timeline.
pub fn mark(name: &str) {
    if let Some(performance) = leptos::prelude::window().performance() {
        // A mark that cannot be set is only missing from the timeline.
        drop(performance.mark(name));
    }
}

/// Says whether the page is ready, for scripts that wait for it: `<html data-ready>`.
pub fn say_ready(ready: bool) {
    if let Some(html) = leptos::prelude::document().document_element() {
        // Fails only for a malformed attribute name.
        drop(html.set_attribute("data-ready", if ready { "true" } else { "false" }));
    }
}
