//! Numbers, durations and dates as text, in the words of a [`Locale`].
//!
//! The one place where it is decided how a figure looks. Total: every function gives something to show for every
//! input, never an empty text and never "NaN"; what is not a number is shown as [`NONE`]. Rounds half away from zero.

use crate::locale::{DatePart, Locale};
use crate::period::DateRange;
use crate::zone::Day;
use chrono::Datelike;

/// Shown where there is no number.
pub const NONE: &str = "–";

/// A whole number in full: "1,234".
pub fn count(locale: &Locale, value: impl Into<i128>) -> String {
    let value = value.into();
    let magnitude = u64::try_from(value.unsigned_abs()).unwrap_or(u64::MAX);
    negated(locale, value < 0, whole(locale, magnitude))
}

/// A number with at most `max_fraction` digits (0 to 6) behind the point and no trailing zeros: "4.71", "4.7", "4".
pub fn decimal(locale: &Locale, value: f64, max_fraction: u32) -> String {
    if !value.is_finite() {
        return NONE.into();
    }
    let unit = 10_u64.pow(max_fraction.min(6));
    let scaled = value.abs() * unit as f64;
    // From 2^53 on a float has no fraction left to show.
    if scaled >= 9e15 {
        return negated(locale, value < 0.0, whole(locale, value.abs() as u64));
    }
    let scaled = scaled.round() as u64;
    let mut text = whole(locale, scaled / unit);
    let (mut fraction, mut left) = (scaled % unit, unit);
    if fraction > 0 {
        text.push_str(&locale.decimal);
    }
    while fraction > 0 {
        left /= 10;
        text.push(digit(locale, fraction / left.max(1)));
        fraction %= left.max(1);
    }
    negated(locale, value < 0.0 && scaled > 0, text)
}

/// A number in about three digits for tiles and axes: "4.71", "999", "1.2K", "340K", "1M".
pub fn compact(locale: &Locale, value: f64) -> String {
    if !value.is_finite() {
        return NONE.into();
    }
    let magnitude = value.abs();
    let (mut step, mut suffix) = (1.0, "");
    let mut fraction = match magnitude {
        ..9.995 => 2,
        ..99.95 => 1,
        _ => 0,
    };
    let mut shown = rounded(magnitude, fraction);
    // From the smallest step up: what rounds up to a step is written in that step, "1M" rather than "1000K".
    for (power, word) in locale.compact.iter().rev() {
        let next = 10_f64.powi(i32::try_from(*power).unwrap_or(0));
        if shown * step >= next {
            (step, suffix) = (next, word);
            fraction = if magnitude / step < 99.95 { 1 } else { 0 };
            shown = rounded(magnitude / step, fraction);
        }
    }
    negated(
        locale,
        value < 0.0 && shown > 0.0,
        decimal(locale, shown, fraction) + suffix,
    )
}

/// A share of 1 as a percentage: "12%", "4.7%". One digit behind the point below 10 %, none above. "0%" and "100%"
/// are kept for exactly that: a little more than nothing is "<0.1%", nearly all of it is "99.9%" or ">99.9%".
pub fn percent(locale: &Locale, share: f64) -> String {
    if !share.is_finite() {
        return NONE.into();
    }
    let (before, after) = &locale.percent;
    let percentage = (share * 100.0).abs();
    let (bound, shown) = if percentage < 1e-7 {
        ("", 0.0)
    } else if percentage < 0.05 {
        (if share < 0.0 { ">" } else { "<" }, 0.1)
    } else if percentage < 9.95 {
        ("", rounded(percentage, 1))
    } else if !(99.5..=100.0 - 1e-7).contains(&percentage) {
        ("", percentage.round())
    } else if percentage < 99.95 {
        ("", rounded(percentage, 1).min(99.9))
    } else {
        (if share < 0.0 { "<" } else { ">" }, 99.9)
    };
    let number = format!("{before}{}{after}", decimal(locale, shown, 1));
    format!("{bound}{}", negated(locale, share < 0.0 && shown > 0.0, number))
}

/// A length of time: "20 h", "20 h 05 m", "46 m", "1 m 30 s", "30 s", "0 s". Seconds are left out from ten minutes on,
/// minutes from 100 hours on.
pub fn duration(locale: &Locale, seconds: f64) -> String {
    if !seconds.is_finite() {
        return NONE.into();
    }
    let magnitude = seconds.abs().min(1e19);
    let whole_seconds = magnitude.round() as u64;
    let minutes = (magnitude / 60.0).round() as u64;
    let pair = |large: u64, unit: &str, small: u64, small_unit: &str| {
        let mut text = whole(locale, large) + unit;
        if small > 0 {
            let (tens, ones) = (digit(locale, small / 10), digit(locale, small));
            text += &format!(" {tens}{ones}{small_unit}");
        }
        text
    };
    let text = if whole_seconds < 60 {
        whole(locale, whole_seconds) + &locale.second
    } else if whole_seconds < 600 {
        pair(whole_seconds / 60, &locale.minute, whole_seconds % 60, &locale.second)
    } else if minutes < 60 {
        whole(locale, minutes) + &locale.minute
    } else if minutes < 6000 {
        pair(minutes / 60, &locale.hour, minutes % 60, &locale.minute)
    } else {
        whole(locale, minutes.saturating_add(30) / 60) + &locale.hour
    };
    negated(locale, seconds < 0.0 && whole_seconds > 0, text)
}

/// A short time, for latencies: "0 ms", "87 ms", "1.2 s".
pub fn milliseconds(locale: &Locale, value: f64) -> String {
    match value.abs() {
        ..9.95 => decimal(locale, value, 1) + &locale.millisecond,
        ..999.5 => decimal(locale, value, 0) + &locale.millisecond,
        ..f64::INFINITY => decimal(locale, value / 1000.0, 1) + &locale.second,
        _ => NONE.into(),
    }
}

/// A change with its sign: "+3", "−3", "±0". Two digits behind the point below 10, one below 100, else none.
pub fn signed(locale: &Locale, value: f64) -> String {
    let fraction = match value.abs() {
        ..10.0 => 2,
        ..100.0 => 1,
        _ => 0,
    };
    with_sign(value, rounded(value, fraction), decimal(locale, value, fraction))
}

/// A relative change with its sign: "+12%", "−4.7%", "±0%".
pub fn signed_percent(locale: &Locale, share: f64) -> String {
    with_sign(share, share, percent(locale, share))
}

/// A day without its year: "20 Nov".
pub fn day(locale: &Locale, day: Day) -> String {
    written(locale, &locale.day_month, day, None)
}

/// A day with its year: "20 Nov 2026".
pub fn full_day(locale: &Locale, day: Day) -> String {
    written(locale, &locale.day_month_year, day, None)
}

/// A day with its weekday: "Fri, 20 Nov".
pub fn weekday_day(locale: &Locale, day: Day) -> String {
    written(locale, &locale.weekday_day_month, day, None)
}

/// A month with its year: "Nov 2026".
pub fn month(locale: &Locale, day: Day) -> String {
    written_with(locale, &locale.months_of_year, &locale.month_year, day, None)
}

/// A month alone: "Nov".
pub fn short_month(locale: &Locale, day: Day) -> String {
    written_with(locale, &locale.months_alone, &[DatePart::Month], day, None)
}

/// A year: "2026".
pub fn year(locale: &Locale, day: Day) -> String {
    written(locale, &[DatePart::Year], day, None)
}

/// A time of day, in seconds since midnight: "14:05", "14:05:30".
pub fn time(locale: &Locale, seconds: u32, has_seconds: bool) -> String {
    let pair = |value: u32| [value / 10, value].map(|value| digit(locale, u64::from(value)));
    let mut text: String = pair(seconds / 3600 % 24).into_iter().collect();
    text.push(':');
    text.extend(pair(seconds / 60 % 60));
    if has_seconds {
        text.push(':');
        text.extend(pair(seconds % 60));
    }
    text
}

/// A moment, in seconds since the start of 1970: "20 Nov 2026, 14:05:30".
pub fn moment(locale: &Locale, seconds: f64) -> String {
    let days = (seconds / 86_400.0).floor();
    match Day::from_epoch_days(days as i32) {
        Some(day) if seconds.is_finite() => {
            let time = time(locale, (seconds - days * 86_400.0) as u32, true);
            format!("{}, {time}", full_day(locale, day))
        }
        _ => NONE.into(),
    }
}

/// A range of days, nothing said twice: "16–22 Nov 2026", "28 Nov – 4 Dec 2026", "28 Dec 2026 – 3 Jan 2027".
pub fn span(locale: &Locale, range: DateRange) -> String {
    let DateRange { first, last } = range;
    if first == last {
        full_day(locale, first)
    } else if first.year() != last.year() {
        format!("{} – {}", full_day(locale, first), full_day(locale, last))
    } else if first.month() == last.month() {
        written(locale, &locale.day_month_year, first, Some(last))
    } else if locale
        .day_month_year
        .iter()
        .find(|part| !matches!(part, DatePart::Literal(_)))
        == Some(&DatePart::Year)
    {
        format!("{} – {}", full_day(locale, first), day(locale, last))
    } else {
        format!("{} – {}", day(locale, first), full_day(locale, last))
    }
}

/// An offset from UTC: "UTC", "UTC+05:45", "UTC−03:00".
pub fn offset(seconds: i32) -> String {
    let minutes = seconds.unsigned_abs() / 60;
    match (minutes, seconds < 0) {
        (0, _) => "UTC".into(),
        (_, west) => format!(
            "UTC{}{:02}:{:02}",
            if west { '−' } else { '+' },
            minutes / 60,
            minutes % 60
        ),
    }
}

fn rounded(value: f64, fraction: u32) -> f64 {
    let unit = f64::from(10_u32.pow(fraction));
    (value * unit).round() / unit
}

fn negated(locale: &Locale, is_negative: bool, text: String) -> String {
    if is_negative {
        format!("{}{text}", locale.minus)
    } else {
        text
    }
}

/// `text` has its minus already.
fn with_sign(value: f64, shown: f64, text: String) -> String {
    if !value.is_finite() || shown < 0.0 {
        text
    } else if shown > 0.0 {
        format!("+{text}")
    } else {
        format!("±{text}")
    }
}

fn digit(locale: &Locale, value: u64) -> char {
    let index = usize::try_from(value % 10).unwrap_or(0);
    locale.digits.get(index).copied().unwrap_or('0')
}

/// Digits of a whole number, grouped.
fn whole(locale: &Locale, value: u64) -> String {
    let mut digits = Vec::new();
    let mut left = value;
    loop {
        digits.push(digit(locale, left));
        left /= 10;
        if left == 0 {
            break;
        }
    }
    let is_grouped = digits.len() >= locale.group_from;
    let mut text = Vec::new();
    let mut sizes = locale.groups.iter().copied().filter(|size| *size > 0);
    let mut size = sizes.next().unwrap_or(3);
    let mut in_group = 0;
    for digit in digits {
        if is_grouped && in_group == size {
            text.extend(locale.group.chars().rev());
            size = sizes.next().unwrap_or(size);
            in_group = 0;
        }
        text.push(digit);
        in_group += 1;
    }
    text.iter().rev().collect()
}

/// A date after a pattern; with `until`, its day is written "16–22".
fn written(locale: &Locale, pattern: &[DatePart], date: Day, until: Option<Day>) -> String {
    written_with(locale, &locale.months, pattern, date, until)
}

fn written_with(locale: &Locale, months: &[String; 12], pattern: &[DatePart], date: Day, until: Option<Day>) -> String {
    let number = |value: u32| -> String {
        value
            .to_string()
            .bytes()
            .map(|ascii| digit(locale, u64::from(ascii.saturating_sub(b'0'))))
            .collect()
    };
    let mut text = String::new();
    for part in pattern {
        match part {
            DatePart::Day => {
                text += &number(date.day());
                if let Some(last) = until {
                    text += "–";
                    text += &number(last.day());
                }
            }
            DatePart::Month => {
                text += months.get(date.month0() as usize).map_or("", String::as_str);
            }
            DatePart::Year => {
                text += if date.year() < 0 { &locale.minus } else { "" };
                text += &number(date.year().unsigned_abs());
            }
            DatePart::Weekday => {
                let index = date.weekday().num_days_from_monday() as usize;
                text += locale.weekdays.get(index).map_or("", String::as_str);
            }
            DatePart::Literal(between) => text += between,
        }
    }
    // A pattern without parts must not make the date vanish.
    if text.trim().is_empty() {
        return format!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day());
    }
    text
}

/// Text cut to a number of characters, with an ellipsis where something is missing.
pub fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_string();
    }
    text.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}

/// Words that somebody else chose, as they may be shown: what controls a screen or turns the direction of writing around
/// becomes visible.
pub fn visible(text: &str) -> String {
    let is_control = |letter: char| letter.is_control() && !letter.is_whitespace();
    let turns = |letter: char| matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let show = |letter| {
        if is_control(letter) || turns(letter) {
            '\u{fffd}'
        } else {
            letter
        }
    };
    text.chars().map(show).collect()
}

/// A name that somebody chose, fit to stand among other words.
pub fn name(text: &str) -> String {
    cut(&visible(text), 60)
}

/// An id that stands where a name should: enough of it to tell it from others and to look it up.
pub fn short_id(id: &str) -> String {
    let count = id.chars().count();
    if count <= 16 {
        return visible(id);
    }
    let (start, end) = (id.chars().take(8), id.chars().skip(count - 4));
    visible(&start.chain(['…']).chain(end).collect::<String>())
}

/// A name in a sentence: one that is written from right to left must not pull the figures after it to its other side.
pub fn isolated(name: &str) -> String {
    if is_leftward(name) {
        format!("\u{2068}{name}\u{2069}")
    } else {
        name.to_string()
    }
}

/// Whether a text has letters that are written from right to left.
fn is_leftward(text: &str) -> bool {
    text.contains(|letter| matches!(letter, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}' | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}'))
}

/// A language for figures among English words: the dates and shares of one that is written from right to left must not
/// pull what stands beside them to their other side.
pub fn among_english(mut locale: Locale) -> Locale {
    if !locale.months.iter().any(|month| is_leftward(month)) {
        return locale;
    }
    let [open, close] = ["\u{2068}", "\u{2069}"];
    for pattern in [
        &mut locale.day_month,
        &mut locale.day_month_year,
        &mut locale.weekday_day_month,
        &mut locale.month_year,
    ] {
        pattern.insert(0, DatePart::Literal(open.into()));
        pattern.push(DatePart::Literal(close.into()));
    }
    let (before, after) = &locale.percent;
    locale.percent = (format!("{open}{before}"), format!("{after}{close}"));
    locale
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn english() -> Locale {
        Locale::english()
    }

    fn indian() -> Locale {
        Locale {
            groups: vec![3, 2],
            ..english()
        }
    }

    fn spanish() -> Locale {
        Locale {
            decimal: ",".into(),
            group: ".".into(),
            group_from: 5,
            percent: (String::new(), " %".into()),
            ..english()
        }
    }

    fn arabic() -> Locale {
        let digits = ['٠', '١', '٢', '٣', '٤', '٥', '٦', '٧', '٨', '٩'];
        Locale {
            digits,
            decimal: "٫".into(),
            group: "٬".into(),
            ..english()
        }
    }

    fn japanese() -> Locale {
        use DatePart::{Day, Literal, Month, Year};
        let word = |text: &str| Literal(text.into());
        Locale {
            compact: vec![(12, "兆".into()), (8, "億".into()), (4, "万".into())],
            months: std::array::from_fn(|index| format!("{}月", index + 1)),
            day_month: vec![Month, Day, word("日")],
            day_month_year: vec![Year, word("年"), Month, Day, word("日")],
            ..english()
        }
    }

    fn american() -> Locale {
        use DatePart::{Day, Literal, Month, Year};
        let word = |text: &str| Literal(text.into());
        Locale {
            day_month: vec![Month, word(" "), Day],
            day_month_year: vec![Month, word(" "), Day, word(", "), Year],
            ..english()
        }
    }

    fn date(year: i32, month: u32, day: u32) -> Day {
        Day::from_ymd_opt(year, month, day).unwrap()
    }

    #[test]
    fn counts_are_grouped_as_the_language_does() {
        for (locale, value, shown) in [
            (english(), 0, "0"),
            (english(), 999, "999"),
            (english(), 1_234, "1,234"),
            (english(), -1_234_567, "−1,234,567"),
            (indian(), 12_345_678, "1,23,45,678"),
            (spanish(), 1_234, "1234"),
            (spanish(), 12_345, "12.345"),
            (arabic(), 1_234, "١٬٢٣٤"),
        ] {
            assert_eq!(count(&locale, value), shown);
        }
        assert_eq!(count(&english(), u64::MAX), "18,446,744,073,709,551,615");
        assert_eq!(count(&english(), i64::MIN), "−9,223,372,036,854,775,808");
    }

    #[test]
    fn times_of_day_have_two_digits() {
        assert_eq!(time(&english(), 0, false), "00:00");
        assert_eq!(time(&english(), 50_730, true), "14:05:30");
        assert_eq!(time(&arabic(), 86_399, false), "٢٣:٥٩");
        assert_eq!(moment(&english(), 1_795_183_530.5), "20 Nov 2026, 14:05:30");
        assert_eq!(moment(&english(), -0.5), "31 Dec 1969, 23:59:59");
        assert_eq!(moment(&english(), f64::NAN), "–");
    }

    #[test]
    fn decimals_have_no_trailing_zeros() {
        for (value, fraction, shown) in [
            (4.71, 2, "4.71"),
            (4.70, 2, "4.7"),
            (4.0, 2, "4"),
            (0.05, 2, "0.05"),
            (1.999, 2, "2"),
            (-0.001, 2, "0"),
            (1234.5, 1, "1,234.5"),
            (f64::NAN, 2, "–"),
            (f64::NEG_INFINITY, 2, "–"),
        ] {
            assert_eq!(decimal(&english(), value, fraction), shown, "{value}");
        }
        assert_eq!(decimal(&spanish(), 4.71, 2), "4,71");
        assert_eq!(decimal(&arabic(), 4.71, 2), "٤٫٧١");
    }

    #[test]
    fn compact_numbers_step_where_they_round() {
        for (value, shown) in [
            (0.0, "0"),
            (4.71, "4.71"),
            (12.34, "12.3"),
            (999.0, "999"),
            (999.6, "1K"),
            (1_234.0, "1.2K"),
            (12_345.0, "12.3K"),
            (99_960.0, "100K"),
            (340_000.0, "340K"),
            (999_400.0, "999K"),
            (999_950.0, "1M"),
            (1_200_000.0, "1.2M"),
            (-1_234.0, "−1.2K"),
            (2.5e12, "2.5T"),
            (f64::INFINITY, "–"),
        ] {
            assert_eq!(compact(&english(), value), shown, "{value}");
        }
        for (value, shown) in [
            (1_234.0, "1,234"),
            (12_345.0, "1.2万"),
            (12_345_678.0, "1,235万"),
            (1.2e8, "1.2億"),
        ] {
            assert_eq!(compact(&japanese(), value), shown, "{value}");
        }
    }

    #[test]
    fn percentages_say_none_and_all_only_when_it_is_so() {
        for (share, shown) in [
            (0.0, "0%"),
            (0.0001, "<0.1%"),
            (0.0472, "4.7%"),
            (0.05, "5%"),
            (0.0996, "10%"),
            (0.123, "12%"),
            (0.994, "99%"),
            (0.999, "99.9%"),
            (0.9999, ">99.9%"),
            (0.1 + 0.2 + 0.7, "100%"),
            (1.0, "100%"),
            (2.5, "250%"),
            (-0.12, "−12%"),
            (-0.0001, ">−0.1%"),
            (f64::NAN, "–"),
        ] {
            assert_eq!(percent(&english(), share), shown, "{share}");
        }
        assert_eq!(percent(&spanish(), 0.047), "4,7 %");
        let turkish = Locale {
            percent: ("%".into(), String::new()),
            ..english()
        };
        assert_eq!(percent(&turkish, 0.12), "%12");
        assert_eq!(percent(&turkish, -0.12), "−%12");
        assert_eq!(signed_percent(&turkish, 0.12), "+%12");
    }

    #[test]
    fn durations_are_hours_and_minutes() {
        for (seconds, shown) in [
            (0.0, "0 s"),
            (30.0, "30 s"),
            (59.4, "59 s"),
            (59.6, "1 m"),
            (90.0, "1 m 30 s"),
            (599.6, "10 m"),
            (46.0 * 60.0, "46 m"),
            (59.6 * 60.0, "1 h"),
            (72_000.0, "20 h"),
            (72_300.0, "20 h 05 m"),
            (4_500_000.0, "1,250 h"),
            (-72_300.0, "−20 h 05 m"),
            (f64::NAN, "–"),
        ] {
            assert_eq!(duration(&english(), seconds), shown, "{seconds}");
        }
        assert_eq!(duration(&arabic(), 72_300.0), "٢٠ h ٠٥ m");
        for (value, shown) in [
            (0.0, "0 ms"),
            (4.25, "4.3 ms"),
            (87.4, "87 ms"),
            (999.7, "1 s"),
            (1240.0, "1.2 s"),
            (f64::NAN, "–"),
        ] {
            assert_eq!(milliseconds(&english(), value), shown, "{value}");
        }
    }

    #[test]
    fn changes_carry_their_sign() {
        for (value, shown) in [
            (3.0, "+3"),
            (-3.0, "−3"),
            (0.0, "±0"),
            (0.001, "±0"),
            (0.25, "+0.25"),
            (-1234.0, "−1,234"),
            (f64::NAN, "–"),
        ] {
            assert_eq!(signed(&english(), value), shown, "{value}");
        }
        for (share, shown) in [(0.12, "+12%"), (-0.047, "−4.7%"), (0.0, "±0%"), (f64::INFINITY, "–")] {
            assert_eq!(signed_percent(&english(), share), shown, "{share}");
        }
    }

    #[test]
    fn dates_follow_the_order_of_the_language() {
        let friday = date(2026, 11, 20);
        assert_eq!(day(&english(), friday), "20 Nov");
        assert_eq!(full_day(&english(), friday), "20 Nov 2026");
        assert_eq!(weekday_day(&english(), friday), "Fri, 20 Nov");
        assert_eq!(month(&english(), friday), "Nov 2026");
        assert_eq!(short_month(&english(), friday), "Nov");
        assert_eq!(year(&arabic(), friday), "٢٠٢٦");
        assert_eq!(full_day(&american(), friday), "Nov 20, 2026");
        assert_eq!(full_day(&japanese(), friday), "2026年11月20日");
        // Months are inflected beside a day only, and a year may want the whole word.
        let czech = Locale {
            months: std::array::from_fn(|index| format!("{}.", index + 1)),
            months_of_year: std::array::from_fn(|_| "listopad".into()),
            months_alone: std::array::from_fn(|_| "lis".into()),
            ..english()
        };
        assert_eq!(day(&czech, friday), "20 11.");
        assert_eq!(month(&czech, friday), "listopad 2026");
        assert_eq!(short_month(&czech, friday), "lis");
        let wordless = Locale {
            month_year: vec![],
            ..english()
        };
        assert_eq!(month(&wordless, friday), "2026-11-20");
    }

    #[test]
    fn spans_say_nothing_twice() {
        for (locale, first, last, shown) in [
            (english(), date(2026, 11, 16), date(2026, 11, 16), "16 Nov 2026"),
            (english(), date(2026, 11, 16), date(2026, 11, 22), "16–22 Nov 2026"),
            (english(), date(2026, 11, 28), date(2026, 12, 4), "28 Nov – 4 Dec 2026"),
            (
                english(),
                date(2026, 12, 28),
                date(2027, 1, 3),
                "28 Dec 2026 – 3 Jan 2027",
            ),
            (american(), date(2026, 11, 16), date(2026, 11, 22), "Nov 16–22, 2026"),
            (
                american(),
                date(2026, 11, 28),
                date(2026, 12, 4),
                "Nov 28 – Dec 4, 2026",
            ),
            (
                japanese(),
                date(2026, 11, 28),
                date(2026, 12, 4),
                "2026年11月28日 – 12月4日",
            ),
        ] {
            assert_eq!(span(&locale, DateRange::new(first, last)), shown);
        }
    }

    #[test]
    fn offsets_name_hours_and_minutes() {
        for (seconds, shown) in [
            (0, "UTC"),
            (20_700, "UTC+05:45"),
            (-10_800, "UTC−03:00"),
            (50_400, "UTC+14:00"),
        ] {
            assert_eq!(offset(seconds), shown);
        }
    }

    proptest! {
        #[test]
        fn text_is_never_empty_and_never_nan(value in any::<f64>(), bits in any::<u64>(), days in -700_000_i32..700_000, length in 0_i64..4000) {
            let first = Day::from_num_days_from_ce_opt(days).unwrap_or_default();
            let range = DateRange::new(first, crate::period::add_days(first, length));
            for locale in [english(), indian(), spanish(), arabic(), japanese(), american()] {
                for value in [value, f64::from_bits(bits), value.fract() * 1000.0] {
                    let locale = &locale;
                    let texts = [
                        decimal(locale, value, 2), compact(locale, value), percent(locale, value), duration(locale, value), milliseconds(locale, value),
                        signed(locale, value), signed_percent(locale, value), count(locale, bits), count(locale, i64::from_ne_bytes(bits.to_ne_bytes())),
                        day(locale, first), full_day(locale, first), weekday_day(locale, first), month(locale, first), span(locale, range), offset(days),
                    ];
                    for text in texts {
                        prop_assert!(!text.trim().is_empty());
                        prop_assert!(!text.contains("NaN") && !text.contains("inf"), "{text}");
                    }
                }
            }
        }

        #[test]
        fn grouping_loses_no_digit(value in any::<u64>()) {
            for locale in [english(), indian(), spanish()] {
                let shown: String = count(&locale, value).chars().filter(char::is_ascii_digit).collect();
                prop_assert_eq!(shown, value.to_string());
            }
        }
    }

    #[test]
    fn what_somebody_chose_is_visible_cut_and_stays_in_its_place() {
        assert_eq!(visible("a\u{202e}b\0c\u{7}\nd"), "a\u{fffd}b\u{fffd}c\u{fffd}\nd");
        assert_eq!(
            visible("👩\u{200d}👧 שלום"),
            "👩\u{200d}👧 שלום",
            "what belongs to writing stays"
        );
        assert_eq!(name(&"x".repeat(10_000)).chars().count(), 60);
        assert_eq!(isolated("fern-07"), "fern-07");
        assert_eq!(isolated("שלום"), "\u{2068}שלום\u{2069}");
    }

    #[test]
    fn figures_of_a_language_from_right_to_left_keep_their_place_among_english_words() {
        let english = english();
        assert_eq!(among_english(english.clone()), english);
        let hebrew = Locale {
            months: english.months.clone().map(|_| "בנוב׳".to_string()),
            ..english
        };
        let hebrew = among_english(hebrew);
        let date = |day| Day::from_ymd_opt(2026, 11, day).unwrap_or_default();
        assert_eq!(
            span(&hebrew, DateRange::new(date(16), date(22))),
            "\u{2068}16–22 בנוב׳ 2026\u{2069}"
        );
        assert_eq!(day(&hebrew, date(1)), "\u{2068}1 בנוב׳\u{2069}");
        assert_eq!(signed_percent(&hebrew, -0.012), "−\u{2068}1.2%\u{2069}");
        assert_eq!(signed_percent(&hebrew, 0.5), "+\u{2068}50%\u{2069}");
    }
}
