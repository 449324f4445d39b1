//! The names of fields go in, the names of the types that are declared for them come out. Must not know what the types
//! hold.

use std::collections::BTreeSet;

use super::apart::Contest;
use super::ident::{is_type, pascal, type_ident};
use super::plural::singular;
use super::problem::{NameProblem, shown, shown_list};
use super::words::{Word, words};

/// A type that has to be named, and what its name can be made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TypeWish<'a> {
    /// The names of the types it is declared in, outermost first: `["Input", "Element"]`.
    pub owners: &'a [&'a str],
    /// The name it wants, such as that of [`type_name`] or [`item_type_name`].
    pub wish: &'a str,
    /// What it takes where its owners tell nothing apart: for the items of an array, [`long_item_type_name`].
    pub second_wish: Option<&'a str>,
    /// The name that `names.lock` has for it.
    pub locked: Option<&'a str>,
}

/// The type of a field, for the field's readable name: `aspect_ratio` → `AspectRatio`, `input` → `InputValue`.
#[must_use]
pub fn type_name(field: &str) -> String {
    type_ident(&pascal_of(field))
}

/// The type of an array field's items: the singular where English has a plain one, else [`long_item_type_name`].
///
/// `keyframes` → `Keyframe`, `boxes` → `BoxValue` (there is a `Box`), `status` → `StatusItem`.
#[must_use]
pub fn item_type_name(field: &str) -> String {
    let words = words(field).unwrap_or_default();
    let Some((last, others)) = words.split_last() else {
        return long_item_type_name(field);
    };
    let Some(last) = singular(&last.lower()) else {
        return long_item_type_name(field);
    };
    let others: String = others.iter().map(|word| word.lower() + "_").collect();
    type_name(&(others + &last))
}

/// The type of an array field's items as the field's own name with `Item` appended: `status` → `StatusItem`.
#[must_use]
pub fn long_item_type_name(field: &str) -> String {
    type_ident(&(pascal_of(field) + "Item"))
}

/// The type of what stands at a place in a tuple field: `range` → `RangeItem0`, of the tuple's `.0`.
#[must_use]
pub fn place_type_name(field: &str, places: &[usize]) -> String {
    type_ident(&(pascal_of(field) + &item_suffix(places)))
}

/// The type of a union's form, for the name that the union wants and the form's name; or of that form's items, where
/// those of tuples have places.
#[must_use]
pub fn form_type_name(union: &str, form: &str, item: Option<&[usize]>) -> String {
    type_ident(&format!("{union}{form}{}", item.map(item_suffix).unwrap_or_default()))
}

/// No tuple has more than ten places.
fn item_suffix(places: &[usize]) -> String {
    places.iter().fold("Item".to_owned(), |suffix, place| suffix + &place.to_string())
}

/// The names of all types that one module declares, in the order of `wishes`, but independent of it.
///
/// Types that want one name all get the name of the type they are declared in before it (`Style` of `Input` and of
/// `Element` → `InputStyle`, `ElementStyle`), as many owners as it takes; then their second wishes. Locked names stay, and
/// the newcomer makes room, as it does for a name in `taken`: those of removed types, which are not given to others.
///
/// # Errors
/// All problems, sorted: types that nothing tells apart, because the names of two fields of one object differ in
/// underscores alone.
pub fn unique_type_names(wishes: &[TypeWish<'_>], taken: &BTreeSet<&str>) -> Result<Vec<String>, Vec<NameProblem>> {
    let owner_marks = wishes.iter().map(|wish| owners_considered(wish)).max().unwrap_or(0);
    let second = 1 << owner_marks;
    let fixed: Vec<Option<String>> = wishes.iter().map(|wish| wish.locked.map(str::to_owned)).collect();
    let spell = |index: usize, marks: u32| {
        let wish = &wishes[index];
        let name = wish.second_wish.filter(|_| marks & second != 0).unwrap_or(wish.wish);
        let depth = u32::BITS - (marks & (second - 1)).leading_zeros();
        let owners = &wish.owners[wish.owners.len().saturating_sub(depth as usize)..];
        if owners.is_empty() { name.to_owned() } else { type_ident(&(owners.concat() + name)) }
    };
    Contest { fixed: &fixed, taken, marks: owner_marks + 1, spell: &spell }
        .decide()
        .map_err(|clashes| clashes.iter().map(|(name, group)| clash(name, group, wishes)).collect())
}

/// What is wrong with the name that `[type_names]` gives the type at a path, if anything is.
pub(super) fn bad_type_name(path: &str, name: &str) -> Option<NameProblem> {
    if is_type(name) {
        return None;
    }
    let message = format!("the override {} of the type {} can't be a type", shown(name), shown(path));
    let rule = "write it in PascalCase, with A-Z, a-z and 0-9, and not like a type that is always there";
    let help = match type_name(name) {
        free if is_type(&free) => format!("{rule}, such as `{free}`"),
        _ => rule.to_owned(),
    };
    Some(NameProblem { is_written: true, ..NameProblem::new(&[path], message, help) })
}

/// What is wrong with a line of `[type_names]` that gives the type at a path the name that the type at another one has.
pub(super) fn taken_type_name(path: &str, name: &str, other: &str) -> NameProblem {
    let message = format!(
        "the override {} of the type {} is the name of the type {}",
        shown(name),
        shown(path),
        if other.is_empty() { "of the whole input".to_owned() } else { shown(other) }
    );
    let help =
        "give it another name; or delete the line if it was written for that type, which keeps its name without it";
    NameProblem { is_written: true, ..NameProblem::new(&[path], message, help.to_owned()) }
}

/// How many owners may be written before a name: a mark each, and there is only room for so many.
fn owners_considered(wish: &TypeWish<'_>) -> u32 {
    const MAX_OWNERS: u32 = 16;
    u32::try_from(wish.owners.len()).map_or(MAX_OWNERS, |owners| owners.min(MAX_OWNERS))
}

fn clash(name: &str, group: &[usize], wishes: &[TypeWish<'_>]) -> NameProblem {
    let paths: Vec<String> = group
        .iter()
        .map(|&index| wishes[index].owners.iter().chain([&wishes[index].wish]).copied().collect::<Vec<_>>().join("::"))
        .collect();
    let keys: Vec<&str> = paths.iter().map(String::as_str).collect();
    let message = match group {
        [_] => format!("the type {} wants the name `{name}`, which a removed type had", shown_list(&keys)),
        _ => format!("the types {} want one name: `{name}`", shown_list(&keys)),
    };
    let help =
        "give one of them another name in overrides.toml, under [type_names], or under [names] the field that it \
                is declared for"
            .to_owned();
    NameProblem::new(&keys, message, help)
}

fn pascal_of(field: &str) -> String {
    pascal(&words(field).unwrap_or_default(), Word::pascal)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish<'a>(owners: &'a [&'a str], wish: &'a str) -> TypeWish<'a> {
        TypeWish { owners, wish, second_wish: None, locked: None }
    }

    #[test]
    fn a_type_is_named_for_its_field() {
        assert_eq!(type_name("aspect_ratio"), "AspectRatio");
        assert_eq!(type_name("controlnet_mode"), "ControlNetMode");
        assert_eq!(type_name("4k_mode"), "T4kMode");
        assert_eq!(type_name("type_"), "Type");
    }

    #[test]
    fn a_type_of_the_prelude_or_the_module_gets_value() {
        for (field, name) in
            [("input", "InputValue"), ("model", "ModelValue"), ("json", "JsonValue"), ("option", "OptionValue")]
        {
            assert_eq!(type_name(field), name);
        }
        assert_eq!(item_type_name("boxes"), "BoxValue");
        assert_eq!(item_type_name("models"), "ModelValue");
    }

    #[test]
    fn items_are_singular_where_that_is_plain_english() {
        assert_eq!(item_type_name("keyframes"), "Keyframe");
        assert_eq!(item_type_name("multi_prompts"), "MultiPrompt");
        assert_eq!(item_type_name("lora_categories"), "LoraCategory");
        assert_eq!(item_type_name("multi_prompt"), "MultiPromptItem");
        assert_eq!(item_type_name("series"), "SeriesItem");
        assert_eq!(item_type_name("loras"), "Lora");
    }

    #[test]
    fn two_types_of_one_name_are_told_apart_by_their_owners() {
        let names = unique_type_names(
            &[wish(&["Input"], "Style"), wish(&["Input", "Element"], "Style"), wish(&["Input"], "Resolution")],
            &BTreeSet::new(),
        );
        assert_eq!(names.expect("named"), ["InputStyle", "ElementStyle", "Resolution"]);
        let names = unique_type_names(
            &[wish(&["Input", "A", "C"], "Style"), wish(&["Input", "B", "C"], "Style")],
            &BTreeSet::new(),
        );
        assert_eq!(names.expect("named"), ["ACStyle", "BCStyle"]);
    }

    #[test]
    fn items_give_way_to_a_field_of_the_same_object() {
        let items = TypeWish { second_wish: Some("KeyframesItem"), ..wish(&["Input"], "Keyframe") };
        let names = unique_type_names(&[items, wish(&["Input"], "Keyframe")], &BTreeSet::new());
        assert_eq!(names.expect("named"), ["KeyframesItem", "Keyframe"]);
    }

    #[test]
    fn a_locked_type_keeps_its_name() {
        let locked = TypeWish { locked: Some("Style"), ..wish(&["Input"], "Style") };
        let names = unique_type_names(&[wish(&["Input", "Element"], "Style"), locked], &BTreeSet::new());
        assert_eq!(names.expect("named"), ["ElementStyle", "Style"]);
    }

    #[test]
    fn the_name_of_a_removed_type_is_not_free() {
        let names = unique_type_names(&[wish(&["Input"], "Style")], &["Style"].into());
        assert_eq!(names.expect("named"), ["InputStyle"]);
    }

    #[test]
    fn an_owner_before_a_name_never_makes_a_reserved_one() {
        let names =
            unique_type_names(&[wish(&["Input", "Try"], "From"), wish(&["Input", "A"], "From")], &BTreeSet::new());
        assert_eq!(names.expect("named"), ["TryFromValue", "AFrom"]);
    }

    #[test]
    fn fields_that_differ_in_underscores_alone_are_a_problem() {
        let problems = unique_type_names(&[wish(&["Input"], "A1"), wish(&["Input"], "A1")], &BTreeSet::new())
            .expect_err("a problem");
        assert_eq!(problems[0].keys, ["Input::A1", "Input::A1"]);
    }
}
