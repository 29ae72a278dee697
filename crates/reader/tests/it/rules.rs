//! Rules about values, dates, references and sums in many wordings: what each statement is understood to demand.

use super::{read, rules_of, unknowns};
use maestro_artifacts::Requirements;

/// The rules of the statement that starts so, as compact JSON without what is empty, joined by ` & `.
fn told(read: &Requirements, start: &str) -> String {
    let text = read.items.iter().find(|item| item.text.starts_with(start)).unwrap().text.clone();
    let rules = rules_of(read, &text);
    let compact = |rule: &maestro_artifacts::RuleKind| {
        [r#","via":null"#, r#","when":[]"#, r#","plus":0"#, r#","on_create":false"#, r#","ignore_case":false"#]
            .iter()
            .fold(serde_json::to_string(rule).unwrap(), |json, empty| json.replace(empty, ""))
    };
    rules.into_iter().map(compact).collect::<Vec<_>>().join(" & ")
}

pub(super) fn check(text: &str, expected: &[(&str, &str)], unknown: &[&str]) {
    let read = read(text);
    assert!(read.contradictions.is_empty(), "{:?}", read.contradictions);
    for (start, json) in expected {
        assert_eq!(told(&read, start), *json, "{start}");
    }
    assert_eq!(unknowns(&read), unknown, "{:#?}", read.unknown().collect::<Vec<_>>());
}

#[test]
fn boats() {
    check(
        include_str!("../data/boats.md"),
        &[
            (
                "The number of guests on a",
                r#"{"kind":"compare","entity":"cruise","field":"guests","op":"le","to":{"of":"referenced","via":"boat_id","field":"berths"}}"#,
            ),
            (
                "A cruise's return must",
                r#"{"kind":"compare","entity":"cruise","field":"returns_at","op":"gt","to":{"of":"field","field":"departs_at"}}"#,
            ),
            (
                "A cruise may take",
                r#"{"kind":"compare","entity":"cruise","field":"returns_at","op":"le","to":{"of":"field","field":"departs_at","plus_minutes":4320}}"#,
            ),
            (
                "Cruises cannot be planned",
                r#"{"kind":"compare","entity":"cruise","field":"departs_at","op":"le","to":{"of":"today","plus_days":90},"on_create":true}"#,
            ),
            (
                "A boat can't be on two",
                r#"{"kind":"no_overlap","entity":"cruise","start":"departs_at","end":"returns_at","by":["boat_id"],"when":[{"test":"not_in","field":"status","values":["called off"]}]}"#,
            ),
            (
                "No skipper may command",
                r#"{"kind":"no_overlap","entity":"cruise","start":"departs_at","end":"returns_at","by":["skipper_id"],"when":[{"test":"not_in","field":"status","values":["called off"]}]}"#,
            ),
            (
                "The skipper's licence must",
                r#"{"kind":"compare","entity":"cruise","field":"departs_at","op":"le","to":{"of":"referenced","via":"skipper_id","field":"licence_expires_on"}}"#,
            ),
            (
                "Suspended skippers",
                r#"{"kind":"requires","entity":"cruise","at":{"moment":"create"},"condition":[{"test":"not_in","via":"skipper_id","field":"suspended","values":[true]}]}"#,
            ),
            (
                "Only boats that are afloat",
                r#"{"kind":"requires","entity":"cruise","at":{"moment":"create"},"condition":[{"test":"in","via":"boat_id","field":"state","values":["afloat"]},{"test":"in","via":"boat_id","field":"seaworthy","values":[true]}]}"#,
            ),
            (
                "A skipper must be 18",
                r#"{"kind":"compare","entity":"skipper","field":"born_on","op":"le","to":{"of":"today","plus_days":0,"plus_months":-216}}"#,
            ),
            (
                "A boat can only be scrapped",
                r#"{"kind":"requires","entity":"boat","at":{"moment":"transition","to":"scrapped"},"condition":[{"test":"children","child":"cruise","via":"boat_id","when":[{"test":"in","field":"status","values":["planned"]}],"measure":{"measure":"count"},"op":"eq","to":{"of":"value","value":0}}]}"#,
            ),
            ("The harbour and the dep", r#"{"kind":"unique","entity":"cruise","fields":["harbour","departs_at"]}"#),
            (
                "The length of a boat has",
                r#"{"kind":"range","entity":"boat","field":"length","min":"4","max":"25","above_min":true,"below_max":true}"#,
            ),
            (
                "A cruise with more than 6",
                r#"{"kind":"required_when","entity":"cruise","field":"deposit","when":[{"test":"compare","field":"guests","op":"gt","to":{"of":"value","value":6}}]}"#,
            ),
        ],
        &["BR-15", "BR-25", "BR-29"],
    );
}

#[test]
fn courses() {
    check(
        include_str!("../data/courses.md"),
        &[
            (
                "A student cannot enrol twice",
                r#"{"kind":"unique","entity":"enrolment","fields":["student_id","course_id"]}"#,
            ),
            (
                "No course accepts",
                r#"{"kind":"capacity","parent":"course","child":"enrolment","via":"course_id","measure":{"measure":"count"},"op":"le","limit":{"of":"field","field":"places"}}"#,
            ),
            (
                "The accepted enrolments",
                r#"{"kind":"capacity","parent":"course","child":"enrolment","via":"course_id","measure":{"measure":"count"},"op":"le","limit":{"of":"field","field":"places"},"when":[{"test":"in","field":"state","values":["accepted"]}]}"#,
            ),
            (
                "Students who are on leave",
                r#"{"kind":"requires","entity":"enrolment","at":{"moment":"create"},"condition":[{"test":"not_in","via":"student_id","field":"on_leave","values":[true]}]}"#,
            ),
            (
                "Courses run for",
                r#"{"kind":"compare","entity":"course","field":"ends_on","op":"ge","to":{"of":"field","field":"starts_on","plus":2}} & {"kind":"compare","entity":"course","field":"ends_on","op":"le","to":{"of":"field","field":"starts_on","plus_months":6}}"#,
            ),
            (
                "The number of free places",
                r#"{"kind":"computed","entity":"course","field":"number_of_free_places","expr":{"expr":"sub","left":{"expr":"field","field":"places"},"right":{"expr":"children","child":"enrolment","via":"course_id","measure":{"measure":"count"},"when":[{"test":"in","field":"state","values":["accepted"]}]}}}"#,
            ),
            (
                "Only drafts can",
                r#"{"kind":"no_delete","entity":"course","when":[{"test":"not_in","field":"status","values":["draft"]}]}"#,
            ),
            (
                "The title of a published",
                r#"{"kind":"immutable","entity":"course","when":[{"test":"in","field":"status","values":["published"]}],"fields":["title"]}"#,
            ),
            ("Show how many", r#"{"kind":"totals","entity":"enrolment","by":["course_id"],"measures":[]}"#),
            (
                "Revenue by teacher",
                r#"{"kind":"totals","entity":"enrolment","by":["course_id","teacher_id"],"measures":[{"measure":"sum","field":"paid_amount"}]}"#,
            ),
        ],
        &["BR-2", "BR-9", "BR-26"],
    );
}

#[test]
fn picking() {
    check(
        include_str!("../data/picking.md"),
        &[
            (
                "Quantity is a positive",
                r#"{"kind":"range","entity":"order_line","field":"quantity","min":"0","max":"999","above_min":true,"below_max":false}"#,
            ),
            ("An article may appear", r#"{"kind":"unique","entity":"order_line","fields":["order_id","article_id"]}"#),
            ("Within a zone", r#"{"kind":"unique","entity":"shelf","fields":["zone","code"]}"#),
            ("Two shelves", r#"{"kind":"unique","entity":"shelf","fields":["zone","code"]}"#),
            (
                "The wanted-by date",
                r#"{"kind":"compare","entity":"order","field":"wanted_by","op":"ge","to":{"of":"field","field":"ordered_on"}}"#,
            ),
            (
                "Orders must be shipped no later",
                r#"{"kind":"compare","entity":"order","field":"shipped_on","op":"le","to":{"of":"field","field":"ordered_on","plus":10}}"#,
            ),
            (
                "Shipped orders and cancelled",
                r#"{"kind":"immutable","entity":"order","when":[{"test":"in","field":"status","values":["shipped","cancelled"]}],"fields":[]}"#,
            ),
            (
                "Lines can only be added",
                r#"{"kind":"requires","entity":"order_line","at":{"moment":"create"},"condition":[{"test":"in","via":"order_id","field":"status","values":["new"]}]}"#,
            ),
            (
                "Lines of a shipped",
                r#"{"kind":"no_delete","entity":"order_line","when":[{"test":"in","via":"order_id","field":"status","values":["shipped"]}]}"#,
            ),
            (
                "Discontinued articles",
                r#"{"kind":"requires","entity":"order_line","at":{"moment":"create"},"condition":[{"test":"empty","via":"article_id","field":"discontinued_on"}]}"#,
            ),
            (
                "The line total is",
                r#"{"kind":"computed","entity":"order_line","field":"line_total","expr":{"expr":"sub","left":{"expr":"mul","left":{"expr":"field","field":"quantity"},"right":{"expr":"referenced","via":"article_id","field":"unit_price"}},"right":{"expr":"field","field":"discount"}}}"#,
            ),
            (
                "The order value",
                r#"{"kind":"computed","entity":"order","field":"order_value","expr":{"expr":"children","child":"order_line","via":"order_id","measure":{"measure":"sum","field":"line_total"}}}"#,
            ),
            (
                "The total line weight on",
                r#"{"kind":"capacity","parent":"shelf","child":"order_line","via":"shelf_id","measure":{"measure":"sum","field":"line_weight"},"op":"le","limit":{"of":"field","field":"max_weight"}}"#,
            ),
            (
                "An order needs at least",
                r#"{"kind":"requires","entity":"order","at":{"moment":"transition","to":"picking"},"condition":[{"test":"children","child":"order_line","via":"order_id","measure":{"measure":"count"},"op":"gt","to":{"of":"value","value":0}}]}"#,
            ),
            (
                "An order without lines",
                r#"{"kind":"requires","entity":"order","at":{"moment":"transition","to":"shipped"},"condition":[{"test":"children","child":"order_line","via":"order_id","measure":{"measure":"count"},"op":"gt","to":{"of":"value","value":0}}]}"#,
            ),
            (
                "The description may not",
                r#"{"kind":"length","entity":"article","field":"description","min":null,"max":200} & {"kind":"length","entity":"article","field":"description","min":3,"max":null}"#,
            ),
            (
                "Unit price: more",
                r#"{"kind":"range","entity":"article","field":"unit_price","min":"0.00","max":"10000.00","above_min":true,"below_max":false}"#,
            ),
            (
                "Report: quantity per article",
                r#"{"kind":"totals","entity":"order_line","by":["article_id"],"measures":[{"measure":"sum","field":"quantity"}]} & {"kind":"totals","entity":"order_line","by":["shelf_id","zone"],"measures":[{"measure":"sum","field":"quantity"}]}"#,
            ),
        ],
        &["BR-7", "BR-22"],
    );
}

#[test]
fn theatre() {
    check(
        include_str!("../data/theatre.md"),
        &[
            (
                "There must be no overlap",
                r#"{"kind":"no_overlap","entity":"showing","start":"begins","end":"ends","by":["hall_id"],"when":[{"test":"not_in","field":"status","values":["cancelled"]}]}"#,
            ),
            (
                "A hall can host",
                r#"{"kind":"no_overlap","entity":"showing","start":"begins","end":"ends","by":["hall_id"]}"#,
            ),
            ("A seat in a row", r#"{"kind":"unique","entity":"ticket","fields":["showing_id","seat"]}"#),
            (
                "No tickets may be sold",
                r#"{"kind":"requires","entity":"ticket","at":{"moment":"create"},"condition":[{"test":"not_in","via":"showing_id","field":"status","values":["cancelled"]}]}"#,
            ),
            (
                "A showing lasts",
                r#"{"kind":"compare","entity":"showing","field":"ends","op":"ge","to":{"of":"field","field":"begins","plus_minutes":30}}"#,
            ),
            (
                "Either membership",
                r#"{"kind":"required_when","entity":"visitor","field":"e_mail","when":[{"test":"empty","field":"membership_number"}]}"#,
            ),
            (
                "If a membership number",
                r#"{"kind":"required_when","entity":"visitor","field":"member_since","when":[{"test":"given","field":"membership_number"}]}"#,
            ),
            (
                "Member since is",
                r#"{"kind":"required_when","entity":"visitor","field":"member_since","when":[{"test":"given","field":"membership_number"}]}"#,
            ),
            (
                "The begin of a showing",
                r#"{"kind":"compare","entity":"showing","field":"begins","op":"ge","to":{"of":"referenced","via":"hall_id","field":"opens"}}"#,
            ),
            (
                "New showings must",
                r#"{"kind":"compare","entity":"showing","field":"begins","op":"ge","to":{"of":"today","plus_days":2},"on_create":true}"#,
            ),
            (
                "Free seats =",
                r#"{"kind":"computed","entity":"showing","field":"free_seats","expr":{"expr":"sub","left":{"expr":"referenced","via":"hall_id","field":"capacity"},"right":{"expr":"field","field":"seats_sold"}}}"#,
            ),
            (
                "Total paid by",
                r#"{"kind":"totals","entity":"ticket","by":["showing_id"],"measures":[{"measure":"sum","field":"paid"}]} & {"kind":"totals","entity":"ticket","by":["visitor_id"],"measures":[{"measure":"sum","field":"paid"}]}"#,
            ),
        ],
        &["BR-9", "BR-11", "BR-12", "BR-16", "BR-17", "BR-25", "BR-33", "BR-38"],
    );
}

#[test]
fn planting() {
    check(
        include_str!("../data/planting.md"),
        &[
            (
                "The harvest date has",
                r#"{"kind":"compare","entity":"planting_plan","field":"harvest_date","op":"ge","to":{"of":"field","field":"sowing_date","plus":20}} & {"kind":"compare","entity":"planting_plan","field":"harvest_date","op":"le","to":{"of":"field","field":"sowing_date","plus":300}}"#,
            ),
            (
                "Sowing may not",
                r#"{"kind":"compare","entity":"planting_plan","field":"sowing_date","op":"ge","to":{"of":"today","plus_days":0},"on_create":true}"#,
            ),
            (
                "Two plans for the same",
                r#"{"kind":"no_overlap","entity":"planting_plan","start":"sowing_date","end":"harvest_date","by":["bed_id"],"when":[{"test":"not_in","field":"status","values":["dropped"]}]}"#,
            ),
            (
                "A bed with accepted",
                r#"{"kind":"no_delete","entity":"bed","when":[{"test":"children","child":"planting_plan","via":"bed_id","when":[{"test":"in","field":"status","values":["accepted"]}],"measure":{"measure":"count"},"op":"gt","to":{"of":"value","value":0}}]}"#,
            ),
            (
                "The sizes of the beds",
                r#"{"kind":"capacity","parent":"greenhouse","child":"bed","via":"greenhouse_id","measure":{"measure":"sum","field":"size"},"op":"le","limit":{"of":"field","field":"area"}}"#,
            ),
            (
                "The cost per plant",
                r#"{"kind":"computed","entity":"planting_plan","field":"cost_per_plant","expr":{"expr":"div","left":{"expr":"field","field":"cost"},"right":{"expr":"field","field":"number_of_plants"}}}"#,
            ),
            (
                "Dropped plans can be deleted",
                r#"{"kind":"no_delete","entity":"planting_plan","when":[{"test":"not_in","field":"status","values":["dropped"]}]}"#,
            ),
        ],
        &["FR-8"],
    );
}

#[test]
fn invoices() {
    check(
        include_str!("../data/invoices.md"),
        &[
            ("An invoice number may", r#"{"kind":"unique","entity":"invoice","fields":["supplier_id","number"]}"#),
            ("The combination of", r#"{"kind":"unique","entity":"invoice","fields":["supplier_id","number"]}"#),
            (
                "No invoice dates",
                r#"{"kind":"compare","entity":"invoice","field":"invoice_date","op":"le","to":{"of":"today","plus_days":0}}"#,
            ),
            (
                "The due date lies",
                r#"{"kind":"compare","entity":"invoice","field":"due_date","op":"le","to":{"of":"field","field":"invoice_date","plus":90}}"#,
            ),
            (
                "If there is a due date",
                r#"{"kind":"compare","entity":"invoice","field":"due_date","op":"ge","to":{"of":"field","field":"invoice_date"}}"#,
            ),
            (
                "The gross amount",
                r#"{"kind":"computed","entity":"invoice","field":"gross_amount","expr":{"expr":"sub","left":{"expr":"add","left":{"expr":"field","field":"net_amount"},"right":{"expr":"field","field":"vat_amount"}},"right":{"expr":"field","field":"discount"}}}"#,
            ),
            (
                "Invoices with a net amount",
                r#"{"kind":"required_when","entity":"invoice","field":"due_date","when":[{"test":"compare","field":"net_amount","op":"gt","to":{"of":"value","value":"10000.00"}}]}"#,
            ),
            (
                "When disputed",
                r#"{"kind":"required_when","entity":"invoice","field":"dispute_reason","when":[{"test":"in","field":"status","values":["disputed"]}]}"#,
            ),
            (
                "An invoice can only be approved if its lines",
                r#"{"kind":"requires","entity":"invoice","at":{"moment":"transition","to":"approved"},"condition":[{"test":"compare","field":"lines_total","op":"eq","to":{"of":"field","field":"net_amount"}}]}"#,
            ),
            (
                "Neither approved",
                r#"{"kind":"no_delete","entity":"invoice","when":[{"test":"in","field":"status","values":["approved","paid"]}]}"#,
            ),
            (
                "Lines of approved",
                r#"{"kind":"requires","entity":"invoice_line","at":{"moment":"create"},"condition":[{"test":"not_in","via":"invoice_id","field":"status","values":["approved","paid"]}]} & {"kind":"immutable","entity":"invoice_line","when":[{"test":"in","via":"invoice_id","field":"status","values":["approved","paid"]}],"fields":[]}"#,
            ),
            (
                "The total net amount per",
                r#"{"kind":"totals","entity":"invoice","by":["supplier_id"],"measures":[{"measure":"sum","field":"net_amount"}]} & {"kind":"totals","entity":"invoice","by":["status"],"measures":[{"measure":"sum","field":"net_amount"}]}"#,
            ),
        ],
        &["BR-8", "BR-12", "BR-13", "BR-21", "BR-28", "BR-29", "BR-31", "BR-33"],
    );
}

#[test]
fn journeys_depart_before_they_arrive() {
    check(
        "# T\n\n## Driver\n\n- name (text)\n- permit expires on (date)\n\n## Trip\n\n- driver (reference to driver)\n- departure time (date and time)\n- arrival time (date and time)\n- rating\n- seats sold\n- seats taken\n\n## Rules\n\n- A driver cannot be on two trips at the same time.\n- The permit of the driver must not expire before the departure time of the trip.\n- The rating must be between 1 and 5.\n- The seats taken must not exceed the seats sold.\n",
        &[
            (
                "A driver cannot be",
                r#"{"kind":"no_overlap","entity":"trip","start":"departure_time","end":"arrival_time","by":["driver_id"]}"#,
            ),
            (
                "The permit of the driver",
                r#"{"kind":"compare","entity":"trip","field":"departure_time","op":"le","to":{"of":"referenced","via":"driver_id","field":"permit_expires_on"}}"#,
            ),
            (
                "The rating must be",
                r#"{"kind":"range","entity":"trip","field":"rating","min":"1","max":"5","above_min":false,"below_max":false}"#,
            ),
            (
                "The seats taken",
                r#"{"kind":"compare","entity":"trip","field":"seats_taken","op":"le","to":{"of":"field","field":"seats_sold"}}"#,
            ),
        ],
        &[],
    );
}

#[test]
fn what_another_rule_makes_true_anyway_shares_that_rule() {
    let read = read(
        "# T\n\n## Booking\n\n- start (date and time)\n- end (date and time)\n- people (integer, 1 to 12)\n- code (text, required, max 10 characters)\n- name (text, unique)\n\n## Rules\n\n- The end must be after the start.\n- A booking lasts at least 30 minutes.\n- The number of people must be positive.\n- The people must be at least 2.\n- The code must not be longer than 20 characters.\n- The combination of name and code is unique.\n",
    );
    assert_eq!(unknowns(&read), Vec::<String>::new());
    let same = |a: &str, b: &str| assert_eq!(told(&read, a), told(&read, b), "{a} / {b}");
    same("The end must be after", "A booking lasts at least");
    assert_eq!(
        told(&read, "The people must be at least 2"),
        r#"{"kind":"range","entity":"booking","field":"people","min":"2","max":null,"above_min":false,"below_max":false}"#
    );
    // What is positive follows from the bounds that the list of fields gives.
    assert!(told(&read, "The number of people must be positive").contains(r#""min":"1","max":"12""#));
    assert!(told(&read, "The code must not be longer").contains(r#""max":10"#));
    assert!(told(&read, "The combination of name").contains(r#""fields":["name"]"#));
    // Ids have no holes.
    let ids: Vec<String> = read.concepts.rules.iter().map(|rule| rule.id.clone()).collect();
    let expected: Vec<String> = (1..=ids.len()).map(|at| format!("R-{at}")).collect();
    assert_eq!(ids, expected);
}

#[test]
fn months_and_years_are_those_of_the_calendar() {
    check(
        "# Lease office\n\n\
         A tenant has a name, a date of birth (date) and an e-mail address.\n\n\
         A lease has a tenant, a start (date), an end (date), a notice period in months (whole number), \
         a review period in weeks (whole number) and a grace period (whole number).\n\n\
         - A tenant must be at least 18 years old.\n\
         - The start of a lease must not be more than 3 months ahead.\n\
         - The end of a lease must be at least 6 months after its start.\n\
         - The end of a lease must be at most a year and 6 months after its start.\n\
         - Last call = end - 3 months\n\
         - Notice date = end - notice period in months\n\
         - Review date = start + review period in weeks\n\
         - Grace end = end + grace period\n\
         - Payment date = start + 2 weeks\n\n\
         ## Leases\n\nAs a clerk, I want to record leases, so that nothing is forgotten.\n",
        &[
            (
                "A tenant must be",
                r#"{"kind":"compare","entity":"tenant","field":"date_of_birth","op":"le","to":{"of":"today","plus_days":0,"plus_months":-216}}"#,
            ),
            (
                "The start of a lease",
                r#"{"kind":"compare","entity":"lease","field":"start","op":"le","to":{"of":"today","plus_days":0,"plus_months":3}}"#,
            ),
            (
                "The end of a lease must be at least",
                r#"{"kind":"compare","entity":"lease","field":"end","op":"ge","to":{"of":"field","field":"start","plus_months":6}}"#,
            ),
            (
                "Last call",
                r#"{"kind":"computed","entity":"lease","field":"last_call","expr":{"expr":"plus_months","date":{"expr":"field","field":"end"},"months":{"expr":"number","value":"-3"}}}"#,
            ),
            (
                "Notice date",
                r#"{"kind":"computed","entity":"lease","field":"notice_date","expr":{"expr":"plus_months","date":{"expr":"field","field":"end"},"months":{"expr":"mul","left":{"expr":"field","field":"notice_period"},"right":{"expr":"number","value":"-1"}}}}"#,
            ),
            (
                "Review date",
                r#"{"kind":"computed","entity":"lease","field":"review_date","expr":{"expr":"plus_days","date":{"expr":"field","field":"start"},"days":{"expr":"mul","left":{"expr":"field","field":"review_period"},"right":{"expr":"number","value":"7"}}}}"#,
            ),
            (
                "Grace end",
                r#"{"kind":"computed","entity":"lease","field":"grace_end","expr":{"expr":"plus_days","date":{"expr":"field","field":"end"},"days":{"expr":"field","field":"grace_period"}}}"#,
            ),
            (
                "Payment date",
                r#"{"kind":"computed","entity":"lease","field":"payment_date","expr":{"expr":"plus_days","date":{"expr":"field","field":"start"},"days":{"expr":"number","value":"14"}}}"#,
            ),
        ],
        &["BR-4"],
    );
}

#[test]
fn what_comes_before_a_moment_is_told_by_the_clock_or_by_an_amount() {
    check(
        "# Ink book\n\n\
         A session has a start (date), an end (date), a briefing date (date), a deposit date (date) and a price.\n\n\
         A session is requested, confirmed, cancelled or done. It starts as requested. A requested session becomes \
         confirmed or cancelled, a confirmed session becomes cancelled or done.\n\n\
         ## Sessions\n\nAs an owner, I want to record sessions, so that nothing is lost.\n\n\
         - The briefing date must be no later than 3 days before the start.\n\
         - The deposit date must be at least 2 weeks before the start.\n\
         - The deposit date may not be earlier than 60 days ago.\n\
         - A session may be booked at most 80 days in advance.\n\
         - Sessions are filed no later than 2 days before the start.\n\
         - A session can be cancelled until 1 day before its start.\n\
         - A session must be confirmed up to 5 days before its start.\n\
         - A session can only be done after its end.\n\
         - A session cannot be changed less than 1 week before the start.\n\
         - A session must be paid at most 3 days in advance.\n",
        &[
            (
                "The briefing date",
                r#"{"kind":"compare","entity":"session","field":"briefing_date","op":"le","to":{"of":"field","field":"start","plus":-3}}"#,
            ),
            (
                "The deposit date must",
                r#"{"kind":"compare","entity":"session","field":"deposit_date","op":"le","to":{"of":"field","field":"start","plus":-14}}"#,
            ),
            (
                "The deposit date may not",
                r#"{"kind":"compare","entity":"session","field":"deposit_date","op":"ge","to":{"of":"today","plus_days":-60},"on_create":true}"#,
            ),
            (
                "A session may be booked",
                r#"{"kind":"compare","entity":"session","field":"start","op":"le","to":{"of":"today","plus_days":80},"on_create":true}"#,
            ),
            (
                "Sessions are filed",
                r#"{"kind":"compare","entity":"session","field":"start","op":"ge","to":{"of":"today","plus_days":2},"on_create":true}"#,
            ),
            (
                "A session can be cancelled",
                r#"{"kind":"requires","entity":"session","at":{"moment":"transition","to":"cancelled"},"condition":[{"test":"compare","field":"start","op":"ge","to":{"of":"today","plus_days":1}}]}"#,
            ),
            (
                "A session must be confirmed",
                r#"{"kind":"requires","entity":"session","at":{"moment":"transition","to":"confirmed"},"condition":[{"test":"compare","field":"start","op":"ge","to":{"of":"today","plus_days":5}}]}"#,
            ),
            (
                "A session can only be done",
                r#"{"kind":"requires","entity":"session","at":{"moment":"transition","to":"done"},"condition":[{"test":"compare","field":"end","op":"lt","to":{"of":"today","plus_days":0}}]}"#,
            ),
            (
                "A session cannot be changed",
                r#"{"kind":"immutable","entity":"session","when":[{"test":"compare","field":"start","op":"lt","to":{"of":"today","plus_days":7}}],"fields":[]}"#,
            ),
        ],
        // Nothing that the epic keeps tells when a session is paid.
        &["AC-1.10"],
    );
}

#[test]
fn a_wish_for_several_kinds_of_records_is_one_for_each() {
    let read = read(
        "# Ink book\n\nAn artist has a nickname. A client has a full name. A session has a client, an artist and a price.\n\n\
         ## All\n\nAs an owner, I want to record artists, clients and sessions.\n\n\
         As an owner, I want to change the artist and the client of a session.\n",
    );
    let records: Vec<String> = rules_of(&read, "As an owner, I want to record artists, clients and sessions.")
        .iter()
        .map(|rule| serde_json::to_string(rule).unwrap())
        .collect();
    let create = |entity: &str| format!(r#"{{"kind":"capability","entity":"{entity}","action":"create"}}"#);
    assert_eq!(records, ["artist", "client", "session"].map(create));
    assert!(told(&read, "As an owner, I want to change").contains(r#""field":"artist_id""#));
}

#[test]
fn relative_clauses_say_something_of_a_field() {
    check(
        "# Choir book\n\n\
         For each singer we keep a nickname that no other singer has, the voice (soprano or bass), which must be given, \
         and the yearly fee, which is an amount of money and never below 20.\n\n\
         Each concert has a title and the number of tickets sold, which starts at 0.\n\n\
         ## All\n\nAs a conductor, I want to record singers and concerts.\n",
        &[
            (
                "For each singer",
                r#"{"kind":"has_field","entity":"singer","field":"nickname"} & {"kind":"unique","entity":"singer","fields":["nickname"]} & {"kind":"has_field","entity":"singer","field":"voice"} & {"kind":"required","entity":"singer","field":"voice"} & {"kind":"has_field","entity":"singer","field":"yearly_fee"} & {"kind":"range","entity":"singer","field":"yearly_fee","min":"20.00","max":null,"above_min":false,"below_max":false}"#,
            ),
            (
                "Each concert",
                r#"{"kind":"has_field","entity":"concert","field":"title"} & {"kind":"has_field","entity":"concert","field":"number_of_tickets_sold"} & {"kind":"default","entity":"concert","field":"number_of_tickets_sold","value":0}"#,
            ),
        ],
        &[],
    );
}

#[test]
fn examples_show_what_is_found_added_up_and_totalled() {
    check(
        "# Tutoring\n\n\
         ## Tutor\n\n- name: text, required\n- subject: text, required\n\n\
         ## Lesson\n\n- tutor: reference to tutor, required\n- hours: decimal, required\n\n\
         ```gherkin\nFeature: Lessons\n\n  Scenario: Sum\n    Given a tutor with lessons of 2 and 3 hours\n\
         \x20   When I read the tutor\n    Then the lesson hours are 5\n\n  Scenario: Totals\n\
         \x20   When I ask for the total hours by tutor\n    Then I get one sum for each tutor\n\n  Scenario: Search\n\
         \x20   Given a tutor named \"Ada Byron\"\n    When I search tutors for \"byron\"\n    Then I see \"Ada Byron\"\n\n\
         \x20 Scenario: No sum\n    Given a tutor with lessons of 2 and 2 hours\n    When I read the tutor\n\
         \x20   Then the mean is 2\n\n  Scenario: More than was asked\n    When I ask for the total hours by subject\n\
         \x20   Then I get one sum for each subject and a chart\n```\n",
        &[
            (
                "Given a tutor with lessons of 2 and 3",
                r#"{"kind":"computed","entity":"tutor","field":"lesson_hours","expr":{"expr":"children","child":"lesson","via":"tutor_id","measure":{"measure":"sum","field":"hours"}}}"#,
            ),
            (
                "When I ask for the total hours by tutor",
                r#"{"kind":"totals","entity":"lesson","by":["tutor_id"],"measures":[{"measure":"sum","field":"hours"}]}"#,
            ),
            ("Given a tutor named", r#"{"kind":"search","entity":"tutor","fields":["name"]}"#),
        ],
        &["AC-0.4", "AC-0.5"],
    );
}
