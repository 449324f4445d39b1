//! Wire keys that hold node ids: `56_text` goes in, node `56` and its input `text` come out. Knows no titles.
//!
//! # Grammar
//! ```text
//! key  = part *( "x" part )        one control may feed several nodes
//! part = node "_" input            the input is never empty
//! node = digits *( ":" digits )    57:8 is node 8 of subgraph 57
//! ```
//! An input may hold `x`, digits and underscores itself, so the grammar is ambiguous: `7_index2_b` is the input
//! `index2_b` of node 7, or the inputs `inde` and `b` of the nodes 7 and 2. It is always read as the second, at every
//! `x` that leaves an input before it and finds a whole part behind it. Two reasons:
//!
//! - What might be a node id never ends up in an input part, so a renumbering never changes one. The other reading
//!   would put the id of node 3 into the input part of `4_widthx3_height`.
//! - The parts, written out again, are the key. Two keys therefore never have the same parts.
//!
//! The price is an odd input part for a key such as `7_index2_b`. It matters only where there is no title, and a line
//! of `overrides.toml` mends it.

/// A wire key that names nodes of a ComfyUI workflow.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NodeKey {
    parts: Vec<NodeInput>,
}

/// One input of one node.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NodeInput {
    /// The node's id as it is written, with those of the subgraphs around it: `56`, `57:8`.
    pub node: String,
    /// The input's name as the node calls it; never empty.
    pub input: String,
}

impl NodeKey {
    /// Reads a wire key; `None` for a plain one (`prompt`, `image_url_1`, `3d_model`), which is its own name.
    #[must_use]
    pub fn parse(key: &str) -> Option<Self> {
        let (mut node, mut rest) = split_node(key)?;
        let mut parts = Vec::new();
        while let Some((input, next_node, next_rest)) = split_at_join(rest) {
            parts.push(NodeInput { node: node.to_owned(), input: input.to_owned() });
            (node, rest) = (next_node, next_rest);
        }
        parts.push(NodeInput { node: node.to_owned(), input: rest.to_owned() });
        Some(Self { parts })
    }

    /// The inputs it feeds, in the order of the key; at least one.
    #[must_use]
    pub fn parts(&self) -> &[NodeInput] {
        &self.parts
    }

    /// What stays when the workflow is exported again: the inputs' names without the ids.
    ///
    /// Each name counts once, sorted, because a renumbering may list the nodes in another order. Several are joined by
    /// `+`, which no node uses in a name, so that `a` and `b_c` are never taken for `a_b` and `c`.
    #[must_use]
    pub fn input_part(&self) -> String {
        let mut inputs: Vec<&str> = self.parts.iter().map(|part| part.input.as_str()).collect();
        inputs.sort_unstable();
        inputs.dedup();
        inputs.join("+")
    }

    /// The ids of the nodes, in the order of the key.
    pub fn node_ids(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().map(|part| part.node.as_str())
    }
}

/// `57:8_text` → `57:8` and `text`. Looks no further than the id, so that reading a long key stays linear.
fn split_node(text: &str) -> Option<(&str, &str)> {
    let mut end = 0;
    loop {
        end += id_length(text.get(end..)?)?;
        match text.as_bytes().get(end) {
            Some(b':') => end += 1,
            Some(b'_') => break,
            _ => return None,
        }
    }
    let (node, input) = (&text[..end], &text[end + 1..]);
    (!input.is_empty()).then_some((node, input))
}

/// The length of the id that a text begins with: a number, or the UUID of a subgraph.
fn id_length(text: &str) -> Option<usize> {
    const UUID: &str = "00000000-0000-0000-0000-000000000000";
    let like_uuid = |(byte, form): (u8, u8)| if form == b'-' { byte == b'-' } else { byte.is_ascii_hexdigit() };
    if text.len() >= UUID.len() && text.bytes().zip(UUID.bytes()).all(like_uuid) {
        return Some(UUID.len());
    }
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    (digits > 0).then_some(digits)
}

/// The first join in what follows a node id: `valuex3_value` → `value`, `3` and `value`.
fn split_at_join(text: &str) -> Option<(&str, &str, &str)> {
    text.match_indices('x').filter(|&(at, _)| at > 0).find_map(|(at, x)| {
        let (node, rest) = split_node(&text[at + x.len()..])?;
        Some((&text[..at], node, rest))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parts(key: &str) -> Vec<(String, String)> {
        let key = NodeKey::parse(key).expect("a node-id key");
        key.parts().iter().map(|part| (part.node.clone(), part.input.clone())).collect()
    }

    fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
        expected.iter().map(|&(node, input)| (node.to_owned(), input.to_owned())).collect()
    }

    fn written(key: &NodeKey) -> String {
        let parts: Vec<String> = key.parts().iter().map(|part| format!("{}_{}", part.node, part.input)).collect();
        parts.join("x")
    }

    #[test]
    fn plain_keys_have_no_node() {
        for key in
            ["prompt", "image_url_1", "3d_model", "4k_upscale", "12", "12_", "_12_a", ":1_a", "1:_a", "1::2_a", ""]
        {
            assert_eq!(NodeKey::parse(key), None, "{key}");
        }
    }

    #[test]
    fn one_node_keeps_underscores_digits_and_x_in_its_input() {
        assert_eq!(parts("56_text"), pairs(&[("56", "text")]));
        assert_eq!(parts("12_max_steps"), pairs(&[("12", "max_steps")]));
        assert_eq!(parts("5_lora_name"), pairs(&[("5", "lora_name")]));
        assert_eq!(parts("2_pass"), pairs(&[("2", "pass")]));
        assert_eq!(parts("9_t5xxl_name"), pairs(&[("9", "t5xxl_name")]));
        assert_eq!(parts("9_value_2x4"), pairs(&[("9", "value_2x4")]));
    }

    #[test]
    fn a_join_needs_an_input_before_it_and_a_part_behind_it() {
        assert_eq!(parts("3_x"), pairs(&[("3", "x")]));
        assert_eq!(parts("3_x4_upscale"), pairs(&[("3", "x4_upscale")]));
        assert_eq!(parts("3_xx4_y"), pairs(&[("3", "x"), ("4", "y")]));
        assert_eq!(parts("3_ax4_"), pairs(&[("3", "ax4_")]));
        assert_eq!(parts("3_ax4_x5_b"), pairs(&[("3", "a"), ("4", "x5_b")]));
    }

    #[test]
    fn one_control_for_several_nodes_has_one_input_part() {
        let key = NodeKey::parse("4_valuex3_value").expect("a node-id key");
        assert_eq!(parts("4_valuex3_value"), pairs(&[("4", "value"), ("3", "value")]));
        assert_eq!(key.input_part(), "value");
        assert_eq!(key.node_ids().collect::<Vec<_>>(), ["4", "3"]);
    }

    #[test]
    fn subgraph_ids_may_be_deep_and_joined() {
        assert_eq!(parts("57:8_text"), pairs(&[("57:8", "text")]));
        assert_eq!(parts("57:8:3_textx57:9_text"), pairs(&[("57:8:3", "text"), ("57:9", "text")]));
    }

    #[test]
    fn a_subgraph_may_have_a_uuid() {
        const ID: &str = "3f25aa10-0b1c-4d2e-8f3a-0123456789ab";
        assert_eq!(parts(&format!("{ID}:8_text")), pairs(&[(&format!("{ID}:8"), "text")]));
        assert_eq!(parts(&format!("{ID}_text")), pairs(&[(ID, "text")]));
        assert_eq!(parts(&format!("4_valuex{ID}:3_value")), pairs(&[("4", "value"), (&format!("{ID}:3"), "value")]));
        for plain in [&ID[1..], "3f25aa10_text", "3f25_text"] {
            assert_eq!(NodeKey::parse(&format!("{plain}_x")), None, "{plain}");
        }
    }

    #[test]
    fn different_inputs_are_all_in_the_input_part_whatever_their_order() {
        let one = NodeKey::parse("4_widthx3_height").expect("a node-id key");
        let other = NodeKey::parse("8_heightx9_width").expect("a node-id key");
        assert_eq!(one.input_part(), "height+width");
        assert_eq!(other.input_part(), one.input_part());
    }

    #[test]
    fn what_may_be_a_node_id_is_never_in_the_input_part() {
        let key = NodeKey::parse("7_index2_b").expect("a node-id key");
        assert_eq!(key.node_ids().collect::<Vec<_>>(), ["7", "2"]);
        assert_eq!(key.input_part(), "b+inde");
    }

    proptest! {
        #[test]
        fn the_parts_written_out_are_the_key(key in "([0-9]{1,3}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})(:[0-9]{1,2})?_[x0-9_:a-c]{1,16}") {
            let parsed = NodeKey::parse(&key).expect("a node-id key");
            prop_assert_eq!(written(&parsed), key);
        }

        #[test]
        fn any_text_is_read_without_a_panic(key in any::<String>()) {
            if let Some(parsed) = NodeKey::parse(&key) {
                prop_assert_eq!(written(&parsed), key);
            }
        }

        #[test]
        fn a_renumbering_never_changes_the_input_part(
            inputs in proptest::collection::vec("[a-dx_]{0,3}[a-dx]", 1..4),
            old in proptest::collection::vec(0u32..500, 4),
            new in proptest::collection::vec(0u32..500, 4),
        ) {
            let write = |ids: &[u32]| -> String {
                let parts: Vec<String> = inputs.iter().zip(ids).map(|(input, id)| format!("{id}_{input}")).collect();
                parts.join("x")
            };
            let read = |key: &str| NodeKey::parse(key).map(|key| key.input_part());
            prop_assert_eq!(read(&write(&old)), read(&write(&new)));
        }
    }
}
