//! Which entries of the catalogue are wanted: settings in, the query of a URL out.

use reqwest::Url;

/// How many entries a page has at most.
const MAX_PAGE: usize = 500;

/// Which entries of the catalogue are wanted, and how.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CatalogueQuery {
    /// Text to search for.
    pub search: Option<String>,
    /// A category, one of [`Client::categories`](crate::Client::categories).
    pub category: Option<String>,
    /// The kind: `model`, `workflow` or `inference`.
    pub kind: Option<String>,
    /// Whether the entries are to have their input schemas.
    pub include_schema: bool,
    /// How many entries a page is to have: 1 to 500, 100 by default.
    pub limit: Option<usize>,
    /// How many entries to skip.
    pub offset: usize,
}

impl CatalogueQuery {
    /// Every entry, without schemas.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the text to search for.
    #[must_use]
    pub fn search(mut self, text: impl Into<String>) -> Self {
        self.search = Some(text.into());
        self
    }

    /// Sets the category.
    #[must_use]
    pub fn category(mut self, category: impl Into<String>) -> Self {
        self.category = Some(category.into());
        self
    }

    /// Sets the kind.
    #[must_use]
    pub fn kind(mut self, kind: impl Into<String>) -> Self {
        self.kind = Some(kind.into());
        self
    }

    /// Asks for the input schemas, too.
    #[must_use]
    pub fn include_schema(mut self) -> Self {
        self.include_schema = true;
        self
    }

    /// Sets how many entries a page is to have.
    #[must_use]
    pub fn limit(mut self, limit: usize) -> Self {
        self.limit = Some(limit);
        self
    }

    /// Sets how many entries to skip.
    #[must_use]
    pub fn offset(mut self, offset: usize) -> Self {
        self.offset = offset;
        self
    }

    pub(super) fn write_to(&self, url: &mut Url) {
        let mut pairs = url.query_pairs_mut();
        for (name, value) in [("search", &self.search), ("category", &self.category), ("kind", &self.kind)] {
            if let Some(value) = value {
                pairs.append_pair(name, value);
            }
        }
        if self.include_schema {
            pairs.append_pair("include_schema", "true");
        }
        let limit = self.limit.unwrap_or(100).clamp(1, MAX_PAGE);
        pairs.append_pair("limit", &limit.to_string()).append_pair("offset", &self.offset.to_string());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_are_escaped_and_pages_have_bounds() {
        let mut url = Url::parse("https://example.com/v1/models").expect("a URL");
        CatalogueQuery::new().search("a&b=c").include_schema().limit(9999).offset(7).write_to(&mut url);
        assert_eq!(url.query(), Some("search=a%26b%3Dc&include_schema=true&limit=500&offset=7"));
    }
}
