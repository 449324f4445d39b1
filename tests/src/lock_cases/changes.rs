//! The kinds of change that publishers make to a model, single and mixed. In: the fields and a random source. Out: the
//! fields changed in place. What a field is (its `uid`) never changes.

use fastrand::Rng;

use super::TrueField;

/// A kind of change.
pub struct Kind {
    /// What it is called in reports.
    pub name: &'static str,
    /// The models it is tried on.
    pub model: fn(&mut Rng) -> Vec<TrueField>,
    /// What is done to them, in order.
    pub steps: &'static [Step],
    /// What the rules promise for it, beyond never exchanging fields of different definition.
    pub promise: Promise,
}

/// One change: the fields before in, the fields after out.
pub type Step = fn(Vec<TrueField>, &mut Rng) -> Vec<TrueField>;

/// What the rules promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Promise {
    /// They never stop and always get it right.
    AlwaysRight,
    /// They may ask.
    MayAsk,
}

const fn kind(
    name: &'static str,
    model: fn(&mut Rng) -> Vec<TrueField>,
    steps: &'static [Step],
    promise: Promise,
) -> Kind {
    Kind { name, model, steps, promise }
}

use Promise::{AlwaysRight, MayAsk};

/// All kinds, the plain ones first.
pub const KINDS: &[Kind] = &[
    kind("reorder", any, &[], AlwaysRight),
    kind("renumber", any, &[renumber], MayAsk),
    kind("translate", any, &[translate], AlwaysRight),
    kind("retitle", any, &[retitle], AlwaysRight),
    kind("add", any, &[add], AlwaysRight),
    kind("remove", any, &[remove], AlwaysRight),
    kind("rebound", any, &[rebound], AlwaysRight),
    kind("add + remove", any, &[add, remove], MayAsk),
    kind("translate + add", any, &[translate, add], AlwaysRight),
    kind("renumber + add", any, &[renumber, add], MayAsk),
    kind("renumber + remove", any, &[renumber, remove], MayAsk),
    kind("renumber + rebound", any, &[renumber, rebound], MayAsk),
    kind("translate + rebound", any, &[translate, rebound], MayAsk),
    kind("swap titles", any, &[swap_titles], MayAsk),
    kind("swap titles + renumber", any, &[swap_titles, renumber], MayAsk),
    kind("translate + renumber", any, &[translate, renumber], MayAsk),
    kind("retitle + renumber", any, &[retitle, renumber], MayAsk),
    kind("remove + renumber + add", any, &[remove, renumber, add], MayAsk),
    kind("renumber, titles unique", titled, &[renumber], MayAsk),
    kind("renumber with new ids, titles unique", titled, &[renumber_afresh], AlwaysRight),
    kind("pass ids on, titles unique", titled, &[pass_ids_on], AlwaysRight),
    kind("pass ids on", any, &[pass_ids_on], MayAsk),
    kind("swap ids", any, &[swap_ids], MayAsk),
    kind("swap ids, definitions unique", distinct, &[swap_ids], AlwaysRight),
    kind("swap titles, definitions unique", distinct, &[swap_titles], AlwaysRight),
    kind("swap titles + swap ids", any, &[swap_titles, swap_ids], MayAsk),
    kind("retitle and renumber one", any, &[retitle_and_renumber_one], MayAsk),
    kind("key or title, new ones", titled, &[keep_key_or_title], AlwaysRight),
    kind("key or title, passed on", distinct, &[keep_key_or_title_passed_on], AlwaysRight),
    kind("twins + renumber", twins, &[renumber], MayAsk),
    kind("twins + renumber one", twins, &[renumber_one], MayAsk),
    kind("twins + swap titles", twins, &[swap_titles], MayAsk),
    kind("remove, its id goes to another", any, &[remove_and_reuse], MayAsk),
    kind("another field in its place", any, &[replace], MayAsk),
    kind("another field with its title", titled, &[take_title], MayAsk),
    kind("remove, its id and title go on", any, &[remove_and_reuse, swap_titles], MayAsk),
    kind("all but exchanges at once", any, &[remove, renumber, retitle, rebound, add], MayAsk),
];

const PARTS: &[&str] = &["text", "image", "value", "seed", "cfg"];
const TITLES: &[&str] = &[
    "Prompt",
    "Negative Prompt",
    "Image",
    "Steps",
    "FPS",
    "Seed",
    "Guidance",
    "Shift",
    "Frames",
    "Strength",
    "Start Image",
    "End Image",
    "Noise",
    "Scale",
];

/// Three to ten fields with ids below 60, some without title, some with the same one.
fn any(rng: &mut Rng) -> Vec<TrueField> {
    let mut fields = Vec::new();
    for uid in 0..rng.usize(3..=10) {
        let title = TITLES.get(rng.usize(..=TITLES.len())).copied().unwrap_or_default();
        let field = random_field(uid, title, &fields, rng);
        fields.push(field);
    }
    fields
}

/// The same with a title of its own for every field.
fn titled(rng: &mut Rng) -> Vec<TrueField> {
    let mut titles = TITLES.to_vec();
    rng.shuffle(&mut titles);
    let mut fields = any(rng);
    for (field, title) in fields.iter_mut().zip(titles) {
        title.clone_into(&mut field.title);
    }
    fields
}

/// The same with a title and a definition of its own for every field.
fn distinct(rng: &mut Rng) -> Vec<TrueField> {
    let mut fields = titled(rng);
    for (field, default) in fields.iter_mut().zip(50..) {
        field.default = Some(default);
    }
    fields
}

/// The same with a few fields that differ in nothing but their key.
fn twins(rng: &mut Rng) -> Vec<TrueField> {
    let mut fields = any(rng);
    for _ in 0..rng.usize(1..=2) {
        let (uid, twin) = (fields.len(), fields[rng.usize(..fields.len())].clone());
        let node = free_node(&fields, 1..=60, rng);
        fields.push(TrueField { uid, node, ..twin });
    }
    fields
}

fn random_field(uid: usize, title: &str, others: &[TrueField], rng: &mut Rng) -> TrueField {
    let part = PARTS[rng.usize(..PARTS.len())];
    let kind = match part {
        "text" | "image" => "s",
        "seed" => "i",
        "cfg" => "n",
        _ => ["i", "n"][rng.usize(..2)],
    };
    let bounds = [None, Some((0, 1)), Some((1, 40)), Some((12, 24))][rng.usize(..4)].filter(|_| kind != "s");
    let default = [None, None, Some(1)][rng.usize(..3)];
    let mut node = rng.u32(1..=60);
    while others.iter().any(|other| other.key() == (node, part)) {
        node = rng.u32(1..=60);
    }
    TrueField { uid, node, part, title: title.to_owned(), kind, bounds, default }
}

fn free_node(fields: &[TrueField], range: std::ops::RangeInclusive<u32>, rng: &mut Rng) -> u32 {
    loop {
        let node = rng.u32(range.clone());
        if fields.iter().all(|field| field.node != node) {
            return node;
        }
    }
}

fn two(fields: &[TrueField], rng: &mut Rng) -> (usize, usize) {
    let a = rng.usize(..fields.len());
    let b = (a + rng.usize(1..fields.len())) % fields.len();
    (a, b)
}

/// Another export: every node gets another id, some of which other nodes had before.
fn renumber(mut fields: Vec<TrueField>, rng: &mut Rng) -> Vec<TrueField> {
    let mut ids: Vec<u32> = fields.iter().map(|field| field.node).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut pool = ids.clone();
    while pool.len() < 2 * ids.len() {
        let fresh = rng.u32(100..=900);
        if !pool.contains(&fresh) {
            pool.push(fresh);
        }
    }
    rng.shuffle(&mut pool);
    for field in &mut fields {
        let at = ids.binary_search(&field.node).unwrap_or_default();
        field.node = pool[at];
    }
    fields
}

fn renumber_afresh(mut fields: Vec<TrueField>, _: &mut Rng) -> Vec<TrueField> {
    for field in &mut fields {
        field.node += 1000;
    }
    fields
}

fn renumber_one(mut fields: Vec<TrueField>, rng: &mut Rng) -> Vec<TrueField> {
    let (node, at) = (free_node(&fields, 100..=900, rng), rng.usize(..fields.len()));
    fields[at].node = node;
    fields
}

/// Each field of one input part takes the id of the next, and the last a new one.
fn pass_ids_on(mut fields: Vec<TrueField>, rng: &mut Rng) -> Vec<TrueField> {
    let part = fields[rng.usize(..fields.len())].part;
    let mut next = free_node(&fields, 100..=900, rng);
    for field in fields.iter_mut().filter(|field| field.part == part) {
        next = std::mem::replace(&mut field.node, next);
    }
    fields
}

/// Two fields of one input part exchange their ids, where there are two.
fn swap_ids(mut fields: Vec<TrueField>, rng: &mut Rng) -> Vec<TrueField> {
    let (a, _) = two(&fields, rng);
    let b = (0..fields.len()).find(|b| *b != a && fields[*b].part == fields[a].part);
    if let Some(b) = b {
        let node = fields[a].node;
        fields[a].node = std::mem::replace(&mut fields[b].node, node);
    }
    fields
}

fn translate(mut fields: Vec<TrueField>, _: &mut Rng) -> Vec<TrueField> {
    for field in fields.iter_mut().filter(|field| !field.title.is_empty()) {
        field.title.insert_str(0, "T:");
    }
    fields
}

fn new_title(rng: &mut Rng) -> String {
    format!("New {}", rng.u64(..))
}

fn retitle(mut fields: Vec<TrueField>, rng: &mut Rng) -> Vec<TrueField> {
    let at = rng.usize(..fields.len());
    fields[at].title = new_title(rng);
    fields
}

fn swap_titles(mut fields: Vec<TrueField>, rng: &mut Rng) -> Vec<TrueField> {
    if fields.len() < 2 {
        return fields;
    }
    let (a, b) = two(&fields, rng);
    let title = std::mem::take(&mut fields[a].title);
    fields[a].title = std::mem::replace(&mut fields[b].title, title);
    fields
}

fn add(mut fields: Vec<TrueField>, rng: &mut Rng) -> Vec<TrueField> {
    let field = random_field(1000, "Extra", &fields, rng);
    fields.push(field);
    fields
}

fn remove(mut fields: Vec<TrueField>, rng: &mut Rng) -> Vec<TrueField> {
    let at = rng.usize(..fields.len());
    fields.remove(at);
    fields
}

fn rebound(mut fields: Vec<TrueField>, rng: &mut Rng) -> Vec<TrueField> {
    let at = rng.usize(..fields.len());
    fields[at].bounds = Some((0, 99)).filter(|_| fields[at].kind != "s");
    fields
}

fn retitle_and_renumber_one(mut fields: Vec<TrueField>, rng: &mut Rng) -> Vec<TrueField> {
    let (node, at) = (free_node(&fields, 100..=900, rng), rng.usize(..fields.len()));
    (fields[at].node, fields[at].title) = (node, new_title(rng));
    fields
}

/// A field goes, and another one of its input part, or else any, takes its id.
fn remove_and_reuse(mut fields: Vec<TrueField>, rng: &mut Rng) -> Vec<TrueField> {
    let gone = fields.remove(rng.usize(..fields.len()));
    let same_part = fields.iter().position(|field| field.part == gone.part);
    let heir = same_part.unwrap_or_else(|| rng.usize(..fields.len()));
    if fields.iter().all(|field| field.key() != (gone.node, fields[heir].part)) {
        fields[heir].node = gone.node;
    }
    fields
}

/// Every field keeps its key, or its title, or both; what it doesn't keep is new.
fn keep_key_or_title(mut fields: Vec<TrueField>, rng: &mut Rng) -> Vec<TrueField> {
    for at in 0..fields.len() {
        match rng.u8(..3) {
            0 => fields[at].node = free_node(&fields, 100..=900, rng),
            1 => fields[at].title = new_title(rng),
            _ => {}
        }
    }
    fields
}

/// Every field keeps its key, or its title, or both; what it doesn't keep may be what another one had.
fn keep_key_or_title_passed_on(mut fields: Vec<TrueField>, rng: &mut Rng) -> Vec<TrueField> {
    let keeps: Vec<u8> = fields.iter().map(|_| rng.u8(..3)).collect();
    let chosen = |keep: u8| (0..keeps.len()).filter(|at| keeps[*at] == keep).collect::<Vec<_>>();
    let retitled = chosen(1);
    let mut titles: Vec<String> = retitled.iter().map(|at| fields[*at].title.clone()).collect();
    titles.push(new_title(rng));
    rng.shuffle(&mut titles);
    for (at, title) in retitled.into_iter().zip(titles) {
        fields[at].title = title;
    }
    for part in PARTS {
        let moved: Vec<usize> = chosen(0).into_iter().filter(|at| fields[*at].part == *part).collect();
        let mut nodes: Vec<u32> = moved.iter().map(|at| fields[*at].node).collect();
        nodes.push(free_node(&fields, 100..=900, rng));
        rng.shuffle(&mut nodes);
        for (at, node) in moved.into_iter().zip(nodes) {
            fields[at].node = node;
        }
    }
    fields
}

/// A field goes, and at its key comes another, with a title and a definition that nothing had.
fn replace(mut fields: Vec<TrueField>, rng: &mut Rng) -> Vec<TrueField> {
    let at = rng.usize(..fields.len());
    let uid = 1001;
    fields[at] = TrueField { uid, title: new_title(rng), default: Some(77), ..fields[at].clone() };
    fields
}

/// A field goes, and at another key comes one of another type, or with another input part, that has its title.
fn take_title(mut fields: Vec<TrueField>, rng: &mut Rng) -> Vec<TrueField> {
    let (node, at) = (free_node(&fields, 100..=900, rng), rng.usize(..fields.len()));
    let (part, kind) = match rng.bool() {
        true => (fields[at].part, if fields[at].kind == "s" { "i" } else { "s" }),
        false => ("other", fields[at].kind),
    };
    fields[at] = TrueField { uid: 1002, node, part, kind, default: Some(78), ..fields[at].clone() };
    fields
}
