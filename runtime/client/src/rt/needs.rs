//! What a build script's file asks of this crate: one macro for each feature that models may need, which is nothing with
//! the feature on, and without it an error that names it. Must not know models.

/// Defines the macro of a feature.
macro_rules! needs {
    ($feature:literal, $name:ident) => {
        #[cfg(feature = $feature)]
        #[doc(hidden)]
        #[macro_export]
        macro_rules! $name {
            () => {};
        }

        #[cfg(not(feature = $feature))]
        #[doc(hidden)]
        #[macro_export]
        macro_rules! $name {
            () => {
                ::core::compile_error!(::core::concat!(
                    "these models need the feature \"",
                    $feature,
                    "\" of runcomfy-client: turn it on in Cargo.toml"
                ));
            };
        }
    };
}

needs!("fragments", __needs_fragments);
needs!("pattern", __needs_pattern);
needs!("validations", __needs_validations);
