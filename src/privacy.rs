//! What is shown of single people: names, pseudonyms, or nothing; and how small a group a figure may stand for.
//!
//! This is presentation. The browser still receives what the sources send; what nobody may see at all belongs to the
//! rights of the token, or to a relay that leaves it out.

use crate::config::{Privacy, PrivacyMode, SourceConfig};
use siphasher::sip::SipHasher24;
use std::collections::HashMap;
use std::hash::Hasher;

/// How people are named on this page.
#[derive(Clone, Debug, PartialEq)]
pub struct Names {
    mode: PrivacyMode,
    key: (u64, u64),
}

/// Letters of a code: none of them is easily taken for another.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Letters of a whole code, as in links. Shown are as few as tell people apart, and at least [`SHOWN`].
const WHOLE: usize = 12;
const SHOWN: usize = 4;

impl Names {
    /// The names of a deployment. It is known by its first source, so that codes are the same whichever sources are
    /// shown, before anything has answered and whatever fails. A salt of the file keeps who has nothing but an export
    /// from trying names.
    pub fn new(privacy: &Privacy, sources: &[SourceConfig]) -> Names {
        let mut hasher = SipHasher24::new();
        for source in sources.iter().take(1) {
            for part in [&source.id, &source.base_url, &source.company_id] {
                hasher.write(part.as_bytes());
                hasher.write_u8(0xff);
            }
        }
        if privacy.salt != 0 {
            hasher.write_u64(privacy.salt);
        }
        let first = hasher.finish();
        hasher.write_u8(1);
        Names {
            mode: privacy.mode,
            key: (first, hasher.finish()),
        }
    }

    /// Whether rows about single people may be shown, under whatever name.
    pub fn are_shown(&self) -> bool {
        self.mode != PrivacyMode::Aggregate
    }

    /// Whether people may be known by their own names, mail addresses and ids.
    pub fn are_own(&self) -> bool {
        self.mode == PrivacyMode::Full
    }

    /// What a link says of a person in place of the id: the id itself, or the whole code.
    pub fn link(&self, id: &str) -> String {
        if self.are_own() { id.to_string() } else { self.code(id) }
    }

    /// Whether a link is about this person.
    pub fn is_link_to(&self, link: &str, id: &str) -> bool {
        match self.mode {
            PrivacyMode::Full => link == id,
            PrivacyMode::Pseudonym => number(link) == Some(self.hash(id)),
            PrivacyMode::Aggregate => false,
        }
    }

    /// What a server says, without the mail addresses in it where people may not be known by them.
    pub fn without_addresses(&self, text: &str) -> String {
        if self.are_own() || !text.contains('@') {
            return text.to_string();
        }
        let words = text
            .split(' ')
            .map(|word| if word.contains('@') { "(address hidden)" } else { word });
        words.collect::<Vec<_>>().join(" ")
    }

    /// The names to show for people, given as id and name, in their order. Codes are as long as it takes to tell these
    /// people apart; a longer code begins with the shorter one. Where single people are not shown there are no names.
    pub fn of<'a>(&self, people: impl IntoIterator<Item = (&'a str, &'a str)>) -> Vec<String> {
        match self.mode {
            PrivacyMode::Full => people.into_iter().map(|(_, name)| name.to_string()).collect(),
            PrivacyMode::Aggregate => people.into_iter().map(|_| String::new()).collect(),
            PrivacyMode::Pseudonym => shorten(people.into_iter().map(|(id, _)| self.code(id)).collect()),
        }
    }

    /// As many bits as a whole code has letters for.
    fn hash(&self, id: &str) -> u64 {
        let mut hasher = SipHasher24::new_with_keys(self.key.0, self.key.1);
        hasher.write(id.as_bytes());
        hasher.finish() & ((1 << (5 * WHOLE)) - 1)
    }

    fn code(&self, id: &str) -> String {
        let hash = self.hash(id);
        let letter = |place: usize| {
            LETTERS
                .get((hash >> (5 * place) & 31) as usize)
                .copied()
                .unwrap_or(b'0')
        };
        (0..WHOLE).map(|place| char::from(letter(place))).collect()
    }
}

/// The bits that a whole code stands for.
fn number(code: &str) -> Option<u64> {
    let letters = code.bytes().rev();
    let mut bits = letters.map(|letter| LETTERS.iter().position(|known| *known == letter));
    let number = bits.try_fold(0, |number, bits| Some(number << 5 | bits? as u64));
    number.filter(|_| code.len() == WHOLE)
}

/// Cuts codes as short as keeps different ones different.
fn shorten(codes: Vec<String>) -> Vec<String> {
    let mut lengths: Vec<usize> = vec![SHOWN; codes.len()];
    loop {
        // By what is shown: the whole code, and whether others look like it.
        let mut shown: HashMap<&str, (&str, bool)> = HashMap::new();
        for (code, length) in codes.iter().zip(&lengths) {
            let start = code.get(..*length).unwrap_or(code);
            let (first, is_shared) = shown.entry(start).or_insert((code, false));
            *is_shared |= *first != code.as_str();
        }
        let mut is_done = true;
        for (code, length) in codes.iter().zip(&mut lengths) {
            let start = code.get(..*length).unwrap_or(code);
            if *length < WHOLE && shown.get(start).is_some_and(|(_, is_shared)| *is_shared) {
                *length += 1;
                is_done = false;
            }
        }
        if is_done {
            break;
        }
    }
    let name = |(code, length): (&String, &usize)| format!("Person {}", code.get(..*length).unwrap_or(code));
    codes.iter().zip(&lengths).map(name).collect()
}
