//! Examples that tell two in one: `created with fewer than 2 or more than 12 places`, `a lesson with as many enrolments as places`.

/// Each of the two as an example of its own.
pub(super) fn apart(text: &str) -> Option<[String; 2]> {
    const LOW: &[&str] = &["fewer than ", "less than ", "below ", "under "];
    const HIGH: &[&str] = &[" or more than ", " or greater than ", " or above ", " or over ", " or with more than "];
    let (at, joint) = HIGH.iter().find_map(|joint| Some((text.find(joint)?, *joint)))?;
    let (head, tail) = (text.get(..at)?, text.get(at + joint.len()..)?);
    let low = LOW.iter().filter_map(|low| head.rfind(low)).max()?;
    let told = head.get(low..)?;
    let figure = told.rsplit(' ').next()?;
    let number = |word: &str| word.starts_with(|c: char| c.is_ascii_digit());
    let above = tail.split(' ').next()?;
    // The figure stands directly before the second half, which goes on with what is counted.
    (number(figure) && number(above) && told.split(' ').count() <= 3).then_some(())?;
    let what = tail.get(above.len()..)?;
    let more = joint.trim_start_matches(" or ").trim_start_matches("with ");
    Some([format!("{head}{what}"), format!("{}{more}{tail}", head.get(..low)?)])
}

/// "A lesson with as many enrolments as places" told with figures: it is full.
pub(super) fn full(text: &str) -> Option<String> {
    let (head, rest) = text.split_once(" with as many ")?;
    let (many, rest) = rest.split_once(" as ")?;
    let end = rest
        .find([',', '.'])
        .into_iter()
        .chain([" When ", " And ", " when ", " and "].iter().filter_map(|mark| rest.find(mark)));
    let end = end.min().unwrap_or(rest.len());
    let (places, behind) = (rest.get(..end)?, rest.get(end..)?);
    let places = places.trim_start_matches("it has ").trim_start_matches("there are ");
    (many.split(' ').count() <= 3 && (1..=3).contains(&places.split(' ').count()))
        .then(|| format!("{head} with 2 {places} and 2 {many}{behind}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_bounds_are_two_examples() {
        assert_eq!(
            apart("When a lesson is created with fewer than 2 or more than 12 places, then it is refused").unwrap(),
            [
                "When a lesson is created with fewer than 2 places, then it is refused",
                "When a lesson is created with more than 12 places, then it is refused"
            ]
        );
        assert_eq!(apart("When fewer than 2 places are left or more than 3 are booked"), None);
    }

    #[test]
    fn as_many_as_fit_is_full() {
        assert_eq!(
            full("Given a lesson with as many enrolments as places When one more is made").as_deref(),
            Some("Given a lesson with 2 places and 2 enrolments When one more is made")
        );
        assert_eq!(full("Given a lesson with many places"), None);
    }
}
