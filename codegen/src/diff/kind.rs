//! The kinds of changes, and the verdict on each: a pure table. Knows nothing of how changes are found or shown.

use serde::Serialize;

/// Which way a type travels: what breaks users of a request may be harmless in a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Users write it, the server reads it.
    Request,
    /// The server writes it, users read it.
    Response,
}

/// What a change means for code that compiles today. The greatest of many is the verdict on all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Only texts differ.
    DocsOnly,
    /// It still compiles; there is more to use, or the program or the server behaves differently.
    Compatible,
    /// It may not compile, or not read what it stored.
    Breaking,
}

impl Verdict {
    /// The verdict in words: `breaking`, `compatible` or `docs only`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DocsOnly => "docs only",
            Self::Compatible => "compatible",
            Self::Breaking => "breaking",
        }
    }
}

/// How the set of valid values changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Strictness {
    /// Some values are no longer valid: released versions may send what is refused.
    Tightened,
    /// More values are valid: released versions refuse them until they are updated.
    Loosened,
    /// Both, or nobody can tell.
    Changed,
}

impl Strictness {
    /// One word: `tightened`, `loosened` or `changed`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Tightened => "tightened",
            Self::Loosened => "loosened",
            Self::Changed => "changed",
        }
    }

    /// What several parts come to together; `None` for a part that did not change.
    pub(super) fn of_all(parts: impl IntoIterator<Item = Option<Self>>) -> Option<Self> {
        parts.into_iter().flatten().reduce(|all, one| if all == one { all } else { Self::Changed })
    }
}

/// What changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ChangeKind {
    /// A model that was not there.
    ModelAdded,
    /// A model is gone.
    ModelRemoved,
    /// The id of a model is spelt in another way: upper and lower case, `.`, `-` and `_`.
    IdRespelt,
    /// A model of the same id lives in another module.
    ModuleMoved,
    /// The Cargo feature of its family or provider has another name.
    FeatureRenamed,
    /// RunComfy shows another name.
    DisplayNameChanged,
    /// The output is another type.
    OutputReplaced,
    /// An output shape that many models share, and that was not there.
    SharedShapeAdded,
    /// A shared output shape is gone.
    SharedShapeRemoved,
    /// A type has another name.
    TypeRenamed,
    /// A union has other forms.
    UnionChanged,
    /// A struct got a place for unknown keys.
    ExtraAdded,
    /// A struct lost its place for unknown keys.
    ExtraRemoved,
    /// A new field that may be left unset, or absent from a response.
    OptionalFieldAdded,
    /// A new field that must be set, or that every response holds.
    RequiredFieldAdded,
    /// A field is gone.
    FieldRemoved,
    /// The field of the same key and definition has another name.
    FieldRenamed,
    /// The field's Rust name is the same, its name in readable JSON is not.
    StoredNameChanged,
    /// A former name is still understood: as a deprecated setter, and in stored JSON.
    AliasAdded,
    /// A former name is no longer understood.
    AliasRemoved,
    /// The field has another key on the wire: its node was renumbered.
    WireKeyChanged,
    /// An optional field is required now.
    BecameRequired,
    /// A required field is optional now.
    BecameOptional,
    /// The field's values have another Rust type.
    TypeChanged,
    /// A picture where there was a film, and the like.
    MediaKindChanged,
    /// The fields of a struct stand in another order.
    FieldsReordered,
    /// `new` takes its parameters in another order.
    ParametersReordered,
    /// An enum has new variants.
    VariantsAdded,
    /// Variants of an enum are gone.
    VariantsRemoved,
    /// A value of an enum has another variant.
    VariantRenamed,
    /// A variant stands for another string on the wire.
    ValueRespelled,
    /// The variants stand in another order, and so does `ALL`.
    VariantsReordered,
    /// The published default: what the server does where the field is not set.
    DefaultChanged,
    /// Least and greatest number, and what it must be a multiple of.
    BoundsChanged,
    /// Length of a text.
    LengthChanged,
    /// How many items a list may have, and whether they may repeat.
    ItemCountChanged,
    /// The regular expression of a text.
    PatternChanged,
    /// The listed values of what is not a string enum.
    ValuesChanged,
    /// What a media file may be: size, format, duration.
    FileLimitChanged,
    /// Any other rule of the checker.
    RulesChanged,
    /// The published title.
    Retitled,
    /// A published description, or the server's words for a broken rule.
    DescriptionChanged,
    /// A published format that chooses no type.
    FormatChanged,
}

impl ChangeKind {
    /// The verdict on a change of this kind; see the table in the [module's documentation](super).
    #[must_use]
    pub fn verdict(self, direction: Option<Direction>) -> Verdict {
        use ChangeKind as Kind;
        match self {
            Kind::ModelRemoved
            | Kind::ModuleMoved
            | Kind::FeatureRenamed
            | Kind::OutputReplaced
            | Kind::SharedShapeRemoved
            | Kind::TypeRenamed
            | Kind::UnionChanged
            | Kind::ExtraRemoved
            | Kind::FieldRemoved
            | Kind::FieldRenamed
            | Kind::StoredNameChanged
            | Kind::AliasRemoved
            | Kind::BecameRequired
            | Kind::BecameOptional
            | Kind::TypeChanged
            | Kind::MediaKindChanged
            | Kind::ParametersReordered
            | Kind::VariantsRemoved
            | Kind::VariantRenamed => Verdict::Breaking,
            // `new` takes one more value; whoever reads a response has one more field to ignore.
            Kind::RequiredFieldAdded if direction == Some(Direction::Request) => Verdict::Breaking,
            Kind::RequiredFieldAdded
            | Kind::ModelAdded
            | Kind::SharedShapeAdded
            | Kind::ExtraAdded
            | Kind::OptionalFieldAdded
            | Kind::AliasAdded
            | Kind::IdRespelt
            | Kind::WireKeyChanged
            | Kind::FieldsReordered
            | Kind::VariantsAdded
            | Kind::ValueRespelled
            | Kind::VariantsReordered
            | Kind::DefaultChanged
            | Kind::BoundsChanged
            | Kind::LengthChanged
            | Kind::ItemCountChanged
            | Kind::PatternChanged
            | Kind::ValuesChanged
            | Kind::FileLimitChanged
            | Kind::RulesChanged => Verdict::Compatible,
            Kind::DisplayNameChanged | Kind::Retitled | Kind::DescriptionChanged | Kind::FormatChanged => {
                Verdict::DocsOnly
            }
        }
    }

    /// Whether users can write what they could not write before.
    #[must_use]
    pub fn is_addition(self) -> bool {
        matches!(
            self,
            Self::ModelAdded
                | Self::SharedShapeAdded
                | Self::ExtraAdded
                | Self::OptionalFieldAdded
                | Self::RequiredFieldAdded
                | Self::VariantsAdded
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_that_pull_both_ways_are_neither_tightened_nor_loosened() {
        use Strictness::{Changed, Loosened, Tightened};
        assert_eq!(Strictness::of_all([None, Some(Tightened), None]), Some(Tightened));
        assert_eq!(Strictness::of_all([Some(Loosened), Some(Loosened)]), Some(Loosened));
        assert_eq!(Strictness::of_all([Some(Loosened), Some(Tightened), Some(Loosened)]), Some(Changed));
        assert_eq!(Strictness::of_all([None, None]), None);
    }

    #[test]
    fn a_required_field_breaks_requests_alone() {
        let kind = ChangeKind::RequiredFieldAdded;
        assert_eq!(kind.verdict(Some(Direction::Request)), Verdict::Breaking);
        assert_eq!(kind.verdict(Some(Direction::Response)), Verdict::Compatible);
    }
}
