//! Near misses: entries of `extra` that look like a field with a typing error. In: an object. Out: what there is to tell of
//! it. Must not refuse anything: the server may have learned just such a key.

use crate::invalid::{Violation, ViolationKind};
use crate::nearest::nearest;
use crate::schema::path::{Path, Step};
use crate::schema::table::{Names, Table};
use crate::schema::value::{Extra, Object};

/// The entries of `extra` whose names are only a few typing errors away from a field's.
pub fn near_misses(object: &dyn Object) -> Vec<Violation> {
    let table = object.table();
    let place = Path::ROOT.then(Step::Extra);
    let told = object.extra().into_iter().flat_map(Extra::keys).filter_map(|key| {
        let meant = meant(table, key)?;
        let hint = format!("did you mean {meant}?");
        Some(place.then(Step::Name(key)).violation(ViolationKind::UnknownName, String::new(), String::new(), hint))
    });
    told.collect()
}

/// The readable name of the field that a key comes near to, by any of its names. A field's very name is no near miss.
fn meant(table: &Table, key: &str) -> Option<&'static str> {
    if table.field(key).is_some() || table.field_by_key(key).is_some() {
        return None;
    }
    let near = |names: Names| {
        let name = nearest(table.fields.iter().map(|field| field.spelled(names)), key)?;
        table.find(name, names)
    };
    [Names::Readable, Names::Wire].into_iter().find_map(near).map(|field| field.name)
}
