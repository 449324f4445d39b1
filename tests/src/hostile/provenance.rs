//! Where the tokens of generated code come from. In: the Rust files of a package. Out: the tokens that no emitter writes
//! and no name accounts for. Strings, docs and numbers are the schema's to fill; all the rest is not.

use std::collections::BTreeSet;

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};

/// The words that emitters write, one a line. A new one of an emitter belongs there; one of a schema never does.
const VOCABULARY: &str = include_str!("vocabulary.txt");

/// The tokens of these files that come neither from an emitter nor from a name.
///
/// A name is what a type, a variant, a field, a module or a static is declared as; a function may only be called like one
/// of them. What calls a macro or stands first in an attribute is never a name.
///
/// # Panics
/// If a file is not Rust.
#[must_use]
pub fn strangers<'f>(files: impl IntoIterator<Item = &'f str>) -> BTreeSet<String> {
    let files: Vec<syn::File> =
        files.into_iter().map(|file| syn::parse_file(file).unwrap_or_else(|error| panic!("{error}\n{file}"))).collect();
    let mut names = Names::default();
    files.iter().for_each(|file| names.visit_file(file));
    let mut search =
        Search { vocabulary: VOCABULARY.lines().collect(), names: names.0, strangers: BTreeSet::default() };
    files.iter().for_each(|file| search.tokens(quote::quote!(#file)));
    search.strangers
}

/// Everything that is declared under a name of its own.
#[derive(Default)]
struct Names(BTreeSet<String>);

impl Names {
    fn add(&mut self, name: &syn::Ident) {
        self.0.insert(name.to_string());
    }
}

impl<'ast> Visit<'ast> for Names {
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        self.add(&item.ident);
        visit::visit_item_mod(self, item);
    }

    fn visit_item_struct(&mut self, item: &'ast syn::ItemStruct) {
        self.add(&item.ident);
        visit::visit_item_struct(self, item);
    }

    fn visit_item_enum(&mut self, item: &'ast syn::ItemEnum) {
        self.add(&item.ident);
        visit::visit_item_enum(self, item);
    }

    fn visit_item_type(&mut self, item: &'ast syn::ItemType) {
        self.add(&item.ident);
    }

    fn visit_item_static(&mut self, item: &'ast syn::ItemStatic) {
        self.add(&item.ident);
    }

    fn visit_variant(&mut self, variant: &'ast syn::Variant) {
        self.add(&variant.ident);
        visit::visit_variant(self, variant);
    }

    fn visit_field(&mut self, field: &'ast syn::Field) {
        field.ident.iter().for_each(|name| self.add(name));
    }
}

struct Search<'v> {
    vocabulary: BTreeSet<&'v str>,
    names: BTreeSet<String>,
    strangers: BTreeSet<String>,
}

impl Search<'_> {
    fn tokens(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        for (place, token) in tokens.iter().enumerate() {
            let before = place.checked_sub(1).map(|place| &tokens[place]);
            let is_known = match token {
                TokenTree::Ident(word) => {
                    let calls_macro = is_punct(tokens.get(place + 1), '!') && !is_punct(tokens.get(place + 2), '=');
                    self.is_known(&word.to_string(), calls_macro)
                }
                TokenTree::Group(group) => {
                    let is_inner = is_punct(before, '!') && place > 1 && is_punct(tokens.get(place - 2), '#');
                    if is_punct(before, '#') || is_inner {
                        self.attribute(group.stream());
                    }
                    self.tokens(group.stream());
                    true
                }
                TokenTree::Punct(_) => true,
                TokenTree::Literal(literal) => {
                    literal.to_string().starts_with(|first: char| first == '"' || first.is_ascii_digit())
                }
            };
            if !is_known {
                self.strangers.insert(token.to_string());
            }
        }
    }

    /// The first word of an attribute says what it does.
    fn attribute(&mut self, tokens: TokenStream) {
        if let Some(TokenTree::Ident(word)) = tokens.into_iter().next()
            && !self.vocabulary.contains(word.to_string().as_str())
        {
            self.strangers.insert(format!("#[{word}]"));
        }
    }

    fn is_known(&self, word: &str, calls_macro: bool) -> bool {
        let is_local = word.strip_prefix("read_").is_some_and(|place| place.bytes().all(|byte| byte.is_ascii_digit()));
        self.vocabulary.contains(word) || !calls_macro && (is_local || self.names.contains(word))
    }
}

fn is_punct(token: Option<&TokenTree>, sign: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == sign)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_smuggled_in_is_found() {
        let found = |source: &str| strangers([source]).into_iter().collect::<Vec<_>>();
        assert_eq!(found("pub struct Input { pub prompt: String }"), Vec::<String>::new());
        assert_eq!(found("pub struct Input { pub prompt: Injected }"), ["Injected"]);
        assert_eq!(found("#[injected] pub struct Input;"), ["#[injected]", "injected"]);
        assert_eq!(found("pub struct Input { pub prompt: String } prompt!(\"\");"), ["prompt"]);
        assert_eq!(found("pub fn injected() -> bool { unsafe { true } }"), ["injected", "unsafe"]);
        assert_eq!(found("pub enum Mode { A = b'x' }"), ["b'x'"]);
    }
}
