//! How wide a text will be, estimated without asking a font: measuring on the canvas would force a layout of the page
//! and break the content security policy. The estimate is on the wide side, so that what fits by it fits on screen.

/// Size of every text on a chart, in CSS pixels.
pub const FONT_PX: f64 = 12.0;

/// Width of a text at [`FONT_PX`] in CSS pixels, rather too much than too little.
pub fn text_width(text: &str) -> f64 {
    text.chars().map(em_width).sum::<f64>() * FONT_PX
}

/// The text, or its beginning and "…", so that it is at most `width` wide; empty if not even that fits.
pub fn truncated(text: &str, width: f64) -> String {
    if text_width(text) <= width {
        return text.into();
    }
    let mut shown = String::new();
    let mut used = em_width('…') * FONT_PX;
    for letter in text.chars() {
        used += em_width(letter) * FONT_PX;
        if used > width {
            break;
        }
        shown.push(letter);
    }
    if shown.is_empty() {
        shown
    } else {
        format!("{}…", shown.trim_end())
    }
}

/// Width of a letter in parts of the font size, after the widest of the usual system fonts.
fn em_width(letter: char) -> f64 {
    match letter {
        'i' | 'j' | 'l' | '.' | ',' | ':' | ';' | '\'' | '!' | '|' | 'I' | ' ' | '\u{a0}' => 0.32,
        'f' | 'r' | 't' | '(' | ')' | '-' | '/' => 0.42,
        'm' | 'w' | 'M' | 'W' | '%' | '@' | '…' => 1.0,
        'a'..='z' => 0.62,
        '0'..='9' => 0.64,
        'A'..='Z' => 0.76,
        // Combining marks, joiners and marks of direction take no room of their own.
        '\u{300}'..='\u{36f}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2066}'..='\u{2069}' => 0.0,
        // From here on scripts whose letters fill a square.
        '\u{1100}'.. => 1.1,
        _ => 0.76,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn width_grows_with_the_text() {
        assert_eq!(text_width(""), 0.0);
        assert!(text_width("800") > text_width("80"));
        assert!(text_width("1,000") < 5.0 * FONT_PX);
        assert!(text_width("11月") > 2.0 * FONT_PX);
    }

    #[test]
    fn truncated_text_fits() {
        assert_eq!(truncated("Seat limit", 200.0), "Seat limit");
        for width in [0.0, 5.0, 12.0, 30.0, 55.0] {
            assert!(
                text_width(&truncated("Seat limit of the year", width)) <= width,
                "{width}"
            );
        }
        assert!(truncated("Seat limit of the year", 60.0).ends_with('…'));
    }
}
