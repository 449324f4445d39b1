//! `uniqueItems`: equal items of a list, in time that grows as the list does. Must not know what makes values equal: that
//! is `same`'s word, for which hashes only find the candidates.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, Hash as _, Hasher as _, RandomState};

use super::super::same::same;
use super::super::write::wire_value;
use super::Checker;
use crate::invalid::ViolationKind;
use crate::schema::describe::Given;
use crate::schema::number::Number;
use crate::schema::path::{MAX_DEPTH, Path, Step};
use crate::schema::value::{List, Value};

/// Lists of up to so many items are compared pair by pair, which needs no memory.
const FEW: usize = 8;

impl Checker {
    /// Reports each item that is equal to one before it.
    pub(super) fn unique(&mut self, list: &dyn List, at: &Path<'_>) {
        let count = list.count();
        if count <= FEW {
            for index in 1..count {
                let first = (0..index).find(|first| same(list.item(*first), list.item(index)));
                self.twin(list, index, first, at);
            }
            return;
        }
        let seed = RandomState::new();
        // For each hash the items of that hash, each different from the others.
        let mut met: HashMap<u64, Vec<usize>> = HashMap::with_capacity(count);
        for index in 0..count {
            let item = list.item(index);
            let alike = met.entry(hash(item, &seed, 0)).or_default();
            match alike.iter().copied().find(|first| same(list.item(*first), item)) {
                None => alike.push(index),
                first => self.twin(list, index, first, at),
            }
        }
    }

    fn twin(&mut self, list: &dyn List, index: usize, first: Option<usize>, at: &Path<'_>) {
        if let Some(first) = first {
            let given = Given(list.item(index));
            let given = format_args!("{given}");
            let allowed = format_args!("different items (item {first} is the same)");
            self.fault(&at.then(Step::Index(index)), ViolationKind::UniqueItems, given, allowed);
        }
    }
}

/// A hash that equal values share: `1` and `1.0`, objects in any order. What nests too deep is never equal to anything.
fn hash(value: Value<'_>, seed: &RandomState, depth: usize) -> u64 {
    if depth > MAX_DEPTH {
        return 0;
    }
    match value.opened() {
        Value::Absent | Value::Null => seed.hash_one("null"),
        Value::Bool(bool) => seed.hash_one(bool),
        Value::Str(text) | Value::Media(_, text) => seed.hash_one(text),
        Value::List(list) => {
            let mut hasher = seed.build_hasher();
            (0..list.count()).for_each(|index| hash(list.item(index), seed, depth + 1).hash(&mut hasher));
            hasher.finish()
        }
        Value::Map(map) => {
            let mut sum = map.count() as u64;
            map.each(&mut |name, value| {
                sum = sum.wrapping_add(seed.hash_one((name, hash(value, seed, depth + 1))));
            });
            sum
        }
        value @ Value::Object(_) => hash(Value::Json(&wire_value(value)), seed, depth + 1),
        Value::Int(int) => seed.hash_one(i128::from(int)),
        Value::UInt(int) => seed.hash_one(i128::from(int)),
        // Beyond 2^64 there is no integer that a float could be equal to.
        Value::Float(float) if Number::Float(float).is_integer() && float.abs() < 2e19 => seed.hash_one(float as i128),
        Value::Float(float) => seed.hash_one(float.to_bits()),
        Value::Json(_) => 0,
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::Json;
    use crate::schema::rule::Rule;
    use crate::schema::table::Names;

    fn twins(items: &[Json]) -> usize {
        let mut checker = Checker::new(Names::Wire);
        checker.value(&[Rule::UniqueItems], &Value::Json(&json!(items)), &Path::ROOT);
        checker.violations.len()
    }

    fn item() -> impl Strategy<Value = Json> {
        prop_oneof![
            Just(json!(null)),
            Just(json!({"a": 1, "b": [2.0]})),
            Just(json!({"b": [2], "a": 1.0})),
            (0..4i64).prop_map(|int| json!(int)),
            (0..4i64).prop_map(|int| json!(int as f64)),
            (0..3u8).prop_map(|char| json!(char.to_string())),
            Just(json!([])),
            Just(json!({})),
            Just(json!(u64::MAX)),
            Just(json!(u64::MAX as f64)),
            Just(json!(-0.0)),
        ]
    }

    proptest! {
        /// Long lists are told the same as a comparison of all pairs tells.
        #[test]
        fn long_lists_have_the_twins_that_pairs_have(items in proptest::collection::vec(item(), 9..40)) {
            let equal = |a: &Json, b: &Json| same(Value::Json(a), Value::Json(b));
            let expected = (1..items.len()).filter(|&index| items[..index].iter().any(|one| equal(one, &items[index])));
            prop_assert_eq!(twins(&items), expected.count());
        }
    }

    /// A list that counts how often its items are looked at.
    struct Counted(usize, Cell<usize>);

    impl List for Counted {
        fn count(&self) -> usize {
            self.0
        }

        fn item(&self, index: usize) -> Value<'_> {
            self.1.set(self.1.get() + 1);
            Value::Int(index as i64)
        }
    }

    #[test]
    fn a_long_list_is_looked_at_once() {
        let list = Counted(20_000, Cell::new(0));
        Checker::new(Names::Wire).unique(&list, &Path::ROOT);
        assert!(list.1.get() < 2 * list.0, "{} looks", list.1.get());
    }
}
