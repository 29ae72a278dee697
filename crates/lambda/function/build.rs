//! Build script of every function.

fn main() {
    // At an address that is known when it is linked: otherwise each start corrects 44,000 addresses, which took a quarter
    // of it, and a twelfth of the program says where they are. A function runs no code but its own.
    println!("cargo::rustc-link-arg-bins=-no-pie");
    println!("cargo::rerun-if-changed=../../crates/lambda/function/build.rs");
}
