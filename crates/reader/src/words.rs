//! English word forms: singular, plural, and the stem that a verb and its noun share.

use crate::memo::Memo;

/// Singular and plural of nouns that follow no rule.
const IRREGULAR: &[(&str, &str)] = &[
    ("person", "people"),
    ("premises", "premises"),
    ("series", "series"),
    ("species", "species"),
    ("headquarters", "headquarters"),
    ("child", "children"),
    ("man", "men"),
    ("woman", "women"),
    ("foot", "feet"),
    ("tooth", "teeth"),
    ("goose", "geese"),
    ("mouse", "mice"),
    ("ox", "oxen"),
    ("criterion", "criteria"),
    ("phenomenon", "phenomena"),
    ("datum", "data"),
    ("medium", "media"),
    ("index", "indices"),
    ("appendix", "appendices"),
    ("vertex", "vertices"),
    ("matrix", "matrices"),
    ("cactus", "cacti"),
    ("fungus", "fungi"),
    ("nucleus", "nuclei"),
    ("stimulus", "stimuli"),
    ("alumnus", "alumni"),
    ("leaf", "leaves"),
    ("loaf", "loaves"),
    ("half", "halves"),
    ("calf", "calves"),
    ("shelf", "shelves"),
    ("self", "selves"),
    ("elf", "elves"),
    ("wolf", "wolves"),
    ("thief", "thieves"),
    ("knife", "knives"),
    ("life", "lives"),
    ("wife", "wives"),
    ("beehive", "beehives"),
    ("hero", "heroes"),
    ("potato", "potatoes"),
    ("tomato", "tomatoes"),
    ("echo", "echoes"),
    ("veto", "vetoes"),
    ("quiz", "quizzes"),
    ("lens", "lenses"),
    ("gas", "gases"),
    ("bus", "buses"),
    ("axis", "axes"),
    ("analysis", "analyses"),
    ("basis", "bases"),
    ("crisis", "crises"),
    ("diagnosis", "diagnoses"),
    ("thesis", "theses"),
    ("hypothesis", "hypotheses"),
    ("synthesis", "syntheses"),
    ("parenthesis", "parentheses"),
    ("emphasis", "emphases"),
    ("series", "series"),
    ("species", "species"),
    ("sheep", "sheep"),
    ("fish", "fish"),
    ("deer", "deer"),
    ("aircraft", "aircraft"),
    ("equipment", "equipment"),
    ("furniture", "furniture"),
    ("luggage", "luggage"),
    ("baggage", "baggage"),
    ("software", "software"),
    ("hardware", "hardware"),
    ("machinery", "machinery"),
    ("jewellery", "jewellery"),
    ("jewelry", "jewelry"),
    ("clothing", "clothing"),
    ("livestock", "livestock"),
    ("cattle", "cattle"),
    ("poultry", "poultry"),
    ("feedback", "feedback"),
    ("research", "research"),
    ("laundry", "laundry"),
    ("merchandise", "merchandise"),
    ("personnel", "personnel"),
    ("headquarters", "headquarters"),
    ("watercraft", "watercraft"),
    ("scarf", "scarves"),
    ("wharf", "wharves"),
    ("hoof", "hooves"),
    ("oasis", "oases"),
    ("synopsis", "synopses"),
    ("prognosis", "prognoses"),
    ("ache", "aches"),
    ("brownie", "brownies"),
    ("smoothie", "smoothies"),
    ("hoodie", "hoodies"),
    ("information", "information"),
    ("staff", "staff"),
    ("movie", "movies"),
    ("cookie", "cookies"),
    ("zombie", "zombies"),
    ("calorie", "calories"),
    ("tie", "ties"),
    ("pie", "pies"),
    ("cache", "caches"),
    ("niche", "niches"),
    ("house", "houses"),
    ("warehouse", "warehouses"),
    ("greenhouse", "greenhouses"),
    ("course", "courses"),
    ("nurse", "nurses"),
    ("horse", "horses"),
    ("license", "licenses"),
    ("expense", "expenses"),
    ("purchase", "purchases"),
    ("purpose", "purposes"),
    ("response", "responses"),
    ("release", "releases"),
    ("lease", "leases"),
    ("case", "cases"),
    ("base", "bases"),
    ("phase", "phases"),
    ("phrase", "phrases"),
    ("database", "databases"),
    ("disease", "diseases"),
    ("increase", "increases"),
    ("exercise", "exercises"),
    ("premise", "premises"),
    ("promise", "promises"),
    ("franchise", "franchises"),
    ("enterprise", "enterprises"),
    ("nose", "noses"),
    ("rose", "roses"),
    ("dose", "doses"),
    ("hose", "hoses"),
    ("cause", "causes"),
    ("clause", "clauses"),
    ("pause", "pauses"),
    ("use", "uses"),
    ("size", "sizes"),
    ("prize", "prizes"),
    ("axe", "axes"),
    ("shoe", "shoes"),
    ("ski", "skis"),
    ("taxi", "taxis"),
    ("menu", "menus"),
    ("campus", "campuses"),
    ("status", "statuses"),
    ("virus", "viruses"),
    ("bonus", "bonuses"),
    ("census", "censuses"),
    ("corpus", "corpora"),
    ("genus", "genera"),
    ("radius", "radii"),
    ("focus", "focuses"),
    ("canvas", "canvases"),
    ("atlas", "atlases"),
    ("alias", "aliases"),
    ("bias", "biases"),
    ("iris", "irises"),
    ("chassis", "chassis"),
    ("news", "news"),
    ("glasses", "glasses"),
    ("scissors", "scissors"),
    ("businessman", "businessmen"),
    ("cameraman", "cameramen"),
    ("chairman", "chairmen"),
    ("craftsman", "craftsmen"),
    ("crewman", "crewmen"),
    ("doorman", "doormen"),
    ("draftsman", "draftsmen"),
    ("draughtsman", "draughtsmen"),
    ("ferryman", "ferrymen"),
    ("fireman", "firemen"),
    ("fisherman", "fishermen"),
    ("foreman", "foremen"),
    ("groundsman", "groundsmen"),
    ("handyman", "handymen"),
    ("layman", "laymen"),
    ("lineman", "linemen"),
    ("milkman", "milkmen"),
    ("policeman", "policemen"),
    ("postman", "postmen"),
    ("repairman", "repairmen"),
    ("salesman", "salesmen"),
    ("seaman", "seamen"),
    ("serviceman", "servicemen"),
    ("spokesman", "spokesmen"),
    ("sportsman", "sportsmen"),
    ("tradesman", "tradesmen"),
    ("watchman", "watchmen"),
    ("workman", "workmen"),
];

/// Nouns whose compounds have their plural: `bookshelves`, `salespeople`. Not `man`: a noun that nobody has heard of may
/// end like that, in either number.
const HEADS: &[&str] = &["shelf", "knife", "child", "woman", "person", "leaf", "wife", "loaf", "tooth"];

/// Participles of verbs that follow no rule, or whose root the rules for ends would miss.
const STRONG: &[(&str, &str)] = &[
    ("paid", "pay"),
    ("sold", "sell"),
    ("lost", "lose"),
    ("done", "do"),
    ("sent", "send"),
    ("withdrawn", "withdraw"),
    ("taken", "take"),
    ("given", "give"),
    ("broken", "break"),
    ("begun", "begin"),
    ("sworn", "swear"),
    ("written", "write"),
    ("lent", "lend"),
    ("made", "make"),
    ("built", "build"),
    ("kept", "keep"),
    ("held", "hold"),
    ("found", "find"),
    ("chosen", "choose"),
    ("drawn", "draw"),
    ("known", "know"),
    ("sown", "sow"),
    ("grown", "grow"),
    ("seen", "see"),
    ("met", "meet"),
    ("cast", "cast"),
    ("cut", "cut"),
    ("shut", "shut"),
    ("bought", "buy"),
    ("brought", "bring"),
    ("frozen", "freeze"),
    ("stolen", "steal"),
    ("worn", "wear"),
    ("torn", "tear"),
    ("won", "win"),
    ("flown", "fly"),
    ("driven", "drive"),
    ("eaten", "eat"),
    ("fed", "feed"),
    ("hung", "hang"),
    ("hired", "hire"),
    ("left", "leave"),
    ("put", "put"),
    ("set", "set"),
    ("shown", "show"),
    ("submitted", "submit"),
    ("applied", "apply"),
    ("delivered", "deliver"),
    ("cancelled", "cancel"),
    ("canceled", "cancel"),
];

/// Nouns and other forms whose root the rules for ends would miss.
const FORMS: &[(&str, &str)] = &[
    ("submission", "submit"),
    ("enrolled", "enrol"),
    ("enroll", "enrol"),
    ("enrolling", "enrol"),
    ("enrollment", "enrol"),
    ("payment", "pay"),
    ("application", "apply"),
    ("decision", "decide"),
    ("approval", "approve"),
    ("registration", "register"),
    ("administration", "administer"),
    ("arrival", "arrive"),
    ("delivery", "deliver"),
    ("receipt", "receive"),
    ("sale", "sell"),
    ("loan", "lend"),
    ("complaint", "complain"),
    ("purchase", "purchase"),
    ("rejection", "reject"),
    ("cancellation", "cancel"),
    ("cancels", "cancel"),
    ("cancelling", "cancel"),
    ("canceling", "cancel"),
    ("deletion", "delete"),
    ("creation", "create"),
    ("modification", "modify"),
    ("closure", "close"),
    ("completion", "complete"),
    ("publication", "publish"),
    ("confirmation", "confirm"),
    ("termination", "terminate"),
    ("activation", "activate"),
    ("reactivation", "reactivate"),
    ("suspension", "suspend"),
    ("acceptance", "accept"),
    ("withdrawal", "withdraw"),
    ("collection", "collect"),
];

/// Verb forms and other words that end in `s` and are no plurals.
const NO_PLURAL: &[&str] = &[
    "is",
    "has",
    "was",
    "this",
    "its",
    "as",
    "us",
    "yes",
    "does",
    "always",
    "less",
    "across",
    "plus",
    "minus",
    "unless",
    "per",
    "gps",
    "sms",
    "address",
    "previous",
    "various",
    "whereas",
    "perhaps",
    "besides",
    "afterwards",
    "towards",
];

/// The singular of a lower-case noun; other words come back unchanged.
pub(crate) fn singular(word: &str) -> String {
    if NO_PLURAL.contains(&word) {
        return word.to_owned();
    }
    for (one, many) in IRREGULAR {
        if word == *many || word == *one {
            return (*one).to_owned();
        }
        if many.len() > 4
            && word.len() > many.len()
            && let Some(stem) = word.strip_suffix(many)
            && stem.ends_with('-')
        {
            return format!("{stem}{one}");
        }
    }
    if let Some(one) = compound(word, |(_, many)| many, |(one, _)| one) {
        return one;
    }
    let cut = |n: usize| word.get(..word.len() - n).unwrap_or(word).to_owned();
    // `boathouses` and `spouses`, unlike `buses`.
    if word.ends_with("ouses") || word.ends_with("auses") {
        return cut(1);
    }
    if word.len() > 4 && word.ends_with("ies") {
        return format!("{}y", cut(3));
    }
    if word.ends_with("sses")
        || word.ends_with("shes")
        || word.ends_with("ches")
        || word.ends_with("xes")
        || word.ends_with("zzes")
        || word.ends_with("uses")
    {
        return cut(2);
    }
    if word.len() > 2
        && word.ends_with('s')
        && !word.ends_with("ss")
        && !word.ends_with("us")
        && !word.ends_with("is")
        && !word.ends_with("'s")
    {
        return cut(1);
    }
    word.to_owned()
}

/// The other form of a compound of a noun that follows no rule.
fn compound(
    word: &str,
    from: fn(&(&'static str, &'static str)) -> &'static str,
    to: fn(&(&'static str, &'static str)) -> &'static str,
) -> Option<String> {
    IRREGULAR.iter().filter(|(one, _)| HEADS.contains(one)).find_map(|pair| {
        let stem = word.strip_suffix(from(pair)).filter(|stem| stem.len() > 1 && !stem.ends_with('-'))?;
        stem.chars().all(char::is_alphabetic).then(|| format!("{stem}{}", to(pair)))
    })
}

/// The plural of a lower-case noun in the singular.
pub(crate) fn plural(word: &str) -> String {
    if let Some((_, many)) = IRREGULAR.iter().find(|(one, _)| word == *one) {
        return (*many).to_owned();
    }
    if let Some((head, last)) = word.rsplit_once('-') {
        return format!("{head}-{}", plural(last));
    }
    if let Some(many) = compound(word, |(one, _)| one, |(_, many)| many) {
        return many;
    }
    let before_y = word.chars().rev().nth(1);
    if word.ends_with('y') && !before_y.is_some_and(|c| "aeiou".contains(c)) {
        return format!("{}ies", word.strip_suffix('y').unwrap_or(word));
    }
    if word.ends_with('s') || word.ends_with("sh") || word.ends_with("ch") || word.ends_with('x') || word.ends_with('z')
    {
        return format!("{word}es");
    }
    format!("{word}s")
}

/// Whether a verb form and a noun come from one word: `books`/`booking`, `reserved`/`reservation`.
pub(crate) fn related(verb: &str, noun: &str) -> bool {
    let (a, b) = (stem(verb), stem(noun));
    // `order` loses more of its end than `ordered` does.
    a.len() >= 3 && (a == b || (noun.len() > 3 && a == noun) || (verb.len() > 3 && b == verb))
}

/// Whether a word is the participle of a verb that follows no rule: `sent`, `broken`.
pub(crate) fn strong_participle(word: &str) -> bool {
    STRONG.iter().any(|(form, _)| *form == word)
}

/// The common root of a verb's and its nouns' forms, roughly.
pub(crate) fn stem(word: &str) -> String {
    thread_local!(static STEMS: Memo<String> = Memo::new());
    STEMS.with(|known| known.get(word, || work_out_stem(word)))
}

fn work_out_stem(word: &str) -> String {
    let word = STRONG.iter().chain(FORMS).find(|(form, _)| *form == word).map_or(word, |(_, base)| base);
    let mut stem = singular(word);
    // To sign up is what a `sign-up` is called after.
    stem.retain(|c| c != '-');
    if stem.ends_with("ction") {
        stem.truncate(stem.len() - 3);
    }
    for suffix in [
        "isation", "ization", "ature", "ations", "ation", "ment", "ings", "ing", "tion", "sion", "ure", "ance", "ence",
        "ed", "ees", "ee", "ers", "er", "or", "al", "es", "s", "e",
    ] {
        if let Some(rest) = stem.strip_suffix(suffix)
            && rest.len() >= 3
        {
            // "registered" loses as much as "register" does.
            let verb = if matches!(suffix, "ed" | "ing" | "ings") { rest.strip_suffix("er") } else { None };
            // "agreed" loses as much as "agree" does.
            let verb = verb.or_else(|| if suffix == "ed" { rest.strip_suffix('e') } else { None });
            stem = verb.filter(|verb| verb.len() >= 3).unwrap_or(rest).to_owned();
            break;
        }
    }
    // Doubled consonants: "planned", "logging".
    let mut chars = stem.chars().rev();
    if let (Some(last), Some(before)) = (chars.next(), chars.next())
        && last == before
        && !"aeioulsfz".contains(last)
    {
        stem.pop();
    }
    if let Some(rest) = stem.strip_suffix('i') {
        stem = format!("{rest}y");
    }
    stem
}

/// A text with its first letter as a capital one.
pub(crate) fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_nouns() {
        for (one, many) in [
            ("batch", "batches"),
            ("bench", "benches"),
            ("person", "people"),
            ("child", "children"),
            ("criterion", "criteria"),
            ("analysis", "analyses"),
            ("knife", "knives"),
            ("shelf", "shelves"),
            ("city", "cities"),
            ("key", "keys"),
            ("box", "boxes"),
            ("tool", "tools"),
            ("status", "statuses"),
            ("class", "classes"),
            ("course", "courses"),
            ("beehive", "beehives"),
            ("expense", "expenses"),
            ("warehouse", "warehouses"),
            ("boathouse", "boathouses"),
            ("bookshelf", "bookshelves"),
            ("salesperson", "salespeople"),
            ("ottoman", "ottomans"),
            ("foreman", "foremen"),
            ("blomen", "blomens"),
            ("bloman", "blomans"),
            ("specimen", "specimens"),
            ("furniture", "furniture"),
            ("bus", "buses"),
            ("zorb", "zorbs"),
        ] {
            assert_eq!(plural(one), many);
            assert_eq!(singular(many), one);
            assert_eq!(singular(one), one);
        }
    }

    #[test]
    fn verbs_and_their_nouns() {
        for (verb, noun) in [
            ("books", "booking"),
            ("reserves", "reservation"),
            ("enrols", "enrolment"),
            ("inspected", "inspection"),
            ("orders", "order"),
            ("registers", "registration"),
        ] {
            assert!(related(verb, noun), "{verb} {noun}: {} {}", stem(verb), stem(noun));
        }
        assert!(!related("deletes", "booking"));
    }
}
