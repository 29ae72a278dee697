//! What code says of itself, read by its grammar.

mod check_syntax;
mod definitions;
mod find_references;
mod find_symbols;
pub(super) mod language;
mod mentions;
mod outline_code;

tools! {
    check_syntax::CheckSyntax,
    find_references::FindReferences,
    find_symbols::FindSymbols,
    outline_code::OutlineCode,
}
