//! The public API stands alone: every type of every public signature can be named through the crate `runcomfy`, and
//! `tests/api`, which depends on that crate alone, does so.

use std::collections::BTreeSet;
use std::path::Path;

use syn::visit::Visit;
use syn::{Generics, Item, UseTree, Visibility};
use workspace_tests::{cargo, root, rust_sources};

/// What signatures take from the standard library, and from reqwest, which is re-exported.
const FOREIGN: [&str; 38] = [
    "Arc",
    "AsRef",
    "BTreeMap",
    "Box",
    "Clone",
    "Copy",
    "Debug",
    "Duration",
    "ErrorKind",
    "Fn",
    "FnMut",
    "FnOnce",
    "Formatter",
    "Hash",
    "Into",
    "IntoIter",
    "IntoIterator",
    "Item",
    "Iter",
    "Iterator",
    "Map",
    "Option",
    "Ordering",
    "Output",
    "PartialEq",
    "Path",
    "PathBuf",
    "PhantomData",
    "Pin",
    "Result",
    "Send",
    "Sized",
    "String",
    "Sync",
    "SystemTime",
    "Unpin",
    "Url",
    "Vec",
];

/// The features of the runtime that bring public types: all but those about TLS.
const FEATURES: &str = "blocking,files,fragments,pattern,schemars,validations";

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn parse(path: &Path) -> syn::File {
    syn::parse_file(&read(path)).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The names that a `use` brings, but for those of modules.
fn names(tree: &UseTree, to: &mut BTreeSet<String>) {
    match tree {
        UseTree::Path(path) => names(&path.tree, to),
        UseTree::Group(group) => group.items.iter().for_each(|tree| names(tree, to)),
        UseTree::Name(name) => _ = to.insert(name.ident.to_string()),
        UseTree::Rename(rename) => _ = to.insert(rename.rename.to_string()),
        UseTree::Glob(_) => {}
    }
}

/// The names that a file re-exports or has itself.
fn public(path: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for item in parse(path).items {
        match item {
            Item::Use(item) if matches!(item.vis, Visibility::Public(_)) => names(&item.tree, &mut found),
            Item::Struct(item) if matches!(item.vis, Visibility::Public(_)) => _ = found.insert(item.ident.to_string()),
            Item::Enum(item) if matches!(item.vis, Visibility::Public(_)) => _ = found.insert(item.ident.to_string()),
            _ => {}
        }
    }
    found.retain(|name| name.starts_with(char::is_uppercase));
    found
}

/// The types in signatures, but for parameters.
#[derive(Default)]
struct Signatures {
    named: BTreeSet<String>,
    used: BTreeSet<String>,
    parameters: Vec<String>,
}

impl Signatures {
    fn within(&mut self, generics: &Generics, visit: impl FnOnce(&mut Self)) {
        let before = self.parameters.len();
        self.parameters.extend(generics.type_params().map(|parameter| parameter.ident.to_string()));
        self.visit_generics(generics);
        visit(self);
        self.parameters.truncate(before);
    }

    fn item(&mut self, item: &Item) {
        let is_public = |vis: &Visibility| matches!(vis, Visibility::Public(_));
        match item {
            Item::Struct(item) if self.named.contains(&item.ident.to_string()) => self.within(&item.generics, |this| {
                item.fields.iter().filter(|field| is_public(&field.vis)).for_each(|field| this.visit_type(&field.ty));
            }),
            Item::Enum(item) if self.named.contains(&item.ident.to_string()) => self.within(&item.generics, |this| {
                item.variants.iter().flat_map(|variant| &variant.fields).for_each(|field| this.visit_type(&field.ty));
            }),
            Item::Trait(item) if self.named.contains(&item.ident.to_string()) => self.within(&item.generics, |this| {
                item.supertraits.iter().for_each(|bound| this.visit_type_param_bound(bound));
                for member in &item.items {
                    match member {
                        syn::TraitItem::Fn(method) => {
                            this.within(&method.sig.generics, |this| this.visit_signature(&method.sig));
                        }
                        syn::TraitItem::Const(item) => this.visit_type(&item.ty),
                        other => this.visit_trait_item(other),
                    }
                }
            }),
            Item::Type(item) if self.named.contains(&item.ident.to_string()) => self.visit_type(&item.ty),
            Item::Impl(item) if item.trait_.is_none() => {
                let syn::Type::Path(of) = &*item.self_ty else { return };
                let name = of.path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default();
                if self.named.contains(&name) {
                    self.within(&item.generics, |this| {
                        for member in &item.items {
                            if let syn::ImplItem::Fn(method) = member
                                && is_public(&method.vis)
                            {
                                this.within(&method.sig.generics, |this| this.visit_signature(&method.sig));
                            }
                        }
                    });
                }
            }
            _ => {}
        }
    }
}

impl<'ast> Visit<'ast> for Signatures {
    fn visit_path(&mut self, path: &'ast syn::Path) {
        let is_projection = path.segments.len() > 1
            && path.segments.first().is_some_and(|first| {
                first.ident == "Self" || self.parameters.iter().any(|parameter| first.ident == parameter)
            });
        if let Some(last) = path.segments.last().filter(|_| !is_projection) {
            let name = last.ident.to_string();
            if name.starts_with(char::is_uppercase) && name != "Self" && !self.parameters.contains(&name) {
                self.used.insert(name);
            }
        }
        syn::visit::visit_path(self, path);
    }
}

#[test]
fn every_type_of_every_public_signature_can_be_named_and_is() {
    let client = root().join("runtime/client/src");
    let mut named = public(&root().join("generated/src/lib.rs"));
    for part in ["http/mod.rs", "schema/mod.rs", "blocking/mod.rs", "tool/mod.rs"] {
        named.extend(public(&client.join(part)));
    }
    assert!(named.len() > 80, "{named:?}");
    let mut signatures = Signatures { named: named.clone(), ..Signatures::default() };
    for path in &rust_sources(&client) {
        parse(path).items.iter().for_each(|item| signatures.item(item));
    }
    let is_hidden = |name: &&String| !named.contains(*name) && !FOREIGN.contains(&name.as_str());
    let hidden: Vec<&String> = signatures.used.iter().filter(is_hidden).collect();
    assert!(hidden.is_empty(), "stand in public signatures and can't be named through runcomfy: {hidden:?}");
    let text = std::fs::read_to_string(root().join("tests/api/src/lib.rs")).expect("the crate");
    let words: BTreeSet<&str> = text.split(|c: char| !c.is_alphanumeric()).collect();
    let is_type = |name: &&String| name.chars().any(char::is_lowercase);
    let missing: Vec<&String> = named.iter().filter(is_type).filter(|name| !words.contains(name.as_str())).collect();
    assert!(missing.is_empty(), "not named in tests/api/src/lib.rs: {missing:?}");
}

/// The compiler itself says what can't be named, if what `runcomfy` doesn't hand on is private.
#[test]
fn nothing_that_generated_code_alone_may_name_stands_in_a_public_signature() {
    let folder = cargo::folder("sealed-runtime");
    let told = |library: &str| {
        write_sealed(&folder, &format!("#![allow(warnings)]\n#![deny(unnameable_types)]\n{library}"));
        let output = cargo::output(&folder, &["check", "--features", FEATURES]);
        (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let library = read(&root().join("runtime/client/src/lib.rs"));
    let sealed = library.replace("pub mod rt;", "mod rt;");
    assert_ne!(sealed, library, "lib.rs has no `pub mod rt;`");
    let leak = "\n/// Shows a reader.\npub fn leak(_: rt::Reader<'_>) {}\n";
    let (is_content, why) = told(&(sealed.clone() + leak));
    assert!(!is_content && why.contains("`rt::read::Reader`"), "the lint finds what is put there:\n{why}");
    let (is_content, why) = told(&sealed);
    assert!(is_content, "stand in public signatures and can't be named outside `rt`:\n{why}");
}

/// The runtime as a workspace of its own, with this as its `lib.rs`.
fn write_sealed(folder: &Path, library: &str) {
    let client = root().join("runtime/client");
    let mut manifest: toml::Table = read(&client.join("Cargo.toml")).parse().expect("a manifest");
    manifest.remove("dev-dependencies");
    manifest.remove("test");
    let whole: toml::Table = read(&root().join("Cargo.toml")).parse().expect("a manifest");
    let mut workspace = whole["workspace"].as_table().expect("a table").clone();
    workspace.retain(|key, _| !["members", "exclude", "default-members"].contains(&key));
    manifest.insert("workspace".to_owned(), workspace.into());
    let source = client.join("src");
    for path in rust_sources(&source) {
        let to = folder.join("src").join(path.strip_prefix(&source).expect("below it"));
        std::fs::create_dir_all(to.parent().expect("a folder")).expect("a folder");
        std::fs::copy(&path, &to).expect("a copy");
    }
    std::fs::write(folder.join("src/lib.rs"), library).expect("a library");
    std::fs::write(folder.join("Cargo.toml"), manifest.to_string()).expect("a manifest");
    cargo::lock(folder);
}

#[test]
fn the_crate_that_names_them_depends_on_runcomfy_alone() {
    let manifest = std::fs::read_to_string(root().join("tests/api/Cargo.toml")).expect("a manifest");
    let dependencies = manifest.split("[dependencies]").nth(1).and_then(|rest| rest.split("\n[").next());
    let lines: Vec<&str> = dependencies.expect("a table").lines().filter(|line| !line.is_empty()).collect();
    assert!(lines.len() == 1 && lines[0].starts_with("runcomfy = "), "{lines:?}");
}
