//! A small catalogue with one of everything, and ways to reach into it.

use runcomfy_codegen::ir::{
    Catalog, Choice, ChoiceValue, Extra, Field, Form, Media, Model, Module, Object, Origin, Output, Rule, Shared, Ty,
    Type, TypeKind, Union,
};
use serde_json::{Number, json};

/// The places of the types in the model.
pub(crate) const INPUT: usize = 0;
pub(crate) const MODE: usize = 1;
pub(crate) const CAMERA: usize = 2;
pub(crate) const STRENGTH: usize = 3;
pub(crate) const TABLE: usize = 4;
pub(crate) const OUTPUT: usize = 5;
pub(crate) const STATUS: usize = 6;

/// One model, `maker/film/base`, and one shared shape, `MediaOutput`.
pub(crate) fn catalog() -> Catalog {
    let shape = open(vec![field("video", "video", Ty::Text, true)]);
    let shared = Shared { path: "_shared/media-output.json".to_owned(), types: vec![named("MediaOutput", shape)] };
    Catalog { models: vec![model("maker/film/base")], shared: vec![shared] }
}

/// The model under another id.
pub(crate) fn model(id: &str) -> Model {
    let types = vec![
        named("Input", TypeKind::Object(input())),
        named("Mode", choice(&[("fast", "Fast"), ("slow", "Slow"), ("fine", "Fine")], false)),
        named("Camera", TypeKind::Object(camera())),
        named("Strength", TypeKind::Union(union_of(&[("number", "Number", Ty::F64), ("text", "Text", Ty::Text)]))),
        named("", TypeKind::Table(object(vec![field("low", "low", Ty::Json, false)], Extra::None))),
        named("Output", open(vec![field("status", "status", Ty::Named(STATUS), true), result()])),
        named("Status", choice(&[("done", "Done"), ("failed", "Failed")], true)),
    ];
    Model {
        id: id.to_owned(),
        folder: id.to_owned(),
        display_name: "Film".to_owned(),
        page: None,
        module: Module {
            provider: "maker".to_owned(),
            family: "film".to_owned(),
            variant: "base".to_owned(),
            feature: "maker-film".to_owned(),
            provider_feature: "maker".to_owned(),
        },
        profile: runcomfy_codegen::ir::Profile::default(),
        price: None,
        output: Output::Own(Ty::Named(OUTPUT)),
        is_output_assumed: false,
        gives: Vec::new(),
        facts: runcomfy_codegen::ir::Facts::default(),
        incomplete: Vec::new(),
        types,
        input_types: OUTPUT,
        digest: 0,
        overrides: String::new(),
        lock: runcomfy_codegen::lock::Lock::default(),
    }
}

fn input() -> Object {
    let mut steps = field("steps", "47_value", Ty::I64, false);
    steps.rules = vec![of_type("integer"), minimum(2), maximum(40)];
    steps.default = Some(json!(12));
    let mut urls = field("urls", "urls", Ty::List(Box::new(Ty::Text)), false);
    urls.rules = vec![Rule::Items(vec![Rule::MaxLength(200)]), Rule::MaxItems(4)];
    let mut mode = field("mode", "9_mode", Ty::Named(MODE), false);
    mode.rules = vec![Rule::Values(vec![json!("fast"), json!("slow"), json!("fine")])];
    let mut strength = field("strength", "8_value", Ty::Named(STRENGTH), false);
    strength.rules = vec![Rule::AnyOf(forms(TABLE))];
    let mut frames = field("frames", "25_value", Ty::I64, false);
    frames.rules = vec![Rule::Values(vec![json!(81), json!(141)])];
    let mut image = field("image", "118_image", Ty::Media(Media::Image), true);
    image.rules =
        vec![Rule::Validation { rule: "file_size_mb<".to_owned(), value: 10.into(), message: "big".to_owned() }];
    let camera = field("camera", "camera", Ty::Named(CAMERA), false);
    let fields = vec![field("prompt", "56_text", Ty::Text, true), image, steps, urls, mode, camera, strength, frames];
    Object { required: vec![0, 1], is_input: true, ..object(fields, Extra::Map) }
}

/// An object with this table, or a number.
pub(crate) fn forms(table: usize) -> Vec<Vec<Rule>> {
    vec![vec![of_type("object"), Rule::Properties(table)], vec![of_type("number"), minimum(0)]]
}

fn of_type(name: &str) -> Rule {
    Rule::Type(vec![name.to_owned()])
}

fn camera() -> Object {
    let fields = vec![field("pan", "pan", Ty::F64, true), field("zoom", "zoom", Ty::F64, true)];
    Object { required: vec![0, 1], ..object(fields, Extra::None) }
}

fn result() -> Field {
    field("video", "video", Ty::Text, false)
}

fn object(fields: Vec<Field>, extra: Extra) -> Object {
    Object { fields, required: Vec::new(), extra, is_input: false, rules: Vec::new(), parts: Vec::new() }
}

/// A struct of a response.
fn open(fields: Vec<Field>) -> TypeKind {
    TypeKind::Object(object(fields, Extra::Open))
}

/// A field without rules; its title is its name.
pub(crate) fn field(name: &str, key: &str, ty: Ty, required: bool) -> Field {
    Field {
        name: name.to_owned(),
        json: name.to_owned(),
        aliases: Vec::new(),
        key: key.to_owned(),
        title: name.to_owned(),
        description: String::new(),
        required,
        default: None,
        ty,
        rules: Vec::new(),
        format: String::new(),
        fixed: None,
    }
}

pub(crate) fn named(name: &str, kind: TypeKind) -> Type {
    Type {
        name: name.to_owned(),
        origin: Origin::Fixed(name.to_owned()),
        pointer: String::new(),
        title: String::new(),
        description: String::new(),
        kind,
    }
}

pub(crate) fn choice(values: &[(&str, &str)], open: bool) -> TypeKind {
    let value =
        |(value, variant): &(&str, &str)| ChoiceValue { value: (*value).to_owned(), variant: (*variant).to_owned() };
    TypeKind::Choice(Choice { values: values.iter().map(value).collect(), open })
}

/// A union of forms: what each is known by, its variant, its type.
pub(crate) fn union_of(forms: &[(&str, &str, Ty)]) -> Union {
    let form = |(key, name, ty): &(&str, &str, Ty)| Form {
        key: (*key).into(),
        by: Vec::new(),
        rank: 0,
        name: (*name).into(),
        ty: ty.clone(),
    };
    Union { forms: forms.iter().map(form).collect(), tag: None, open: false }
}

pub(crate) fn minimum(value: i64) -> Rule {
    Rule::Minimum(Number::from(value))
}

pub(crate) fn maximum(value: i64) -> Rule {
    Rule::Maximum(Number::from(value))
}

/// Ways to reach into the first model.
pub(crate) trait Reach {
    fn first(&mut self) -> &mut Model;

    fn ty(&mut self, id: usize) -> &mut Type {
        &mut self.first().types[id]
    }

    fn object(&mut self, id: usize) -> &mut Object {
        match &mut self.ty(id).kind {
            TypeKind::Object(object) | TypeKind::Table(object) => object,
            other => panic!("not a struct: {other:?}"),
        }
    }

    fn forms(&mut self, id: usize) -> &mut Vec<Form> {
        match &mut self.ty(id).kind {
            TypeKind::Union(union) => &mut union.forms,
            other => panic!("not a union: {other:?}"),
        }
    }

    fn values(&mut self, id: usize) -> &mut Vec<ChoiceValue> {
        match &mut self.ty(id).kind {
            TypeKind::Choice(choice) => &mut choice.values,
            other => panic!("not an enum: {other:?}"),
        }
    }

    fn field_of(&mut self, id: usize, name: &str) -> &mut Field {
        let fields = &mut self.object(id).fields;
        fields.iter_mut().find(|field| field.name == name).expect("a field of this name")
    }

    /// A field of `Input`.
    fn field(&mut self, name: &str) -> &mut Field {
        self.field_of(INPUT, name)
    }

    fn remove(&mut self, id: usize, name: &str) {
        self.object(id).fields.retain(|field| field.name != name);
    }
}

impl Reach for Catalog {
    fn first(&mut self) -> &mut Model {
        &mut self.models[0]
    }
}
