//! Every rule with values that pass and values that don't, on untyped JSON.

use runcomfy_client::ViolationKind::{self, *};
use runcomfy_client::rt::{self, parse_json};
use runcomfy_client::schema::{Const, Names, Number, Rule, TableRef, Types};
use serde_json::json;

/// The kinds of violations of the value as the field `v` of an object.
fn verdict(table: &'static rt::Table, value: &serde_json::Value) -> Vec<ViolationKind> {
    match table.check_json(&json!({"v": value}), Names::Wire) {
        Ok(()) => Vec::new(),
        Err(invalid) => invalid.iter().map(|violation| violation.kind()).collect(),
    }
}

/// `rule!([rules], pass: [values], fail: [values] as kind)`
macro_rules! rule {
    ([$($rule:expr),*], pass: [$($pass:tt),*], fail: [$($fail:tt),*] as $kind:expr) => {{
        static TABLE: rt::Table = rt::Table {
            fields: &[rt::Field { name: "v", key: "v", rules: &[$($rule),*], ..rt::Field::BLANK }],
            ..rt::Table::BLANK
        };
        let pass: &[serde_json::Value] = &[$(json!($pass)),*];
        let fail: &[serde_json::Value] = &[$(json!($fail)),*];
        for value in pass {
            assert_eq!(verdict(&TABLE, value), [], "{value} should pass");
        }
        for value in fail {
            assert_eq!(verdict(&TABLE, value), [$kind], "{value} should fail");
        }
    }};
}

#[test]
fn types() {
    rule!([Rule::Type(Types::INTEGER)], pass: [1, 1.0, (-3), (u64::MAX)], fail: [1.5, "1", null, true, [], {}] as Type);
    rule!([Rule::Type(Types::NUMBER)], pass: [1, 1.5], fail: ["1", null] as Type);
    rule!([Rule::Type(Types::STRING.or(Types::NULL))], pass: ["", null], fail: [1, false] as Type);
    rule!([Rule::Type(Types::BOOLEAN)], pass: [true], fail: [0, "true"] as Type);
    rule!([Rule::Type(Types::ARRAY.or(Types::OBJECT))], pass: [[], {}], fail: ["[]"] as Type);
}

#[test]
fn a_keyword_says_nothing_about_other_types() {
    rule!(
        [
            Rule::Minimum(Number::Int(5)), Rule::MultipleOf(Number::Int(2)), Rule::MinLength(3), Rule::MinItems(1),
            Rule::UniqueItems, Rule::MinProperties(1), Rule::Media(rt::MediaKind::Image), Rule::NoAdditionalProperties,
            Rule::Items(&[Rule::Never]), Rule::PropertyNames(&[Rule::Never])
        ],
        pass: [null, true, 6], fail: [] as Type
    );
}

#[test]
fn values_of_every_type() {
    rule!(
        [Rule::Values(&[Const::Null, Const::Bool(true), Const::Int(1), Const::Float(0.5), Const::Str("a"), Const::Json("[1, {}]", parse_json)])],
        pass: [null, true, 1, 1.0, 0.5, "a", [1.0, {}]],
        fail: [false, 0, "b", "1", [1], {}] as Value
    );
    rule!([Rule::Values(&[Const::UInt(u64::MAX)])], pass: [(u64::MAX)], fail: [(u64::MAX - 1), (u64::MAX as f64)] as Value);
}

#[test]
fn bounds_are_exact_over_all_64_bits() {
    rule!([Rule::Minimum(Number::Int(2))], pass: [2, 2.0, 1e300], fail: [1, 1.999, (i64::MIN)] as Minimum);
    rule!([Rule::Maximum(Number::Float(2.5))], pass: [2.5, 2, (i64::MIN)], fail: [3, 2.500001, (u64::MAX)] as Maximum);
    rule!([Rule::ExclusiveMinimum(Number::Int(0))], pass: [1, 5e-324], fail: [0, 0.0, (-1)] as Minimum);
    rule!([Rule::ExclusiveMaximum(Number::Int(1))], pass: [0.999], fail: [1, 1.0] as Maximum);
    rule!([Rule::Maximum(Number::UInt(u64::MAX - 1))], pass: [(u64::MAX - 1)], fail: [(u64::MAX), (u64::MAX as f64)] as Maximum);
    rule!([Rule::Minimum(Number::Int(i64::MIN + 1))], pass: [(i64::MIN + 1)], fail: [(i64::MIN), (i64::MIN as f64)] as Minimum);
}

#[test]
fn steps_are_decimal() {
    rule!([Rule::MultipleOf(Number::Float(0.1))], pass: [0.3, 7, 0, (-1.1)], fail: [0.35, 1e-9] as MultipleOf);
    rule!([Rule::MultipleOf(Number::Int(8))], pass: [64, 64.0], fail: [63, 0.5] as MultipleOf);
}

#[test]
fn lengths_count_code_points() {
    rule!([Rule::MinLength(2)], pass: ["ab", "äö", "𝄞𝄞"], fail: ["", "a", "𝄞"] as MinLength);
    rule!([Rule::MaxLength(2)], pass: ["", "𝄞𝄞"], fail: ["abc", "äöü"] as MaxLength);
    rule!([Rule::MaxLength(u64::MAX), Rule::MinLength(0)], pass: ["", "a"], fail: [] as MaxLength);
}

#[test]
fn lists() {
    rule!([Rule::MinItems(1)], pass: [[0], {}], fail: [[]] as MinItems);
    rule!([Rule::MaxItems(1)], pass: [[], [0]], fail: [[0, 0]] as MaxItems);
    rule!([Rule::UniqueItems], pass: [[], [1, true, "1", [1]]], fail: [[1, 1.0], [{"a": 1, "b": 2}, {"b": 2, "a": 1}]] as UniqueItems);
    rule!([Rule::Items(&[Rule::Type(Types::STRING)])], pass: [[], ["a"]], fail: [["a", 1]] as Type);
    rule!(
        [Rule::PrefixItems(&[&[Rule::Type(Types::STRING)], &[]]), Rule::Items(&[Rule::Never])],
        pass: [[], ["a"], ["a", 1]], fail: [["a", 1, 2]] as Never
    );
}

#[test]
fn maps() {
    rule!([Rule::AdditionalProperties(&[Rule::Type(Types::INTEGER)])], pass: [{}, {"a": 1}], fail: [{"a": "b"}] as Type);
    rule!([Rule::NoAdditionalProperties], pass: [{}], fail: [{"a": 1}] as UnknownName);
    rule!([Rule::MinProperties(1)], pass: [{"a": 1}, []], fail: [{}] as MinProperties);
    rule!([Rule::MaxProperties(1)], pass: [{"a": 1}], fail: [{"a": 1, "b": 2}] as MaxProperties);
    rule!([Rule::PropertyNames(&[Rule::MaxLength(1)])], pass: [{"a": 1}], fail: [{"ab": 1}] as MaxLength);
}

static OPEN: rt::Table = rt::Table {
    fields: &[rt::Field {
        name: "a",
        key: "a",
        required: true,
        rules: &[Rule::Type(Types::INTEGER)],
        ..rt::Field::BLANK
    }],
    open: true,
    ..rt::Table::BLANK
};
static CLOSED: rt::Table = rt::Table { open: false, rules: &[Rule::MaxProperties(1)], ..OPEN };

#[test]
fn properties() {
    rule!([Rule::Properties(TableRef::Static(&OPEN))], pass: [{"a": 1}, {"a": 1, "b": 2}, []], fail: [{}, {"b": 1}] as Missing);
    rule!([Rule::Properties(TableRef::Static(&OPEN))], pass: [], fail: [{"a": "1"}] as Type);
    rule!([Rule::Properties(TableRef::Static(&OPEN)), Rule::NoAdditionalProperties], pass: [{"a": 1}], fail: [{"a": 1, "b": 2}] as UnknownName);
    rule!(
        [Rule::Properties(TableRef::Static(&CLOSED)), Rule::AdditionalProperties(&[Rule::Type(Types::STRING)])],
        pass: [{"a": 1}], fail: [{"a": 1, "b": ""}] as MaxProperties
    );
    rule!(
        [Rule::Properties(TableRef::Static(&OPEN)), Rule::AdditionalProperties(&[Rule::Type(Types::STRING)])],
        pass: [{"a": 1, "b": ""}], fail: [{"a": 1, "b": 2}] as Type
    );
}

#[test]
fn combinations() {
    const SMALL: &[Rule] = &[Rule::Type(Types::NUMBER), Rule::Maximum(Number::Int(9))];
    const EVEN: &[Rule] = &[Rule::Type(Types::NUMBER), Rule::MultipleOf(Number::Int(2))];
    const TEXT: &[Rule] = &[Rule::Type(Types::STRING), Rule::MinLength(1)];
    rule!([Rule::AllOf(&[SMALL, EVEN])], pass: [8], fail: [7] as MultipleOf);
    rule!([Rule::AnyOf(&[SMALL, EVEN, TEXT])], pass: [7, 12, 8, "a"], fail: [13] as NoForm);
    rule!([Rule::AnyOf(&[SMALL, EVEN, TEXT])], pass: [], fail: [true, null] as Type);
    rule!([Rule::OneOf(&[SMALL, EVEN])], pass: [7, 12], fail: [8] as ManyForms);
    rule!([Rule::OneOf(&[SMALL, EVEN])], pass: [], fail: [13] as NoForm);
    // Only one form is for texts, so what it says is said.
    rule!([Rule::AnyOf(&[SMALL, TEXT])], pass: [], fail: [""] as MinLength);
    rule!([Rule::Never], pass: [], fail: [null, 1] as Never);
}

#[test]
fn a_value_that_fits_no_form_is_told_what_would_do() {
    const fn needs(table: &'static rt::Table) -> [Rule; 2] {
        [Rule::Type(Types::OBJECT), Rule::Properties(TableRef::Static(table))]
    }
    const fn field(name: &'static str, required: bool, rules: &'static [Rule]) -> rt::Field {
        rt::Field { name, key: name, required, rules, ..rt::Field::BLANK }
    }
    const NUMBER: &[Rule] = &[Rule::Type(Types::NUMBER)];
    static IMAGE: rt::Table =
        rt::Table { fields: &[field("image_url", true, &[])], open: true, strict: true, ..rt::Table::BLANK };
    static VIDEO: rt::Table =
        rt::Table { fields: &[field("video_url", true, &[])], open: true, strict: true, ..rt::Table::BLANK };
    static SIZE: rt::Table = rt::Table {
        fields: &[field("width", true, NUMBER), field("height", true, NUMBER)],
        open: true,
        ..rt::Table::BLANK
    };
    static ZOOM: rt::Table = rt::Table {
        fields: &[field("mode", true, &[Rule::Values(&[Const::Str("zoom")])]), field("factor", true, NUMBER)],
        open: true,
        ..rt::Table::BLANK
    };
    static PAN: rt::Table = rt::Table {
        fields: &[field("mode", true, &[Rule::Values(&[Const::Str("pan")])]), field("speed", true, NUMBER)],
        open: true,
        ..rt::Table::BLANK
    };
    static TABLE: rt::Table = rt::Table {
        fields: &[
            field("media", false, &[Rule::AnyOf(&[&needs(&IMAGE), &needs(&VIDEO)])]),
            field(
                "one",
                false,
                &[Rule::OneOf(&[&[Rule::Values(&[Const::Int(1)])], &[Rule::Values(&[Const::Int(2)])]])],
            ),
            field("motion", false, &[Rule::OneOf(&[&needs(&ZOOM), &needs(&PAN)])]),
            field("size", false, &[Rule::AnyOf(&[&needs(&SIZE), &needs(&IMAGE), NUMBER])]),
            field(
                "same",
                false,
                &[Rule::AnyOf(&[
                    &needs(&IMAGE),
                    &[Rule::Type(Types::OBJECT), Rule::Properties(TableRef::Static(&IMAGE)), Rule::MinProperties(2)],
                ])],
            ),
        ],
        rules: &[Rule::AnyOf(&[&needs(&IMAGE), &needs(&VIDEO), &needs(&TABLE_SELF)])],
        ..rt::Table::BLANK
    };
    static TABLE_SELF: rt::Table =
        rt::Table { fields: &[field("size", true, &[]), field("one", true, &[])], open: true, ..rt::Table::BLANK };
    let lines = |json: serde_json::Value| match TABLE.check_json(&json, Names::Wire) {
        Ok(()) => String::new(),
        Err(invalid) => invalid.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"),
    };
    // The input itself is whole with these two.
    let with = |name: &str, value: serde_json::Value| {
        let mut json = json!({"size": 1, "one": 1});
        json[name] = value;
        lines(json)
    };
    assert_eq!(with("size", json!(1)), "");
    let neither = "fits none of the forms, allowed one of 2 forms; image_url or video_url is missing";
    assert_eq!(with("media", json!({"a": 1})), format!("media: an object of 1 {neither}"));
    assert_eq!(with("one", json!(3)), "one: 3 is not one of the values, allowed 1, 2");
    assert_eq!(with("motion", json!({"mode": "zoom"})), "motion.factor: is missing");
    let modes = "is not one of the values, allowed \"zoom\", \"pan\"; did you mean \"zoom\"?";
    assert_eq!(with("motion", json!({"mode": "zom"})), format!("motion.mode: \"zom\" {modes}"));
    assert_eq!(with("motion", json!({"speed": 1})), "motion.mode: is missing");
    assert_eq!(with("motion", json!([])), "motion: a list of 0 has the wrong type, allowed an object");
    let wrong =
        "fits none of the forms, allowed one of 3 forms; size.width: \"1\" has the wrong type, allowed a number";
    assert_eq!(
        with("size", json!({"width": "1", "height": 2})),
        format!("size: an object of 2 {wrong} or size.image_url: is missing")
    );
    assert_eq!(with("same", json!({})), "same.image_url: is missing", "what no form forgives");
    let whole = "fits none of the forms, allowed one of 3 forms; image_url or video_url or size and one are missing";
    assert_eq!(lines(json!({})), format!("input: an object of 0 {whole}"));
}

#[test]
fn media() {
    rule!(
        [Rule::Media(rt::MediaKind::Video)],
        pass: ["https://example.com/a", "data:video/mp4;base64,QUJD", "a.mp4"],
        fail: ["http://example.com/a", "data:image/png;base64,QUJD", "a prompt"] as Media
    );
}

#[cfg(feature = "pattern")]
#[test]
fn patterns() {
    static PATTERN: rt::Pattern = rt::Pattern::new("^a(?!b)", rt::regress_matcher);
    rule!([Rule::Pattern(&PATTERN)], pass: ["ac", 1], fail: ["ab", "b"] as Pattern);
}

#[cfg(feature = "validations")]
#[test]
fn validations_hold_for_each_item_and_for_data_only() {
    static WIDE: rt::Validation = rt::Validation {
        rule: "width/height<",
        value: Number::Float(1.5),
        message: "too wide",
        checker: rt::media_checker,
    };
    // A GIF of 3 by 2 pixels, cut off after its header.
    rule!(
        [Rule::Validation(&WIDE)],
        pass: ["https://example.com/a.gif", "a.gif", "data:image/gif;base64,AAAA", ["a.gif"]],
        fail: ["data:image/gif;base64,R0lGODlhAwACAAAAAA==", ["a.gif", "data:image/gif;base64,R0lGODlhAwACAAAAAA=="]] as Validation
    );
}

#[test]
fn deep_values_are_refused_and_do_not_overflow_the_stack() {
    static TABLE: rt::Table = rt::Table {
        fields: &[rt::Field { name: "v", key: "v", rules: NESTED, ..rt::Field::BLANK }],
        ..rt::Table::BLANK
    };
    static NESTED: &[Rule] =
        &[Rule::AnyOf(&[&[Rule::Type(Types::STRING)], &[Rule::Type(Types::ARRAY), Rule::Items(ITEMS)]])];
    static ITEMS: &[Rule] =
        &[Rule::Properties(TableRef::Static(&TABLE)), Rule::Items(&[Rule::Properties(TableRef::Static(&TABLE))])];
    let nested = |levels| (0..levels).fold(json!("end"), |inner, _| json!([{"v": inner}]));
    assert_eq!(verdict(&TABLE, &nested(60)), []);
    // Far beyond the limit of 128, yet not so far that building the document overflows the stack of a test.
    assert_eq!(verdict(&TABLE, &nested(200)), [TooDeep]);
}
