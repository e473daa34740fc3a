use super::parser::DEEPEST;
use super::*;

fn parse(text: &str) -> Test {
    Condition::parse(text, None).unwrap_or_else(|problem| panic!("{text}: {problem}")).test
}

fn look(column: &str, which: Option<Which>, question: Question, at: usize) -> Test {
    Test::Look(Look { column: column.to_owned(), which, question, at })
}

fn not(test: Test) -> Test {
    Test::Not(Box::new(test))
}

fn one_of(values: &[&str]) -> Question {
    Question::OneOf(values.iter().map(|value| (*value).to_owned()).collect())
}

#[test]
fn every_comparison_is_read() {
    for (text, test) in [
        ("priority = P1", look("priority", None, one_of(&["P1"]), 0)),
        (" priority='2 - High' ", look("priority", None, one_of(&["2 - High"]), 0)),
        ("group != \"\"", not(look("group", None, one_of(&[""]), 0))),
        ("\"Assignment group\" IN (a,'b c', d)", look("Assignment group", None, one_of(&["a", "b c", "d"]), 0)),
        ("a not in (b)", not(look("a", None, one_of(&["b"]), 0))),
        ("a ~ 'It''s'", look("a", None, Question::Holds("It's".to_owned()), 0)),
        ("n>=-1.5", look("n", None, Question::Number(Sign::From, "-1.5".to_owned()), 0)),
        ("n < 3", look("n", None, Question::Number(Sign::Below, "3".to_owned()), 0)),
        ("a is known", look("a", None, Question::Known, 0)),
        ("a is not known", not(look("a", None, Question::Known, 0))),
        ("a is missing", not(look("a", None, Question::Known, 0))),
        ("a is not missing", look("a", None, Question::Known, 0)),
        ("last.state = Closed", look("state", Some(Which::Last), one_of(&["Closed"]), 0)),
        ("first.\"a b\" = c", look("a b", Some(Which::First), one_of(&["c"]), 0)),
        ("\"first.name\" = c", look("first.name", None, one_of(&["c"]), 0)),
        ("'and' = 'or'", look("and", None, one_of(&["or"]), 0)),
        ("customer.tier = 東京", look("customer.tier", None, one_of(&["東京"]), 0)),
    ] {
        assert_eq!(parse(text), test, "{text}");
    }
}

#[test]
fn and_binds_closer_than_or_and_not_closest() {
    let is = |column: &str, at| look(column, None, one_of(&["1"]), at);
    assert_eq!(
        parse("a=1 or b=1 and not c=1"),
        Test::Any(vec![is("a", 0), Test::All(vec![is("b", 7), not(is("c", 19))])])
    );
    assert_eq!(parse("(a=1 or b=1) and c=1"), Test::All(vec![Test::Any(vec![is("a", 1), is("b", 8)]), is("c", 17)]));
    assert_eq!(parse("not not a=1"), is("a", 8));
    assert_eq!(parse(&format!("{}a=1{}", "(".repeat(DEEPEST), ")".repeat(DEEPEST))), is("a", DEEPEST));
}

#[test]
fn a_mistake_is_named_with_its_place_and_a_way_out() {
    let deep = "(".repeat(20_000);
    for (text, parts) in [
        ("", &["the condition ends where the name of a column", "after 0 characters", "COLUMN = VALUE"][..]),
        ("priority", &["ends where a comparison", "after 8 characters", "COLUMN in (A, B)"]),
        ("priority in (P1", &["ends where `,` or `)`", "after 15 characters", "commas"]),
        ("priority in P1", &["`(` is expected", "at character 13, `P1`", "`in (P1, P2)`"]),
        ("priority in ()", &["a value is expected", "at character 14, `)`"]),
        ("priority in (2 - High)", &["`,` or `)` is expected", "at character 16, `- High)`", "in quotes"]),
        ("state = On hold and a = b", &["at character 12, `hold and a = b`", "in quotes: `'On hold'`"]),
        ("a == b", &["a value is expected", "at character 4, `= b`", "write one `=`"]),
        ("a <> b", &["a value is expected", "at character 4"]),
        ("a = 'b", &["not closed", "at character 5, `'b`", "add ' at the end"]),
        ("a ! b", &["`!` alone", "at character 3", "`!=`"]),
        ("a < many", &["a number is expected", "at character 5, `many`", "in (A, B)"]),
        ("a < nan", &["a number is expected"]),
        ("a is", &["ends where `missing` or `known`"]),
        ("a is b", &["`missing` or `known` is expected", "at character 6, `b`"]),
        ("(a = b", &["ends where `and`, `or` or `)`", "close the parenthesis"]),
        ("a = b)", &["at character 6, `)`", "take the parenthesis away"]),
        ("a = b c = d", &["at character 7, `c = d`", "join conditions"]),
        ("and a = b", &["the name of a column is expected", "at character 1"]),
        ("last. = b", &["the name of a column is expected", "last.priority"]),
        (&deep, &["more than 32 deep"]),
    ] {
        let problem = Condition::parse(text, None).unwrap_err();
        let shown = problem.to_string();
        assert_eq!(problem.kind().exit_code(), 2, "{shown}");
        for part in parts {
            assert!(shown.contains(part), "{part:?} is missing for {text:?} in:\n{shown}");
        }
    }
}

#[test]
fn numbers_are_what_people_call_numbers() {
    for (text, found) in [
        ("3", Some(3.0)),
        (" -2.5 ", Some(-2.5)),
        ("1e3", Some(1000.0)),
        ("inf", None),
        ("NaN", None),
        ("", None),
        ("3 h", None),
    ] {
        assert_eq!(number(text), found, "{text}");
    }
}
