//! What one call sees and changes. Changes are checked when they are made and count only when the call succeeds.

use crate::{Context, Denial, Effect, Error, Permissions};
use maestro_domain::{Evidence, job::Limits};
use maestro_ports::referee::{Action, Job};
use serde_json::Value;
use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};

/// Most bytes of one file.
const FILE_LIMIT: usize = 2 << 20;
/// Most files of one artifact.
const COUNT_LIMIT: usize = 500;

/// What a call changed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Changes {
    /// Files written, and those removed (`None`).
    pub files: BTreeMap<String, Option<Vec<u8>>>,
    /// The document that was handed over.
    pub submitted: Option<Value>,
}

/// One call's view of the task.
pub struct Workspace<'a> {
    context: &'a Context,
    permissions: &'a Permissions,
    tool: &'a str,
    effect: Effect,
    changes: Changes,
}

impl<'a> Workspace<'a> {
    pub(crate) fn new(context: &'a Context, permissions: &'a Permissions, tool: &'a str, effect: Effect) -> Self {
        Self { context, permissions, tool, effect, changes: Changes::default() }
    }

    /// The task.
    #[must_use]
    pub const fn context(&self) -> &'a Context {
        self.context
    }

    /// All files that the task sees, by path: what others handed over and its own.
    #[must_use]
    pub fn files(&self) -> BTreeMap<&str, &[u8]> {
        let upstream = self.context.upstream.values().flat_map(|upstream| &upstream.files);
        let mut files: BTreeMap<_, _> =
            upstream.chain(&self.context.own).map(|(path, bytes)| (path.as_str(), bytes.as_slice())).collect();
        for (path, bytes) in &self.changes.files {
            match bytes {
                Some(bytes) => files.insert(path, bytes),
                None => files.remove(path.as_str()),
            };
        }
        files
    }

    /// One file's bytes.
    ///
    /// # Errors
    /// [`Error::Respond`] when there is none of that path, with those that are like it.
    pub fn file(&self, path: &str) -> Result<&[u8], Error> {
        let files = self.files();
        match files.get(path) {
            Some(bytes) => Ok(bytes),
            None => Err(Error::Respond(crate::near::missing(path, files.keys().copied()))),
        }
    }

    /// One file's text.
    ///
    /// # Errors
    /// [`Error::Respond`] when there is none of that path, or it is no text.
    pub fn text(&self, path: &str) -> Result<&str, Error> {
        std::str::from_utf8(self.file(path)?)
            .map_err(|_| Error::Respond(format!("`{path}` is no text: it is not UTF-8")))
    }

    /// All files that are text, by path.
    #[must_use]
    pub fn texts(&self) -> BTreeMap<&str, Cow<'_, str>> {
        self.files().into_iter().map(|(path, bytes)| (path, String::from_utf8_lossy(bytes))).collect()
    }

    /// Writes a file of the caller's own artifact.
    ///
    /// # Errors
    /// [`Error::Denied`] when the caller may not, [`Error::Respond`] when it is too large.
    pub fn write(&mut self, path: &str, bytes: impl Into<Vec<u8>>) -> Result<(), Error> {
        self.declared(Effect::WritesArtifact)?;
        self.permissions.may_write(self.context, path)?;
        let bytes = bytes.into();
        if bytes.len() > FILE_LIMIT {
            return Err(Error::Respond(format!("`{path}` has {} bytes; {FILE_LIMIT} is the most", bytes.len())));
        }
        let mut after: BTreeSet<_> = self.context.own.keys().map(String::as_str).collect();
        for (path, bytes) in &self.changes.files {
            if bytes.is_some() {
                after.insert(path)
            } else {
                after.remove(path.as_str())
            };
        }
        if after.len() >= COUNT_LIMIT && !after.contains(path) {
            return Err(Error::Respond(format!("an artifact holds at most {COUNT_LIMIT} files")));
        }
        self.changes.files.insert(path.to_owned(), Some(bytes));
        Ok(())
    }

    fn owns(&self, path: &str) -> bool {
        self.context.own.contains_key(path)
    }

    /// Removes a file of the caller's own artifact.
    ///
    /// # Errors
    /// [`Error::Denied`] when the caller may not, [`Error::Respond`] when it wrote no such file.
    pub fn remove(&mut self, path: &str) -> Result<(), Error> {
        self.declared(Effect::WritesArtifact)?;
        self.permissions.may_write(self.context, path)?;
        let staged = self.changes.files.get(path).map(Option::is_some);
        if !staged.unwrap_or_else(|| self.owns(path)) {
            let own = self.context.own.keys().map(String::as_str);
            return Err(Error::Respond(crate::near::missing(path, own)));
        }
        self.changes.files.insert(path.to_owned(), None);
        Ok(())
    }

    /// Hands over the typed document of the artifact, which ends the task.
    ///
    /// # Errors
    /// [`Error::Denied`] when the tool does not say that it writes.
    pub fn submit(&mut self, document: Value) -> Result<(), Error> {
        self.declared(Effect::WritesArtifact)?;
        self.changes.submitted = Some(document);
        Ok(())
    }

    /// What the referee saw when it did this with all files. Nobody waits for the referee: where it did not do it yet the
    /// task is told what to wait for, and the call is made again when the evidence is there.
    ///
    /// # Errors
    /// [`Error::Waits`] when it was not run yet; [`Error::Denied`] when the tool does not say that it runs code.
    pub async fn evidence(&self, action: Action) -> Result<Evidence, Error> {
        self.evidence_with(action, BTreeMap::new(), Limits::default()).await
    }

    /// The same with more files laid beside those of the task, within other limits.
    ///
    /// # Errors
    /// As [`Self::evidence`].
    pub async fn evidence_with(
        &self,
        action: Action,
        more: BTreeMap<String, String>,
        limits: Limits,
    ) -> Result<Evidence, Error> {
        self.declared(Effect::RunsCode)?;
        let mut workspace: BTreeMap<_, _> =
            self.files().into_iter().map(|(path, bytes)| (path.to_owned(), bytes.to_vec())).collect();
        workspace.extend(more.into_iter().map(|(path, text)| (path, text.into_bytes())));
        let name = format!("{}/{}/{}", self.context.phase, self.context.persona, self.tool);
        let job = Job { name, workspace, action, env: [].into(), limits };
        let known = self.context.jobs.evidence(&job).await;
        let known = known.map_err(|source| Error::Fatal { tool: self.tool.to_owned(), source })?;
        known.ok_or_else(|| Error::Waits(job.into()))
    }

    /// Whether the tool says that it does this. Who runs code may also write what came of it, if the caller may write at all.
    fn declared(&self, effect: Effect) -> Result<(), Denial> {
        let writes_what_ran = (self.effect, effect) == (Effect::RunsCode, Effect::WritesArtifact);
        if self.effect == effect || (writes_what_ran && self.permissions.effects.contains(&effect)) {
            return Ok(());
        }
        Err(Denial::Undeclared { tool: self.tool.to_owned(), effect })
    }

    pub(crate) fn into_changes(self) -> Changes {
        self.changes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{context, everything};

    #[test]
    fn changes_are_seen_at_once_and_cover_what_was_there() {
        let (mut context, all) = (context(), everything());
        context.own.insert("a.md".into(), b"old".to_vec());
        let mut workspace = Workspace::new(&context, &all, "t", Effect::WritesArtifact);
        workspace.write("b.md", "new").unwrap();
        workspace.remove("a.md").unwrap();
        assert_eq!(workspace.files().into_keys().collect::<Vec<_>>(), ["b.md"]);
        assert!(workspace.remove("a.md").unwrap_err().to_string().contains("there is no file `a.md`"));
        workspace.remove("b.md").unwrap();
        let changes = workspace.into_changes();
        context.apply(changes);
        assert!(context.own.is_empty());
    }

    #[tokio::test]
    async fn a_tool_does_only_what_it_says() {
        let (context, all) = (context(), everything());
        let mut reader = Workspace::new(&context, &all, "t", Effect::Reads);
        let undeclared = |done: Result<(), Error>| matches!(done, Err(Error::Denied(Denial::Undeclared { .. })));
        assert!(undeclared(reader.write("a.md", "x")));
        assert!(undeclared(reader.remove("a.md")));
        assert!(undeclared(reader.submit(Value::Null)));
        let job = Action::Command { argv: vec!["true".into()] };
        assert!(undeclared(reader.evidence(job.clone()).await.map(drop)));
        let runner = Workspace::new(&context, &all, "t", Effect::RunsCode);
        assert!(matches!(runner.evidence(job).await, Err(Error::Waits(job)) if job.name == "testing/qa_engineer/t"));
    }

    #[test]
    fn files_are_bounded_in_size_and_number() {
        let (mut context, all) = (context(), everything());
        context.own = (0..COUNT_LIMIT - 1).map(|n| (format!("f{n}"), vec![])).collect();
        let mut workspace = Workspace::new(&context, &all, "t", Effect::WritesArtifact);
        assert!(workspace.write("f0", vec![b' '; FILE_LIMIT + 1]).unwrap_err().to_string().contains("is the most"));
        workspace.write("one", "").unwrap();
        workspace.write("one", "again").unwrap();
        workspace.write("f1", "again").unwrap();
        assert!(workspace.write("two", "").unwrap_err().to_string().contains("at most"));
    }
}
