//! What stands beside a person's name where others show a picture: a letter or two, and one of a few colours. Made from the
//! name that is shown and from nothing else, so that it tells no more than that name. No picture is ever asked for: it would
//! tell a third party who looks at whom.

/// The first letters of the first two words. A word after the first counts if it begins with a letter, so that a number
/// behind a name is no initial. Of a mail address, what is before the `@`.
pub fn letters(name: &str) -> String {
    let name = name.split('@').next().unwrap_or_default();
    let is_between = |letter: char| letter.is_ascii() && !letter.is_ascii_alphanumeric() || letter == '\u{FFFD}';
    let mut words = name.split(is_between).filter_map(|word| word.chars().next());
    let first = words.next();
    let second = words.find(|letter| !letter.is_ascii_digit());
    first.into_iter().chain(second).collect()
}

/// Which of six hues a name has, in degrees: the same wherever it stands.
pub fn hue(name: &str) -> u32 {
    let mixed = name.bytes().fold(0_u32, |mixed, byte| {
        mixed.wrapping_mul(31).wrapping_add(u32::from(byte))
    });
    mixed % 6 * 60
}

#[cfg(test)]
mod tests {
    use super::{hue, letters};

    #[test]
    fn letters_are_those_of_words() {
        for (name, expected) in [
            ("", ""),
            ("  ", ""),
            ("Alder Birch", "AB"),
            ("alder.birch@example.com", "ab"),
            ("fern-07", "f"),
            ("Fern 07 Moss", "FM"),
            ("7up", "7"),
            ("Person K7Q2", "PK"),
            ("<img src=x>", "is"),
            ("\u{FFFD}gpj.exe", "ge"),
            ("שלום עالم", "שע"),
            ("👩\u{200D}👩", "👩"),
        ] {
            assert_eq!(letters(name), expected, "{name}");
        }
        assert_eq!(letters(&"x".repeat(10_000)), "x");
    }

    #[test]
    fn hues_are_few_and_stay() {
        let used: std::collections::BTreeSet<u32> = (0..200).map(|number| hue(&format!("fern-{number}"))).collect();
        assert_eq!(Vec::from_iter(used), [0, 60, 120, 180, 240, 300]);
        assert_eq!(hue("fern-07"), hue("fern-07"));
    }
}
