//! Examples among the criteria, held against the rules of the epic: those that break a rule show it, those that go well
//! although they break one show none, and those that are refused although they keep to it say nothing that is known.

use crate::{read, understood, unknowns};
use maestro_artifacts::{Requirements, RuleKind, Understanding};

const EPIC: &str = "# Concerts

## Data model

**Hall**: name (required, unique), seats (integer, 10..2000).

**Choir**: name (required, unique), phone (text).

**Concert**:
- hall (required)
- choir (required)
- title (required, max 80 characters)
- date (date, required)
- closing day (date)
- visitors (integer, required, min 1)
- ticket price (money, min 0, default 10)
- refusal reason (text)
- income (money)
- status (planned, approved, held, refused; default planned)

## Rules

- A planned concert can be approved or refused.
- An approved concert can be held.
- The date of a concert must not be in the past.
- The visitors of a concert must not exceed the seats of its hall.
- A hall must not have two concerts on the same date.
- A choir can have at most 3 concerts.
- The income of a concert is its visitors times its ticket price.
- Only a director can approve or refuse a concert.
- A refusal reason is required to refuse a concert.
- Held concerts cannot be changed.
- Approved concerts cannot be deleted.
- A choir cannot be deleted while it has concerts.
- Only a director can delete halls.
- The list of concerts is sorted by date, oldest first.
- The list of concerts can be filtered by status and hall.
- The list of concerts shows 25 per page.

## Stories

As a singer, I want to plan concerts so that halls are used.

Acceptance criteria:

";

fn with(criterion: &str) -> String {
    format!("{EPIC}- {criterion}\n")
}

/// The rules that the one criterion shows.
fn shown(read: &Requirements) -> Vec<&RuleKind> {
    let item = read.items.iter().find(|item| item.id.to_string().starts_with("AC")).unwrap();
    match &item.understanding {
        Understanding::Rules { rules } => {
            read.concepts.rules.iter().filter(|rule| rules.contains(&rule.id)).map(|rule| &rule.demand).collect()
        }
        _ => Vec::new(),
    }
}

/// The epic states the rule already: a criterion that shows it adds none.
fn shows(criterion: &str, fits: impl Fn(&RuleKind) -> bool) {
    let (before, after) = (understood(&with("The name of a hall is required.")), understood(&with(criterion)));
    let found = shown(&after);
    assert!(!found.is_empty() && found.iter().all(|rule| fits(rule)), "{criterion}\n{found:#?}");
    let known: Vec<&RuleKind> = before.concepts.rules.iter().map(|rule| &rule.demand).collect();
    assert!(found.iter().all(|rule| known.contains(rule)), "{criterion}\n{found:#?}");
}

/// It is listed, or said to contradict what the epic states.
fn stays_open(criterion: &str) {
    let read = read(&with(criterion));
    let open = unknowns(&read).len() == 1 || !read.contradictions.is_empty();
    assert!(open, "{criterion}\n{:#?}", shown(&read));
}

#[test]
fn what_is_done_breaks_the_rule_that_it_shows() {
    let seats = |rule: &RuleKind| matches!(rule, RuleKind::Compare { field, .. } if field == "visitors");
    shows("Given a hall with 100 seats, when a concert with 101 visitors is planned, then it is refused.", seats);
    shows("Creating a concert with 60 visitors in a hall with 50 seats is refused.", seats);
    let date = |rule: &RuleKind| matches!(rule, RuleKind::Compare { field, .. } if field == "date");
    shows("Creating a concert with a date in the past fails.", date);
    shows("A concert dated yesterday is refused.", date);
    shows(
        "Given today is 1 May 2027, when a concert with the date 30 April 2027 is created, then it is refused.",
        date,
    );
    let held = |rule: &RuleKind| matches!(rule, RuleKind::Immutable { fields, .. } if fields.is_empty());
    shows("Changing the title of a held concert is refused.", held);
    let kept = |rule: &RuleKind| matches!(rule, RuleKind::NoDelete { entity, .. } if entity == "choir");
    shows("When a choir still has concerts, its deletion is rejected.", kept);
    shows("A choir without concerts can be deleted.", kept);
    let long = |rule: &RuleKind| matches!(rule, RuleKind::Length { max: Some(80), .. });
    shows("Entering a title of 81 characters is refused.", long);
    let director = |rule: &RuleKind| matches!(rule, RuleKind::ActionRole { entity, .. } if entity == "hall");
    shows("Deleting a hall as a singer is forbidden.", director);
}

#[test]
fn what_goes_well_against_a_rule_shows_none() {
    for criterion in [
        "Given a hall with 100 seats, when a concert with 101 visitors is created, then it is saved.",
        "When a concert without a choir is saved, then it is accepted.",
        "When a singer approves a planned concert, then its status is approved.",
        "When the director refuses a concert without a refusal reason, then the concert is refused.",
        "Given a ticket price of 10 and 50 visitors, then the income is 600.",
        "When the ticket price is left empty, then 15 is saved.",
        "When no ticket price is entered, then the ticket price is 15.",
        "Deleting an approved concert succeeds.",
    ] {
        stays_open(criterion);
    }
}

#[test]
fn what_is_refused_within_a_rule_is_refused_for_something_else() {
    for criterion in [
        "Given a hall with 100 seats, when a concert with 100 visitors is created, then it is refused.",
        "Given a concert in the hall \"Dome\" on 2027-05-01, when another concert in \"Mill\" on 2027-05-01 is created, then it is refused.",
        "Given a choir with 2 concerts, when a third one is created, then it is refused.",
        "Entering a title of 80 characters is refused.",
        "A concert dated today is refused.",
    ] {
        stays_open(criterion);
    }
}

#[test]
fn what_stands_where_nothing_is_entered() {
    let price = |rule: &RuleKind| matches!(rule, RuleKind::Default { field, .. } if field == "ticket_price");
    shows("When the ticket price is left empty, then 10 is saved.", price);
    shows("When no ticket price is entered, then 10 is used.", price);
    // An example of figures tells no value that stands where none is given.
    let days = "# Stays\n\n**Stay**:\n- start (date)\n- end (date)\n- days (integer)\n\nAcceptance criteria:\n\n- Given a start of \
                2027-07-01 and an end of 2027-07-08, then the days are 7.\n";
    let stays = read(days);
    assert!(!stays.concepts.rules.iter().any(|rule| matches!(rule.demand, RuleKind::Default { .. })), "{stays:#?}");
}

#[test]
fn buttons_pages_and_limits_say_again_what_rules_say() {
    let approves = |rule: &RuleKind| matches!(rule, RuleKind::TransitionRole { to, .. } if to == "approved");
    shows("Only the director sees the Approve button.", approves);
    shows("The approve button is hidden for singers.", approves);
    shows("The approve button is only visible to directors.", approves);
    stays_open("The approve button is only visible to singers.");
    shows("With 60 concerts the list has 3 pages.", |rule| matches!(rule, RuleKind::List { page_size: Some(25), .. }));
    stays_open("With 60 concerts the list has 2 pages.");
    shows("The income cannot be changed manually.", |rule| matches!(rule, RuleKind::Computed { .. }));
    stays_open("The ticket price cannot be entered by hand.");
    let most = |rule: &RuleKind| matches!(rule, RuleKind::Capacity { parent, .. } if parent == "choir");
    shows("The fourth concert of a choir is refused.", most);
}

#[test]
fn lists_that_are_only_opened_are_not_filtered() {
    stays_open("When I open the list of concerts, then only approved concerts are shown.");
    shows(
        "When I filter by status approved, then only approved concerts are shown.",
        |rule| matches!(rule, RuleKind::Filter { field, .. } if field == "status"),
    );
}

#[test]
fn examples_behind_an_empty_line_belong_to_their_steps() {
    let outline = "Scenario Outline: Seats\nGiven a hall with <seats> seats\nWhen a concert with <visitors> visitors is created\nThen it is \
                   <result>\n\nExamples:\n  | seats | visitors | result |\n  | 40 | 40 | saved |\n  | 40 | 41 | refused |\n";
    let epic = EPIC.trim_end().trim_end_matches("Acceptance criteria:");
    let read = understood(&format!("{epic}\n{outline}"));
    let texts: Vec<&str> =
        read.items.iter().filter(|item| item.id.to_string().starts_with("AC")).map(|item| item.text.as_str()).collect();
    assert_eq!(
        texts,
        [
            "Given a hall with 40 seats When a concert with 40 visitors is created Then it is saved",
            "Given a hall with 40 seats When a concert with 41 visitors is created Then it is refused"
        ]
    );
}

#[test]
fn who_may_is_said_by_what_is_refused() {
    let epic = "# Boats\n\n## Roles\n\n- Clerk: books charters.\n- Harbour master: decides on charters.\n\n## Records\n\n**Boat**: name \
                (required), berths (integer).\n\n**Charter**: boat (required), start (date), status (requested, confirmed, declined; \
                default requested).\n\n## Rules\n\n- A requested charter can be confirmed or declined.\n\nAcceptance criteria:\n\n";
    for (criterion, state) in [
        ("Confirming a charter as a clerk is refused.", "confirmed"),
        ("A clerk who tries to confirm a charter gets a 403.", "confirmed"),
        ("When a user without the role harbour master declines a charter, then it is forbidden.", "declined"),
    ] {
        let read = understood(&format!("{epic}- {criterion}\n"));
        let found = shown(&read);
        let alone = |rule: &&RuleKind| matches!(rule, RuleKind::TransitionRole { to, roles, .. } if to == state && *roles == ["harbour master"]);
        assert!(found.iter().all(alone) && !found.is_empty(), "{criterion}\n{found:#?}");
    }
    let read = understood(&format!("{epic}- Deleting a boat as a clerk is forbidden.\n"));
    let barred = |rule: &&RuleKind| matches!(rule, RuleKind::ActionBarred { roles, .. } if *roles == ["clerk"]);
    assert!(shown(&read).iter().all(barred), "{:#?}", shown(&read));
}
