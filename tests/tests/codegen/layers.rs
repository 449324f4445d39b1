//! Which module may know which: what `//!` lines and ARCHITECTURE.md say of that, held against what the modules import.

mod imports;

use imports::{Imports, is_below};

/// One package's modules, each with the modules that it and all below it never import. What a module re-exports counts
/// as imported from where it is.
const NEVER: &[(&str, &[Law])] = &[
    (
        "codegen",
        &[
            ("", &["::std::net", "::std::time"]),
            ("json", &["schema", "ir"]),
            ("schema", &["ir", "lower", "name", "lock", "overrides", "emit", "fs"]),
            ("fixup", &["ir", "lower", "name::ident", "lock", "emit", "fs"]),
            ("ir", &["schema", "lower", "name", "emit", "fs"]),
            ("lower", &["lock", "overrides", "emit", "fs", "name::stage"]),
            ("name::ident", &["schema", "ir", "lock", "overrides", "fs"]),
            ("name::fields", &["schema", "ir", "lock", "overrides", "fs"]),
            ("name::types", &["schema", "ir", "lock", "overrides", "fs"]),
            ("name::variants", &["schema", "ir", "lock", "overrides", "fs"]),
            ("name::modules", &["schema", "ir", "lock", "overrides", "fs"]),
            ("name::stage", &["schema", "lower", "emit", "fs"]),
            ("lock", &["schema", "ir", "name", "overrides", "fs"]),
            ("lock::file", &["lock::read", "lock::render", "lock::moved"]),
            ("overrides", &["schema", "ir", "name", "emit", "fs"]),
            ("emit", &["schema", "lower", "name", "lock", "overrides", "render", "fs"]),
            ("emit::docs", &["::quote", "::proc_macro2"]),
            ("render", &["emit", "ir", "fs"]),
            ("diff", &["schema", "lower", "lock", "name", "emit", "fs", "pipeline"]),
            ("fs", &["schema", "ir", "lock", "name", "emit"]),
            ("pipeline", &["fs"]),
            ("second_opinion::reading", &["ir", "::typify_impl"]),
            ("second_opinion::ours", &["::typify_impl"]),
            ("second_opinion::theirs", &["ir"]),
        ],
    ),
    (
        "runtime/client",
        &[
            ("text", &["choice", "invalid", "media", "model", "rt", "schema", "http", "blocking"]),
            ("invalid", &["choice", "text", "media", "model", "rt", "schema", "http", "blocking"]),
            ("choice", &["invalid", "media", "model", "rt", "schema", "http", "blocking"]),
            ("media", &["invalid", "model", "rt", "schema", "http", "::std::fs", "::base64"]),
            ("media_file", &["model", "rt", "schema", "http"]),
            ("model", &["http", "blocking"]),
            ("rt", &["model", "media_input", "media_file", "http", "blocking"]),
            ("rt::check", &["rt::read", "schema::node", "schema::place", "rt::from_value"]),
            ("schema", &["rt", "model", "media_input", "media_file", "http", "blocking"]),
            ("schema::value", &["schema::rule", "schema::place", "schema::describe"]),
            ("schema::node", &["schema::table", "schema::rule"]),
            ("schema::number", &["schema::rule", "schema::table", "schema::value"]),
            ("schema::describe", &["schema::path", "schema::place"]),
            ("schema::pattern", &["::regress"]),
            ("schema::fragment", &["::jsonschema"]),
            ("schema::validation", &["::base64", "::imagesize"]),
            ("http", &["blocking"]),
            (
                "http::error",
                &["http::client", "http::job", "http::submit", "http::drift", "http::transport", "http::body"],
            ),
            ("http::error", &["http::download::transfer", "http::download::part", "http::download::hosts"]),
            ("http::download", &["http::transport", "http::token"]),
            (
                "http::client",
                &["http::submit", "http::job", "http::wait", "http::follow", "http::ending", "http::builder"],
            ),
            ("http::job", &["http::wait", "http::follow", "http::ending", "http::guard", "http::submit"]),
        ],
    ),
    (
        "runtime/live",
        &[
            ("entry", &["kept", "model", "catalogue", "table"]),
            ("error", &["kept", "model", "catalogue", "table"]),
            ("table", &["kept", "model", "catalogue"]),
            ("kept", &["model", "catalogue"]),
            ("model", &["catalogue"]),
            ("catalogue::store", &["catalogue::refresh", "catalogue::builder"]),
        ],
    ),
    (
        "runtime/ctl",
        &[
            ("words", &["cli", "command", "flags", "models", "desk", "run", "batch", "mcp", "::clap"]),
            ("flags", &["cli", "command", "models", "desk", "run", "batch", "mcp"]),
            ("failure", &["cli", "command", "flags", "models", "desk", "run", "batch", "mcp"]),
            ("models", &["command", "flags", "desk", "run", "batch", "mcp"]),
            ("desk", &["command", "flags", "models", "run", "batch", "mcp"]),
            ("command", &["desk", "run", "batch", "mcp"]),
            ("stop", &["::runcomfy_runner"]),
            ("mcp::tools", &["mcp::calls", "mcp::server", "models", "desk"]),
            ("mcp::files", &["mcp::calls", "mcp::server", "models", "desk"]),
            ("mcp::calls", &["::rmcp::service", "::rmcp::handler"]),
        ],
    ),
    (
        "runtime/emulator",
        &[
            ("catalog", &["backend", "faults", "http"]),
            ("account", &["backend", "http"]),
            ("backend", &["http", "emulator", "::axum", "::hyper"]),
            ("faults", &["backend", "http"]),
        ],
    ),
];

/// Modules side by side that import each other all the same, by package, and why.
const CIRCLES: &[(&str, &str, &str)] = &[
    ("codegen", "diff::fields", "diff::objects"), // objects have fields, whose values may be objects
    ("runtime/client", "schema::rule", "schema::table"), // a table has rules, of which one holds a table
];

/// A module, and what it must not import; of other crates with `::` before the name.
type Law = (&'static str, &'static [&'static str]);

#[test]
fn modules_do_not_import_what_they_must_not_know() {
    let mut found = Vec::new();
    for (package, laws) in NEVER {
        let imports = Imports::of(package);
        for (module, never) in *laws {
            for named in [module].into_iter().chain(*never) {
                let is_there = named.starts_with("::") || imports.modules().any(|one| is_below(one, named));
                assert!(is_there, "{package} has no module {named}");
            }
            let of_module = imports.iter().filter(|(importer, _)| is_below(importer, module));
            let forbidden = of_module.filter(|(_, imported)| never.iter().any(|never| is_below(imported, never)));
            found.extend(forbidden.map(|(importer, imported)| format!("{package}: {importer} imports {imported}")));
        }
    }
    assert!(found.is_empty(), "modules import what they must not know:\n{}", found.join("\n"));
}

#[test]
fn modules_side_by_side_do_not_import_each_other() {
    let mut found = Vec::new();
    for package in ["codegen", "runtime/client", "runtime/emulator", "runtime/live", "xtask"] {
        for (one, other) in Imports::of(package).circles() {
            if !CIRCLES.contains(&(package, &one, &other)) {
                found.push(format!("{package}: {one} and {other} import each other"));
            }
        }
    }
    assert!(found.is_empty(), "move what both need into a module of its own:\n{}", found.join("\n"));
}
