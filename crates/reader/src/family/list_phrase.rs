//! Sentences that say several things about one list: `People want to see bookings by room and day, newest start first,
//! and search them by title`. Read from left to right; a word that fits nowhere makes the whole unknown.

use crate::effect::Effect;
use crate::engine::{Engine, Reading};
use crate::lexicon::one_of;
use crate::pattern::Bound;
use crate::scope::{FieldRef, Scope, separator};
use crate::token::Token;
use maestro_artifacts::{Action, FieldKind, RuleKind, SortKey};

/// What the fields behind `by` are for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    See,
    Filter,
    Order,
    Sortable,
    Search,
    Csv,
}

const DOWN: &[&str] = &["best", "newest", "latest", "highest", "largest", "biggest", "recent", "longest", "slowest"];
const UP: &[&str] =
    &["oldest", "earliest", "lowest", "smallest", "soonest", "shortest", "next", "cheapest", "fastest", "quickest"];
/// Ends of an order that only what is timed has, and how such a field is called.
const TIMED: (&[&str], &[&str]) = (
    &["fastest", "quickest", "slowest"],
    &["time", "duration", "second", "minute", "hour", "pace", "seconds", "minutes", "hours"],
);

/// Whether a word says which end of an order comes first.
pub(crate) fn superlative(word: &str) -> bool {
    DOWN.contains(&word) || UP.contains(&word)
}

/// What somebody does with a list.
const DOING: &[&str] =
    &["filters", "searches", "sorts", "exports", "downloads", "looks", "finds", "sees", "views", "narrows"];

struct Parser<'r> {
    tokens: &'r [Token],
    scope: Scope<'r>,
    at: usize,
    entity: Option<String>,
    may: bool,
    passive: bool,
    mode: Option<Mode>,
    sort: Vec<SortKey>,
    page_size: Option<u32>,
    effects: Vec<Effect>,
}

pub(super) fn sentence(_: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    read(reading.engine, reading.tokens)
}

/// "Members and loans can be downloaded as CSV": the same of each list.
fn each(engine: &Engine<'_>, tokens: &[Token]) -> Option<Vec<Effect>> {
    let scope = engine.scope(tokens);
    let mut from = 0;
    let mut named: Vec<std::ops::Range<usize>> = Vec::new();
    while from < tokens.len() {
        if let Some((end, _)) = scope.entity_at(tokens, from).into_iter().next() {
            named.push(from..end);
            let next = separator(tokens, end);
            if next > end {
                from = next;
                continue;
            }
        }
        if named.len() > 1 {
            break;
        }
        named.clear();
        from += 1;
    }
    let (first, last) = (named.first()?.start, named.last()?.end);
    if named.len() < 2 {
        return None;
    }
    let mut effects = Vec::new();
    for one in &named {
        let mut alone = tokens.get(..first)?.to_vec();
        alone.extend(tokens.get(one.clone())?.iter().cloned());
        alone.extend(tokens.get(last..)?.iter().cloned());
        effects.extend(read(engine, &alone)?);
    }
    Some(effects)
}

/// Reads the whole clause.
pub(super) fn read(engine: &Engine<'_>, tokens: &[Token]) -> Option<Vec<Effect>> {
    const TELLING: &[&str] = &[
        "by",
        "first",
        "page",
        "csv",
        "search",
        "filter",
        "searched",
        "filtered",
        "sorted",
        "sort",
        "alphabetically",
        "alphabetical",
        "chronological",
        "chronologically",
        "searchable",
        "sortable",
        "filterable",
        "between",
        "period",
        "range",
    ];
    if !tokens.iter().any(|token| TELLING.contains(&token.word.as_str())) {
        return None;
    }
    if let Some(effects) = each(engine, tokens) {
        return Some(effects);
    }
    let mut parser = Parser {
        tokens,
        scope: engine.scope(tokens),
        at: 0,
        entity: None,
        may: false,
        passive: false,
        mode: None,
        sort: Vec::new(),
        page_size: None,
        effects: Vec::new(),
    };
    parser.subject();
    while parser.at < tokens.len() {
        parser.part()?;
    }
    parser.finish()
}

impl Parser<'_> {
    fn word(&self, ahead: usize) -> &str {
        self.tokens.get(self.at + ahead).filter(|token| !token.quoted).map_or("", |token| token.word.as_str())
    }

    fn is(&self, words: &[&str]) -> bool {
        words.contains(&self.word(0))
    }

    fn skip(&mut self, words: &[&str]) {
        while self.at < self.tokens.len() && self.is(words) {
            self.at += 1;
        }
    }

    /// "The lab head filters samples by ...": who does it restricts nobody.
    fn doer(&mut self) {
        let Some(verb) = self.tokens.iter().take(4).position(|token| DOING.contains(&token.word.as_str())) else {
            return;
        };
        let who = self.tokens.get(..verb).unwrap_or_default();
        let plain = verb > 0
            && self.scope.mentioned(who).is_empty()
            && who.iter().all(|token| {
                !token.quoted
                    && token.word.chars().all(char::is_alphabetic)
                    && !crate::engine::MODALS.contains(&token.word.as_str())
                    && !matches!(token.word.as_str(), "only" | "no" | "noone" | "if")
            });
        if plain {
            self.at = verb;
        }
    }

    /// "Managers want to", "it must be possible to", "users may": says who, and restricts nobody.
    fn subject(&mut self) {
        let verb = self.tokens.iter().take(5).position(|token| {
            matches!(token.word.as_str(), "want" | "wants" | "need" | "like" | "wish" | "possible" | "may")
        });
        let Some(verb) = verb else { return self.doer() };
        let who = self.tokens.get(..verb).unwrap_or_default();
        let names = who.iter().all(|token| {
            !token.quoted
                && token.word.chars().all(char::is_alphabetic)
                && !matches!(token.word.as_str(), "only" | "no" | "noone" | "not" | "if" | "mustnot" | "mayonly")
        });
        let record = self.scope.entity_at(self.tokens, 0).first().is_some_and(|(end, _)| *end == verb);
        let passive = self.tokens.get(verb + 1).is_some_and(|next| next.is("be"));
        let about = passive && !self.scope.mentioned(who).is_empty();
        if !names || about || (record && passive) {
            return;
        }
        let modal = who.iter().any(|token| crate::engine::MODALS.contains(&token.word.as_str()));
        if verb > 0
            && !modal
            && !record
            && !matches!(who.first().map(|token| token.word.as_str()), Some("we" | "it" | "i" | "they"))
        {
            let name = who.iter().map(|token| token.raw.as_str()).collect::<Vec<_>>().join(" ");
            let generic =
                ["people", "users", "user", "everyone", "anyone", "staff", "list", "lists", "pages", "tables"];
            if !generic.contains(&name.to_lowercase().as_str()) && who.len() <= 3 {
                self.effects.push(Effect::Role { name: one_of(&name) });
            }
        }
        self.at = verb + 1;
        self.skip(&["to", "be", "able"]);
    }

    fn part(&mut self) -> Option<()> {
        self.skip(&[
            ",", ";", "and", "–", ":", "then", "it", "they", "them", "with", "must", "result", "that", "(", ")",
        ]);
        if self.at >= self.tokens.len() {
            return Some(());
        }
        // "..., and to narrow them down by status"
        if self.is(&["to"]) && matches!(self.word(1), "filter" | "narrow" | "sort" | "order" | "search" | "export") {
            self.at += 1;
            return Some(());
        }
        // "the overview shows ..."
        if self.is(&["overview", "list", "page", "screen", "table", "it"])
            && matches!(self.word(1), "shows" | "show" | "displays" | "lists" | "contains")
        {
            self.mode = Some(Mode::See);
            self.at += 2;
            return Some(());
        }
        // What holds where a request says nothing.
        const UNASKED: &[&[&str]] = &[
            &["by", "default"],
            &["unless", "requested", "otherwise"],
            &["unless", "stated", "otherwise"],
            &["unless", "asked", "otherwise"],
            &["if", "nothing", "else", "be", "asked"],
            &["in", "oneof", "direction"],
        ];
        let unasked = |words: &&&[&str]| words.iter().enumerate().all(|(k, word)| self.word(k) == *word);
        if let Some(words) = UNASKED.iter().find(unasked) {
            self.at += words.len();
            return Some(());
        }
        // "contracts come newest first"
        if matches!(self.word(0), "come" | "comes" | "appear" | "appears") && self.entity.is_some() {
            self.passive = true;
            self.mode = Some(Mode::Order);
            self.at += 1;
            return Some(());
        }
        if self.is(&["may"]) {
            self.may = true;
            self.at += 1;
            return Some(());
        }
        if self.is(&["be"]) {
            self.passive = true;
            self.at += 1;
            return Some(());
        }
        if let Some(mode) = self.verb() {
            self.mode = Some(mode);
            self.at += 1;
            if mode == Mode::Filter {
                self.skip(&["down", "list", "them", "it"]);
            } else if self.is(&["up", "for", "in", "through"]) && mode == Mode::Search {
                self.at += 1;
            }
            return Some(());
        }
        self.page()
            .or_else(|| self.order())
            .or_else(|| self.csv())
            .or_else(|| self.by())
            .or_else(|| self.between())
            .or_else(|| self.object())
    }

    fn verb(&self) -> Option<Mode> {
        // "A show has a title": what has an article is a noun.
        if self.tokens.get(self.at).is_some_and(|token| matches!(token.article, Some("a" | "an" | "each" | "every"))) {
            return None;
        }
        let word = match self.tokens.get(self.at) {
            Some(token) if !token.quoted && DOING.contains(&token.word.as_str()) => token.lemma.as_str(),
            _ => self.word(0),
        };
        Some(match word {
            "see" | "view" | "get" | "browse" | "show" | "list" if !self.passive => Mode::See,
            // "are shown by date": in that order; "are shown" alone says nothing.
            "listed" | "shown" | "displayed" | "sorted" | "ordered" if self.passive && !self.may => Mode::Order,
            "filter" | "narrow" | "filtered" | "narrowed" | "filterable" => Mode::Filter,
            "sort" | "order" | "sorted" | "ordered" | "sortable" => {
                // "sorted by name" says how they are; "sort by name" what one may do.
                let are = self.passive || matches!(self.word(0), "sorted" | "ordered");
                if are && !self.may && self.word(0) != "sortable" { Mode::Order } else { Mode::Sortable }
            }
            "search" | "find" | "look" | "searched" | "searchable" => Mode::Search,
            "export" | "download" | "exported" | "downloaded" | "downloadable" | "exportable" => Mode::Csv,
            _ => return None,
        })
    }

    /// `20 per page`, `20 bookings per page`, `in pages of 20`.
    fn page(&mut self) -> Option<()> {
        let pages_of = self.word(0) == "in" && matches!(self.word(1), "pages" | "page") && self.word(2) == "of";
        let from = self.at + if pages_of { 3 } else { 0 };
        let (mut end, quantity) =
            self.scope.quantity_at(self.tokens, from).into_iter().find(|(_, quantity)| quantity.unit.is_none())?;
        if !pages_of {
            let noun = self.scope.entity_at(self.tokens, end).first().map(|(end, _)| *end);
            if let Some(noun) = noun {
                end = noun;
            } else if self.tokens.get(end).is_some_and(|token| {
                matches!(token.lemma.as_str(), "item" | "entry" | "row" | "record" | "result" | "line")
            }) {
                end += 1;
            }
            // "15 fit on a page"
            end += usize::from(self.tokens.get(end).is_some_and(|token| token.is("fit")));
            let per = self
                .tokens
                .get(end)
                .is_some_and(|token| ["per", "on", "a", "to", "/"].iter().any(|word| token.is(word)));
            let page = usize::from(per);
            if !self.tokens.get(end + page).is_some_and(|token| token.is("page")) {
                return None;
            }
            end += page + 1;
        }
        self.page_size = Some(quantity.value.parse().ok().filter(|size| *size > 0)?);
        self.at = end;
        Some(())
    }

    /// `newest first`, `newest start first`, `most recent first`, `alphabetically`, `descending`.
    fn order(&mut self) -> Option<()> {
        let turn = usize::from(self.is(&["in"]) && self.tokens.get(self.at + 2).is_some_and(|token| token.is("order")));
        if matches!(self.word(turn), "descending" | "ascending" | "desc" | "asc") {
            let descending = matches!(self.word(turn), "descending" | "desc");
            // "sort by due date desc" in a note says how the list is ordered.
            if let (true, [.., Effect::Rule(RuleKind::Sort { field, .. })]) =
                (!self.may && self.sort.is_empty(), self.effects.as_slice())
            {
                self.sort.push(SortKey { field: field.clone(), descending });
                self.effects.pop();
            }
            self.sort.last_mut()?.descending = descending;
            self.at += 1 + 2 * turn;
            return Some(());
        }
        // "in alphabetical order of last name"
        if self.is(&["in"])
            && matches!(self.word(1), "alphabetical" | "chronological")
            && self.word(2) == "order"
            && matches!(self.word(3), "of" | "by")
            && let Some(entity) = self.record()
            && let Some((end, field)) = self.field(self.at + 4, &entity)
        {
            self.sort = vec![SortKey { field: field.field, descending: false }];
            self.at = end;
            // "of last name, then first name"
            loop {
                let next = separator(self.tokens, self.at);
                let next = next + usize::from(self.tokens.get(next).is_some_and(|token| token.is("then")));
                let Some((end, field)) = self.field(next, &entity).filter(|_| next > self.at) else { break };
                self.sort.push(SortKey { field: field.field, descending: false });
                self.at = end;
            }
            return Some(());
        }
        // "in chronological order", "in reverse chronological order": by when they are.
        let reverse = usize::from(self.word(1) == "reverse");
        if self.is(&["in"]) && self.word(1 + reverse) == "chronological" && self.word(2 + reverse) == "order" {
            let field = self.moment(&self.record()?)?;
            self.sort = vec![SortKey { field, descending: reverse > 0 }];
            self.at += 3 + reverse;
            return Some(());
        }
        if self.is(&["alphabetically", "chronologically"]) {
            let timed = self.is(&["chronologically"]);
            self.mode = Some(Mode::Order);
            self.at += 1;
            let bare = self.word(0) != "by" || self.word(1) == "default";
            if timed && bare && self.sort.is_empty() {
                self.sort = vec![SortKey { field: self.moment(&self.record()?)?, descending: false }];
            }
            return (self.word(0) == "by" || !self.sort.is_empty()).then_some(());
        }
        let most = usize::from(self.is(&["most"]));
        let word = self.word(most).to_owned();
        let descending = DOWN.contains(&word.as_str());
        if !descending && !UP.contains(&word.as_str()) {
            return None;
        }
        let mut end = self.at + most + 1;
        let entity = self.record()?;
        let mut field = None;
        // "newest first day first", but "newest first by first day"
        let named = |(stop, field): &(usize, FieldRef)| {
            field.entity == entity && self.tokens.get(*stop).is_some_and(|token| token.is("first"))
        };
        if let Some((stop, found)) = self.scope.field_at(self.tokens, end).into_iter().find(named) {
            field = Some(found);
            end = stop;
        }
        if self.tokens.get(end).is_none_or(|token| !token.is("first")) {
            return None;
        }
        end += 1;
        // "newest first by departure time", "newest first (by departure time)"
        if self.tokens.get(end).is_some_and(|token| token.is("("))
            && self.tokens.get(end + 1).is_some_and(|token| token.is("by"))
        {
            end += 1;
        }
        if field.is_none()
            && self.sort.is_empty()
            && self.tokens.get(end).is_some_and(|token| token.is("by"))
            && let Some((stop, found)) =
                self.scope.field_at(self.tokens, end + 1).into_iter().find(|(_, field)| field.entity == entity)
        {
            field = Some(found);
            end = stop;
        }
        // "By price, fastest first" is no order.
        let timed = |key: &SortKey| {
            let named = self.scope.lexicon.entity(&entity).and_then(|named| named.field(&key.field));
            named.is_some_and(|field| field.words.iter().any(|part| TIMED.1.contains(&part.as_str())))
        };
        if TIMED.0.contains(&word.as_str()) && !(field.is_none() && self.sort.first().is_some_and(timed)) {
            return None;
        }
        // "Cheapest first" is no order of days.
        const OF_DAYS: &[&str] = &["newest", "latest", "recent", "oldest", "earliest", "soonest", "next"];
        match (field, self.effects.last()) {
            (Some(field), _) => self.sort = vec![SortKey { field: field.field, descending }],
            (None, _) if !self.sort.is_empty() => self.sort.iter_mut().for_each(|key| key.descending = descending),
            // "sort by daily rate, cheapest first": what may be sorted so, or the order of the list.
            (None, Some(Effect::Rule(RuleKind::Sort { field, .. }))) => {
                if !self.may {
                    self.sort = vec![SortKey { field: field.clone(), descending }];
                    self.effects.pop();
                }
            }
            (None, _) if OF_DAYS.contains(&word.as_str()) => {
                self.sort = vec![SortKey { field: self.moment(&entity)?, descending }];
            }
            (None, _) => return None,
        }
        self.at = end;
        Some(())
    }

    /// `as a CSV file`, `to CSV`.
    fn csv(&mut self) -> Option<()> {
        let from = self.at + usize::from(self.is(&["as", "to", "in", "into", "a"]));
        if !self.tokens.get(from).is_some_and(|token| token.is("csv")) {
            return None;
        }
        let more = usize::from(
            self.tokens
                .get(from + 1)
                .is_some_and(|token| matches!(token.word.as_str(), "file" | "format" | "files" | "export" | "list")),
        );
        let entity = self.record()?;
        self.effects.push(Effect::Rule(RuleKind::Csv { entity }));
        self.at = from + 1 + more;
        self.mode = None;
        Some(())
    }

    /// `by room and day`: what the fields are for, the verb before them says.
    fn by(&mut self) -> Option<()> {
        let prepositions = ["by", "on", "in", "for"];
        // "search title; filter size, owner", in a note
        let listing = matches!(self.mode, Some(Mode::Search | Mode::Filter | Mode::Sortable));
        let bare = listing && !self.is(&prepositions);
        if !bare && (!self.is(&prepositions) || (!self.is(&["by"]) && self.mode != Some(Mode::Search))) {
            return None;
        }
        self.at += usize::from(!bare);
        // "Tasks by day, soonest first"
        if self.mode.is_none() && self.entity.is_some() && self.tokens.iter().any(|token| token.is("first")) {
            self.mode = Some(Mode::Order);
        }
        let entity = self.record()?;
        let mut fields: Vec<FieldRef> = Vec::new();
        loop {
            let from = if fields.is_empty() { self.at } else { separator(self.tokens, self.at) };
            if !fields.is_empty() && from == self.at {
                break;
            }
            // "by last name and then first name", "by town, then by street"
            let from =
                from + usize::from(!fields.is_empty() && self.tokens.get(from).is_some_and(|token| token.is("then")));
            let from = from + usize::from(self.tokens.get(from).is_some_and(|token| token.is("by")));
            let from = from + self.whether(from) + self.portion(from);
            let Some((end, field)) = self.field(from, &entity) else { break };
            fields.push(field);
            self.at = end + self.bounds(end);
        }
        if fields.is_empty() {
            return None;
        }
        let rule = |rule| Effect::Rule(rule);
        match self.mode? {
            Mode::Order => {
                self.sort = fields.into_iter().map(|field| SortKey { field: field.field, descending: false }).collect();
            }
            Mode::Sortable => self.effects.extend(
                fields.into_iter().map(|field| rule(RuleKind::Sort { entity: entity.clone(), field: field.field })),
            ),
            Mode::See | Mode::Filter => self.effects.extend(
                fields.into_iter().map(|field| rule(RuleKind::Filter { entity: entity.clone(), field: field.field })),
            ),
            Mode::Search => {
                let (texts, others): (Vec<FieldRef>, Vec<FieldRef>) = fields
                    .into_iter()
                    .partition(|field| matches!(self.scope.kind(field), Some(FieldKind::Text { .. })));
                self.effects.extend(
                    others
                        .into_iter()
                        .map(|field| rule(RuleKind::Filter { entity: entity.clone(), field: field.field })),
                );
                if !texts.is_empty() {
                    let fields = texts.into_iter().map(|field| field.field).collect();
                    self.effects.push(rule(RuleKind::Search { entity, fields }));
                }
            }
            Mode::Csv => return None,
        }
        Some(())
    }

    /// "the slots between two start times", "bookings that start between two dates", "loans within a given period": narrowed by
    /// both ends of when they are.
    fn between(&mut self) -> Option<()> {
        const CHOSEN: &[&str] = &["1", "given", "chosen", "selected", "certain", "specific", "particular", "different"];
        let entity =
            self.entity.clone().filter(|_| matches!(self.mode, Some(Mode::See | Mode::Filter | Mode::Search)))?;
        let is = |at: usize, words: &[&str]| {
            self.tokens.get(at).is_some_and(|token| words.iter().any(|word| token.is(word)))
        };
        let said = self.scope.moment_at(self.tokens, self.at).into_iter().find(|(_, field)| field.entity == entity);
        let (mut at, said) = said.map_or((self.at, None), |(end, field)| (end, Some(field.field)));
        let ends = is(at, &["between"]) && is(at + 1, &["2"]);
        if !ends && !is(at, &["in", "within", "during", "for"]) {
            return None;
        }
        at += 1 + usize::from(ends);
        at += (at..at + 2).take_while(|at| is(*at, CHOSEN)).count();
        let (end, field) = if ends {
            self.field(at, &entity)?
        } else {
            let length = [&["period"][..], &["date", "range"], &["time", "range"], &["range", "of", "date"]]
                .into_iter()
                .find(|words| words.iter().enumerate().all(|(k, word)| is(at + k, &[*word, &format!("{word}s")])))?
                .len();
            (at + length, FieldRef { entity: entity.clone(), field: self.moment(&entity)? })
        };
        let field = said.unwrap_or(field.field);
        let timed = self.scope.lexicon.entity(&entity)?.field(&field)?;
        matches!(timed.kind, FieldKind::Date | FieldKind::DateTime).then_some(())?;
        self.effects.push(Effect::Rule(RuleKind::Filter { entity, field }));
        self.at = end;
        Some(())
    }

    /// "by a range of due dates", "by a part of the name": how many words stand before the field.
    fn portion(&self, at: usize) -> usize {
        let is = |at: usize, words: &[&str]| {
            self.tokens.get(at).is_some_and(|token| words.iter().any(|word| token.is(word)))
        };
        let range = is(at, &["range", "period", "interval"]);
        let part = self.mode == Some(Mode::Search) && is(at, &["part", "piece", "fragment", "bit", "beginning"]);
        // "by period (order date from/to)"
        let marked = range
            && is(at + 1, &["("])
            && self.tokens.get(at + 2..).is_some_and(|rest| rest.iter().any(|token| token.is(")")));
        // "by minimum capacity": every list is narrowed from a figure upwards.
        let end = is(at, &["minimum", "maximum", "min", "max", ">=", "<="]) && self.mode == Some(Mode::Filter);
        let bound = end && self.scope.field_at(self.tokens, at).is_empty();
        // "by a minimum and a maximum daily rate"
        let both = end && is(at + 1, &["and"]) && is(at + 2, &["minimum", "maximum", "min", "max", ">=", "<="]);
        if both {
            return 3;
        }
        if marked || (range || part) && is(at + 1, &["of"]) { 2 } else { usize::from(bound) }
    }

    /// "by when they were taken (from-to)", "by price range": every list is narrowed so by both ends.
    fn bounds(&self, at: usize) -> usize {
        const SAYING: &[&[&str]] =
            &[&["from", "–", "to"], &["from", "and", "to"], &["from", "to"], &["from", "/", "to"], &["range"]];
        const JOINED: &[&str] = &["from", "to", "and", ",", "/", "–", "range", "both", "until", "since"];
        let is = |at: usize, word: &str| self.tokens.get(at).is_some_and(|token| token.is(word));
        if is(at, "(")
            && let Some(length) = self.tokens.iter().skip(at).position(|token| token.is(")"))
        {
            let said = self.tokens.get(at + 1..at + length).unwrap_or_default();
            let names = |words: &[&str]| words.iter().all(|word| said.iter().any(|token| token.is(word)));
            let only = said.iter().all(|token| JOINED.iter().any(|word| token.is(word)));
            return if only && (names(&["range"]) || names(&["from", "to"])) { length + 1 } else { 0 };
        }
        let said = |words: &&&[&str]| words.iter().enumerate().all(|(k, word)| is(at + k, word));
        let length = SAYING.iter().find(said).map_or(0, |words| words.len());
        length + usize::from(is(at + length, ")"))
    }

    /// "by whether they are open": how many words stand before the yes or no.
    fn whether(&self, at: usize) -> usize {
        let is = |at: usize, words: &[&str]| {
            self.tokens.get(at).is_some_and(|token| words.iter().any(|word| token.is(word)))
        };
        if is(at, &["whether"]) && is(at + 1, &["it", "they"]) && is(at + 2, &["be"]) { 3 } else { 0 }
    }

    fn field(&self, at: usize, entity: &str) -> Option<(usize, FieldRef)> {
        let own = self.scope.field_at(self.tokens, at).into_iter().find(|(_, field)| field.entity == entity);
        own.or_else(|| {
            let (end, target) = self.scope.entity_at(self.tokens, at).into_iter().next()?;
            let field = self.scope.lexicon.reference(entity, &target)?;
            Some((end, FieldRef { entity: entity.to_owned(), field }))
        })
        .or_else(|| {
            // "by when they were taken"
            let when = self.tokens.get(at).is_some_and(|token| token.is("if"));
            let told = if when { self.scope.moment_at(self.tokens, at + 1) } else { Vec::new() };
            told.into_iter().find(|(_, field)| field.entity == entity)
        })
        .or_else(|| {
            // "by the day they start"
            let told = self.scope.moment_at(self.tokens, at).into_iter();
            told.filter(|(_, field)| field.entity == entity).max_by_key(|(end, _)| *end)
        })
        .or_else(|| {
            let day = self.tokens.get(at).is_some_and(|token| matches!(token.lemma.as_str(), "day" | "date"));
            let field = day.then(|| self.moment(entity)).flatten()?;
            Some((at + 1, FieldRef { entity: entity.to_owned(), field }))
        })
    }

    /// The field that says when: the only date, else the one at which the record starts.
    fn moment(&self, entity: &str) -> Option<String> {
        let named = self.scope.lexicon.entity(entity)?;
        let dates: Vec<_> =
            named.fields.iter().filter(|field| matches!(field.kind, FieldKind::Date | FieldKind::DateTime)).collect();
        if let [one] = dates.as_slice() {
            return Some(one.key.clone());
        }
        let mut starts = dates.iter().filter(|field| {
            field.words.iter().any(|word| matches!(word.as_str(), "start" | "starts" | "begin" | "beginning" | "from"))
                || matches!(field.words.as_slice(), [one] if one == "date" || one == "day")
        });
        match (starts.next(), starts.next()) {
            (Some(one), None) => Some(one.key.clone()),
            _ => crate::span::of(self.scope.lexicon, entity).map(|(start, _)| start),
        }
    }

    /// The records: named here, or those spoken of.
    fn object(&mut self) -> Option<()> {
        self.skip(&["list", "of", "overview", "all", "full"]);
        let mut from = self.at;
        let states = self.scope.states_at(self.tokens, from).into_iter().next();
        let (end, entity) = match self.scope.entity_at(self.tokens, from).into_iter().next() {
            Some(found) => found,
            None => {
                from = states.as_ref().map(|(end, _)| *end)?;
                self.scope.entity_at(self.tokens, from).into_iter().next()?
            }
        };
        if self.entity.as_ref().is_some_and(|known| *known != entity) {
            return None;
        }
        if from != self.at {
            let state = states?.1.first()?.iter().find(|state| state.entity == entity)?.clone();
            self.effects.push(Effect::Rule(RuleKind::Filter { entity: entity.clone(), field: state.field }));
        }
        self.entity = Some(entity.clone());
        self.at = end;
        self.skip(&["list", "overview"]);
        self.belonging(&entity);
        Some(())
    }

    /// "see the bookings of a room or a member": narrowed by what they refer to.
    fn belonging(&mut self, entity: &str) {
        if self.mode != Some(Mode::See) || !matches!(self.word(0), "of" | "for" | "by") {
            return;
        }
        let mut from = self.at + 1;
        let mut found = Vec::new();
        let mut end = self.at;
        while let Some((stop, target)) = self.scope.entity_at(self.tokens, from).into_iter().next()
            && let Some(field) = self.scope.lexicon.reference(entity, &target)
        {
            found.push(Effect::Rule(RuleKind::Filter { entity: entity.to_owned(), field }));
            end = stop;
            from = separator(self.tokens, stop);
            if from == stop {
                break;
            }
        }
        self.at = end;
        self.effects.extend(found);
    }

    fn record(&self) -> Option<String> {
        self.entity.clone().or_else(|| self.scope.subject().map(str::to_owned))
    }

    fn finish(mut self) -> Option<Vec<Effect>> {
        let entity = self.record()?;
        let said = self.effects.iter().any(|effect| matches!(effect, Effect::Rule(_)));
        if !self.sort.is_empty() || self.page_size.is_some() {
            self.effects.push(Effect::Rule(RuleKind::List { entity, sort: self.sort, page_size: self.page_size }));
        } else if !said || matches!(self.mode, Some(Mode::Csv)) {
            return None;
        } else if self.mode == Some(Mode::See) {
            self.effects.push(Effect::capability(&entity, Action::List));
        }
        Some(self.effects)
    }
}
