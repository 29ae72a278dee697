//! The files of the deliverable.

mod apply_patch;
mod delete_file;
mod list_files;
mod move_file;
mod patch;
mod read_file;
mod replace_text;
mod search_files;
mod write_file;

tools! {
    apply_patch::ApplyPatch,
    delete_file::DeleteFile,
    list_files::ListFiles,
    move_file::MoveFile,
    read_file::ReadFile,
    replace_text::ReplaceText,
    search_files::SearchFiles,
    write_file::WriteFile,
}
