//! Random objects, whose fields have titles of their own: what is published of them in, pairs out.

use proptest::prelude::*;

use super::*;

/// A field of object `object`: at node `node`, or at a plain key if that is 0.
fn field(object: usize, place: usize, node: u32) -> Field {
    let title = format!("Title {object}.{place}");
    let definition = Definition::new(["integer", "string"][place % 2]);
    match node {
        0 => Field { key: format!("plain_{object}_{place}"), input: None, title, definition, is_bare: false },
        _ => Field { key: format!("{node}_a"), input: Some("a".to_owned()), title, definition, is_bare: false },
    }
}

/// At least `least` objects of one to three fields, each with whether it has a node id.
fn objects(least: usize) -> impl Strategy<Value = Vec<Vec<bool>>> {
    prop::collection::vec(prop::collection::vec(prop::bool::weighted(0.8), 1..4), least..5)
}

/// The objects with node ids from `ids` on, and perhaps one field that all share.
fn published(objects: &[Vec<bool>], ids: &[u32], shared: bool) -> Vec<Fields> {
    let mut ids = ids.iter().copied();
    let common = field(99, 0, ids.next().unwrap_or(1));
    let mut made = Vec::new();
    for (object, fields) in objects.iter().enumerate() {
        let node = |has_node: bool, ids: &mut dyn Iterator<Item = u32>| ids.next().filter(|_| has_node).unwrap_or(0);
        let own = fields.iter().enumerate().map(|(place, has_node)| field(object, place, node(*has_node, &mut ids)));
        made.push(own.chain(shared.then(|| common.clone())).collect());
    }
    made
}

/// Ids, each once, in any order: hardly more than objects can have, so that one often is where another was.
fn ids() -> impl Strategy<Value = Vec<u32>> {
    Just((1..=14).collect::<Vec<u32>>()).prop_shuffle()
}

proptest! {
    /// Ids that were nowhere before, and objects in another order: every object is found.
    #[test]
    fn titles_find_every_object(objects in objects(1), shared: bool, turn in 0usize..4) {
        let old = published(&objects, &(1..=40).collect::<Vec<_>>(), shared);
        let mut new = published(&objects, &(101..=140).collect::<Vec<_>>(), shared);
        let count = new.len();
        new.rotate_left(turn % count);
        let mut found = pairs(&old, &new);
        found.sort_unstable();
        let expected: Vec<_> = (0..count).map(|old| (old, (old + count - turn % count) % count)).collect();
        prop_assert_eq!(found, expected);
    }

    /// Ids that others had, objects that go and come: none is taken for another, where there are others.
    #[test]
    fn no_object_is_taken_for_another(objects in objects(2), shared: bool, before in ids(), after in ids(), gone in 0usize..5) {
        let (old, mut new) = (published(&objects, &before, shared), published(&objects, &after, shared));
        let gone = gone % new.len();
        let newcomer = new.remove(gone).into_iter().map(|it| match it.title.as_str() {
            // What all share is no mark of any.
            "Title 99.0" => it,
            title => Field { title: format!("New {title}"), ..it },
        });
        let newcomer: Fields = newcomer.collect();
        // By chance it may have a node's key again. That tells where ids seem to be the old ones, or no title can tell.
        let is_kept = |field: &Field| newcomer.iter().any(|it| it.key == field.key && it.title != field.title);
        let is_titled = |it: &Field| it.input.is_some() && !it.title.starts_with("New");
        let is_at_its_key = old[gone].iter().any(is_kept);
        new.push(newcomer);
        let may_be_retitled =
            is_at_its_key && (keys_are_trusted(&old, &new) || !new.iter().flatten().any(is_titled));
        for (o, n) in pairs(&old, &new) {
            if n + 1 == new.len() {
                // What has a plain key that it had is what it was.
                prop_assert!(o == gone && (objects[gone].contains(&false) || may_be_retitled));
            } else {
                prop_assert_eq!(o, if n < gone { n } else { n + 1 });
            }
        }
    }

    /// Other titles at the same keys: every object is found.
    #[test]
    fn keys_find_every_object(objects in objects(1), shared: bool, ids in ids()) {
        let old = published(&objects, &ids, shared);
        let new: Vec<Fields> = old.iter().map(|fields| {
            fields.iter().map(|it| Field { title: format!("New {}", it.title), ..it.clone() }).collect()
        }).collect();
        let expected: Vec<_> = (0..old.len()).map(|place| (place, place)).collect();
        prop_assert_eq!(pairs(&old, &new), expected);
    }
}
