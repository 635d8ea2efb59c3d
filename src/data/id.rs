//! Ids of people, of whom there may be many: told apart by numbers where they can be.
//!
//! Most are written as UUIDs. Their digits are kept as a number beside the text, so that to compare two ids takes no look at
//! texts that are all over the memory. What is written otherwise has no number, and is compared as a text.

use std::ops::Deref;

/// An id. Only equal texts are equal ids.
#[derive(Clone, Debug)]
pub struct Id {
    text: Box<str>,
    /// The digits, in the order of the text; of other texts [`NO_NUMBER`] and a hash.
    number: [u64; 2],
}

/// Stands for ids that are no UUIDs, and for the few of these that begin with nothing but `f`.
const NO_NUMBER: u64 = u64::MAX;

impl Id {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The same for equal ids, and mostly another one for others.
    pub fn hash(&self) -> u32 {
        let [high, low] = self.number;
        let mixed = (high.rotate_left(5) ^ low).wrapping_mul(MIX);
        // The upper bits are mixed best.
        (mixed >> 32) as u32 ^ mixed as u32
    }

    /// What it is compared by: apart from the text, where one keeps many of them side by side.
    pub fn number(&self) -> [u64; 2] {
        self.number
    }

    /// Whether the id with this number is the same one; `None` where only its text tells.
    pub fn has(&self, [high, low]: [u64; 2]) -> Option<bool> {
        let [own_high, own_low] = self.number;
        // Each by itself: pairs of numbers are compared byte by byte.
        let is_alike = own_high == high && own_low == low;
        (!is_alike || high != NO_NUMBER).then_some(is_alike)
    }

    /// Whether it comes before another one, in some order of all ids.
    pub fn is_before(&self, other: &Id) -> bool {
        let ([high, low], [other_high, other_low]) = (self.number, other.number);
        if high != other_high {
            high < other_high
        } else if low != other_low {
            low < other_low
        } else {
            high == NO_NUMBER && self.text < other.text
        }
    }
}

const MIX: u64 = 0x517c_c1b7_2722_0a95;

impl From<String> for Id {
    fn from(text: String) -> Id {
        let number = digits(text.as_bytes())
            .filter(|[high, _]| *high != NO_NUMBER)
            .unwrap_or_else(|| [NO_NUMBER, hash(&text)]);
        let text = text.into_boxed_str();
        Id { text, number }
    }
}

impl Default for Id {
    fn default() -> Id {
        String::new().into()
    }
}

impl Deref for Id {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl PartialEq for Id {
    fn eq(&self, other: &Id) -> bool {
        self.has(other.number).unwrap_or_else(|| self.text == other.text)
    }
}

impl Eq for Id {}

/// The digits of a UUID as it is usually written. No two texts have the same.
fn digits(text: &[u8]) -> Option<[u64; 2]> {
    let parts = text.split_first_chunk::<8>()?;
    let (first, rest) = parts;
    let [
        b'-',
        a0,
        a1,
        a2,
        a3,
        b'-',
        b0,
        b1,
        b2,
        b3,
        b'-',
        c0,
        c1,
        c2,
        c3,
        b'-',
        d0,
        d1,
        d2,
        d3,
        last @ ..,
    ] = rest
    else {
        return None;
    };
    let last: &[u8; 8] = last.try_into().ok()?;
    let part = |bytes: [u8; 8]| eight(u64::from_be_bytes(bytes));
    let high = part(*first)? << 32 | part([*a0, *a1, *a2, *a3, *b0, *b1, *b2, *b3])?;
    let low = part([*c0, *c1, *c2, *c3, *d0, *d1, *d2, *d3])? << 32 | part(*last)?;
    Some([high, low])
}

/// Eight digits, all at once: each byte of the number given is one, `0` to `9` or `a` to `f`.
fn eight(letters: u64) -> Option<u64> {
    let each = |byte: u8| u64::from_be_bytes([byte; 8]);
    // Letters have this bit, and digits do not.
    let is_letter = letters >> 6 & each(1);
    let values = (letters & each(0x0f)) + is_letter * 9;
    // Whatever else it was is found when it is written again.
    let is_large = (values + each(6)) >> 4 & each(1);
    let again = values + each(b'0') + is_large * u64::from(b'a' - b'0' - 10);
    if again != letters || values & each(0xf0) != 0 {
        return None;
    }
    let pairs = (values | values >> 4) & 0x00ff_00ff_00ff_00ff;
    let fours = (pairs | pairs >> 8) & 0x0000_ffff_0000_ffff;
    Some((fours | fours >> 16) & 0xffff_ffff)
}

fn hash(text: &str) -> u64 {
    let mix = |hash: u64, byte: u8| (hash.rotate_left(5) ^ u64::from(byte)).wrapping_mul(MIX);
    text.bytes().fold(text.len() as u64, mix)
}

#[cfg(test)]
mod tests {
    use super::{Id, NO_NUMBER, digits};
    use proptest::prelude::*;

    const UUID: &str = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";

    #[test]
    fn uuids_have_their_digits_and_others_have_none() {
        let uuid = "01234567-89ab-cdef-fedc-ba9876543210";
        assert_eq!(
            digits(uuid.as_bytes()),
            Some([0x0123_4567_89ab_cdef, 0xfedc_ba98_7654_3210])
        );
        for (at, letter) in uuid.char_indices() {
            for other in (0..=0x7f_u8).map(char::from) {
                let text: String = uuid
                    .char_indices()
                    .map(|(place, kept)| if place == at { other } else { kept })
                    .collect();
                let is_one = letter == other || (letter != '-' && matches!(other, '0'..='9' | 'a'..='f'));
                assert_eq!(digits(text.as_bytes()).is_some(), is_one, "{text}");
            }
        }
        for other in [
            "",
            "u1",
            &uuid[1..],
            &format!("{uuid}0"),
            &uuid.to_uppercase(),
            "0123456789abcdeffedcba9876543210",
        ] {
            assert_eq!(digits(other.as_bytes()), None, "{other}");
        }
        let most = Id::from("ffffffff-ffff-ffff-0000-000000000000".to_string());
        assert_eq!(most.number[0], NO_NUMBER);
        assert_eq!(most, most.clone());
        assert_ne!(most, Id::from("ffffffff-ffff-ffff-0000-000000000001".to_string()));
        assert_eq!(Id::default(), Id::from(String::new()));
    }

    proptest! {
        #[test]
        fn ids_are_equal_where_their_texts_are(a in UUID, b in UUID, c: String, d in "[0f]{8}-[0f]{4}-[0f]{4}-[0f]{4}-[0f]{11}[a-z]", at: prop::sample::Index, letter in "[0-9a-fA-F-]") {
            let mut other = a.clone();
            let at = at.index(other.len());
            other.replace_range(at..=at, &letter);
            let texts = [a, b, c, d, other, "ffffffff-ffff-ffff-ffff-ffffffffffff".into()];
            for one in &texts {
                for other in &texts {
                    let (a, b) = (Id::from(one.clone()), Id::from(other.clone()));
                    prop_assert_eq!(a == b, one == other);
                    prop_assert!(a.has(b.number()).is_none_or(|is_it| is_it == (one == other)));
                    prop_assert!(a != b || a.hash() == b.hash());
                    prop_assert_eq!(a.is_before(&b) || b.is_before(&a), one != other);
                    prop_assert!(!(a.is_before(&b) && b.is_before(&a)));
                    prop_assert_eq!(a.as_str(), one);
                }
            }
        }

        #[test]
        fn ids_are_in_one_order(mut texts in prop::collection::vec(prop_oneof![UUID, "[a-f]{0,3}"], 3)) {
            texts.sort_by(|a, b| if Id::from(a.clone()).is_before(&Id::from(b.clone())) { std::cmp::Ordering::Less } else { std::cmp::Ordering::Greater });
            prop_assert!(texts[0] == texts[2] || !Id::from(texts[2].clone()).is_before(&Id::from(texts[0].clone())));
        }
    }
}
