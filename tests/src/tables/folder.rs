//! Sources on disk, as a schema folder. Knows no schema.

use std::path::Path;

use runcomfy_codegen::{ModelSource, Sources};

/// Writes what was loaded, or made up, into a folder.
///
/// # Panics
/// If the disk does not take it.
pub fn write(sources: &Sources, folder: &Path) {
    for ModelSource { folder: own, manifest, input, output, lock, overrides } in &sources.models {
        for file in [Some(manifest), Some(input), Some(output), lock.as_ref(), overrides.as_ref()].into_iter().flatten()
        {
            let name = file.path.rsplit('/').next().expect("a name");
            let path = folder.join(own).join(name);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            std::fs::write(path, &file.text).expect("a file");
        }
    }
}
