//! The layout of the files in the schema folder: valid JSON in, the same JSON on lines of its own out.

/// Lays valid JSON out with two spaces and a line break at the end. Its tokens stay as they are: no number is rounded, no
/// escape rewritten, no key moved.
pub(crate) fn pretty(json: &str) -> String {
    let mut out = String::new();
    let mut depth = 0_usize;
    let mut rest = json.trim();
    while let Some(c) = rest.chars().next() {
        let token = token(rest);
        rest = rest[token.len()..].trim_start();
        match c {
            '{' | '[' if !rest.starts_with(['}', ']']) => {
                depth += 1;
                out.push(c);
                new_line(&mut out, depth);
            }
            '}' | ']' => {
                if !out.ends_with(['{', '[']) {
                    depth = depth.saturating_sub(1);
                    new_line(&mut out, depth);
                }
                out.push(c);
            }
            ',' => {
                out.push(c);
                new_line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            _ => out.push_str(token),
        }
    }
    out.push('\n');
    out
}

fn new_line(out: &mut String, depth: usize) {
    out.push('\n');
    out.extend(std::iter::repeat_n("  ", depth));
}

/// The first token of valid JSON: a string, a mark, or a word or number up to the next mark or blank.
pub(crate) fn token(json: &str) -> &str {
    let mut escaped = false;
    let end = if json.starts_with('"') {
        json.char_indices()
            .skip(1)
            .find(|(_, c)| {
                let closes = *c == '"' && !escaped;
                escaped = *c == '\\' && !escaped;
                closes
            })
            .map(|(at, _)| at + 1)
    } else if json.starts_with(['{', '}', '[', ']', ',', ':']) {
        Some(1)
    } else {
        json.find(|c: char| c.is_whitespace() || "{}[],:".contains(c))
    };
    &json[..end.unwrap_or(json.len())]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    #[test]
    fn numbers_and_escapes_stay_as_published() {
        let json = r#"{"b":1.50,"a":[],"c":{ },"n":[184467440737095516150,1e-3],"s":"\u00fc , : {"}"#;
        let laid_out = "{\n  \"b\": 1.50,\n  \"a\": [],\n  \"c\": {},\n  \"n\": [\n    184467440737095516150,\n    1e-3\n  ],\n  \"s\": \"\\u00fc , : {\"\n}\n";
        assert_eq!(pretty(json), laid_out);
        assert_eq!(pretty(laid_out), laid_out);
    }

    proptest! {
        #[test]
        fn the_layout_is_that_of_serde_json(keys in prop::collection::vec(any::<String>(), 0..5), number in any::<i64>()) {
            let inner: Value = keys.iter().map(|key| (key.clone(), Value::from(vec![key.as_str()]))).collect();
            let value = serde_json::json!({"b": inner, "a": [number, null, {}]});
            let expected = format!("{value:#}\n");
            prop_assert_eq!(pretty(&value.to_string()), expected);
        }
    }
}
