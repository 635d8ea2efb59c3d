//! A column of values, one per bucket, in eight bytes each. Missing ones are NaN inside and `None` outside.
//!
//! What the drawing relies on is made sure here, once: every value is finite and not larger than can be drawn, and
//! the least and the most are known.

use crate::chart::ChartModel;
use std::sync::Arc;

/// A column of values; reads like a list of `Option<f64>`, and is shared by its clones.
#[derive(Clone, Debug, Default)]
pub struct Values {
    values: Arc<Vec<f64>>,
    range: Option<(f64, f64)>,
}

impl Values {
    /// The value at a place; none where it is missing.
    pub fn get(&self, index: usize) -> Option<f64> {
        self.values.get(index).copied().filter(|value| !value.is_nan())
    }

    /// Sets the value at a place, if there is one.
    pub fn set(&mut self, index: usize, value: Option<f64>) {
        let mut values = Arc::unwrap_or_clone(std::mem::take(&mut self.values));
        if let Some(place) = values.get_mut(index) {
            *place = value.unwrap_or(f64::NAN);
        }
        *self = Values::from(values);
    }

    /// How many places it has.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether it has no place at all.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The values in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = Option<f64>> + ExactSizeIterator + '_ {
        self.values.iter().map(|value| (!value.is_nan()).then_some(*value))
    }

    /// The plain numbers: finite, or NaN where missing.
    pub fn numbers(&self) -> &[f64] {
        &self.values
    }

    /// The least and the most; none without any value.
    pub fn range(&self) -> Option<(f64, f64)> {
        self.range
    }
}

/// Numbers as they come; what is not finite counts as missing.
impl From<Vec<f64>> for Values {
    fn from(mut values: Vec<f64>) -> Values {
        let (mut least, mut most) = (f64::INFINITY, f64::NEG_INFINITY);
        for value in &mut values {
            if value.is_infinite() {
                *value = f64::NAN;
            } else if value.abs() > ChartModel::LIMIT {
                *value = value.clamp(-ChartModel::LIMIT, ChartModel::LIMIT);
            }
            // A comparison with NaN is false.
            if *value < least {
                least = *value;
            }
            if *value > most {
                most = *value;
            }
        }
        let range = (least <= most).then_some((least, most));
        Values {
            values: Arc::new(values),
            range,
        }
    }
}

impl From<Vec<Option<f64>>> for Values {
    fn from(values: Vec<Option<f64>>) -> Values {
        values.into_iter().collect()
    }
}

impl FromIterator<Option<f64>> for Values {
    fn from_iter<I: IntoIterator<Item = Option<f64>>>(values: I) -> Values {
        let values: Vec<f64> = values.into_iter().map(|value| value.unwrap_or(f64::NAN)).collect();
        Values::from(values)
    }
}

/// Two missing values are equal.
impl PartialEq for Values {
    fn eq(&self, other: &Values) -> bool {
        let same = |(a, b): (&f64, &f64)| a == b || (a.is_nan() && b.is_nan());
        Arc::ptr_eq(&self.values, &other.values)
            || (self.values.len() == other.values.len() && self.values.iter().zip(other.values.iter()).all(same))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_reads_as_it_was_written() {
        let mut values: Values = [Some(3.0), None, Some(f64::NAN), Some(-1.0), Some(1e300)]
            .into_iter()
            .collect();
        let expected = [Some(3.0), None, None, Some(-1.0), Some(ChartModel::LIMIT)];
        assert_eq!(values.iter().collect::<Vec<_>>(), expected);
        assert_eq!(values.range(), Some((-1.0, ChartModel::LIMIT)));
        assert_eq!(values, values.clone());
        values.set(4, None);
        values.set(9, Some(1.0));
        assert_eq!((values.get(4), values.get(9), values.len()), (None, None, 5));
        assert_eq!(values.range(), Some((-1.0, 3.0)));
        assert_eq!(Values::from(vec![f64::INFINITY]).range(), None);
        assert!(Values::default().is_empty());
    }
}
