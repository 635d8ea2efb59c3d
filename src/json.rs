//! JSON as it is read where any value may stand: `config.json`, and small answers. Values in words, for complaints, and texts
//! as JSON.
//!
//! In place of the tree of `serde_json`, which copies each text and each name and puts the fields into a map: of most answers
//! most is passed over.

use crate::order;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use std::borrow::Cow;
use std::fmt;

/// How much of a text is quoted, in characters.
const QUOTED: usize = 40;

/// A value. Texts without escapes are those of the document.
#[derive(Clone, Debug, PartialEq)]
pub enum Json<'a> {
    /// `null`
    Null,
    /// Yes or no.
    Flag(bool),
    /// A whole number from 0 on.
    Count(u64),
    /// A whole number below 0.
    Negative(i64),
    /// A number written with a point or an exponent, or beyond the others.
    Float(f64),
    /// A text.
    Text(Cow<'a, str>),
    /// A list.
    List(Vec<Json<'a>>),
    /// An object.
    Object(Fields<'a>),
}

/// The fields of an object as they stand. Of two with one name the later holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fields<'a>(Vec<(Cow<'a, str>, Json<'a>)>);

impl<'a> Fields<'a> {
    /// The value of a field; none where it is missing.
    pub fn get(&self, name: &str) -> Option<&Json<'a>> {
        let found = self.0.iter().rev().find(|(known, _)| known == name);
        found.map(|(_, value)| value)
    }

    /// All that hold, in the order of their names.
    pub fn in_order(&self) -> Vec<(&str, &Json<'a>)> {
        let mut all: Vec<_> = self.0.iter().map(|(name, value)| (name.as_ref(), value)).collect();
        order::sort_by(&mut all, |a, b| a.0.cmp(b.0));
        all.dedup_by(|later, kept| {
            let is_same = later.0 == kept.0;
            if is_same {
                kept.1 = later.1;
            }
            is_same
        });
        all
    }
}

impl Json<'_> {
    /// The text, of a text.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Json::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The number, of one that is whole, from 0 on and written so.
    pub fn as_u64(&self) -> Option<u64> {
        match self {
            Json::Count(number) => Some(*number),
            _ => None,
        }
    }

    /// The number, of any number.
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Json::Count(number) => Some(*number as f64),
            Json::Negative(number) => Some(*number as f64),
            Json::Float(number) => Some(*number),
            _ => None,
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Json<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Json<'a>, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Json<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any JSON value")
    }

    fn visit_unit<E>(self) -> Result<Json<'de>, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json<'de>, E> {
        Ok(Json::Flag(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json<'de>, E> {
        Ok(Json::Count(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json<'de>, E> {
        Ok(u64::try_from(value).map_or(Json::Negative(value), Json::Count))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Json<'de>, E> {
        Ok(Json::Float(value))
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Json<'de>, E> {
        Ok(Json::Text(Cow::Borrowed(value)))
    }

    fn visit_str<E>(self, value: &str) -> Result<Json<'de>, E> {
        Ok(Json::Text(Cow::Owned(value.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Json<'de>, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(Json::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Json<'de>, A::Error> {
        let mut fields = Vec::new();
        while let Some((name, value)) = map.next_entry()? {
            // Names are texts: read by the same code as values.
            let Json::Text(name) = name else {
                return Err(A::Error::custom("a name is not a text"));
            };
            fields.push((name, value));
        }
        Ok(Json::Object(Fields(fields)))
    }
}

/// A value in few words.
pub fn shown(value: &Json) -> String {
    match value {
        Json::Null => "null".into(),
        Json::Flag(value) => value.to_string(),
        Json::Count(number) => number.to_string(),
        Json::Negative(number) => number.to_string(),
        Json::Float(number) => number.to_string(),
        Json::Text(text) => format!("{:?}", text.chars().take(QUOTED).collect::<String>()),
        Json::List(_) => "a list".into(),
        Json::Object(_) => "an object".into(),
    }
}

/// A text in quotes, as a document has it.
pub fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two_fields_with_one_name_the_later_holds() {
        let Json::Object(fields) = serde_json::from_str(r#"{"b":1,"a":[null,-2,3.5,"x\n"],"b":true}"#).unwrap() else {
            panic!("an object");
        };
        assert_eq!(fields.get("b"), Some(&Json::Flag(true)));
        assert_eq!(fields.get("c"), None);
        let list = vec![
            Json::Null,
            Json::Negative(-2),
            Json::Float(3.5),
            Json::Text("x\n".into()),
        ];
        assert_eq!(fields.in_order(), [("a", &Json::List(list)), ("b", &Json::Flag(true))]);
    }

    #[test]
    fn texts_without_escapes_are_not_copied() {
        let value: Json = serde_json::from_str(r#"["Größe", "\u0041"]"#).unwrap();
        let Json::List(items) = value else { panic!("a list") };
        assert!(matches!(&items[0], Json::Text(Cow::Borrowed("Größe"))));
        assert!(matches!(&items[1], Json::Text(Cow::Owned(text)) if text == "A"));
    }
}
