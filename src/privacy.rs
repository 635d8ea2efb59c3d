//! What is shown of single people: names, pseudonyms, or nothing; and how small a group a figure may stand for.
//!
//! This is presentation. The browser still receives what the sources send; what nobody may see at all belongs to the
//! rights of the token, or to a relay that leaves it out.

use crate::config::{Privacy, PrivacyMode, SourceConfig};
use crate::order;
use siphasher::sip::SipHasher24;
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
        if self.are_own() {
            id.to_string()
        } else {
            self.code(id).link()
        }
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
            PrivacyMode::Pseudonym => {
                let coded = self.coded(people.into_iter().map(|(id, _)| id));
                coded.codes.iter().map(Code::name).collect()
            }
        }
    }

    /// As many bits as a whole code has letters for.
    fn hash(&self, id: &str) -> u64 {
        let mut hasher = SipHasher24::new_with_keys(self.key.0, self.key.1);
        hasher.write(id.as_bytes());
        hasher.finish() & ((1 << (5 * WHOLE)) - 1)
    }

    fn code(&self, id: &str) -> Code {
        let hash = self.hash(id);
        let letter = |place: usize| hash >> (5 * place) & 31;
        Code {
            letters: (0..WHOLE).fold(0, |letters, place| letters << 5 | letter(place)),
            shown: SHOWN as u8,
        }
    }

    /// The codes of people.
    pub fn coded<'a>(&self, ids: impl Iterator<Item = &'a str>) -> Coded {
        let mut codes: Vec<Code> = ids.map(|id| self.code(id)).collect();
        let keys: Vec<order::Key> = codes.iter().map(|code| [0, 0, code.letters]).collect();
        let order = order::by_key_alone(&keys);
        tell_apart(&mut codes, &order);
        Coded { codes, order }
    }
}

/// The codes of people, and their places in the order of what is shown.
#[derive(Debug, Default)]
pub struct Coded {
    /// Of each, as they come.
    pub codes: Vec<Code>,
    /// Their places in order; ties keep theirs.
    pub order: Vec<usize>,
}

/// What stands for a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code {
    /// Five bits each, the first one highest.
    letters: u64,
    /// So many of them are shown.
    shown: u8,
}

impl Code {
    /// What the person is called.
    pub fn name(&self) -> String {
        format!("Person {}", self.start(usize::from(self.shown)))
    }

    /// What a link says of the person.
    pub fn link(&self) -> String {
        self.start(WHOLE)
    }

    fn start(&self, count: usize) -> String {
        let letter = |place: usize| LETTERS.get((self.letters >> (5 * (WHOLE - 1 - place)) & 31) as usize);
        (0..count)
            .filter_map(letter)
            .map(|letter| char::from(*letter))
            .collect()
    }
}

/// The bits that a whole code stands for.
fn number(code: &str) -> Option<u64> {
    let letters = code.bytes().rev();
    let mut bits = letters.map(|letter| LETTERS.iter().position(|known| *known == letter));
    let number = bits.try_fold(0, |number, bits| Some(number << 5 | bits? as u64));
    number.filter(|_| code.len() == WHOLE)
}

/// Shows so much of codes as keeps different ones different. In their order those that have most in common are side by side.
fn tell_apart(codes: &mut [Code], order: &[usize]) {
    let mut before: Option<(u64, usize)> = None;
    let mut start = 0;
    // Those with the same code are shown alike.
    let letters =
        |codes: &[Code], place: usize| order.get(place).and_then(|at| codes.get(*at)).map(|code| code.letters);
    let raise = |codes: &mut [Code], from: usize, to: usize, shown: u8| {
        for at in order.get(from..to).unwrap_or_default() {
            if let Some(code) = codes.get_mut(*at) {
                code.shown = code.shown.max(shown);
            }
        }
    };
    while let Some(own) = letters(codes, start) {
        let mut end = start + 1;
        while letters(codes, end) == Some(own) {
            end += 1;
        }
        if let Some((other, from)) = before {
            // Sixty of the bits are letters.
            let common = ((own ^ other).leading_zeros() - 4) / 5;
            raise(codes, from, end, common as u8 + 1);
        }
        before = Some((own, start));
        start = end;
    }
}

#[cfg(test)]
mod tests {
    use super::{Code, SHOWN, WHOLE, tell_apart};
    use crate::order;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        #[test]
        fn as_much_is_shown_as_tells_codes_apart(letters in prop::collection::vec((0_u64..3, 0_u32..12, 0_u64..32), 0..60)) {
            // Many begin alike.
            let letters = letters.iter().map(|(first, place, other)| first << 40 ^ other << (5 * place));
            let mut codes: Vec<Code> = letters.map(|letters| Code { letters, shown: SHOWN as u8 }).collect();
            let keys: Vec<order::Key> = codes.iter().map(|code| [0, 0, code.letters]).collect();
            let order = order::by_key_alone(&keys);
            tell_apart(&mut codes, &order);
            let wholes: Vec<String> = codes.iter().map(Code::link).collect();
            // One letter more as long as another one looks the same.
            let mut lengths = vec![SHOWN; codes.len()];
            loop {
                let mut shown: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
                for (code, length) in wholes.iter().zip(&lengths) {
                    shown.entry(&code[..*length]).or_default().push(code);
                }
                let is_shared = |code: &str, length: usize| length < WHOLE && shown[&code[..length]].iter().any(|other| *other != code);
                let longer: Vec<usize> = wholes.iter().zip(&lengths).map(|(code, length)| length + usize::from(is_shared(code, *length))).collect();
                if longer == lengths {
                    break;
                }
                lengths = longer;
            }
            let theirs: Vec<String> = wholes.iter().zip(&lengths).map(|(code, length)| format!("Person {}", &code[..*length])).collect();
            let ours: Vec<String> = codes.iter().map(Code::name).collect();
            prop_assert_eq!(&ours, &theirs);
            let mut by_text: Vec<usize> = (0..ours.len()).collect();
            by_text.sort_by_key(|place| &ours[*place]);
            prop_assert_eq!(order, by_text);
        }
    }
}
