//! Chance without randomness: the same numbers give the same picture on every machine and on every day.

/// Mixes two numbers into one that looks random.
pub fn mix(a: u64, b: u64) -> u64 {
    let mut word = a ^ b.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(23);
    word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}

/// A number below `count`, from the upper half of a word.
pub fn below(word: u64, count: u64) -> u64 {
    ((word >> 32) * count) >> 32
}

/// A number from `low` to `high`, both included.
pub fn between(word: u64, low: i64, high: i64) -> i64 {
    low + below(word, (high - low + 1).unsigned_abs()).cast_signed()
}

/// The place of the item on which a roll falls, when items have shares; 0 when nothing has a share.
pub fn pick(word: u64, shares: impl Iterator<Item = u64> + Clone) -> usize {
    let mut roll = below(word, shares.clone().sum());
    for (place, share) in shares.enumerate() {
        if roll < share {
            return place;
        }
        roll -= share;
    }
    0
}

/// A version 4 UUID, as its 128 bits.
pub fn uuid(kind: u64, serial: u64) -> u128 {
    let high = mix(kind, serial) & !0xf000 | 0x4000;
    let low = mix(high, serial) & !(3 << 62) | 1 << 63;
    u128::from(high) << 64 | u128::from(low)
}

/// A UUID as text.
pub fn uuid_text(id: u128) -> String {
    format!(
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        id >> 96,
        id >> 80 & 0xffff,
        id >> 64 & 0xffff,
        id >> 48 & 0xffff,
        id & 0xffff_ffff_ffff
    )
}

/// Reads a UUID in its usual form, with hyphens.
pub fn read_uuid(text: &str) -> Option<u128> {
    let hyphens = [8, 13, 18, 23];
    let well_formed = text.len() == 36
        && text.bytes().enumerate().all(|(place, byte)| {
            if hyphens.contains(&place) {
                byte == b'-'
            } else {
                byte.is_ascii_hexdigit()
            }
        });
    let digits: String = text.chars().filter(|character| *character != '-').collect();
    well_formed.then(|| u128::from_str_radix(&digits, 16).ok()).flatten()
}
