//! "Besides its name, a room has ...", "add a field "colour" to the bike", "clerks can enter a comment on each order", "record
//! the customer's phone and address": fields told of records that are known, as "For every room we store ...".

use crate::fields::{infer, item, phrase};
use crate::lexicon::{Lexicon, Named, name_words};
use crate::token::{Token, starts, tokens};
use crate::words::singular;
use maestro_artifacts::FieldKind;

/// Verbs of keeping something of a record; what is kept is no record itself.
const KEEP: &[&str] = &[
    "record",
    "records",
    "store",
    "stores",
    "keep",
    "keeps",
    "note",
    "notes",
    "enter",
    "enters",
    "save",
    "saves",
    "log",
    "logs",
    "capture",
    "captures",
    "track",
    "tracks",
    "document",
    "documents",
    "know",
    "add",
    "specify",
    "provide",
];
const KEPT: &[&str] = &["stored", "recorded", "kept", "noted", "saved", "captured", "documented", "tracked", "entered"];
/// Words in front of such a verb that restrict nobody.
const TELLERS: &[&str] = &[
    "we",
    "i",
    "you",
    "they",
    "users",
    "user",
    "staff",
    "people",
    "the",
    "a",
    "an",
    "system",
    "it",
    "application",
    "service",
    "app",
    "can",
    "may",
    "must",
    "should",
    "shall",
    "will",
    "be",
    "able",
    "to",
    "want",
    "wants",
    "need",
    "needs",
    "would",
    "like",
    "also",
    "possible",
    "let",
    "lets",
    "allow",
    "allows",
    "optionally",
    "has",
    "have",
    "is",
];
const DETERMINERS: &[&str] = &["a", "an", "the", "each", "every", "all", "any", "our"];

/// The sentence in the usual order; `None` where it is none of these.
pub(crate) fn told(text: &str, lexicon: &Lexicon) -> Option<String> {
    let text = text.trim().trim_end_matches('.');
    let words = tokens(text);
    let said = Said { text, words: &words, lexicon };
    let plain = said
        .besides()
        .or_else(|| said.characterised())
        .or_else(|| said.new_field())
        .or_else(|| said.about_all())
        .or_else(|| said.whether())
        .or_else(|| said.kept_of())
        .or_else(|| said.is_kept())
        .or_else(|| said.given_by());
    plain.filter(|plain| plain != text)
}

struct Said<'s> {
    text: &'s str,
    words: &'s [Token],
    lexicon: &'s Lexicon,
}

impl<'s> Said<'s> {
    fn word(&self, at: usize) -> &str {
        self.words.get(at).filter(|token| !token.quoted).map_or("", |token| token.word.as_str())
    }

    fn is(&self, at: usize, words: &[&str]) -> bool {
        words.contains(&self.word(at))
    }

    /// The text from one token up to another.
    fn slice(&self, from: usize, to: usize) -> Option<&'s str> {
        let (first, last) = (self.words.get(from)?, self.words.get(to.checked_sub(1)?)?);
        self.text.get(first.start..last.end)
    }

    /// A known kind of record at a place, with the words that determine it: where it ends, and the record.
    fn record(&self, at: usize) -> Option<(usize, &'s Named)> {
        let mut from = at;
        while self.is(from, DETERMINERS) || from > at && self.word(from) == "new" {
            from += 1;
        }
        (from + 1..=self.words.len().min(from + 3)).rev().find_map(|end| {
            let part = self.words.get(from..end)?;
            let plain =
                part.iter().all(|token| !token.quoted && token.word.chars().all(|c| c.is_alphanumeric() || c == '-'));
            let name = part.iter().map(|token| token.raw.as_str()).collect::<Vec<_>>().join(" ");
            self.lexicon.find(&name).filter(|_| plain).map(|named| (end, named))
        })
    }

    /// "Besides its name and code, a product has a weight": what is known of it already adds nothing.
    fn besides(&self) -> Option<String> {
        let lead = ["besides", "beside", "next to", "in addition to", "apart from", "as well as", "on top of"];
        let from = lead.iter().find_map(|lead| starts(self.words, 0, lead))?;
        let commas = (from + 1..self.words.len()).filter(|at| self.word(*at) == ",");
        commas.into_iter().find_map(|comma| {
            let (end, named) = self.record(comma + 1)?;
            self.is(
                end,
                &["has", "have", "also", "contains", "includes", "shall", "should", "must", "needs", "records"],
            )
            .then_some(())?;
            let list = self.slice(from, comma)?;
            let known = item::list(list).iter().all(|name| {
                let bare = ["its ", "their ", "the ", "a ", "an "].iter().find_map(|lead| name.strip_prefix(lead));
                named.find(bare.unwrap_or(name)).is_some()
            });
            let rest = self.text.get(self.words.get(comma + 1)?.start..)?;
            known.then(|| crate::words::capitalised(&rest.replacen(" also ", " ", 1)))
        })
    }

    /// "A building is also characterised by its postcode and its city"
    fn characterised(&self) -> Option<String> {
        let (end, named) = self.record(0)?;
        let from = end + usize::from(self.is(end, &["is", "are"]));
        let from = from + usize::from(self.word(from) == "also");
        let told =
            self.is(from, &["characterised", "characterized", "defined", "described"]) && self.word(from + 1) == "by";
        let list = self.slice(from + 2, self.words.len()).filter(|_| told && from > end)?;
        Some(format!("For every {} we store {list}", named.name))
    }

    /// "Add a field "colour" to the bike", "the bike gets an additional field "insured" (yes/no)".
    fn new_field(&self) -> Option<String> {
        let field = (1..self.words.len().min(9)).find(|at| self.is(*at, &["field", "attribute", "property"]))?;
        const ADJECTIVES: &[&str] = &[
            "new",
            "additional",
            "extra",
            "further",
            "optional",
            "required",
            "mandatory",
            "another",
            "a",
            "an",
            "the",
        ];
        let from = (0..field).rev().take_while(|at| self.is(*at, ADJECTIVES)).last()?;
        let note = (from..field).find_map(|at| match self.word(at) {
            "optional" => Some("an optional "),
            "required" | "mandatory" => Some("a required "),
            _ => None,
        });
        let mut name = field + 1 + usize::from(self.is(field + 1, &["called", "named", ":"]));
        if self.word(name) == "for" {
            name += 1 + usize::from(self.is(name + 1, &["the", "its", "a", "an"]));
        }
        const ENDS: &[&str] = &["to", "on", "for", "in", "of", "(", ",", ":"];
        let stop = (name..self.words.len()).find(|at| self.is(*at, ENDS)).unwrap_or(self.words.len());
        let quoted = self.words.get(name).is_some_and(|token| token.quoted) && stop == name + 1;
        let plain = (1..=3).contains(&(stop.saturating_sub(name)))
            && self.words.get(name..stop)?.iter().all(|token| {
                !token.quoted
                    && token.word.chars().all(|c| c.is_alphabetic() || c == '-')
                    && !TELLERS.contains(&token.word.as_str())
            });
        (quoted || plain).then_some(())?;
        let close = (stop..self.words.len()).rfind(|at| self.word(*at) == ")").filter(|_| self.word(stop) == "(");
        let behind = close.map_or(stop, |close| close + 1);
        let named = self.field_of(from, behind)?;
        let called = if quoted { self.words.get(name)?.raw.clone() } else { self.slice(name, stop)?.to_owned() };
        self.lexicon.find(&called).is_none().then_some(())?;
        let notes =
            close.and_then(|close| self.slice(stop, close + 1)).map_or_else(String::new, |notes| format!(" {notes}"));
        Some(format!("For every {} we store {}{called}{notes}", named.name, note.unwrap_or("a ")))
    }

    /// Whose field it is: told in front of it, or behind it.
    fn field_of(&self, from: usize, behind: usize) -> Option<&'s Named> {
        let last = self.words.len();
        let to = |at: usize| {
            let (end, named) = self.record(at + 1).filter(|_| self.is(at, &["to", "on", "for", "in", "of"]))?;
            (end == last).then_some(named)
        };
        let verbs = ["gets", "get", "needs", "need", "has", "have", "receives", "receive"];
        if self.word(0) == "add" && from == 1 || starts(self.words, 0, "there is") == Some(from) {
            return to(behind);
        }
        if starts(self.words, 0, "we need") == Some(from) {
            return to(behind);
        }
        let (end, named) = self.record(0)?;
        let modal = usize::from(self.is(end, &["shall", "should", "must", "will"]));
        (end + modal + 1 == from && self.is(end + modal, &verbs) && behind == last).then_some(named)
    }

    /// "About tenants we store their e-mail", "for every animal we also want to record its sex", "for each supplier the
    /// following is stored: name, country".
    fn about_all(&self) -> Option<String> {
        if let Some(told) = self.following() {
            return Some(told);
        }
        self.is(0, &["about", "of", "for", "with"]).then_some(())?;
        let (end, named) = self.record(1)?;
        let from = end + usize::from(self.word(end) == ",");
        if starts(self.words, from, "the following").is_some() {
            let mark = (from..self.words.len()).find(|at| self.word(*at) == ":")?;
            let kept = (from..mark).any(|at| self.is(at, KEPT));
            return self.list(named, mark + 1, self.words.len()).filter(|_| kept);
        }
        let verb = (from..self.words.len().min(from + 7)).find(|at| self.is(*at, KEEP))?;
        let told = (from..verb).all(|at| self.is(at, TELLERS));
        self.list(named, verb + 1, self.words.len()).filter(|_| told && self.word(verb + 1) != "that")
    }

    /// "The following is stored for each station: city, postcode"
    fn following(&self) -> Option<String> {
        starts(self.words, 0, "the following")?;
        let kept = (2..self.words.len().min(6)).find(|at| self.is(*at, KEPT))?;
        self.is(kept + 1, &["for", "about", "of", "per", "on"]).then_some(())?;
        let (end, named) = self.record(kept + 2)?;
        (self.word(end) == ":").then(|| self.list(named, end + 1, self.words.len()))?
    }

    /// "It must be possible to record whether a bike is electric"
    fn whether(&self) -> Option<String> {
        let verb = self.verb()?;
        (self.word(verb + 1) == "whether" && verb > 1).then_some(())?;
        let (asked, named) = self.record(verb + 2)?;
        // "... whether a van is insured (yes or no, default no)": the field, and what is noted of it.
        if let Some(open) = (asked..self.words.len()).find(|at| self.word(*at) == "(") {
            let close = self.words.len().checked_sub(1).filter(|at| self.word(*at) == ")" && *at > open + 1)?;
            let said: Vec<&str> = self.words.get(asked..open)?.iter().map(|token| token.word.as_str()).collect();
            let name = phrase::flag(&said).filter(|name| name.split(' ').count() <= 4)?;
            let notes = self.slice(open + 1, close)?;
            return Some(format!("For every {} we store {name} (yes/no; {notes})", named.name));
        }
        Some(format!("We record {}", self.slice(verb + 1, self.words.len())?))
    }

    /// The verb of keeping, behind words that restrict nobody.
    fn verb(&self) -> Option<usize> {
        // "The system shall provide the number of sessions per room": what a system provides is no field.
        const OURS: &[&str] = &["system", "service", "application", "app", "software", "it"];
        let shows =
            |at: usize| self.is(at, &["provide", "specify", "know"]) && (0..at).any(|before| self.is(before, OURS));
        let verb = (0..self.words.len().min(10)).find(|at| self.is(*at, KEEP))?;
        let role = |at: usize| {
            let lemma = self.words.get(at).map(|token| token.lemma.as_str()).unwrap_or_default();
            self.lexicon.roles.iter().any(|role| name_words(role).iter().any(|word| word == lemma))
        };
        (0..verb).all(|at| self.is(at, TELLERS) || role(at)).then_some(verb).filter(|verb| !shows(*verb))
    }

    /// "record for each lease the deposit and a comment", "record an owner's phone and address", "store the pulse for each
    /// visit", "clerks can enter a comment on each order".
    fn kept_of(&self) -> Option<String> {
        let verb = self.verb()?;
        let last = self.words.len();
        let one = |at: usize| self.is(at, &["each", "every"]);
        if self.word(verb + 1) == "for" && one(verb + 2) {
            let (end, named) = self.record(verb + 2)?;
            return self.list(named, end + usize::from(self.is(end, &[":", ","])), last);
        }
        if let Some((end, named)) = self.record(verb + 1)
            && self.word(end) == "'s"
        {
            return self.list(named, end + 1, last);
        }
        let of = (verb + 2..last).rev().find(|at| {
            self.is(*at, &["of", "for", "on", "to", "about", "with", "per"])
                && self.record(at + 1).is_some_and(|(end, _)| end == last)
        })?;
        let (_, named) = self.record(of + 1)?;
        let determined = self.is(of + 1, &["a", "an", "each", "every", "the", "all"]) || self.word(of) == "per";
        self.list(named, verb + 1, of).filter(|_| determined)
    }

    /// "The nationality and the address of a customer are recorded"
    fn is_kept(&self) -> Option<String> {
        let kept = self.words.len().checked_sub(1).filter(|at| self.is(*at, KEPT))?;
        let be = kept.checked_sub(1 + usize::from(self.is(kept.checked_sub(1)?, &["be", "also"])))?;
        self.is(be, &["is", "are", "must", "shall", "should"]).then_some(())?;
        let of = (1..be)
            .rev()
            .find(|at| self.is(*at, &["of", "for"]) && self.record(at + 1).is_some_and(|(end, _)| end == be))?;
        let (_, named) = self.record(of + 1).filter(|_| self.is(of + 1, DETERMINERS))?;
        self.list(named, 0, of)
    }

    /// "Customers can optionally provide a phone number"
    fn given_by(&self) -> Option<String> {
        let (end, named) = self.record(0)?;
        self.is(end, &["can", "may"]).then_some(())?;
        let from = end + 1 + usize::from(self.is(end + 1, &["optionally", "also"]));
        let given = self.is(from, &["provide", "give", "state", "specify", "leave", "enter"]);
        let indefinite = self.is(from + 1, &["a", "an", "their", "its"]);
        self.list(named, from + 1, self.words.len()).filter(|_| given && indefinite)
    }

    /// The usual order of it, where what is listed can be fields.
    fn list(&self, named: &Named, from: usize, to: usize) -> Option<String> {
        let list = self.slice(from, to)?;
        // "the temperature and the pulse of the animal for each visit": the animal is the one that the visit has.
        let list = list.rsplit_once(" of the ").map_or(list, |(told, of)| {
            let other = self.lexicon.find(of).filter(|other| self.lexicon.reference(&named.key, &other.key).is_some());
            if other.is_some() { told } else { list }
        });
        let entries = item::list(list);
        let several = entries.len() > 1;
        let fits = |entry: &String| {
            let bare = bare(entry);
            let record = self.lexicon.find(bare).is_some();
            let own = named.find(bare).is_some();
            let asks = bare.starts_with("whether ");
            own || asks || several || !record && value(bare, named, self.lexicon)
        };
        let clause = |entry: &String| {
            let outside = entry.split('(').next().unwrap_or_default();
            let words: Vec<&str> = outside.split(' ').collect();
            let led = words
                .iter()
                .skip(1)
                .any(|word| matches!(*word, "to" | "if" | "when" | "that" | "by" | "per" | "until" | "only" | "not"));
            led && !bare(entry).starts_with("whether ")
                && !outside.contains(" at which ")
                && !outside.contains(" on which ")
        };
        let records = entries.iter().filter(|entry| self.lexicon.find(bare(entry)).is_some()).count();
        let sound =
            !entries.is_empty() && entries.iter().all(fits) && !entries.iter().any(clause) && records < entries.len();
        sound.then(|| format!("For every {} we store {list}", named.name))
    }
}

/// An entry without its determiner and its notes.
fn bare(entry: &str) -> &str {
    let name = entry.split('(').next().unwrap_or(entry).trim();
    ["a ", "an ", "the ", "its ", "their ", "his ", "her ", "optional ", "any "]
        .iter()
        .fold(name, |name, lead| name.strip_prefix(lead).unwrap_or(name))
}

/// Whether a single thing that somebody enters is a value, and no record that nothing else tells of.
fn value(name: &str, named: &Named, lexicon: &Lexicon) -> bool {
    const NOUNS: &[&str] = &[
        "comment",
        "comments",
        "note",
        "notes",
        "remark",
        "remarks",
        "description",
        "number",
        "name",
        "address",
        "email",
        "e-mail",
        "phone",
        "reason",
        "discount",
        "colour",
        "color",
        "code",
        "title",
        "subject",
        "text",
        "instructions",
        "rating",
        "score",
        "grade",
        "level",
        "nationality",
        "language",
        "city",
        "postcode",
        "street",
        "country",
        "website",
        "type",
        "kind",
        "category",
        "priority",
        "urgency",
        "nickname",
        "brand",
        "model",
        "size",
        "preference",
    ];
    // "a payment", "repairs": records that somebody else tells of.
    const RECORDS: &[&str] = &[
        "payment",
        "invoice",
        "bill",
        "booking",
        "order",
        "receipt",
        "transaction",
        "refund",
        "expense",
        "visit",
        "reading",
    ];
    let last = name.rsplit(' ').next().unwrap_or_default().to_lowercase();
    if RECORDS.contains(&last.as_str()) || singular(&last) != last && !NOUNS.contains(&last.as_str()) {
        return false;
    }
    match infer::kind(name, &named.name, lexicon) {
        FieldKind::Text { .. } => NOUNS.contains(&last.as_str()),
        // "Record the service contract for a site": a contract that has its site is a record of its own.
        FieldKind::Reference { entity } => lexicon.reference(&entity, &named.key).is_none(),
        _ => true,
    }
}
