//! A model can be found: pages lead to each, programs can ask for what it is for, and each has an example.

use std::fmt::Debug;

use runcomfy::schema::Names;
use runcomfy_codegen::ir::{self, Catalog};
use runcomfy_codegen::{Package, Placement, emit_package};
use workspace_tests::{load, root};

fn committed() -> Catalog {
    runcomfy_codegen::catalog(&load(&root().join("schemas"))).unwrap_or_else(|errors| panic!("{errors}"))
}

fn package(catalog: &Catalog) -> Package {
    emit_package(catalog, &Placement::Workspace).unwrap_or_else(|errors| panic!("{errors}"))
}

fn named(all: &[impl Debug]) -> Vec<String> {
    all.iter().map(|one| format!("{one:?}")).collect()
}

#[test]
fn the_generator_and_the_client_know_the_same_capabilities() {
    assert_eq!(named(&ir::Capability::ALL), named(runcomfy::Capability::ALL));
    assert_eq!(named(&ir::Modality::ALL), named(runcomfy::Modality::ALL));
}

#[test]
fn programs_can_ask_for_what_the_pages_say() {
    let catalog = committed();
    assert_eq!(runcomfy::models().count(), catalog.models.len());
    for model in &catalog.models {
        let info = runcomfy::models().find(|info| info.id == model.id).unwrap_or_else(|| panic!("{}", model.id));
        let profile = &model.profile;
        assert_eq!(named(&[info.capability]), named(&[profile.capability]), "{}", model.id);
        assert_eq!(named(info.requires), named(&profile.requires), "{}", model.id);
        assert_eq!(named(info.takes), named(&profile.takes), "{}", model.id);
        assert_eq!(named(info.gives), named(&profile.gives), "{}", model.id);
        assert_eq!(info.resolutions, profile.resolutions, "{}", model.id);
        assert_eq!((info.display_name, info.feature), (&*model.display_name, &*model.module.feature));
        assert_eq!(info.incomplete, model.incomplete, "{}", model.id);
        assert_eq!((info.as_of, info.page), (&*model.facts.as_of, model.page.as_deref()));
        let price = info.price.map(|price| (price.base_usd, price.unit, price.note));
        assert_eq!(price, model.price.as_ref().map(|price| (price.base_usd, &*price.unit, price.note.as_deref())));
    }
}

#[test]
fn every_model_has_an_example_that_validates() {
    for info in runcomfy::models() {
        let example = info.example().unwrap_or_else(|| panic!("{}", info.id));
        info.check(&example, Names::Readable).unwrap_or_else(|error| panic!("{}: {error}", info.id));
        let required = info.schema.fields.iter().filter(|field| field.required).count();
        assert_eq!(example.as_object().map(serde_json::Map::len), Some(required), "{}", info.id);
    }
}

#[test]
fn a_price_is_told_with_its_unit_and_never_as_a_total() {
    let mut catalog = committed();
    let model = &mut catalog.models[0];
    model.price = Some(runcomfy_codegen::Price {
        base_usd: 0.05,
        unit: "second|".to_owned(),
        note: Some("*at* 720p".to_owned()),
    });
    let (module, id) = (model.module.clone(), model.id.clone());
    let files = package(&catalog).files;
    let of = |path: &str| &files[path];
    let page = of(&format!("src/{}/{}/{}.rs", module.provider, module.family, module.variant));
    assert!(
        page.contains("0.05 USD per second\\|; what a job costs depends on its input. RunComfy adds: \\*at\\* 720p"),
        "{page}"
    );
    let readme = of("README.md");
    assert!(readme.contains("| 0.05 USD per second\\| |"), "{id}: {readme}");
    assert!(readme.contains("Base prices are for a unit, where they are known"), "{readme}");
    let family = of(&format!("src/{}/{}.rs", module.provider, module.family));
    assert!(family.contains("Price::new(0.05f64, \"second|\", Some(\"*at* 720p\"))"), "{family}");
}

/// A model whose types lack inputs says so wherever it is found, and says how they are sent all the same.
#[test]
fn a_model_that_is_not_complete_is_marked_and_has_a_way_out() {
    let catalog = committed();
    let files = package(&catalog).files;
    let mut marked = 0;
    for model in &catalog.models {
        let module = &model.module;
        let (provider, family) =
            (format!("src/{}.rs", module.provider), format!("src/{}/{}.rs", module.provider, module.family));
        let page = format!("src/{}/{}/{}.rs", module.provider, module.family, module.variant);
        let is_incomplete = !model.incomplete.is_empty();
        marked += usize::from(is_incomplete);
        for table in ["README.md", "src/models.rs", &provider, &family] {
            let link = format!("{}.rs)", module.variant);
            let docs = format!("{}/index.html)", module.variant);
            let is_row = |line: &&str| {
                let in_family = line.contains(&format!("{}/{}", module.family, module.variant)) || table == family;
                in_family && (line.contains(&link) || line.contains(&docs))
            };
            let row = files[table].lines().find(is_row).unwrap_or_else(|| panic!("{table}: {}", model.id));
            assert_eq!(row.contains("*not complete*"), is_incomplete, "{table}: {row}");
        }
        for name in &model.incomplete {
            assert!(files[&page].contains(&format!("`.extra(\"{name}\", …)`")), "{page}: {name}");
        }
        assert_eq!(files[&page].contains("**Not complete**"), is_incomplete, "{page}");
    }
    assert!(marked > 0 && marked < catalog.models.len());
}

/// A day stands with the facts that were read on it, and nowhere else on a page of many models.
#[test]
fn tables_have_no_day_but_those_of_their_facts() {
    let catalog = committed();
    let days: std::collections::BTreeSet<&str> = catalog.models.iter().map(|model| &*model.facts.as_of).collect();
    let files = package(&catalog).files;
    for page in ["README.md", "src/models.rs"] {
        let dated: Vec<&str> = files[page].lines().filter(|line| days.iter().any(|day| line.contains(day))).collect();
        assert!(!dated.is_empty() && dated.iter().all(|line| line.contains(": as of ")), "{page}: {dated:#?}");
    }
}

#[test]
fn every_model_is_in_a_group_gives_something_and_has_an_example() {
    let catalog = committed();
    let lost = |model: &&ir::Model| model.profile.capability == ir::Capability::Other || model.profile.gives.is_empty();
    let lost: Vec<&str> = catalog.models.iter().filter(lost).map(|model| &*model.id).collect();
    assert!(lost.is_empty(), "{lost:?}");
    let examples = &package(&catalog).files["tests/examples.rs"];
    assert_eq!(examples.matches("#[test]").count(), catalog.models.len());
}

/// The links of the tables, which no compiler sees.
#[test]
fn tables_lead_to_every_model() {
    let catalog = committed();
    let files = package(&catalog).files;
    let mut broken = Vec::new();
    let mut led_to = |page: &str, folder: &str, turn: fn(&str) -> Option<String>| {
        let links = files[page].split("](").skip(1).filter_map(|rest| rest.split(')').next());
        let targets: Vec<String> = links.filter_map(|link| turn(link).map(|path| format!("{folder}{path}"))).collect();
        broken.extend(targets.iter().filter(|path| !files.contains_key(*path)).map(|path| format!("{page}: {path}")));
        targets.len()
    };
    let source = |link: &str| Some(format!("{}.rs", link.strip_suffix("/index.html")?));
    assert_eq!(led_to("README.md", "", |link| link.ends_with(".rs").then(|| link.to_owned())), catalog.models.len());
    let all = led_to("src/models.rs", "src/", |link| {
        Some(format!("{}.rs", link.strip_prefix("../")?.strip_suffix("/index.html")?))
    });
    assert_eq!(all, catalog.models.len());
    for module in catalog.models.iter().map(|model| &model.module) {
        let (provider, family) = (&module.provider, &module.family);
        assert!(led_to(&format!("src/{provider}.rs"), &format!("src/{provider}/"), source) > 0);
        assert!(led_to(&format!("src/{provider}/{family}.rs"), &format!("src/{provider}/{family}/"), source) > 0);
    }
    assert!(broken.is_empty(), "{broken:#?}");
    for page in ["README.md", "src/models.rs"] {
        let text = &files[page];
        for (title, anchor) in text.split("- [").skip(1).filter_map(|rest| rest.split_once("](#")) {
            let anchor = anchor.split(')').next().unwrap_or_default();
            assert_eq!(title.to_lowercase().replace(' ', "-"), anchor);
            assert!(text.contains(&format!("# {title}\n")), "{page}: {title}");
        }
    }
}
