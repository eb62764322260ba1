//! Builds again where the browser's files that go into the program have changed.

use std::path::Path;

/// Where `cargo xtask dist` puts them; `server/src/http/site.rs` reads the same folder.
const SITE: &str = "../target/embedded-site";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var_os("CARGO_FEATURE_EMBEDDED_SITE").is_none() {
        return;
    }
    println!("cargo::rerun-if-changed={SITE}");
    if !Path::new(SITE).is_dir() {
        println!(
            "cargo::error=the feature embedded-site puts the files of target/embedded-site into the program, and they are \
             not there: run cargo xtask dist"
        );
    }
}
