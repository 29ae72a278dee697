//! Writes the service of an epic and its tests into a folder: `deliverable EPIC DIR`. What `tests/mutation/mutate.py`
//! works on.

use std::{error::Error, fs, io::Write as _, path::Path};

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args_os().skip(1);
    let (Some(epic), Some(dir), None) = (args.next(), args.next(), args.next()) else {
        return Err("give an epic and a folder".into());
    };
    let name = Path::new(&epic).file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let requirements = maestro_reader::read(&maestro_epic::read(&fs::read(&epic)?, &name)?);
    let model = &requirements.concepts;
    let suite = maestro_acceptance::write(&requirements, model);
    for one in &suite.plan.untested {
        writeln!(std::io::stderr(), "{} has no test: {}", one.statement, one.why)?;
    }
    let mut files = maestro_service::backend_files(model);
    files.extend(suite.files);
    files.insert("openapi.json".to_owned(), serde_json::to_string_pretty(&maestro_service::openapi(model))?);
    for (path, text) in files {
        let path = Path::new(&dir).join(path);
        fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
        fs::write(path, text)?;
    }
    Ok(())
}
