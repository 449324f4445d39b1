//! "Did you mean": a text that matches nothing and the known ones in, the known one that is most like it out.

/// How alike two texts must be, from 0 to 1, for one to be suggested for the other.
const MIN_LIKENESS: f64 = 0.7;

/// The known text that is most like the wanted one, if any is at all.
pub(crate) fn nearest<'k>(wanted: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let rated = known.into_iter().map(|text| (strsim::jaro_winkler(wanted, text), text));
    let alike = rated.filter(|(likeness, _)| *likeness > MIN_LIKENESS);
    alike.max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1))).map(|(_, text)| text)
}
