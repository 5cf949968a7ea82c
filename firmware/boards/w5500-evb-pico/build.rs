//! Puts the memory map where the linker looks for it.
use std::path::PathBuf;

fn main() {
    let out = std::env::var_os("OUT_DIR").map(PathBuf::from).expect("cargo sets it");
    std::fs::copy("memory.x", out.join("memory.x")).expect("the memory map is here");
    println!("cargo:rustc-link-search={}", out.display());
    println!("cargo:rerun-if-changed=memory.x");
}
