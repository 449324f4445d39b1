//! The token: found in the environment or in the file of the vendor's command-line tool, kept where no `Debug` shows it.
//! Must not send it.

use std::fmt;
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use reqwest::header::HeaderValue;

use super::error::ConfigError;
use crate::Json;

/// The variables that may hold a token, the first one that is set wins.
const VARIABLES: [&str; 3] = ["RUNCOMFY_TOKEN", "RUNCOMFY_API_TOKEN", "RUNCOMFY_API_KEY"];

/// A bearer token as the value of the header `Authorization`, marked as sensitive.
#[derive(Clone)]
pub(crate) struct Token(HeaderValue);

/// Where settings are looked up: the process's environment, or a test's.
pub(crate) type Variables<'a> = &'a dyn Fn(&str) -> Option<String>;

impl Token {
    /// Takes a token; space around it is dropped.
    pub(crate) fn new(text: &str) -> Result<Self, ConfigError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(ConfigError::NoToken);
        }
        if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(ConfigError::IllegalToken);
        }
        let mut header = HeaderValue::from_str(&format!("Bearer {text}")).map_err(|_| ConfigError::IllegalToken)?;
        header.set_sensitive(true);
        Ok(Self(header))
    }

    /// Looks a token up: `RUNCOMFY_TOKEN`, `RUNCOMFY_API_TOKEN`, `RUNCOMFY_API_KEY`, then the file that the vendor's tool writes at sign-in.
    pub(crate) fn find(variables: Variables<'_>) -> Result<Self, ConfigError> {
        let set = |name: &&str| variables(name).filter(|text| !text.trim().is_empty());
        match VARIABLES.iter().find_map(set) {
            Some(text) => Self::new(&text),
            None => Self::from_file(variables),
        }
    }

    fn from_file(variables: Variables<'_>) -> Result<Self, ConfigError> {
        let Some(path) = file(variables) else { return Err(ConfigError::NoToken) };
        let text = match std::fs::read(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(ConfigError::NoToken),
            Err(error) => return Err(ConfigError::TokenFile { path, reason: error.to_string() }),
        };
        let unusable = |what: String| ConfigError::TokenFile {
            path: path.clone(),
            reason: format!("is not what the tool writes ({what})"),
        };
        // serde's messages quote what they read, so only their place is passed on.
        let saved: Json = serde_json::from_slice(&text)
            .map_err(|error| unusable(format!("line {}, column {}", error.line(), error.column())))?;
        let token = saved.get("access_token").and_then(Json::as_str);
        let token = token.ok_or_else(|| unusable("`access_token` is no text".to_owned()))?;
        // Unix time in seconds.
        let expires_at = match saved.get("expires_at") {
            None | Some(Json::Null) => None,
            Some(at) => Some(at.as_f64().ok_or_else(|| unusable("`expires_at` is no number".to_owned()))?),
        };
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |since| since.as_secs_f64());
        if expires_at.is_some_and(|at| at <= now) {
            return Err(ConfigError::ExpiredToken { path });
        }
        Self::new(token)
    }

    /// The value of the header.
    pub(crate) fn header(&self) -> HeaderValue {
        self.0.clone()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

fn file(variables: Variables<'_>) -> Option<PathBuf> {
    let folder = |name: &str| variables(name).filter(|text| !text.is_empty()).map(PathBuf::from);
    let config = folder("RUNCOMFY_CONFIG_DIR")
        .or_else(|| Some(folder("XDG_CONFIG_HOME")?.join("runcomfy")))
        .or_else(|| Some(folder("HOME").or_else(|| folder("USERPROFILE"))?.join(".config/runcomfy")));
    Some(config?.join("token.json"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(set: &[(&str, &str)]) -> Result<Token, ConfigError> {
        let own = |name: &str| set.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        Token::find(&own)
    }

    fn bearer(token: &Token) -> String {
        token.header().to_str().expect("a text").to_owned()
    }

    /// A folder with a token file, whose path is the folder's variable.
    fn saved(text: &str) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir_all(folder.path().join(".config/runcomfy")).expect("a folder");
        for place in ["token.json", ".config/runcomfy/token.json"] {
            std::fs::write(folder.path().join(place), text).expect("written");
        }
        folder
    }

    #[test]
    fn the_first_variable_wins_and_space_is_dropped() {
        let token = found(&[("RUNCOMFY_API_TOKEN", "second"), ("RUNCOMFY_TOKEN", " first\n")]).expect("a token");
        assert_eq!(bearer(&token), "Bearer first");
        let token = found(&[("RUNCOMFY_API_TOKEN", "second"), ("RUNCOMFY_TOKEN", " ")]).expect("a token");
        assert_eq!(bearer(&token), "Bearer second");
        let token = found(&[("RUNCOMFY_API_KEY", "third"), ("RUNCOMFY_API_TOKEN", "second")]).expect("a token");
        assert_eq!(bearer(&token), "Bearer second");
        let token = found(&[("RUNCOMFY_API_KEY", "third")]).expect("a token");
        assert_eq!(bearer(&token), "Bearer third");
        assert!(matches!(found(&[]), Err(ConfigError::NoToken)));
    }

    #[test]
    fn the_tools_file_is_the_last_resort() {
        let folder = saved(r#"{"access_token": "saved", "refresh_token": "r", "expires_at": 99999999999, "new": []}"#);
        let path = folder.path().to_str().expect("a text");
        for variable in ["RUNCOMFY_CONFIG_DIR", "HOME"] {
            assert_eq!(bearer(&found(&[(variable, path)]).expect("a token")), "Bearer saved");
        }
        let token = found(&[("RUNCOMFY_CONFIG_DIR", path), ("RUNCOMFY_TOKEN", "set")]).expect("a token");
        assert_eq!(bearer(&token), "Bearer set");
        std::fs::create_dir(folder.path().join("runcomfy")).expect("a folder");
        std::fs::rename(folder.path().join("token.json"), folder.path().join("runcomfy/token.json")).expect("moved");
        assert_eq!(bearer(&found(&[("XDG_CONFIG_HOME", path), ("HOME", "/")]).expect("a token")), "Bearer saved");
    }

    #[test]
    fn an_expired_token_is_told_apart() {
        let folder = saved(r#"{"access_token": "s3cret", "expires_at": 1700000000.5}"#);
        let error = found(&[("HOME", folder.path().to_str().expect("a text"))]).expect_err("expired");
        assert!(matches!(error, ConfigError::ExpiredToken { .. }));
        assert!(!format!("{error} {error:?}").contains("s3cret"));
    }

    #[test]
    fn a_file_of_another_form_is_told_with_what_is_wrong() {
        for (text, place) in [
            (r#"{"access_token": "s3cret""#, "line 1, column 25"),
            (r#"["s3cret"]"#, "`access_token`"),
            (r#"{"access_token": null}"#, "`access_token`"),
            (r#"{"access_token": "s3cret", "expires_at": "s3cret"}"#, "`expires_at`"),
        ] {
            let folder = saved(text);
            let error = found(&[("HOME", folder.path().to_str().expect("a text"))]).expect_err("not of that form");
            assert!(error.to_string().contains(place), "{error}");
            assert!(!format!("{error} {error:?}").contains("s3cret"));
        }
        let folder = saved(r#"{"access_token": "saved", "expires_at": null}"#);
        assert_eq!(
            bearer(&found(&[("HOME", folder.path().to_str().expect("a text"))]).expect("a token")),
            "Bearer saved"
        );
    }

    #[test]
    fn no_error_and_no_debug_shows_a_token() {
        let folder = saved(r#"{"access_token": ["s3cret"]}"#);
        let broken = found(&[("HOME", folder.path().to_str().expect("a text"))]).expect_err("no text");
        let illegal = Token::new("s3cret\nX-Other: 1").expect_err("a line break");
        let fine = Token::new("s3cret").expect("a token");
        let shown = format!("{broken} {broken:?} {illegal} {illegal:?} {fine:?} {:?}", fine.header());
        assert!(!shown.contains("s3cret"), "{shown}");
        assert!(matches!(illegal, ConfigError::IllegalToken));
    }
}
