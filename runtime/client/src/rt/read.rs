//! Readers: nodes → Rust values. Reads readable names or wire keys, and collects every fault instead of stopping at the
//! first. Must not check the rules: what is read may still be invalid, for stored inputs must load to be repaired.

use crate::Json;
use crate::invalid::{InvalidInput, ViolationKind};
use crate::schema::describe::{Advice, Given, KnownNames};
use crate::schema::node::Node;
use crate::schema::path::{MAX_DEPTH, Path, Step};
use crate::schema::place::{Faults, FromValue, Place};
use crate::schema::rule::Rule;
use crate::schema::table::{Field, Names, Table};
use crate::schema::value::{AsValue as _, Extra, Object};

/// An object that can be read by its table.
pub trait ReadObject: Object + Sized {
    /// Takes the fields from the reader. `None` if one without a stand-in could not be read; the reader has the fault.
    fn read(reader: &mut Reader<'_>) -> Option<Self>;
}

/// A type with a value to go on with after a fault, so that the other fields are read, too. Nobody gets to see it.
pub trait StandIn {
    /// The value.
    fn stand_in() -> Self;
}

/// Reads JSON with wire keys.
///
/// # Errors
/// Every fault: unknown keys, missing fields, values of the wrong type.
pub fn from_wire<T: FromValue>(json: Json) -> Result<T, InvalidInput> {
    read_whole(wire_node(json)?, Names::Wire, false)
}

/// Reads a response whose form is only assumed: a field of another form than foreseen is left unset, and what was there is
/// kept beside the fields.
///
/// # Errors
/// A response that is no object, or lacks what it can't do without.
#[cfg(feature = "http")]
pub(crate) fn forgiving_from_wire<T: FromValue>(json: Json) -> Result<T, InvalidInput> {
    read_whole(wire_node(json)?, Names::Wire, true)
}

fn wire_node(json: Json) -> Result<Node, InvalidInput> {
    Node::from_json(json).ok_or_else(|| {
        let allowed = format!("{MAX_DEPTH} levels");
        let deep = Path::ROOT.violation(ViolationKind::TooDeep, String::new(), allowed, String::new());
        InvalidInput::of(Vec::new(), || deep)
    })
}

/// Reads a whole document.
fn read_whole<T: FromValue>(node: Node, names: Names, forgives: bool) -> Result<T, InvalidInput> {
    let mut faults = Faults { names, forgives, list: Vec::new() };
    let mut place = Place { path: Path::ROOT, rules: &[], is_forgiving: false, faults: &mut faults };
    let value = T::from_node(node, &mut place);
    match value {
        Some(value) if faults.list.is_empty() => Ok(value),
        _ => Err(faults.into_error()),
    }
}

/// Reads an object by its table.
pub fn read_object<T: ReadObject>(table: &'static Table, node: Node, place: &mut Place<'_>) -> Option<T> {
    let mut object = None;
    read_entries(table, node, place, &mut |reader| object = T::read(reader));
    object
}

/// What [`read_object`] does for any type. What is compiled anew for each type is no more than its own reading: so it is with
/// all that follows here.
fn read_entries(table: &'static Table, node: Node, place: &mut Place<'_>, read: &mut dyn FnMut(&mut Reader<'_>)) {
    if let Some(mut reader) = Reader::new(table, node, place) {
        read(&mut reader);
        reader.finish();
    }
}

/// What is found of a field.
enum Taken<'a> {
    Value(Node, Place<'a>),
    Absent,
    Fault,
}

/// What has become of a field.
enum Outcome {
    Read,
    Absent,
    Fault,
}

/// The properties of an object, sorted by field. Generated code takes them out, one by one.
pub struct Reader<'a> {
    table: &'static Table,
    slots: Vec<Option<Node>>,
    /// What the table does not name, if it may stand there: for [`Self::extra`] to take.
    kept: Extra,
    /// The entry called `extra`, which only some structs have room for.
    extra: Option<Node>,
    place: Place<'a>,
}

impl<'a> Reader<'a> {
    /// `None` after telling `place` that the node is no object.
    fn new(table: &'static Table, node: Node, place: &'a mut Place<'_>) -> Option<Self> {
        let Node::Map(entries) = node else {
            return place.wrong_type(&node, "an object");
        };
        let is_forgiving = place.faults.forgives && table.open && !table.strict;
        let place = Place { path: place.path, rules: place.rules, is_forgiving, faults: place.faults };
        let slots = table.fields.iter().map(|_| None).collect();
        let mut reader = Reader { table, slots, kept: Extra::new(), extra: None, place };
        for (name, node) in entries {
            reader.sort(name, node);
        }
        Some(reader)
    }

    /// Finds the property its place.
    fn sort(&mut self, name: String, node: Node) {
        let names = self.place.faults.names;
        let twice = match self.table.position(&name, names) {
            Some(index) => self.slots.get_mut(index).is_some_and(|slot| slot.replace(node).is_some()),
            None if self.table.open || names == Names::Wire => {
                self.kept.insert(name.clone(), node.into_json()).is_some()
            }
            None if names == Names::Readable && name == "extra" => self.extra.replace(node).is_some(),
            None => {
                self.unknown(&name);
                false
            }
        };
        if twice {
            match self.table.find(&name, names) {
                Some(field) => self.field_fault(field, ViolationKind::Duplicate),
                None => self.place.name_fault(&name, ViolationKind::Duplicate, String::new(), String::new()),
            }
        }
    }

    fn unknown(&mut self, name: &str) {
        let names = self.place.faults.names;
        let known = KnownNames(self.table, names).to_string();
        self.place.name_fault(name, ViolationKind::UnknownName, known, Advice(self.table, names, name).to_string());
    }

    fn field_fault(&mut self, field: &'static Field, kind: ViolationKind) {
        let path = self.place.path.then(Step::Field(field));
        self.place.faults.list.push(path.violation(kind, String::new(), String::new(), String::new()));
    }

    /// Takes out the field at this position of the table. After a fault the result is a stand-in.
    ///
    /// Never inlined: it is compiled once for each type of a field, and only called for each field.
    #[inline(never)]
    pub fn get<T: FromValue + StandIn>(&mut self, index: usize) -> T {
        match self.try_get(index) {
            Some(value) => value,
            None => T::stand_in(),
        }
    }

    /// Takes out the field at this position of the table; `None` after a fault. For types without a stand-in.
    pub fn try_get<T: FromValue>(&mut self, index: usize) -> Option<T> {
        let mut found = None;
        let outcome = self.read_field(index, (T::OPTIONAL, T::NULLABLE), &mut |node, place| {
            found = T::from_node(node, place);
            found.is_some()
        });
        match outcome {
            Outcome::Read => found,
            Outcome::Absent => T::absent(),
            Outcome::Fault => None,
        }
    }

    /// What [`try_get`](Self::try_get) does for any type.
    fn read_field(
        &mut self,
        index: usize,
        (is_optional, is_nullable): (bool, bool),
        read: &mut dyn FnMut(Node, &mut Place<'_>) -> bool,
    ) -> Outcome {
        let spare = self.spare(index, is_optional);
        let outcome = match self.take(index, is_optional, is_nullable) {
            Taken::Value(node, mut place) => match read(node, &mut place) {
                true => Outcome::Read,
                false => Outcome::Fault,
            },
            Taken::Absent => Outcome::Absent,
            Taken::Fault => Outcome::Fault,
        };
        let is_fault = matches!(outcome, Outcome::Fault);
        let is_kept = spare.is_some_and(|spare| self.keeps(spare, is_fault));
        if is_kept { Outcome::Absent } else { outcome }
    }

    /// What stands in an optional field, with the number of faults before it is read, where readers are forgiving.
    fn spare(&self, index: usize, is_optional: bool) -> Option<(&'static str, Node, usize)> {
        if !(self.place.is_forgiving && is_optional) {
            return None;
        }
        let node = self.slots.get(index)?.clone()?;
        Some((self.table.fields.get(index)?.key, node, self.place.fault_count()))
    }

    /// Keeps what was found to be of another form than foreseen, and forgets that it is a fault.
    fn keeps(&mut self, (key, node, before): (&'static str, Node, usize), is_fault: bool) -> bool {
        let is_odd = !self.place.take_faults(before).is_empty() || is_fault;
        if is_odd {
            self.kept.insert(key.to_owned(), node.into_json());
        }
        is_odd
    }

    /// Finds the field, without reading it.
    fn take(&mut self, index: usize, is_optional: bool, is_nullable: bool) -> Taken<'_> {
        let Some(field) = self.table.fields.get(index) else {
            return Taken::Fault;
        };
        match self.slots.get_mut(index).and_then(Option::take) {
            None if field.required || !is_optional => {
                self.field_fault(field, ViolationKind::Missing);
                Taken::Fault
            }
            None => Taken::Absent,
            Some(Node::Null) if !field.required && is_optional && !is_nullable => self.null(field),
            Some(node) => Taken::Value(node, self.place.field(field)),
        }
    }

    /// A null where only leaving the field out is foreseen: responses mean just that, inputs may mean anything.
    fn null(&mut self, field: &'static Field) -> Taken<'_> {
        if self.table.open && !self.table.strict {
            return Taken::Absent;
        }
        let types = field.rules.iter().find_map(|rule| match rule {
            Rule::Type(types) => Some(types.to_string()),
            _ => None,
        });
        self.place.field(field).refused(ViolationKind::Type, &Node::Null, &types.unwrap_or_default());
        Taken::Fault
    }

    /// Takes out the field at this position of the table, which has no value but this text. `None` after a fault.
    pub fn fixed(&mut self, index: usize, text: &'static str) -> Option<()> {
        let given: String = self.try_get(index)?;
        if given == text {
            return Some(());
        }
        let field = self.table.fields.get(index)?;
        self.place.field(field).refuse(ViolationKind::Value, &Node::Str(given), &format!("{text:?}"))
    }

    /// Takes out the entries beyond the fields.
    pub fn extra(&mut self) -> Extra {
        let mut extra = std::mem::take(&mut self.kept);
        match self.extra.take() {
            None => {}
            Some(Node::Map(entries)) => extra.extend(entries.into_iter().map(|(name, node)| (name, node.into_json()))),
            Some(node) => {
                let path = self.place.path.then(Step::Extra);
                let given = Given(node.as_value()).to_string();
                let fault = path.violation(ViolationKind::Type, given, "an object".to_owned(), String::new());
                self.place.faults.list.push(fault);
            }
        }
        extra
    }

    /// Refuses what the struct did not take, for want of room.
    fn finish(&mut self) {
        let kept = std::mem::take(&mut self.kept);
        kept.keys().for_each(|name| self.unknown(name));
        if self.extra.take().is_some() {
            self.unknown("extra");
        }
    }
}

/// Reads a document with readable names from any serde format.
pub fn deserialize_object<'de, T: FromValue, D: serde::Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let node = serde::Deserialize::deserialize(deserializer)?;
    // A response that was kept once is read again whatever form it has.
    read_whole(node, Names::Readable, true).map_err(serde::de::Error::custom)
}
