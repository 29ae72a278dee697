//! Prints what an epic is understood to mean: `cargo run -p maestro-reader --example explain -- FILE`.
#![expect(clippy::print_stdout, reason = "printing is what this tool is for")]

use maestro_artifacts::Understanding;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("usage: explain FILE")?;
    let epic = maestro_epic::read(&std::fs::read(&path)?, &path)?;
    let read = maestro_reader::read(&epic);
    println!("# {}\nroles: {}", epic.title, read.concepts.roles.join(", "));
    for entity in &read.concepts.entities {
        println!("\n/{} ({})", entity.path, entity.name);
        for field in &entity.fields {
            println!(
                "  {}{}: {}",
                field.key,
                if field.read_only { " (read only)" } else { "" },
                serde_json::to_string(&field.kind)?
            );
        }
        if let Some(flow) = &entity.workflow {
            let ways: Vec<String> = flow.transitions.iter().map(|way| format!("{} -> {}", way.from, way.to)).collect();
            println!("  {} starts {}: {}", flow.field, flow.initial, ways.join(", "));
        }
    }
    println!();
    for rule in &read.concepts.rules {
        println!("{:6} {}   {}", rule.id, rule.message, serde_json::to_string(&rule.demand)?);
    }
    println!();
    for statement in epic.statements.iter().filter(|statement| !statement.kind.traced()) {
        println!("{:8} narrative  {}", statement.id.as_str(), statement.text);
    }
    for item in &read.items {
        let meaning = match &item.understanding {
            Understanding::Rules { rules } => rules.join(" "),
            Understanding::Criteria => "its criteria".to_owned(),
            Understanding::Unknown { quote, why } => format!("UNKNOWN `{quote}`: {why}"),
            Understanding::Deferred { words } => format!("deferred: {words}"),
        };
        println!("{:8} {}\n         = {meaning}", item.id.as_str(), item.text);
    }
    for contradiction in &read.contradictions {
        println!("CONTRADICTION {} {:?}", contradiction.message, contradiction.statements);
    }
    let unknown = read.unknown().count();
    println!("\n{} statements, {unknown} unknown, {} rules", read.items.len(), read.concepts.rules.len());
    Ok(())
}
