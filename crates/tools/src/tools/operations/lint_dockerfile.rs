//! `lint_dockerfile`: what is wrong with a Dockerfile, by hadolint's published rules under their codes, and a few of our own.

use super::{
    PathArgs,
    dockerfile::{self, Instruction, split},
    files, pinned_image, placeholder, secret_name,
};
use crate::{
    Effect, Error, Tool, Workspace,
    finding::{Finding, Findings, Report},
};
use maestro_artifacts::delivery::Severity::{High, Info, Low, Medium};
use std::collections::BTreeSet;

pub(crate) struct LintDockerfile;

const KNOWN: &[&str] = &[
    "ADD",
    "ARG",
    "CMD",
    "COPY",
    "ENTRYPOINT",
    "ENV",
    "EXPOSE",
    "FROM",
    "HEALTHCHECK",
    "LABEL",
    "MAINTAINER",
    "ONBUILD",
    "RUN",
    "SHELL",
    "STOPSIGNAL",
    "USER",
    "VOLUME",
    "WORKDIR",
];

impl Tool for LintDockerfile {
    const NAME: &'static str = "lint_dockerfile";
    const DESCRIPTION: &'static str = "Checks Dockerfiles by hadolint's rules (DL3002 root, DL3006/DL3007 unpinned image, DL3008/DL3013 unpinned packages, DL3009 package lists, DL3020 ADD, DL3025 shell form, DL3057 no health check, ...) and for secrets in ENV and ARG, ADD from addresses, and copies that spoil the cache.";
    const EFFECT: Effect = Effect::Reads;
    type Args = PathArgs;
    type Output = Report;

    async fn call(&self, args: PathArgs, workspace: &mut Workspace<'_>) -> Result<Report, Error> {
        let is = |path: &str, _: &str| is_dockerfile(path);
        let files = files(workspace, args.path.as_deref(), "Dockerfile", is)?;
        let findings = files.iter().flat_map(|(path, text)| lint(path, text)).collect();
        Ok(Report { checked: files.len(), findings })
    }
}

fn is_dockerfile(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name == "Dockerfile"
        || name == "Containerfile"
        || name.starts_with("Dockerfile.")
        || name.ends_with(".Dockerfile")
        || name.ends_with(".dockerfile")
}

/// All findings about one Dockerfile.
pub(super) fn lint(path: &str, text: &str) -> Vec<Finding> {
    let mut found = Findings::of(path);
    let instructions = dockerfile::read(text);
    if instructions.is_empty() {
        found.add("syntax", High, 0, "the file has no instruction", "begin with `FROM image:tag`");
        return found.finish();
    }
    for instruction in &instructions {
        alone(instruction, &mut found);
        if instruction.name == "RUN" {
            run(instruction, &mut found);
        }
    }
    stages(&instructions, &mut found);
    found.finish()
}

fn alone(i: &Instruction, found: &mut Findings<'_>) {
    let words = i.words();
    match &*i.name {
        name if !KNOWN.contains(&name) => {
            found.add(
                "syntax",
                High,
                i.line,
                format!("there is no instruction `{name}`"),
                "use one of Dockerfile's instructions",
            );
        }
        "WORKDIR" => {
            let path = words.first().map_or("", String::as_str);
            if !path.starts_with(['/', '$']) && path.chars().nth(1) != Some(':') {
                found.add("DL3000", High, i.line, format!("the folder `{path}` is relative"), "give an absolute path");
            }
        }
        "MAINTAINER" => {
            found.add("DL4000", Low, i.line, "MAINTAINER is deprecated", "use `LABEL org.opencontainers.image.authors`")
        }
        "EXPOSE" => {
            for port in words.iter().filter(|port| !port.contains('$')) {
                let number = port.split(['/', '-']).next().and_then(|number| number.parse::<u32>().ok());
                if !number.is_some_and(|number| (1..=65_535).contains(&number)) {
                    found.add("DL3011", High, i.line, format!("`{port}` is no port"), "use a number from 1 to 65535");
                }
            }
        }
        "ENV" | "ARG" => {
            for (name, value) in i.pairs() {
                if secret_name(&name) && (i.name == "ARG" || !placeholder(&value)) {
                    let message = format!("`{name}` looks like a secret, and stays readable in the image's history");
                    found.add(
                        "secret-in-env",
                        High,
                        i.line,
                        message,
                        "give it when the container starts, or as `RUN --mount=type=secret`",
                    );
                }
                if i.name == "ENV"
                    && value.contains(&format!("${{{name}}}"))
                    && !matches!(&*name, "PATH" | "LD_LIBRARY_PATH" | "PYTHONPATH")
                {
                    found.add(
                        "DL3044",
                        Medium,
                        i.line,
                        format!("`{name}` refers to itself"),
                        "set it in an earlier instruction",
                    );
                }
            }
        }
        "CMD" | "ENTRYPOINT" if i.exec().is_none() => {
            found.add(
                "DL3025",
                Medium,
                i.line,
                format!("{} is written for a shell: the program does not get signals", i.name),
                "write it as a JSON list, `[\"program\", \"argument\"]`",
            );
        }
        "ADD" => {
            let from = words.iter().rev().skip(1);
            for source in from {
                if source.starts_with("http://") || source.starts_with("https://") {
                    if i.flag("checksum").is_none() {
                        found.add(
                            "add-url",
                            High,
                            i.line,
                            format!("`{source}` is taken as it is at build time, without a checksum"),
                            "add `--checksum=sha256:...`, or fetch and verify it in RUN",
                        );
                    }
                } else if ![".tar", ".tgz", ".tar.gz", ".tar.xz", ".tar.bz2", ".txz", ".git"]
                    .iter()
                    .any(|end| source.ends_with(end))
                {
                    found.add(
                        "DL3020",
                        Medium,
                        i.line,
                        format!("ADD of `{source}`"),
                        "use COPY: it does nothing but copy",
                    );
                }
            }
        }
        "COPY"
            if words.len() > 2
                && !i.rest.contains("<<")
                && !words.last().is_some_and(|last| last.ends_with('/') || last == "." || last.contains('$')) =>
        {
            found.add("DL3021", High, i.line, "COPY of several files to what is no folder", "end the target with `/`");
        }
        "ONBUILD"
            if words
                .first()
                .is_some_and(|word| matches!(&*word.to_ascii_uppercase(), "FROM" | "ONBUILD" | "MAINTAINER")) =>
        {
            found.add("DL3043", High, i.line, "ONBUILD cannot trigger that", "leave it out");
        }
        _ => {}
    }
}

/// The single commands of a RUN.
fn commands(rest: &str) -> Vec<Vec<String>> {
    let rest = rest.replace("&&", "\n").replace("||", "\n").replace([';', '|'], "\n");
    rest.lines().map(split).filter(|words| !words.is_empty()).collect()
}

fn run(i: &Instruction, found: &mut Findings<'_>) {
    let commands = i.exec().map_or_else(|| commands(&i.rest), |words| vec![words]);
    let cached = i.flags.iter().any(|flag| flag.starts_with("--mount=type=cache"));
    let mut apt = false;
    for words in &commands {
        // Variables set for one command stand before it.
        let words: Vec<&str> =
            words.iter().map(String::as_str).skip_while(|word| word.contains('=') && !word.starts_with('-')).collect();
        let has = |flags: &[&str]| {
            words.iter().any(|word| flags.iter().any(|flag| word == flag || word.starts_with(&format!("{flag}="))))
        };
        let packages = |after: &str| -> Vec<&str> {
            words
                .iter()
                .skip_while(|word| **word != after)
                .skip(1)
                .copied()
                .filter(|word| !word.starts_with('-') && !word.contains('$'))
                .collect()
        };
        match words.as_slice() {
            ["sudo", ..] => {
                found.add("DL3004", High, i.line, "sudo behaves in ways nobody expects here", "switch by USER")
            }
            ["cd", ..] if commands.len() > 1 || i.name == "RUN" => {
                found.add("DL3003", Low, i.line, "cd counts for this RUN only", "use WORKDIR")
            }
            ["apt", sub, ..] if *sub != "--version" => {
                found.add("DL3027", Low, i.line, "apt is for people at a terminal", "use apt-get")
            }
            ["apt-get", ..] if words.contains(&"install") => {
                apt = true;
                if !has(&["-y", "--yes", "-qq", "--assume-yes", "-qy", "-yq", "-yqq", "-qqy"]) {
                    found.add("DL3014", High, i.line, "apt-get install asks, and nobody answers", "add `-y`");
                }
                if !has(&["--no-install-recommends"]) {
                    found.add(
                        "DL3015",
                        Low,
                        i.line,
                        "recommended packages are installed too",
                        "add `--no-install-recommends`",
                    );
                }
                for package in packages("install")
                    .into_iter()
                    .filter(|name| !name.contains('=') && !name.ends_with(".deb") && !name.starts_with('/'))
                {
                    found.add(
                        "DL3008",
                        Info,
                        i.line,
                        format!("the package `{package}` has no version"),
                        "write `name=version`, or pin the base image by digest",
                    );
                }
            }
            ["apk", ..] if words.contains(&"add") => {
                if !has(&["--no-cache"]) && !cached {
                    found.add("DL3019", Low, i.line, "the package index stays in the image", "add `--no-cache`");
                }
                for package in packages("add").into_iter().filter(|name| !name.contains(['=', '~', '>'])) {
                    found.add(
                        "DL3018",
                        Info,
                        i.line,
                        format!("the package `{package}` has no version"),
                        "write `name=version`",
                    );
                }
            }
            ["pip" | "pip3", "install", ..] | ["python" | "python3", "-m", "pip", "install", ..] => {
                if !has(&["--no-cache-dir"]) && !cached && !i.rest.contains("PIP_NO_CACHE_DIR") {
                    found.add("DL3042", Low, i.line, "pip's cache stays in the image", "add `--no-cache-dir`");
                }
                let mut skip = false;
                for package in packages("install") {
                    let file = package.ends_with(".txt")
                        || package.contains(['/'])
                        || package == "."
                        || package.ends_with(".whl");
                    if !skip && !file && !package.contains("==") && !package.contains('@') {
                        found.add(
                            "DL3013",
                            Medium,
                            i.line,
                            format!("the package `{package}` has no version"),
                            "write `name==version`",
                        );
                    }
                    skip = false;
                }
            }
            ["npm", "install" | "i", "-g" | "--global", rest @ ..] => {
                for package in
                    rest.iter().filter(|word| !word.starts_with('-') && !word.trim_start_matches('@').contains('@'))
                {
                    found.add(
                        "DL3016",
                        Medium,
                        i.line,
                        format!("the package `{package}` has no version"),
                        "write `name@version`",
                    );
                }
            }
            ["wget", ..] if !has(&["-q", "-nv", "--progress", "--quiet", "--no-verbose", "-qO-", "-qO"]) => {
                found.add(
                    "DL3047",
                    Info,
                    i.line,
                    "wget writes its progress into the log",
                    "add `--progress=dot:giga` or `-nv`",
                );
            }
            ["chmod", mode, ..] if mode.ends_with("777") => {
                found.add(
                    "world-writable",
                    High,
                    i.line,
                    "everybody may write there",
                    "give rights to the user that needs them",
                );
            }
            _ => {}
        }
    }
    if apt && !i.rest.contains("/var/lib/apt/lists") && !cached {
        found.add(
            "DL3009",
            Low,
            i.line,
            "the package lists stay in the image",
            "end with `&& rm -rf /var/lib/apt/lists/*` in the same RUN",
        );
    }
    let piped = i.rest.replace("||", "").contains('|') && i.exec().is_none();
    if piped && !i.rest.contains("pipefail") {
        found.add(
            "DL4006",
            Medium,
            i.line,
            "only the last command of a pipe can fail",
            "begin with `set -o pipefail &&`, or set SHELL",
        );
    }
    let fetches = i.rest.contains("curl ") || i.rest.contains("wget ");
    if piped && fetches && ["| sh", "| bash", "|sh", "|bash", "| python"].iter().any(|shell| i.rest.contains(shell)) {
        found.add(
            "pipe-to-shell",
            High,
            i.line,
            "what comes from the network is run unseen",
            "fetch it, verify its checksum, then run it",
        );
    }
}

fn stages(all: &[Instruction], found: &mut Findings<'_>) {
    let first = all.iter().find(|i| i.name != "ARG");
    if let Some(i) = first.filter(|i| i.name != "FROM") {
        found.add("DL3061", High, i.line, format!("the file begins with {}", i.name), "begin with FROM");
    }
    let mut names: BTreeSet<String> = BTreeSet::new();
    let mut number = 0;
    let mut stages: Vec<Vec<&Instruction>> = Vec::new();
    for i in all {
        if i.name == "FROM" {
            from(i, &mut names, found);
            stages.push(Vec::new());
            number += 1;
        }
        if let Some(source) = i.flag("from").filter(|_| i.name == "COPY") {
            let known = names.contains(&source.to_lowercase()) || source.parse::<usize>().is_ok_and(|n| n + 1 < number);
            if !known && !source.contains(['/', ':', '.', '$']) {
                found.add(
                    "DL3022",
                    Medium,
                    i.line,
                    format!("there is no earlier stage `{source}`"),
                    "name a stage that stands above",
                );
            }
        }
        stages.last_mut().into_iter().for_each(|stage| stage.push(i));
    }
    for stage in &stages {
        for (name, rule) in [("CMD", "DL4003"), ("ENTRYPOINT", "DL4004"), ("HEALTHCHECK", "DL3012")] {
            if let Some(last) = stage.iter().filter(|i| i.name == name).nth(1) {
                found.add(rule, Medium, last.line, format!("{name} stands twice: only the last counts"), "keep one");
            }
        }
        order(stage, found);
        for pair in stage.windows(2) {
            if let [a, b] = pair
                && a.name == "RUN"
                && b.name == "RUN"
                && a.flags == b.flags
            {
                found.add("DL3059", Info, b.line, "two RUN in a row make two layers", "join them by `&&`");
            }
        }
        let folder = stage.iter().position(|i| i.name == "WORKDIR");
        for (at, i) in stage.iter().enumerate().filter(|(_, i)| i.name == "COPY") {
            let target = i.words().pop().unwrap_or_default();
            if !target.starts_with(['/', '$', '~']) && folder.is_none_or(|folder| folder >= at) {
                found.add(
                    "DL3045",
                    Low,
                    i.line,
                    format!("`{target}` is relative, and no WORKDIR says to what"),
                    "set WORKDIR before",
                );
            }
        }
    }
    let (Some(last), Some(end)) = (stages.last(), all.last()) else { return };
    match last.iter().rev().find(|i| i.name == "USER") {
        None => found.add(
            "DL3002",
            High,
            end.line,
            "the container runs as root: no USER is set",
            "add a user without privileges, and `USER name`",
        ),
        Some(i)
            if matches!(
                i.words().first().map(|user| user.split(':').next().unwrap_or(user).to_owned()).as_deref(),
                Some("root" | "0")
            ) =>
        {
            found.add("DL3002", High, i.line, "the last USER is root", "switch back to a user without privileges");
        }
        Some(_) => {}
    }
    let starts = last.iter().any(|i| matches!(&*i.name, "CMD" | "ENTRYPOINT"));
    if starts && !last.iter().any(|i| i.name == "HEALTHCHECK") {
        found.add(
            "DL3057",
            Low,
            end.line,
            "nothing asks whether the service is well",
            "add HEALTHCHECK with a request to it",
        );
    }
}

fn from(i: &Instruction, names: &mut BTreeSet<String>, found: &mut Findings<'_>) {
    let words = i.words();
    let image = words.first().cloned().unwrap_or_default();
    if !names.contains(&image.to_lowercase()) && image != "scratch" && !image.contains('$') {
        match pinned_image(&image) {
            Ok(()) => {}
            Err(why) if why.contains("latest") => found.add(
                "DL3007",
                Medium,
                i.line,
                format!("`{image}` {why}: it changes under you"),
                "use a version, such as `:3.13-slim`",
            ),
            Err(why) => {
                found.add("DL3006", Medium, i.line, format!("`{image}` {why}"), "use a version, such as `:3.13-slim`")
            }
        }
    }
    if let (Some(keyword), Some(alias)) = (words.get(1), words.get(2))
        && keyword.eq_ignore_ascii_case("as")
        && !names.insert(alias.to_lowercase())
    {
        found.add("DL3024", High, i.line, format!("two stages are called `{alias}`"), "give each its own name");
    }
}

/// Copying all sources before dependencies are installed makes every change install them anew.
fn order(stage: &[&Instruction], found: &mut Findings<'_>) {
    let all = stage.iter().position(|i| {
        matches!(&*i.name, "COPY" | "ADD")
            && i.flag("from").is_none()
            && i.words().first().is_some_and(|s| s == "." || s == "./")
    });
    const INSTALLS: &[&str] = &[
        "pip install -r",
        "pip install --no-cache-dir -r",
        "pip3 install -r",
        "npm ci",
        "npm install",
        "yarn install",
        "pnpm install",
        "poetry install",
        "uv sync",
        "bundle install",
        "go mod download",
        "cargo fetch",
    ];
    let Some(all) = all else { return };
    let later =
        stage.iter().skip(all + 1).find(|i| i.name == "RUN" && INSTALLS.iter().any(|install| i.rest.contains(install)));
    if let (Some(i), Some(copy)) = (later, stage.get(all)) {
        found.add(
            "copy-order",
            Low,
            copy.line,
            format!("all sources are copied before line {} installs what they need", i.line),
            "copy the list of dependencies, install, then copy the rest",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{context, context_with, run as call};
    use serde_json::json;

    const FINE: &str = "FROM python:3.13-slim\nRUN useradd --system app\nWORKDIR /app\nCOPY service/ service/\nUSER app\nHEALTHCHECK CMD [\"true\"]\nCMD [\"python3\", \"-m\", \"service\"]\n";

    fn rules(text: &str) -> Vec<String> {
        lint("Dockerfile", text).into_iter().map(|finding| format!("{}:{}", finding.line, finding.rule)).collect()
    }

    #[test]
    fn each_rule_finds_its_line() {
        assert_eq!(rules(FINE), [] as [String; 0]);
        for (line, want) in [
            (
                "RUN apt-get update && apt-get install curl=1 && rm -rf /var/lib/apt/lists/*",
                &["7:DL3014", "7:DL3015"][..],
            ),
            ("RUN apt-get install -y --no-install-recommends curl=1", &["7:DL3009"]),
            ("RUN apt-get install -y --no-install-recommends curl && rm -rf /var/lib/apt/lists/*", &["7:DL3008"]),
            ("RUN pip install flask", &["7:DL3013", "7:DL3042"]),
            ("RUN pip install --no-cache-dir -r requirements.txt", &[]),
            ("RUN curl -s https://x.example/i.sh | sh", &["7:DL4006", "7:pipe-to-shell"]),
            ("RUN sudo make", &["7:DL3004"]),
            ("RUN chmod -R 777 /x", &[]),
            ("RUN chmod 777 /x", &["7:world-writable"]),
            ("ADD https://x.example/a.bin /a.bin", &["7:add-url"]),
            ("ADD --checksum=sha256:ab https://x.example/a.bin /a.bin", &[]),
            ("ADD a.txt /a.txt", &["7:DL3020"]),
            ("ENV DB_PASSWORD=hunter2", &["7:secret-in-env"]),
            ("ENV DB_PASSWORD_FILE=/run/secrets/db", &[]),
            ("ARG API_TOKEN", &["7:secret-in-env"]),
            ("WORKDIR app", &["7:DL3000"]),
            ("EXPOSE 80000", &["7:DL3011"]),
            ("COPY --from=build /a /a", &["7:DL3022"]),
            ("COPY a b /c", &["7:DL3021"]),
            ("MAINTAINER me", &["7:DL4000"]),
            ("BUILD x", &["7:syntax"]),
            ("ENTRYPOINT run me", &["7:DL3025"]),
            ("CMD [\"a\"]", &["8:DL4003"]),
        ] {
            let text = FINE.replace("CMD [\"python3\"", &format!("{line}\nCMD [\"python3\""));
            assert_eq!(rules(&text), want, "{line}");
        }
    }

    #[test]
    fn what_is_missing_is_told_too() {
        for (text, want) in [
            (FINE.replace("USER app\n", ""), "6:DL3002"),
            (FINE.replace("USER app", "USER root"), "5:DL3002"),
            (FINE.replace("HEALTHCHECK CMD [\"true\"]\n", ""), "6:DL3057"),
            (FINE.replace(":3.13-slim", ""), "1:DL3006"),
            (FINE.replace(":3.13-slim", ":latest"), "1:DL3007"),
            (FINE.replace("WORKDIR /app\n", ""), "3:DL3045"),
            (FINE.replace("COPY service/ service/", "COPY . .\nRUN npm ci"), "4:copy-order"),
            (format!("RUN x\n{FINE}"), "1:DL3061"),
        ] {
            assert_eq!(rules(&text), [want], "{text}");
        }
        let stages = "FROM golang:1.25 AS build\nWORKDIR /s\nRUN go build\nFROM scratch\nCOPY --from=build /s/a /a\nUSER 1000\nENTRYPOINT [\"/a\"]\nHEALTHCHECK NONE\n";
        assert_eq!(rules(stages), [] as [String; 0]);
    }

    #[tokio::test]
    async fn files_are_found_by_name() {
        let files = [("deploy/Dockerfile", "FROM a"), ("README.md", "FROM a")];
        let got = call(LintDockerfile, json!({}), &mut context_with(&files)).await.unwrap();
        assert_eq!((&got["checked"], &got["findings"][0]["path"]), (&json!(1), &json!("deploy/Dockerfile")));
        assert!(
            call(LintDockerfile, json!({}), &mut context()).await.unwrap_err().to_string().contains("no Dockerfile")
        );
    }
}
