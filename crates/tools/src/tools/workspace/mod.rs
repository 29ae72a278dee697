//! The files of the deliverable.

mod list_files;
mod read_file;
mod write_file;

tools! {
    list_files::ListFiles,
    read_file::ReadFile,
    write_file::WriteFile,
}
