//! Sets of values in, short words for people out.

use std::collections::BTreeSet;

use super::{Demand, Domain, Form, Kind, Lists, Numbers, Objects, Texts};

impl Domain {
    /// `integer >= 3, or string`.
    pub(in crate::diff) fn words(&self) -> String {
        match self {
            Self::Any => "any value".to_owned(),
            Self::Forms(forms) if forms.is_empty() => "no value".to_owned(),
            Self::Forms(forms) => sorted(forms.iter().map(Form::words).collect()).join(", or "),
        }
    }
}

impl Form {
    pub(in crate::diff) fn words(&self) -> String {
        let own = match &self.kind {
            Kind::Null => "null".to_owned(),
            Kind::Booleans(values) if values.len() == 2 => "boolean".to_owned(),
            Kind::Booleans(values) => values.iter().map(bool::to_string).collect(),
            Kind::Numbers(numbers) => numbers.words(),
            Kind::Texts(texts) => texts.words(),
            Kind::Lists(lists) => lists.words(),
            Kind::Objects(objects) => objects.words(),
        };
        joined("; ", [own].into_iter().chain(self.demands.iter().map(|demand| demand.shown.clone())))
    }

    /// `integer`, `list`.
    pub(in crate::diff) fn word(&self) -> &'static str {
        match &self.kind {
            Kind::Null => "null",
            Kind::Booleans(_) => "boolean",
            Kind::Numbers(numbers) => numbers.word(),
            Kind::Texts(_) => "string",
            Kind::Lists(_) => "list",
            Kind::Objects(_) => "object",
        }
    }

    /// The values, if they are listed one by one.
    pub(in crate::diff) fn listed(&self) -> Option<Vec<String>> {
        Some(match &self.kind {
            Kind::Null => vec!["null".to_owned()],
            Kind::Booleans(values) => values.iter().map(bool::to_string).collect(),
            Kind::Numbers(Numbers { listed, .. }) => listed.as_ref()?.iter().map(ToString::to_string).collect(),
            Kind::Texts(Texts { listed, .. }) => listed.as_ref()?.iter().map(|text| quoted(text)).collect(),
            Kind::Lists(Lists { listed, .. }) => listed.as_ref()?.keys().cloned().collect(),
            Kind::Objects(Objects { listed, .. }) => listed.as_ref()?.keys().cloned().collect(),
        })
    }
}

impl Numbers {
    pub(in crate::diff) fn words(&self) -> String {
        if self.listed.is_some() { self.text() } else { joined(" ", [self.word().to_owned(), self.text()]) }
    }
}

impl Texts {
    fn words(&self) -> String {
        let own = match &self.listed {
            Some(listed) => listed.iter().map(|text| quoted(text)).collect::<Vec<_>>().join(", "),
            None => "string".to_owned(),
        };
        joined(" ", [own, self.own_words()])
    }

    /// All but what is listed.
    pub(in crate::diff) fn own_words(&self) -> String {
        let length = Some(self.length.text()).filter(|text| !text.is_empty()).map(|text| format!("length {text}"));
        joined(" ", [length.unwrap_or_default(), self.patterns_text(), self.media_text(), self.limits_text()])
    }

    pub(in crate::diff) fn patterns_text(&self) -> String {
        self.patterns.iter().cloned().collect::<Vec<_>>().join(", ")
    }

    pub(in crate::diff) fn media_text(&self) -> String {
        self.media.iter().map(|kind| format!("{kind:?}").to_lowercase()).collect::<Vec<_>>().join(", ")
    }

    pub(in crate::diff) fn limits_text(&self) -> String {
        self.limits.iter().map(|(rule, value)| format!("{rule} {value}")).collect::<Vec<_>>().join(", ")
    }
}

impl Lists {
    fn words(&self) -> String {
        if let Some(listed) = &self.listed {
            return listed.keys().cloned().collect::<Vec<_>>().join(", ");
        }
        let first = (0..self.prefix()).map(|place| format!("({})", self.at(place).words()));
        let items = format!("list of {}", joined(" ", first.chain([format!("({})", self.items().words())])));
        joined(", ", [items, self.count_text()])
    }

    /// How many items, and whether they may repeat.
    pub(in crate::diff) fn count_text(&self) -> String {
        joined(", ", [self.count.text(), if self.unique { "no repeats".to_owned() } else { String::new() }])
    }
}

impl Objects {
    pub(in crate::diff) fn words(&self) -> String {
        if let Some(listed) = &self.listed {
            return listed.keys().cloned().collect::<Vec<_>>().join(", ");
        }
        let keys = self.keys.iter().map(|(name, key)| {
            let mark = if key.required { "!" } else { "" };
            format!("{name}{mark}: {}", key.values.words())
        });
        let rest = match &self.rest {
            Domain::Any => String::new(),
            rest => format!("others: {}", rest.words()),
        };
        let names = if self.names == Domain::Any { String::new() } else { format!("keys: {}", self.names.words()) };
        let all = joined("; ", keys.chain([rest, names]));
        joined(" ", [format!("object {{{all}}}"), self.count.text()])
    }
}

impl Demand {
    /// Those of two sides in words: in full where what is shown of them does not differ.
    pub(in crate::diff) fn words(old: &BTreeSet<Self>, new: &BTreeSet<Self>) -> (String, String) {
        let words =
            |demands: &BTreeSet<Self>, of: fn(&Self) -> &str| demands.iter().map(of).collect::<Vec<_>>().join(", ");
        let shown = (words(old, |demand| &demand.shown), words(new, |demand| &demand.shown));
        if shown.0 == shown.1 { (words(old, |demand| &demand.text), words(new, |demand| &demand.text)) } else { shown }
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn sorted(mut texts: Vec<String>) -> Vec<String> {
    texts.sort();
    texts
}

/// What is not empty.
fn joined(with: &str, texts: impl IntoIterator<Item = String>) -> String {
    texts.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(with)
}
