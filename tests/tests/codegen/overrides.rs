//! `overrides.toml` over several publications of one model, from schema text to `names.lock`: which entries bind to their
//! fields, which settle a stop, and which are refused.

use runcomfy_codegen::{ErrorKind, Errors, ModelSource, SourceFile, Sources, catalog_with_notes, locks};

const ID: &str = "random/model/base";

/// A model's folder. The lock is replaced by every run that succeeds.
#[derive(Default)]
struct Folder {
    overrides: String,
    lock: Option<String>,
    output: String,
    /// What the last run told although it stopped nothing.
    notes: String,
}

impl Folder {
    /// Generates from an input with these properties, as `key: schema`.
    fn publish(&mut self, properties: &str) -> Result<(), Errors> {
        let file = |name: &str, text: &str| SourceFile { path: format!("{ID}/{name}"), text: text.to_owned() };
        let output = if self.output.is_empty() { r#""image": {"type": "string"}"# } else { &self.output };
        let object = |properties: &str| format!(r#"{{"type": "object", "properties": {{{properties}}}}}"#);
        let manifest = format!("id = {ID:?}\ndisplay_name = \"M\"\nsource = \"page\"\nupdated = 2026-01-01\n");
        let model = ModelSource {
            folder: ID.to_owned(),
            manifest: file("model.toml", &manifest),
            input: file("input.json", &object(properties)),
            output: file("output.json", &object(output)),
            lock: self.lock.as_ref().map(|text| file("names.lock", text)),
            overrides: Some(file("overrides.toml", &self.overrides)),
        };
        let (catalog, notes) = catalog_with_notes(&Sources { models: vec![model], ..Sources::default() })?;
        self.notes = notes.as_warnings();
        self.lock = locks(&catalog).remove(&format!("{ID}/names.lock"));
        Ok(())
    }

    fn must_publish(&mut self, properties: &str) {
        self.publish(properties).unwrap_or_else(|errors| panic!("{errors}"));
    }

    fn refused(&mut self, properties: &str) -> String {
        let errors = self.publish(properties).expect_err("a refusal");
        let of_overrides = |error: &runcomfy_codegen::Error| error.file.ends_with("/overrides.toml");
        assert!(errors.iter().all(|error| error.kind == ErrorKind::Ambiguous || of_overrides(error)), "{errors}");
        errors.to_string()
    }

    /// The same with these overrides, once.
    fn refused_with(&mut self, overrides: &str, properties: &str) -> String {
        let own = std::mem::replace(&mut self.overrides, overrides.to_owned());
        let told = self.publish(properties).expect_err("a refusal").to_string();
        self.overrides = own;
        told
    }

    /// The lock's paragraph for a field.
    fn locked(&self, name: &str) -> &str {
        let lock = self.lock.as_deref().unwrap_or_default();
        let is_it = |part: &&str| part.contains(&format!("name = \"{name}\"\n"));
        lock.split("[[field]]").find(is_it).unwrap_or_else(|| panic!("no {name}: {lock}"))
    }
}

/// Two models whose fields have unknown keywords, and the file at the top of their folder.
fn two_models(of_all: &str, keywords: [&str; 2]) -> Result<Errors, Errors> {
    let model = |(place, keyword): (usize, &str)| {
        let id = format!("random/model/m{place}");
        let file = |name: &str, text: String| SourceFile { path: format!("{id}/{name}"), text };
        ModelSource {
            folder: id.clone(),
            manifest: file(
                "model.toml",
                format!("id = {id:?}\ndisplay_name = \"M\"\nsource = \"page\"\nupdated = 2026-01-01\n"),
            ),
            input: file(
                "input.json",
                format!(r#"{{"properties": {{"a": {{"{keyword}": 1}}, "b": {{"{keyword}": 2}}}}}}"#),
            ),
            output: file("output.json", "{}".to_owned()),
            lock: None,
            overrides: None,
        }
    };
    let overrides = Some(SourceFile { path: "overrides.toml".to_owned(), text: of_all.to_owned() });
    let models = keywords.into_iter().enumerate().map(model).collect();
    catalog_with_notes(&Sources { models, overrides, ..Sources::default() }).map(|(_, notes)| notes)
}

#[test]
fn an_unknown_keyword_is_told_once_and_accepted_by_one_line_for_all_models() {
    let told = two_models("", ["order", "order"]).expect_err("unknown").to_string();
    assert_eq!(told.matches("unknown keyword").count(), 1, "{told}");
    assert!(told.contains("and 1 more place, 2 models in all") && told.contains("at the top"), "{told}");
    two_models("[accept]\nkeywords = [\"order\"]\n", ["order", "order"]).expect("accepted");
    two_models("[accept]\nkeywords = [\"order\"]\n", ["order", "minimum"]).expect("one model has it");
    let unused = two_models("[accept]\nkeywords = [\"ordr\"]\n", ["minimum", "maximum"]).expect("it may come");
    let unused = unused.as_warnings();
    assert!(unused.contains("\"ordr\" of [accept] matches nothing\n  --> overrides.toml"), "{unused}");
    let more = two_models("[names]\na = \"b\"\n", ["minimum", "minimum"]).expect_err("no such table").to_string();
    assert!(more.contains("the one table is [accept]"), "{more}");
    two_models("", ["x-order", "x-anything"]).expect("annotations by convention");
}

/// A property; the schema without braces.
fn field(key: &str, title: &str, schema: &str) -> String {
    format!(r#""{key}": {{"title": "{title}", {schema}}}"#)
}

const INTEGER: &str = r#""type": "integer", "maximum": 10"#;

fn two(first: &str, second: &str) -> String {
    [field(first, "Strength", INTEGER), field(second, "Steps", INTEGER)].join(", ")
}

#[test]
fn a_corrected_type_follows_its_field_through_a_renumbering() {
    let mut folder = Folder { overrides: "[types]\n\"7_value\" = \"number\"\n".to_owned(), ..Folder::default() };
    folder.must_publish(&two("7_value", "8_value"));
    let corrected = "corrected = { path = \"7_value\", type = \"number\" }";
    assert!(folder.locked("strength").contains(corrected) && folder.locked("strength").contains("kind = \"integer\""));
    folder.must_publish(&two("17_value", "18_value"));
    assert!(folder.locked("strength").contains(corrected) && folder.locked("strength").contains("key = \"17_value\""));
    // Now another field has the id that the entry was written for.
    folder.must_publish(&two("19_value", "7_value"));
    assert!(folder.locked("strength").contains(corrected) && !folder.locked("steps").contains("corrected"));
    folder.overrides.clear();
    folder.must_publish(&two("19_value", "7_value"));
    assert!(!folder.locked("strength").contains("corrected"));
}

#[test]
fn exchanged_ids_are_asked_about_with_a_corrected_type_too() {
    let mut folder = Folder { overrides: "[types]\n\"7_value\" = \"number\"\n".to_owned(), ..Folder::default() };
    folder.must_publish(&two("7_value", "8_value"));
    let asked = folder.refused(&two("8_value", "7_value"));
    assert!(asked.contains("# strength = \"8_value\"  # same title and definition"), "{asked}");
    folder.overrides += "[moved]\nstrength = \"8_value\"\nsteps = \"7_value\"\n";
    folder.must_publish(&two("8_value", "7_value"));
    assert!(folder.locked("strength").contains("corrected") && folder.locked("strength").contains("key = \"8_value\""));
    assert!(!folder.locked("steps").contains("corrected"));
}

#[test]
fn a_type_that_there_is_not_can_be_corrected_for_good() {
    let mut folder = Folder { overrides: "[types]\n\"7_file\" = \"image\"\n".to_owned(), ..Folder::default() };
    for key in ["7_file", "9_file"] {
        folder.must_publish(&field(key, "Photo", r#""type": "file""#));
        assert!(folder.locked("photo").contains(&format!("key = \"{key}\"")));
    }
    folder.overrides.clear();
    assert!(folder.publish(&field("9_file", "Photo", r#""type": "file""#)).is_err(), "unknown without the entry");
}

#[test]
fn lines_about_what_is_gone_wait_and_stop_no_sync() {
    let style = |values: &str| field("style", "Style", &format!(r#""type": "string", "enum": [{values}]"#));
    let camera = field("9_camera", "Camera", r#""type": "object", "properties": {"lens": {"type": "string"}}"#);
    let all = [two("7_value", "8_value"), style(r#""a", "b""#), camera].join(", ");
    let lines = "[types]\n\"7_value\" = \"number\"\n[names]\n\"8_value\" = \"count\"\n[variants.Style]\n\"a\" = \"First\"\n\
                 [type_names]\n\"9_camera\" = \"Rig\"\n[aliases.Input]\npower = \"strength\"\n[accept]\nkeywords = [\"order\"]\n";
    let mut folder = Folder { overrides: lines.to_owned(), ..Folder::default() };
    folder.must_publish(&format!("{all}, {}", field("10_file", "Photo", r#""type": "string", "order": 1"#)));
    assert_eq!(folder.notes, "");
    // The run that meets the new schema, and all later ones.
    for _ in 0..2 {
        folder.must_publish(&style(r#""b""#));
        let gone = [("types", "7_value"), ("names", "8_value"), ("variants.Style", "a"), ("type_names", "9_camera")];
        for (table, entry) in gone.into_iter().chain([("aliases.Input", "strength"), ("accept", "order")]) {
            let words = format!("the entry {entry:?} of [{table}] waits");
            assert!(folder.notes.contains(&words), "{words}: {}", folder.notes);
        }
    }
    // Other fields have the keys that the lines were written for; what comes back has its line again, wherever it is.
    let others = [two("17_value", "18_value"), field("7_value", "Speed", INTEGER), field("8_value", "Pace", INTEGER)];
    folder.must_publish(
        &[
            others.join(", "),
            style(r#""b", "a""#),
            field("20_camera", "Camera", r#""type": "object", "properties": {"lens": {"type": "string"}}"#),
        ]
        .join(", "),
    );
    assert!(
        folder.locked("strength").contains("corrected = { path = \"7_value\"")
            && folder.locked("count").contains("18_value")
    );
    assert!(folder.locked("speed").contains("kind = \"integer\"") && folder.locked("pace").contains("8_value"));
    assert!(
        folder.locked("style").contains("variant = \"First\" },") && folder.locked("camera").contains("name = \"Rig\"")
    );
    assert!(!folder.notes.contains("that it was written for is gone"), "{}", folder.notes);
    // What never was there is an error still.
    for line in [
        "[types]\n\"7_valeu\" = \"number\"\n",
        "[names]\n\"8_vaule\" = \"x\"\n",
        "[variants.Style]\nz = \"Z\"\n",
        "[type_names]\nx = \"Rigg\"\n",
    ] {
        folder.overrides = line.to_owned();
        let refused = folder.refused(&two("17_value", "18_value"));
        assert!(refused.contains("matches nothing"), "{line}: {refused}");
    }
}

#[test]
fn a_name_that_another_type_has_is_refused_and_a_line_follows_its_type() {
    let both = |style: &str, size: &str| {
        let of = |key: &str, title: &str, value: &str| {
            field(key, title, &format!(r#""type": "string", "enum": ["{value}"]"#))
        };
        [of(style, "Style", "a"), of(size, "Size", "b")].join(", ")
    };
    let mut folder = Folder::default();
    folder.must_publish(&both("7_value", "8_value"));
    folder.overrides = "[type_names]\n\"8_value\" = \"Style\"\n".to_owned();
    let told = folder.refused(&both("7_value", "8_value"));
    assert!(["`8_value`", "`7_value`", "`Style`"].iter().all(|words| told.contains(words)), "{told}");
    folder.overrides = "[type_names]\n\"8_value\" = \"Format\"\n".to_owned();
    folder.must_publish(&both("7_value", "8_value"));
    assert!(folder.locked("size").contains("{ name = \"Format\", named = \"8_value\" }"), "{}", folder.locked("size"));
    // The line was written for the size, though another type has its key now.
    folder.must_publish(&both("8_value", "9_value"));
    assert!(folder.locked("size").contains("name = \"Format\"") && folder.locked("style").contains("name = \"Style\""));
    folder.overrides.clear();
    folder.must_publish(&both("8_value", "9_value"));
    assert!(folder.locked("size").contains("{ name = \"Format\" }"), "the lock keeps it");
}

#[test]
fn a_name_is_given_once_and_never_ignored() {
    let mut folder = Folder::default();
    folder.must_publish(&two("7_value", "8_value"));
    folder.overrides = "[names]\n\"7_value\" = \"steps\"\n".to_owned();
    assert!(folder.refused(&two("7_value", "8_value")).contains("want one name: `steps`"));
    folder.overrides = "[names]\n\"7_value\" = \"power\"\n".to_owned();
    folder.must_publish(&two("7_value", "8_value"));
    assert!(folder.locked("power").contains("named = \"7_value\""));
    folder.must_publish(&two("9_value", "7_value"));
    assert!(
        folder.locked("power").contains("key = \"9_value\"") && folder.locked("steps").contains("key = \"7_value\"")
    );
    for entry in ["7_vaule", "9_valeu"] {
        folder.overrides = format!("[names]\n\"{entry}\" = \"power\"\n");
        assert!(folder.refused(&two("9_value", "7_value")).contains("did you mean"), "{entry}");
    }
    folder.overrides = "[names]\n\"9_value\" = \"Power!\"\n".to_owned();
    assert!(folder.refused(&two("9_value", "7_value")).contains("not a readable name"));
}

#[test]
fn stops_in_nested_objects_and_in_outputs_are_settled_under_their_types() {
    let camera = |caption: &str, other: &str| {
        let fields = [field(caption, "Caption", r#""type": "string""#), field(other, "Style", r#""type": "string""#)];
        format!(r#""type": "object", "properties": {{{}}}"#, fields.join(", "))
    };
    let output = field("1_clip", "Clip", &camera("1_text", "2_text"));
    let mut folder = Folder { output, ..Folder::default() };
    folder.must_publish(&field("camera", "Camera", &camera("1_text", "2_text")));
    folder.output = field("1_clip", "Clip", &camera("2_text", "1_text"));
    let asked = folder.refused(&field("camera", "Camera", &camera("2_text", "1_text")));
    assert!(asked.contains("[moved.Camera]") && asked.contains("[moved.Clip]"), "{asked}");
    folder.overrides = "[moved.Camera]\ncaption = \"2_text\"\n[moved.Clip]\ncaption = \"1_text\"\n".to_owned();
    folder.must_publish(&field("camera", "Camera", &camera("2_text", "1_text")));
    let lock = folder.lock.clone().unwrap_or_default();
    for (owner, key) in [("Camera", "2_text"), ("Clip", "1_text")] {
        let paragraph = format!("type = \"{owner}\"\nname = \"caption\"\nkey = \"{key}\"");
        assert!(lock.contains(&paragraph), "{paragraph}: {lock}");
    }
    folder.must_publish(&field("camera", "Camera", &camera("2_text", "1_text")));
    folder.overrides = "[moved.Camrea]\ncaption = \"2_text\"\n".to_owned();
    let unknown = folder.refused(&field("camera", "Camera", &camera("2_text", "1_text")));
    assert!(unknown.contains("did you mean \"Camera\""), "{unknown}");
}

/// What is told of the model's publication, with entries of `[next]`.
fn told_of(overrides: &str, properties: &str, lock: &mut Option<String>) -> Result<String, Errors> {
    let mut folder = Folder { overrides: overrides.to_owned(), lock: lock.take(), ..Folder::default() };
    let told = folder.publish(properties);
    *lock = folder.lock;
    told.map(|()| folder.notes)
}

/// A model with much that an entry can be about: a field with a node id, an enum, a nested type.
fn with_camera(key: &str, values: &str, extra: &str) -> String {
    let lens = field("lens", "Lens", r#""type": "string""#);
    format!(
        "{}, {}, {}{extra}",
        field(key, "Strength", INTEGER),
        field("size", "Size", &format!(r#""type": "string", "enum": [{values}]"#)),
        field("camera", "Camera", &format!(r#""type": "object", "properties": {{{lens}}}"#)),
    )
}

#[test]
fn entries_for_a_schema_to_come_wait_and_take_effect() {
    let next = "[next.names]\n\"17_scale\" = \"upscale\"\n[next.types]\n\"18_file\" = \"image\"\n[next.type_names]\n\"shot\" = \
                \"Take\"\n[next.variants.Size]\n\"4k\" = \"Large\"\n[next.aliases.Input]\nfactor = \"upscale\"\n[next.accept]\n\
                keywords = [\"order\"]\n";
    let mut lock = None;
    let waits = told_of(next, &with_camera("7_value", r#""hd""#, ""), &mut lock).expect("nothing stops");
    let entries = ["17_scale", "18_file", "shot", "4k", "factor", "order"];
    let tables = ["names", "types", "type_names", "variants.Size", "aliases.Input", "accept"];
    for (entry, table) in entries.into_iter().zip(tables) {
        let words = format!("the entry {entry:?} of [next.{table}] waits");
        assert!(waits.contains(&words), "{words}: {waits}");
    }
    let before = lock.clone();
    let without = told_of("", &with_camera("7_value", r#""hd""#, ""), &mut lock).expect("a schema");
    assert_eq!((lock.clone(), without.as_str()), (before, ""), "what waits changes nothing");

    let shot = field("shot", "Shot", &format!(r#""type": "object", "properties": {{{}}}"#, field("5_x", "X", INTEGER)));
    let more = format!(
        ", {}, {}, {shot}",
        field("17_scale", "Scale", r#""type": "number", "order": 1"#),
        field("18_file", "Photo", r#""type": "file""#)
    );
    let came = with_camera("7_value", r#""hd", "4k""#, &more);
    let mut moved_lock = lock.clone();
    let taken = told_of(next, &came, &mut lock).expect("they decide");
    for (entry, table) in entries.into_iter().zip(tables) {
        let words = format!("the entry {entry:?} of [next.{table}] has taken effect\n");
        assert!(taken.contains(&words) && taken.contains(&format!("move the line to [{table}]")), "{words}: {taken}");
    }
    let text = lock.clone().unwrap_or_default();
    for words in
        ["name = \"upscale\"", "named = \"17_scale\"", "name = \"Take\"", "variant = \"Large\"", "corrected = {"]
    {
        assert!(text.contains(words), "{words}: {text}");
    }
    let moved = told_of(&next.replace("next.", ""), &came, &mut moved_lock).expect("moved as asked");
    assert_eq!((moved.as_str(), moved_lock), ("", lock), "moving a line changes nothing");
}

#[test]
fn an_entry_of_next_is_read_as_strictly_as_others() {
    let now = with_camera("7_value", r#""hd""#, "");
    let told = |overrides: &str| told_of(overrides, &now, &mut None);
    let near = told("[next.names]\n\"7_vaule\" = \"power\"\n").expect("it may come");
    assert!(near.contains("unless \"7_value\" is meant"), "{near}");
    let twice = told("[names]\n\"7_value\" = \"a\"\n[next.names]\n\"7_value\" = \"b\"\n").expect_err("which of them?");
    assert!(twice.to_string().contains("stands in [names] and in [next.names]"), "{twice}");
    let unknown = told("[next.nmaes]\na = \"b\"\n").expect_err("no such table").to_string();
    assert!(unknown.contains("nmaes") && unknown.contains("line 1"), "{unknown}");
    told("[next.moved]\nsteps = \"7_value\"\n").expect_err("answers wait by themselves");
    let outside = told("[names]\n\"17_scale\" = \"upscale\"\n").expect_err("matches nothing").to_string();
    assert!(outside.contains("matches nothing"), "{outside}");
    let mixed = "[variants.Size]\n\"8k\" = \"Huge\"\n[next.variants.Size]\n\"4k\" = \"Large\"\n";
    let mixed = told(mixed).expect_err("one of them must match").to_string();
    assert!(mixed.contains("\"8k\"") && !mixed.contains("\"4k\""), "{mixed}");
}

#[test]
fn a_former_name_waits_while_a_field_has_it() {
    let next = "[next.names]\n\"17_scale\" = \"upscale\"\n[next.aliases.Input]\nfactor = \"upscale\"\n";
    let both = [field("factor", "Factor", INTEGER), field("17_scale", "Scale", INTEGER)].join(", ");
    let waits = told_of(next, &both, &mut None).expect("nothing stops");
    assert!(waits.contains("\"factor\" of [next.aliases.Input] waits"), "{waits}");
    let taken = told_of(next, &field("17_scale", "Scale", INTEGER), &mut None).expect("nothing stops");
    assert!(taken.contains("\"factor\" of [next.aliases.Input] has taken effect"), "{taken}");
}

#[test]
fn a_correction_to_come_leaves_unknown_types_to_be_seen() {
    let next = "[next.types]\n\"7_value\" = \"number\"\n";
    let unknown = told_of(next, &field("8_file", "Photo", r#""type": "file""#), &mut None).expect_err("no such type");
    assert!(unknown.to_string().contains("file"), "{unknown}");
    let waits = told_of(next, &field("7_value", "Power", r#""type": "number""#), &mut None).expect("published so");
    assert!(waits.contains("\"7_value\" of [next.types] waits"), "{waits}");
}

/// A union of two objects that are known by one field each.
fn effects(first: (&str, &str), second: (&str, &str)) -> String {
    let form = |(key, title): (&str, &str)| {
        format!(r#"{{"type": "object", "properties": {{{}}}, "required": ["{key}"]}}"#, field(key, title, INTEGER))
    };
    format!(r#""effect": {{"anyOf": [{}, {}]}}"#, form(first), form(second))
}

#[test]
fn a_form_is_named_by_its_own_line_and_never_ignored() {
    let published = effects(("7_a", "Blur"), ("9_a", "Seed"));
    let mut folder = Folder::default();
    folder.must_publish(&published);
    let taken = folder.refused_with("[variants.Effect]\n\"7_a\" = \"Seed\"\n", &published);
    assert!(taken.contains("`Seed`") && taken.contains("7_a"), "{taken}");
    // A line goes along with its form, whatever form has that node id later.
    folder.overrides = "[variants.Effect]\n\"7_a\" = \"Soft\"\n".to_owned();
    folder.must_publish(&published);
    assert!(folder.locked("Soft").contains("named = \"7_a\""), "{}", folder.locked("Soft"));
    folder.must_publish(&effects(("17_a", "Blur"), ("7_a", "Seed")));
    assert!(folder.locked("Soft").contains("key = \"17_a\"") && folder.locked("Seed").contains("key = \"7_a\""));
    let gone =
        folder.refused_with("[variants.Effect]\n\"27_a\" = \"Soft\"\n", &effects(("17_a", "Blur"), ("7_a", "Seed")));
    assert!(gone.contains("matches nothing"), "{gone}");
}

/// The key that is offered for a field of a form names it.
#[test]
fn the_lines_offered_for_fields_of_a_form_work_when_they_are_pasted() {
    let form = |keys: [&str; 2]| {
        let fields = keys.map(|key| field(key, "Twin", INTEGER)).join(", ");
        format!(r#"{{"type": "object", "properties": {{{fields}}}, "required": ["{}"]}}"#, keys[0])
    };
    let published = format!(r#""effect": {{"anyOf": [{}, {}]}}"#, form(["7_a", "8_a"]), form(["9_b", "10_c"]));
    let asked = Folder::default().publish(&published).expect_err("two of one name").to_string();
    assert!(asked.contains("\"effect<7_a>/7_a\" = "), "{asked}");
    let pasted: Vec<&str> = asked.lines().map(str::trim).filter(|line| line.starts_with("\"effect<")).collect();
    assert_eq!(pasted.len(), 2, "{asked}");
    let lines: String =
        pasted.iter().zip(["first", "second"]).map(|(line, name)| line.replace('…', name) + "\n").collect();
    Folder { overrides: format!("[names]\n{lines}"), ..Folder::default() }.must_publish(&published);
    // A misspelt one is answered with a key that works, too.
    let wrong = lines.replacen("<7_a>/7_a", "<7_a>/7_", 1);
    let told = Folder { overrides: format!("[names]\n{wrong}"), ..Folder::default() }.publish(&published);
    let told = told.expect_err("one matches nothing").to_string();
    assert!(told.contains("did you mean \"effect<7_a>/7_a\"") || told.contains("\"effect<7_a>/7_a\" ="), "{told}");
}

#[test]
fn a_name_for_a_key_at_the_top_is_for_no_key_of_that_name_below() {
    let mut folder = Folder { overrides: "[names]\nprompt = \"scene\"\n".to_owned(), ..Folder::default() };
    let nested = r#"{"type": "array", "items": {"type": "object", "properties": {"prompt": {"type": "string"}}}}"#;
    folder.must_publish(&format!(r#""items": {nested}, "prompt": {{"type": "string"}}"#));
    let lock = folder.lock.as_deref().unwrap_or_default();
    let names = |name: &str| lock.matches(&format!("name = \"{name}\"\nkey = \"prompt\"")).count();
    assert_eq!([names("scene"), names("prompt")], [1, 1], "{lock}");
    assert!(lock.contains("[[field]]\nname = \"scene\""), "the one at the top: {lock}");
}
