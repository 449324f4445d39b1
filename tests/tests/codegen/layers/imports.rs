//! What the modules of a package import: a package's source in, pairs of module and imported path out. Tests are left out.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use syn::visit::{Visit, visit_item, visit_path};
use syn::{Item, ItemUse, UseTree};
use workspace_tests::root;

/// A path by its parts: seen from the root of the crate, or with `::` before the name of another crate.
type Parts = Vec<String>;

/// What each module imports, re-exports followed.
pub(crate) struct Imports {
    modules: BTreeMap<String, Module>,
    found: Vec<(String, String)>,
}

#[derive(Default)]
struct Module {
    /// What it names of this crate and others, by `use` or by path.
    paths: BTreeSet<Parts>,
    /// What it re-exports by name, and where from.
    exports: BTreeMap<String, Parts>,
    /// The modules of which it re-exports everything.
    globs: Vec<Parts>,
}

/// Whether a path is another one or within it.
pub(crate) fn is_below(path: &str, other: &str) -> bool {
    other.is_empty() || path.strip_prefix(other).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

impl Imports {
    pub(crate) fn of(package: &str) -> Self {
        let source = root().join(package).join("src");
        let mut all = Self { modules: BTreeMap::new(), found: Vec::new() };
        all.read(&source.join("lib.rs"), &source, &[]);
        let modules = all.modules.iter();
        let pairs = modules.flat_map(|(name, module)| module.paths.iter().map(move |path| (name, path)));
        let found = pairs.map(|(name, path)| (name.clone(), all.resolved(path.clone(), 8).join("::")));
        all.found = found.collect();
        all
    }

    pub(crate) fn modules(&self) -> impl Iterator<Item = &str> {
        self.modules.keys().map(String::as_str)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.found.iter().map(|(importer, imported)| (importer.as_str(), imported.as_str()))
    }

    /// The pairs of modules that import each other; a module and one within it are no pair.
    pub(crate) fn circles(&self) -> Vec<(String, String)> {
        let module_of = |path: &str| {
            let parts: Vec<&str> = path.split("::").collect();
            (1..=parts.len()).rev().map(|end| parts[..end].join("::")).find(|name| self.modules.contains_key(name))
        };
        let edges: BTreeSet<(String, String)> =
            self.iter().filter_map(|(importer, path)| Some((importer.to_owned(), module_of(path)?))).collect();
        let is_pair = |(one, other): &&(String, String)| {
            one < other && !is_below(other, one) && edges.contains(&(other.clone(), one.clone()))
        };
        edges.iter().filter(is_pair).cloned().collect()
    }

    /// Reads the module of a file, and the files of the modules that it declares, which lie in `folder`.
    fn read(&mut self, file: &Path, folder: &Path, parts: &[String]) {
        let text = std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let parsed = syn::parse_file(&text).expect("it compiles");
        let children = parsed.items.iter().filter_map(|item| match item {
            Item::Mod(item) if !is_test(&item.attrs) => Some((item.ident.to_string(), item.content.is_none())),
            _ => None,
        });
        let children: BTreeMap<String, bool> = children.collect();
        let mut reader = Reader {
            parts,
            children: children.keys().collect(),
            names: BTreeMap::new(),
            inline: Vec::new(),
            module: Module::default(),
        };
        reader.visit_file(&parsed);
        self.modules.insert(parts.join("::"), reader.finish());
        for name in children.into_iter().filter_map(|(name, has_file)| has_file.then_some(name)) {
            let (plain, nested) = (folder.join(format!("{name}.rs")), folder.join(&name));
            let file: PathBuf = if plain.is_file() { plain } else { nested.join("mod.rs") };
            self.read(&file, &nested, &[parts, &[name]].concat());
        }
    }

    /// Where a path leads, through re-exports.
    fn resolved(&self, path: Parts, steps: usize) -> Parts {
        let module = (0..path.len()).rev().find(|end| self.modules.contains_key(&path[..*end].join("::")));
        let Some((module, end)) = module.and_then(|end| Some((self.modules.get(&path[..end].join("::"))?, end))) else {
            return path;
        };
        if steps == 0 || self.modules.contains_key(&path.join("::")) {
            return path;
        }
        let (name, rest) = (&path[end], &path[end + 1..]);
        if let Some(target) = module.exports.get(name) {
            return self.resolved([target, rest].concat(), steps - 1);
        }
        let has = |glob: &&Parts| self.modules.get(&glob.join("::")).is_some_and(|of| of.exports.contains_key(name));
        match module.globs.iter().find(has) {
            Some(glob) => self.resolved([glob, std::slice::from_ref(name), rest].concat(), steps - 1),
            None => path,
        }
    }
}

struct Reader<'a> {
    parts: &'a [String],
    children: BTreeSet<&'a String>,
    /// What `use` brings, by the names that it has here.
    names: BTreeMap<String, Parts>,
    /// Paths outside of `use`.
    inline: Vec<Parts>,
    module: Module,
}

impl Reader<'_> {
    fn finish(mut self) -> Module {
        for path in &self.inline {
            let path = match self.names.get(&path[0]) {
                Some(target) => [target, &path[1..]].concat(),
                None => self.absolute(path),
            };
            self.module.paths.insert(path);
        }
        self.module
    }

    fn absolute(&self, path: &[String]) -> Parts {
        let supers = path.iter().take_while(|part| *part == "super").count();
        match path.first().map(String::as_str) {
            Some("crate") => path[1..].to_vec(),
            Some("self") => [self.parts, &path[1..]].concat(),
            Some("super") => [&self.parts[..self.parts.len().saturating_sub(supers)], &path[supers..]].concat(),
            Some(first) if self.children.iter().any(|child| *child == first) => [self.parts, path].concat(),
            Some(first) => [&[format!("::{first}")], &path[1..]].concat(),
            None => Vec::new(),
        }
    }
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item(&mut self, item: &'ast Item) {
        let attributes = match item {
            Item::Fn(item) => &item.attrs,
            Item::Impl(item) => &item.attrs,
            Item::Mod(item) => &item.attrs,
            Item::Use(item) => &item.attrs,
            _ => return visit_item(self, item),
        };
        if !is_test(attributes) {
            visit_item(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        let is_export = !matches!(item.vis, syn::Visibility::Inherited);
        for (path, name) in leaves(&item.tree) {
            let path = self.absolute(&path);
            match name {
                Some(name) => {
                    self.names.insert(name.clone(), path.clone());
                    if is_export {
                        self.module.exports.insert(name, path.clone());
                    }
                }
                None if is_export => self.module.globs.push(path.clone()),
                None => {}
            }
            // A child that is re-exported is the module's own.
            if !(is_export && path.len() > self.parts.len() && path.starts_with(self.parts)) {
                self.module.paths.insert(path);
            }
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let parts: Parts = path.segments.iter().map(|part| part.ident.to_string()).collect();
        if parts.len() > 1 {
            self.inline.push(parts);
        }
        visit_path(self, path);
    }
}

/// The paths of a `use`, each with the name that it brings; none for `*`.
fn leaves(tree: &UseTree) -> Vec<(Parts, Option<String>)> {
    let below = |part: String, found: Vec<(Parts, Option<String>)>| {
        found.into_iter().map(move |(path, name)| ([vec![part.clone()], path].concat(), name)).collect()
    };
    match tree {
        UseTree::Path(path) => below(path.ident.to_string(), leaves(&path.tree)),
        UseTree::Name(name) if name.ident == "self" => vec![(Vec::new(), None)],
        UseTree::Name(name) => vec![(vec![name.ident.to_string()], Some(name.ident.to_string()))],
        UseTree::Rename(name) => vec![(vec![name.ident.to_string()], Some(name.rename.to_string()))],
        UseTree::Glob(_) => vec![(Vec::new(), None)],
        UseTree::Group(group) => group.items.iter().flat_map(leaves).collect(),
    }
}

fn is_test(attributes: &[syn::Attribute]) -> bool {
    let of = |attribute: &syn::Attribute| match &attribute.meta {
        syn::Meta::List(list) => list.path.is_ident("cfg") && list.tokens.to_string().contains("test"),
        _ => false,
    };
    attributes.iter().any(of)
}
