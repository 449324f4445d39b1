//! What was loaded: the texts of the schema folder, before anything is understood.

/// Everything one run works on. The order of the lists never matters to the output.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sources {
    /// One per folder that has a `model.toml`.
    pub models: Vec<ModelSource>,
    /// The output shapes of `_shared/`, by file.
    pub shared: Vec<SourceFile>,
    /// `features.toml`, where a maintainer wrote one.
    pub features: Option<SourceFile>,
    /// `overrides.toml` at the top, where a maintainer wrote one: what holds for every model.
    pub overrides: Option<SourceFile>,
    /// Whether the folder has more models than these. An entry of the files at the top that matches nothing here may be
    /// meant for one of the others.
    pub is_part: bool,
}

/// The files of one model, as they are on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelSource {
    /// The folder, relative to the schema folder, with `/` between the parts: `community/wan-2-2/vace-fun`.
    pub folder: String,
    /// `model.toml`.
    pub manifest: SourceFile,
    /// `input.json`.
    pub input: SourceFile,
    /// `output.json`.
    pub output: SourceFile,
    /// `names.lock`, absent before the first `generate`.
    pub lock: Option<SourceFile>,
    /// `overrides.toml`, where a maintainer wrote one.
    pub overrides: Option<SourceFile>,
}

/// One text file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// The path relative to the schema folder, with `/` between the parts.
    pub path: String,
    /// The content.
    pub text: String,
}
