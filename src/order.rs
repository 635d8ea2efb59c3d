//! Sorting, compiled once; and looking things up by their ids, many at a time.
//!
//! The standard library's sort is compiled anew for each type and each comparison, at 3 to 5 kB each of what a browser
//! has to load. Here it sorts places; what is left per type is to move the items there.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// Sorts items; ties keep their order.
pub fn sort_by<T>(items: &mut Vec<T>, compare: impl Fn(&T, &T) -> Ordering) {
    let places = places(items.len(), &|a, b| match (items.get(a), items.get(b)) {
        (Some(a), Some(b)) => compare(a, b),
        _ => Ordering::Equal,
    });
    let mut moving: Vec<Option<T>> = items.drain(..).map(Some).collect();
    items.extend(
        places
            .into_iter()
            .filter_map(|place| moving.get_mut(place).and_then(Option::take)),
    );
}

/// The places of `count` items in their order; ties keep theirs.
pub fn places(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut places: Vec<usize> = (0..count).collect();
    places.sort_by(|a, b| compare(*a, *b));
    places
}

/// A key as two numbers, of which the first counts more.
pub type Key = [u64; 2];

/// The places of keys in their order; ties are put in the order that `compare` gives, else keep theirs. Digit by digit: of
/// 100,000 keys each is looked at a few times instead of being compared with seventeen others.
pub fn by_key(keys: &[Key], compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut places: Vec<usize> = (0..keys.len()).collect();
    let mut sorted = places.clone();
    for half in [1, 0] {
        let part = |place: &usize| keys.get(*place).and_then(|key| key.get(half)).copied().unwrap_or(0);
        let first = part(&0);
        let varies = (0..keys.len()).fold(0, |varies, place| varies | (part(&place) ^ first));
        for digit in (0..64).step_by(8) {
            if varies >> digit & 0xff == 0 {
                continue;
            }
            let value = |place: &usize| (part(place) >> digit & 0xff) as usize;
            let mut ends = [0_usize; 256];
            for place in &places {
                ends.get_mut(value(place)).into_iter().for_each(|end| *end += 1);
            }
            let mut sum = 0;
            for end in &mut ends {
                sum += *end;
                *end = sum;
            }
            for place in places.iter().rev() {
                let Some(end) = ends.get_mut(value(place)) else {
                    continue;
                };
                *end -= 1;
                if let Some(to) = sorted.get_mut(*end) {
                    *to = *place;
                }
            }
            std::mem::swap(&mut places, &mut sorted);
        }
    }
    for ties in places.chunk_by_mut(|a, b| keys.get(*a) == keys.get(*b)) {
        if ties.len() > 1 {
            let at = |place: usize| ties.get(place).copied().unwrap_or_default();
            let order = self::places(ties.len(), &|a, b| compare(at(a), at(b)));
            let order: Vec<usize> = order.into_iter().map(at).collect();
            ties.copy_from_slice(&order);
        }
    }
    places
}

/// Eight bytes of a text as a number in the order of such texts.
pub fn letters(bytes: impl Iterator<Item = u8>) -> u64 {
    let bytes = bytes.take(8).enumerate();
    bytes.fold(0, |number, (place, byte)| number | u64::from(byte) << (56 - 8 * place))
}

/// A float as a number in the order of floats.
pub fn float_key(number: f64) -> u64 {
    let bits = number.to_bits();
    // Negative ones are stored the other way around.
    if bits >> 63 == 0 { bits | 1 << 63 } else { !bits }
}

/// Things by their ids, or by other words that servers gave: looked up a few times faster than in a map that expects the
/// worst of them.
pub type ById<'a, T> = HashMap<&'a str, T, BuildHasherDefault<Quick>>;

/// Mixes eight bytes at a time.
#[derive(Default)]
pub struct Quick(u64);

impl Hasher for Quick {
    fn write(&mut self, bytes: &[u8]) {
        for part in bytes.chunks(8) {
            let number = part.iter().fold(0, |number, byte| number << 8 | u64::from(*byte));
            self.0 = (self.0.rotate_left(5) ^ number).wrapping_mul(0x517c_c1b7_2722_0a95);
        }
    }

    fn finish(&self) -> u64 {
        // The lower bits say where a thing is kept; the upper ones are mixed best.
        self.0.rotate_left(26)
    }
}

#[cfg(test)]
mod tests {
    use super::{ById, by_key, float_key, sort_by};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn sorts_as_the_standard_library_does(items: Vec<(u8, u32)>) {
            let (mut ours, mut theirs) = (items.clone(), items);
            sort_by(&mut ours, |a, b| a.0.cmp(&b.0));
            theirs.sort_by_key(|item| item.0);
            prop_assert_eq!(ours, theirs);
        }

        #[test]
        fn keys_are_sorted_as_comparing_them_does(items: Vec<([u64; 2], u8)>, small in prop::collection::vec((0_u64..3, 0_u64..600, 0_u8..9), 0..300)) {
            let small = small.into_iter().map(|(high, low, rest)| ([high << 40, low], rest)).collect();
            for items in [items, small] {
                let keys: Vec<[u64; 2]> = items.iter().map(|item| item.0).collect();
                let mut theirs: Vec<usize> = (0..items.len()).collect();
                theirs.sort_by_key(|place| keys[*place]);
                prop_assert_eq!(by_key(&keys, &|_, _| std::cmp::Ordering::Equal), theirs.clone());
                theirs.sort_by_key(|place| items[*place]);
                prop_assert_eq!(by_key(&keys, &|a, b| items[a].1.cmp(&items[b].1)), theirs);
            }
        }

        #[test]
        fn things_are_found_by_their_ids(ids: std::collections::BTreeMap<String, u8>) {
            let known: ById<u8> = ids.iter().map(|(id, thing)| (id.as_str(), *thing)).collect();
            prop_assert_eq!(known.len(), ids.len());
            prop_assert!(ids.iter().all(|(id, thing)| known.get(id.as_str()) == Some(thing)));
        }

        #[test]
        fn floats_keep_their_order(a: f64, b: f64) {
            prop_assert_eq!(float_key(a).cmp(&float_key(b)), a.total_cmp(&b));
        }
    }
}
