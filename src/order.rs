//! Sorting, compiled once; and looking things up by their ids, many at a time.
//!
//! The standard library's sort is compiled anew for each type and each comparison, at 3 to 5 kB each of what a browser
//! has to load. Here it sorts places; what is left per type is to move the items there.

use std::cmp::Ordering;

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

/// Sorts figures by their keys; those of one key are made one, the earlier and the later of them given.
pub fn once<K: Ord>(figures: &mut Vec<(K, u64)>, choose: fn(u64, u64) -> u64) {
    sort_by(figures, |a, b| a.0.cmp(&b.0));
    figures.dedup_by(|later, kept| {
        let is_same = later.0 == kept.0;
        if is_same {
            kept.1 = choose(kept.1, later.1);
        }
        is_same
    });
}

/// The places of `count` items in their order; ties keep theirs.
pub fn places(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut places: Vec<usize> = (0..count).collect();
    places.sort_by(|a, b| compare(*a, *b));
    places
}

/// What something is sorted by, as numbers of which the first counts most.
pub type Key = [u64; 3];

/// The places of keys in their order; ties are put in the order that `compare` gives, else keep theirs.
pub fn by_key(keys: &[Key], compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut places = by_key_alone(keys);
    // Number by number: taken as a whole they would be compared byte by byte.
    let is_tie = |a: &Key, b: &Key| a.iter().zip(b).all(|(a, b)| a == b);
    for ties in places.chunk_by_mut(|a, b| keys.get(*a).zip(keys.get(*b)).is_some_and(|(a, b)| is_tie(a, b))) {
        if ties.len() > 1 {
            let at = |place: usize| ties.get(place).copied().unwrap_or_default();
            let order = self::places(ties.len(), &|a, b| compare(at(a), at(b)));
            let order: Vec<usize> = order.into_iter().map(at).collect();
            ties.copy_from_slice(&order);
        }
    }
    places
}

/// The places of keys in their order; ties keep theirs. Digit by digit: of 100,000 keys each is looked at a few times instead
/// of being compared with seventeen others.
pub fn by_key_alone(keys: &[Key]) -> Vec<usize> {
    let mut places: Vec<usize> = (0..keys.len()).collect();
    // Servers give lists in the order that is asked for most.
    if !keys.is_sorted() {
        for part in [2, 1, 0] {
            sort_by_part(&mut places, keys, part);
        }
    }
    places
}

/// How many bits one digit has, and the last digit of all: few digits, of which the table still fits into the processor's
/// nearest memory.
const DIGIT: usize = 11;
const LAST: u64 = (1 << DIGIT) - 1;

fn sort_by_part(places: &mut [usize], keys: &[Key], part: usize) {
    let value = |key: &Key| key.get(part).copied().unwrap_or(0);
    let first = keys.first().map_or(0, value);
    let varies = keys.iter().fold(0, |varies, key| varies | (value(key) ^ first));
    if varies == 0 {
        return;
    }
    // Moved along with the places, as looking them up costs more.
    let pair = |place: &usize| (keys.get(*place).map_or(0, value), *place);
    let mut items: Vec<(u64, usize)> = places.iter().map(pair).collect();
    let mut sorted = items.clone();
    for digit in (0..64).step_by(DIGIT) {
        if varies >> digit & LAST == 0 {
            continue;
        }
        let mut ends = [0_usize; 1 << DIGIT];
        for (part, _) in &items {
            if let Some(end) = ends.get_mut((part >> digit & LAST) as usize) {
                *end += 1;
            }
        }
        let mut sum = 0;
        for end in &mut ends {
            sum += *end;
            *end = sum;
        }
        for item in items.iter().rev() {
            if let Some(end) = ends.get_mut((item.0 >> digit & LAST) as usize) {
                *end -= 1;
                if let Some(to) = sorted.get_mut(*end) {
                    *to = *item;
                }
            }
        }
        std::mem::swap(&mut items, &mut sorted);
    }
    for (place, (_, sorted)) in places.iter_mut().zip(items) {
        *place = sorted;
    }
}

/// Eight bytes of a text, from one of them on, as a number in the order of such texts.
pub fn letters(text: &str, from: usize) -> u64 {
    let bytes = text.as_bytes().get(from..).unwrap_or_default();
    if let Some(whole) = bytes.first_chunk() {
        return u64::from_be_bytes(*whole);
    }
    // The end of a longer text is read at once, with what is before it, which is shifted out.
    let short = match text.as_bytes().last_chunk() {
        Some(last) => u64::from_be_bytes(*last),
        None => bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)),
    };
    short.checked_shl(64 - 8 * bytes.len() as u32).unwrap_or(0)
}

/// Eight letters with those of ASCII in small.
pub fn small(letters: u64) -> u64 {
    // All eight at once: the upper bit of each byte says whether it is between A and Z.
    let each = |byte: u8| u64::from_be_bytes([byte; 8]);
    let low = letters & each(0x7f);
    let is_large = (low + each(0x80 - b'A')) ^ (low + each(0x7f - b'Z'));
    letters | (is_large & !letters & each(0x80)) >> 2
}

/// A float as a number in the order of floats.
pub fn float_key(number: f64) -> u64 {
    let bits = number.to_bits();
    // Negative ones are stored the other way around.
    if bits >> 63 == 0 { bits | 1 << 63 } else { !bits }
}

/// Finds ids again, each by the place at which it was first added. A few times faster than a map that expects the worst of
/// its keys.
#[derive(Default)]
pub struct Index<'a> {
    ids: Vec<&'a str>,
    places: Places,
    /// Behind the place that was found last: most lists have the same order.
    next: usize,
}

impl<'a> Index<'a> {
    /// An index that will have so many ids.
    pub fn with_capacity(count: usize) -> Index<'a> {
        Index {
            ids: Vec::with_capacity(count),
            places: Places::with_capacity(count),
            next: 0,
        }
    }

    /// How many ids it has.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// The place of an id, which is added where it is new.
    pub fn place(&mut self, id: &'a str) -> usize {
        let place = match self.ids.get(self.next) {
            Some(next) if is_same(next, id) => self.next,
            _ => {
                let is_it = |place: usize| self.ids.get(place).is_some_and(|known| is_same(known, id));
                self.places.find_or_add(hash(id), &is_it)
            }
        };
        if place == self.ids.len() {
            self.ids.push(id);
        }
        self.next = place + 1;
        place
    }
}

/// The places of things that somebody else holds, by their hashes: who asks says whether what is at a place is meant.
#[derive(Debug, Default)]
pub struct Places {
    /// The hash of a thing and its place, counted from 1; a power of two of them, half of them empty.
    slots: Vec<(u32, u32)>,
    count: usize,
}

impl Places {
    /// Room for so many.
    pub fn with_capacity(count: usize) -> Places {
        Places {
            slots: vec![(0, 0); (2 * count + 2).next_power_of_two()],
            count: 0,
        }
    }

    /// The place of a thing, if it has one.
    pub fn find(&self, hash: u32, is_it: &dyn Fn(usize) -> bool) -> Option<usize> {
        self.look_for(hash, is_it).ok()
    }

    /// The place of a thing. A new one gets the next place, at which it must be from then on.
    pub fn find_or_add(&mut self, hash: u32, is_it: &dyn Fn(usize) -> bool) -> usize {
        if 2 * (self.count + 1) > self.slots.len() {
            self.grow();
        }
        self.look_for(hash, is_it).unwrap_or_else(|free| {
            self.count += 1;
            if let Some(slot) = self.slots.get_mut(free) {
                *slot = (hash, self.count as u32);
            }
            self.count - 1
        })
    }

    /// The place of a thing, or the slot for it.
    fn look_for(&self, hash: u32, is_it: &dyn Fn(usize) -> bool) -> Result<usize, usize> {
        let last = self.slots.len().wrapping_sub(1);
        let mut at = hash as usize;
        loop {
            at &= last;
            match self.slots.get(at) {
                Some((known, place)) if *place > 0 => {
                    let place = *place as usize - 1;
                    if *known == hash && is_it(place) {
                        return Ok(place);
                    }
                }
                _ => return Err(at),
            }
            at += 1;
        }
    }

    #[inline(never)]
    fn grow(&mut self) {
        let count = self.count;
        let slots = std::mem::replace(self, Places::with_capacity(2 * count)).slots;
        self.count = count;
        let last = self.slots.len() - 1;
        for (hash, place) in slots.into_iter().filter(|(_, place)| *place > 0) {
            let mut at = hash as usize & last;
            while self.slots.get(at).is_some_and(|(_, place)| *place > 0) {
                at = (at + 1) & last;
            }
            if let Some(slot) = self.slots.get_mut(at) {
                *slot = (hash, place);
            }
        }
    }
}

/// Whether two ids are the same, eight bytes at a time: in browsers a general comparison looks at one after the other.
fn is_same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let number = |part: &[u8; 8]| u64::from_le_bytes(*part);
    // Those that differ do so mostly at their ends. The last part is read at once, with some of what is before it.
    match (a.last_chunk(), b.last_chunk()) {
        (Some(a), Some(b)) if number(a) != number(b) => return false,
        (Some(_), Some(_)) => {}
        _ => return a == b,
    }
    let parts = a.as_chunks().0.iter().zip(b.as_chunks().0);
    parts.into_iter().all(|(a, b)| number(a) == number(b))
}

/// Mixes eight bytes at a time.
fn hash(text: &str) -> u32 {
    let mut hash = text.len() as u64;
    let mut mix = |part: u64| hash = (hash.rotate_left(5) ^ part).wrapping_mul(0x517c_c1b7_2722_0a95);
    let bytes = text.as_bytes();
    match bytes.last_chunk() {
        // The last part is read at once, with some of what is before it.
        Some(last) => {
            let (parts, rest) = bytes.as_chunks::<8>();
            for part in parts {
                mix(u64::from_le_bytes(*part));
            }
            if !rest.is_empty() {
                mix(u64::from_le_bytes(*last));
            }
        }
        None => mix(bytes.iter().fold(1, |number, byte| number << 8 | u64::from(*byte))),
    }
    // The upper bits are mixed best.
    (hash >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::{Index, Places, by_key, by_key_alone, float_key, hash, is_same, letters, small, sort_by};
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
                let keys: Vec<[u64; 3]> = items.iter().map(|([a, b], _)| [*a, 0, *b]).collect();
                let mut theirs: Vec<usize> = (0..items.len()).collect();
                theirs.sort_by_key(|place| items[*place].0);
                prop_assert_eq!(by_key_alone(&keys), theirs.clone());
                let mut sorted: Vec<[u64; 3]> = theirs.iter().map(|place| keys[*place]).collect();
                prop_assert_eq!(by_key_alone(&sorted), Vec::from_iter(0..sorted.len()), "in order already");
                sorted.reverse();
                let first = by_key_alone(&sorted).first().copied();
                prop_assert_eq!(first, sorted.iter().position(|key| Some(key) == sorted.last()));
                theirs.sort_by_key(|place| items[*place]);
                prop_assert_eq!(by_key(&keys, &|a, b| items[a].1.cmp(&items[b].1)), theirs);
            }
        }

        #[test]
        fn ids_are_found_at_the_place_where_they_were_added(ids in prop::collection::vec("[a-c]{0,3}|[a-c]{7,17}", 0..200), room in 0_usize..9) {
            let mut index = Index::with_capacity(room);
            let mut known: Vec<&str> = Vec::new();
            for id in &ids {
                let place = known.iter().position(|known| known == id).unwrap_or(known.len());
                if place == known.len() {
                    known.push(id);
                }
                prop_assert_eq!(index.place(id), place);
            }
            prop_assert_eq!((index.len(), index.is_empty()), (known.len(), known.is_empty()));
            // Places alone find the same, and nobody else.
            let mut places = Places::default();
            for id in known.iter().chain(&known) {
                let place = places.find_or_add(hash(id), &|place| known[place] == *id);
                prop_assert_eq!(known.get(place), Some(id));
            }
            for id in ids.iter().map(String::as_str).chain(["", "d", "abcabcad"]) {
                let place = known.iter().position(|known| *known == id);
                prop_assert_eq!(places.find(hash(id), &|place| known[place] == id), place);
            }
        }

        #[test]
        fn ids_are_the_same_where_texts_are(a in "[ab]{0,3}|[ab]{7,9}|[ab]{15,18}|\\PC*", b in "[ab]{0,3}|[ab]{7,9}|[ab]{15,18}", at: prop::sample::Index) {
            prop_assert_eq!(is_same(&a, &b), a == b);
            let same = a.clone();
            prop_assert!(is_same(&a, &same) && hash(&a) == hash(&same));
            // Also where they differ in one place alone.
            let mut letters: Vec<char> = a.chars().collect();
            if !letters.is_empty() {
                let at = at.index(letters.len());
                letters[at] = if letters[at] == 'a' { 'b' } else { 'a' };
                prop_assert!(!is_same(&a, &String::from_iter(letters)));
            }
        }

        #[test]
        fn small_letters_are_those_of_ascii(letters: u64) {
            let plain = u64::from_be_bytes(letters.to_be_bytes().map(|byte| byte.to_ascii_lowercase()));
            prop_assert_eq!(small(letters), plain);
        }

        #[test]
        fn letters_are_in_the_order_of_texts(a: String, b: String) {
            let key = |text: &str| [letters(text, 0), letters(text, 8)];
            if key(&a) != key(&b) {
                prop_assert_eq!(key(&a).cmp(&key(&b)), a.cmp(&b));
            }
        }

        #[test]
        fn floats_keep_their_order(a: f64, b: f64) {
            prop_assert_eq!(float_key(a).cmp(&float_key(b)), a.total_cmp(&b));
        }
    }
}
