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

/// A UUID of version 4, as its 128 bits. Ids of one kind ascend with their serial number, so that lists come in the
/// order of ids without sorting.
pub fn uuid(kind: u64, serial: u64) -> u128 {
    let word = mix(kind, serial);
    let high = (serial << 48 | word >> 16) & !0xf000 | 0x4000;
    let low = mix(word, kind) & !(3 << 62) | 1 << 63;
    u128::from(high) << 64 | u128::from(low)
}

/// A UUID as text.
pub fn uuid_text(id: u128) -> String {
    let mut out = String::with_capacity(36);
    for place in 0..32 {
        if matches!(place, 8 | 12 | 16 | 20) {
            out.push('-');
        }
        let digit = (id >> (124 - 4 * place) & 15) as u32;
        out.push(char::from_digit(digit, 16).unwrap_or('0'));
    }
    out
}

/// Whether a text is a UUID in its usual form, with hyphens.
pub fn is_uuid(text: &str) -> bool {
    let fits = |(place, byte): (usize, u8)| match place {
        8 | 13 | 18 | 23 => byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    };
    text.len() == 36 && text.bytes().enumerate().all(fits)
}
