//! Reads how a language writes numbers and dates from the browser's `Intl`, once, into a [`Locale`] of plain data.

use crate::locale::{DatePart, Locale};
use crate::ui::browser;
use chrono::Weekday;
use js_sys::{Array, Date, Function, Object, Reflect};
use std::cell::RefCell;
use wasm_bindgen::{JsCast, JsValue};

type Parts = Vec<(String, String)>;

thread_local! {
    /// What was read ahead, with its tag.
    static AHEAD: RefCell<Option<(String, Locale)>> = const { RefCell::new(None) };
}

/// Reads the locale of a tag before it is needed, in a task of its own: this takes about as long as to show the page.
pub async fn read_ahead(tag: &str) {
    let read = locale(tag);
    AHEAD.set(Some((tag.into(), read)));
    browser::next_task().await;
}

/// The locale of a tag, or of the browser when the tag is `browser` or unknown to it.
pub fn locale(tag: &str) -> Locale {
    let ahead = AHEAD.take().filter(|(known, _)| known == tag);
    ahead.map_or_else(|| locale_now(tag), |(_, locale)| locale)
}

fn locale_now(tag: &str) -> Locale {
    let asked = if tag == "browser" {
        browser::language()
    } else {
        Some(tag.into())
    };
    // The most frequent one is known, without a first formatter, which takes some 15 ms. A browser test keeps it equal to
    // what would be read.
    if asked.as_deref() == Some("en-US") {
        return Locale::american();
    }
    let asked = asked.map_or(JsValue::UNDEFINED, JsValue::from);
    let found = Formatter::new("NumberFormat", &asked, &[]);
    let tag = if found.is_some() { asked } else { JsValue::UNDEFINED };
    let found = found.or_else(|| Formatter::new("NumberFormat", &tag, &[]));
    if found.and_then(|found| found.resolved("locale")).as_deref() == Some("en-US") {
        return Locale::american();
    }
    read(&tag).unwrap_or_else(Locale::english)
}

/// Reads a language from `Intl`: a dozen formatters, which take their time to make.
pub fn read(tag: &JsValue) -> Option<Locale> {
    let mut locale = Locale::english();
    let number = Formatter::new("NumberFormat", tag, &[])?;
    locale.tag = number.resolved("locale").unwrap_or(locale.tag);

    let million = number.parts(&JsValue::from_f64(-123_456_789.5));
    locale.group = value_of(&million, "group").unwrap_or_default();
    locale.decimal = value_of(&million, "decimal").unwrap_or(locale.decimal);
    // All that stands before the digits: Arabic and Hebrew have an invisible mark of direction beside the sign.
    locale.minus = around(&million, "integer").0;
    locale.groups = group_sizes(&million);
    locale.group_from = if value_of(&number.parts(&JsValue::from_f64(1234.0)), "group").is_some() {
        4
    } else {
        5
    };
    let digits = Formatter::new("NumberFormat", tag, &[("useGrouping", JsValue::FALSE)])?
        .text(&JsValue::from_f64(9_876_543_210.0));
    for (place, digit) in locale.digits.iter_mut().rev().zip(digits.chars()) {
        *place = digit;
    }
    let percent = Formatter::new("NumberFormat", tag, &[("style", "percent".into())])?.parts(&JsValue::from_f64(0.5));
    let (before, after) = around(&percent, "integer");
    locale.percent = (before, after);
    let compact = Formatter::new("NumberFormat", tag, &[("notation", "compact".into())])?;
    locale.compact = compact_steps(&compact);

    let units = [
        ("hour", &mut locale.hour),
        ("minute", &mut locale.minute),
        ("second", &mut locale.second),
        ("millisecond", &mut locale.millisecond),
    ];
    for (unit, suffix) in units {
        let options = [
            ("style", "unit".into()),
            ("unit", JsValue::from_str(unit)),
            ("unitDisplay", "narrow".into()),
        ];
        let word = around(
            &Formatter::new("NumberFormat", tag, &options)?.parts(&JsValue::from_f64(5.0)),
            "integer",
        )
        .1;
        *suffix = format!("\u{a0}{}", word.trim());
    }

    let months = Formatter::new("DateTimeFormat", tag, &dates(&[("day", "numeric"), ("month", "short")]))?;
    for (index, name) in (1..).zip(&mut locale.months) {
        *name = value_of(&months.parts(&day(2026, index, 15)), "month").unwrap_or_else(|| name.clone());
    }
    let alone = Formatter::new("DateTimeFormat", tag, &dates(&[("month", "short")]))?;
    for (index, name) in (1..).zip(&mut locale.months_alone) {
        *name = alone.text(&day(2026, index, 15));
    }
    let of_year = Formatter::new(
        "DateTimeFormat",
        tag,
        &dates(&[("month", "short"), ("year", "numeric")]),
    )?;
    for (index, name) in (1..).zip(&mut locale.months_of_year) {
        *name = value_of(&of_year.parts(&day(2026, index, 15)), "month").unwrap_or_else(|| name.clone());
    }
    let full = Formatter::new(
        "DateTimeFormat",
        tag,
        &dates(&[("weekday", "short"), ("day", "numeric"), ("month", "short")]),
    )?;
    // 2026-06-01 is a Monday.
    for (index, name) in (1..).zip(&mut locale.weekdays) {
        *name = value_of(&full.parts(&day(2026, 6, index)), "weekday").unwrap_or_else(|| name.clone());
    }
    let sample = day(2026, 11, 20);
    locale.day_month = pattern(&months.parts(&sample));
    locale.weekday_day_month = pattern(&full.parts(&sample));
    locale.day_month_year = pattern(
        &Formatter::new(
            "DateTimeFormat",
            tag,
            &dates(&[("day", "numeric"), ("month", "short"), ("year", "numeric")]),
        )?
        .parts(&sample),
    );
    locale.month_year = pattern(&of_year.parts(&sample));
    if let Some((start, weekend)) = week(&locale.tag) {
        (locale.week_start, locale.weekend) = (start, weekend);
    }
    Some(locale)
}

/// One `Intl` formatter.
struct Formatter {
    object: JsValue,
}

impl Formatter {
    fn new(class: &str, tag: &JsValue, options: &[(&str, JsValue)]) -> Option<Formatter> {
        let bag = Object::new();
        for (key, value) in options {
            Reflect::set(&bag, &JsValue::from_str(key), value).ok()?;
        }
        let constructor: Function = intl(class)?;
        let object = Reflect::construct(&constructor, &Array::of2(tag, &bag)).ok()?;
        Some(Formatter { object })
    }

    fn call(&self, method: &str, value: Option<&JsValue>) -> Option<JsValue> {
        let method: Function = Reflect::get(&self.object, &method.into()).ok()?.dyn_into().ok()?;
        match value {
            Some(value) => method.call1(&self.object, value).ok(),
            None => method.call0(&self.object).ok(),
        }
    }

    fn parts(&self, value: &JsValue) -> Parts {
        let list = self
            .call("formatToParts", Some(value))
            .and_then(|list| list.dyn_into::<Array>().ok());
        let text = |part: &JsValue, key: &str| {
            Reflect::get(part, &key.into())
                .ok()
                .and_then(|text| text.as_string())
                .unwrap_or_default()
        };
        list.iter()
            .flat_map(Array::iter)
            .map(|part| (text(&part, "type"), text(&part, "value")))
            .collect()
    }

    fn text(&self, value: &JsValue) -> String {
        self.call("format", Some(value))
            .and_then(|text| text.as_string())
            .unwrap_or_default()
    }

    fn resolved(&self, key: &str) -> Option<String> {
        Reflect::get(&self.call("resolvedOptions", None)?, &key.into())
            .ok()?
            .as_string()
    }
}

fn intl(name: &str) -> Option<Function> {
    let intl = Reflect::get(&js_sys::global(), &"Intl".into()).ok()?;
    Reflect::get(&intl, &name.into()).ok()?.dyn_into().ok()
}

/// Date options in UTC and the Gregorian calendar, which is what our days are.
fn dates<'a>(fields: &[(&'a str, &str)]) -> Vec<(&'a str, JsValue)> {
    let fixed = [
        ("timeZone", JsValue::from_str("UTC")),
        ("calendar", JsValue::from_str("gregory")),
    ];
    fields
        .iter()
        .map(|(key, value)| (*key, JsValue::from_str(value)))
        .chain(fixed)
        .collect()
}

fn day(year: u32, month: u32, day: u32) -> JsValue {
    Date::new(&JsValue::from_str(&format!("{year:04}-{month:02}-{day:02}T12:00:00Z"))).into()
}

fn value_of(parts: &Parts, kind: &str) -> Option<String> {
    parts
        .iter()
        .find(|(found, _)| found == kind)
        .map(|(_, value)| value.clone())
}

/// What stands before the first and after the last part of a kind.
fn around(parts: &Parts, kind: &str) -> (String, String) {
    let first = parts.iter().position(|(found, _)| found == kind).unwrap_or(0);
    let last = parts.iter().rposition(|(found, _)| found == kind).unwrap_or(0);
    let join = |parts: &[(String, String)]| parts.iter().map(|(_, value)| value.as_str()).collect::<String>();
    (
        join(parts.get(..first).unwrap_or_default()),
        join(parts.get(last + 1..).unwrap_or_default()),
    )
}

/// Sizes of the digit groups from the right; the leftmost group says nothing.
fn group_sizes(parts: &Parts) -> Vec<usize> {
    let integers: Vec<usize> = parts
        .iter()
        .filter(|(kind, _)| kind == "integer")
        .map(|(_, value)| value.chars().count())
        .collect();
    let mut sizes: Vec<usize> = integers.iter().skip(1).rev().copied().collect();
    sizes.dedup();
    if sizes.is_empty() { vec![3] } else { sizes }
}

/// The powers of ten at which a language starts a new compact word: 3, 6, 9 in English, 4, 8, 12 in Japanese.
fn compact_steps(compact: &Formatter) -> Vec<(u32, String)> {
    let mut steps: Vec<(u32, String)> = Vec::new();
    for power in 3..=14 {
        let parts = compact.parts(&JsValue::from_f64(10f64.powi(i32::try_from(power).unwrap_or(3))));
        if value_of(&parts, "compact").is_none() {
            continue;
        }
        let suffix = around(&parts, "integer").1;
        if steps.last().is_none_or(|(_, last)| *last != suffix) {
            steps.push((power, suffix));
        }
    }
    steps.reverse();
    steps
}

fn pattern(parts: &Parts) -> Vec<DatePart> {
    parts
        .iter()
        .map(|(kind, value)| match kind.as_str() {
            "day" => DatePart::Day,
            "month" => DatePart::Month,
            "year" => DatePart::Year,
            "weekday" => DatePart::Weekday,
            _ => DatePart::Literal(value.clone()),
        })
        .collect()
}

/// First day of the week and days off, where the browser tells (`getWeekInfo`, or the older `weekInfo`).
fn week(tag: &str) -> Option<(Weekday, Vec<Weekday>)> {
    let locale = Reflect::construct(&intl("Locale")?, &Array::of1(&tag.into())).ok()?;
    let method = Reflect::get(&locale, &"getWeekInfo".into())
        .ok()
        .and_then(|method| method.dyn_into::<Function>().ok());
    let info = match method {
        Some(method) => method.call0(&locale).ok()?,
        None => Reflect::get(&locale, &"weekInfo".into()).ok()?,
    };
    let start = weekday(&Reflect::get(&info, &"firstDay".into()).ok()?)?;
    let weekend = Reflect::get(&info, &"weekend".into())
        .ok()?
        .dyn_into::<Array>()
        .ok()?
        .iter()
        .filter_map(|day| weekday(&day))
        .collect();
    Some((start, weekend))
}

/// ISO number, Monday is 1.
fn weekday(number: &JsValue) -> Option<Weekday> {
    let number = number.as_f64()? as u8;
    Weekday::try_from(number.checked_sub(1)?).ok()
}
