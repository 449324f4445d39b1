//! Settings that can't be used: token, base URL, ids. Never shows what a token or a URL holds.

use std::fmt;
use std::path::PathBuf;

/// A setting or an argument that can't be used. Nothing was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConfigError {
    /// There is no token: not given, not in the environment, not in the file of the vendor's tool.
    NoToken,
    /// The token holds characters that no token has, such as a line break inside it.
    IllegalToken,
    /// The token that the vendor's tool saved is no longer valid.
    #[non_exhaustive]
    ExpiredToken {
        /// The tool's file.
        path: PathBuf,
    },
    /// The file of the vendor's tool can't be read.
    #[non_exhaustive]
    TokenFile {
        /// The tool's file.
        path: PathBuf,
        /// Why not.
        reason: String,
    },
    /// The base URL can't be used.
    #[non_exhaustive]
    BaseUrl {
        /// Why not.
        reason: &'static str,
    },
    /// A model id that can't be one: an empty part, `.`, `..` or a control character.
    ModelId,
    /// A request id that can't be one: it has 1 to 128 bytes, no `/`, `\`, `%`, `?`, `#`, space or control
    /// character, and is not `.` or `..`.
    RequestId,
    /// The HTTP client can't be set up.
    #[non_exhaustive]
    Http {
        /// Why not.
        reason: String,
    },
    /// The input can't be written as JSON.
    #[non_exhaustive]
    Body {
        /// Why not.
        reason: String,
    },
}

impl ConfigError {
    /// Whether it is about the token.
    pub(crate) fn is_auth(&self) -> bool {
        matches!(self, Self::NoToken | Self::IllegalToken | Self::ExpiredToken { .. } | Self::TokenFile { .. })
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoToken => f.write_str(
                "there is no token: set RUNCOMFY_TOKEN to the one on your profile page, or sign in with the runcomfy tool",
            ),
            Self::IllegalToken => f.write_str("the token holds characters that no token has: copy it again"),
            Self::ExpiredToken { path } => {
                write!(f, "the token in {} has expired: sign in again with the runcomfy tool", path.display())
            }
            Self::TokenFile { path, reason } => write!(f, "can't read the token in {}: {reason}", path.display()),
            Self::BaseUrl { reason } => write!(f, "the base URL {reason}"),
            Self::ModelId => f.write_str("this is no model id: it has an empty part, `.`, `..` or a control character"),
            Self::RequestId => f.write_str("this is no request id: it must have 1 to 128 bytes, without `/`, `\\`, `%`, `?`, `#`, spaces and control characters"),
            Self::Http { reason } => write!(f, "can't set up HTTP: {reason}"),
            Self::Body { reason } => write!(f, "can't write the input: {reason}"),
        }
    }
}

impl std::error::Error for ConfigError {}
