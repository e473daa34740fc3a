//! The grammar of a condition: comparisons joined by `and`, `or` and `not`.

use super::words::{self, Token, Word};
use super::{Condition, Look, Question, Sign, Test, Which, number};
use crate::error::{Problem, Result};

/// Conditions within each other at most.
pub(super) const DEEPEST: usize = 32;

/// Words that join conditions.
const JOINTS: [&str; 3] = ["and", "or", "not"];

/// What to write where a comparison is expected.
const HOW: &str = "write `COLUMN = VALUE`, `COLUMN != VALUE`, `COLUMN in (A, B)`, `COLUMN not in (A, B)`, `COLUMN ~ 'part of a text'`, \
`COLUMN >= 3`, `COLUMN is missing` or `COLUMN is known`";

/// What the text of a condition says.
pub(super) fn parse(condition: &Condition) -> Result<Test> {
    let mut parser = Parser { words: words::split(condition)?, next: 0, condition };
    let test = parser.any(0)?;
    match parser.words.get(parser.next) {
        Some(word) => Err(parser.left_over(word)),
        None => Ok(test),
    }
}

struct Parser<'a> {
    condition: &'a Condition,
    words: Vec<Word>,
    next: usize,
}

impl Parser<'_> {
    /// Conditions of which one holds.
    fn any(&mut self, depth: usize) -> Result<Test> {
        if depth > DEEPEST {
            let problem = Problem::usage(format!("conditions are more than {DEEPEST} deep within each other"));
            return Err(self.refuse(problem.hint("take away parentheses, or write several conditions: all must hold")));
        }
        let mut tests = vec![self.all(depth)?];
        while self.takes("or") {
            tests.push(self.all(depth)?);
        }
        Ok(joined(tests, Test::Any))
    }

    /// Conditions that all hold.
    fn all(&mut self, depth: usize) -> Result<Test> {
        let mut tests = vec![self.one(depth)?];
        while self.takes("and") {
            tests.push(self.one(depth)?);
        }
        Ok(joined(tests, Test::All))
    }

    /// A comparison, its opposite, or conditions in parentheses.
    fn one(&mut self, depth: usize) -> Result<Test> {
        let mut opposite = false;
        while self.takes("not") {
            opposite = !opposite;
        }
        let test = if self.takes_sign("(") {
            let inner = self.any(depth + 1)?;
            if !self.takes_sign(")") {
                return Err(self.expected("`and`, `or` or `)`", "close the parenthesis with `)`"));
            }
            inner
        } else {
            self.comparison()?
        };
        Ok(if opposite { Test::Not(Box::new(test)) } else { test })
    }

    fn comparison(&mut self) -> Result<Test> {
        let at = self.here();
        let (which, column) = self.column()?;
        let (question, opposite) = self.question()?;
        let look = Test::Look(Look { column, which, question, at });
        Ok(if opposite { Test::Not(Box::new(look)) } else { look })
    }

    /// A column, with `first.`, `last.` or `any.` before it where it says so.
    fn column(&mut self) -> Result<(Option<Which>, String)> {
        let hint = format!("{HOW}; put a name with spaces in quotes");
        let (text, is_quoted) = match self.words.get(self.next).map(|word| &word.token) {
            Some(Token::Bare(text)) if !JOINTS.contains(&text.to_lowercase().as_str()) => (text.clone(), false),
            Some(Token::Quoted(text)) => (text.clone(), true),
            Some(Token::Bare(_) | Token::Sign(_)) | None => return Err(self.expected("the name of a column", &hint)),
        };
        self.next += 1;
        let prefixes = [("first.", Which::First), ("last.", Which::Last), ("any.", Which::Any)];
        let found = prefixes.into_iter().find_map(|(prefix, which)| Some((which, text.strip_prefix(prefix)?)));
        match found.filter(|_| !is_quoted) {
            None => Ok((None, text)),
            Some((which, "")) => {
                match self.words.get(self.next).map(|word| &word.token) {
                    Some(Token::Quoted(name)) => {
                        let name = name.clone();
                        self.next += 1;
                        Ok((Some(which), name))
                    }
                    Some(Token::Bare(_) | Token::Sign(_)) | None => Err(self
                        .expected("the name of a column", "write it right after the point, such as `last.priority`")),
                }
            }
            Some((which, name)) => Ok((Some(which), name.to_owned())),
        }
    }

    /// What is asked, and whether the opposite is meant.
    fn question(&mut self) -> Result<(Question, bool)> {
        for (sign, opposite) in [("=", false), ("!=", true)] {
            if self.takes_sign(sign) {
                return Ok((Question::OneOf(vec![self.value()?]), opposite));
            }
        }
        if self.takes_sign("~") {
            return Ok((Question::Holds(self.value()?), false));
        }
        for (sign, compared) in [("<=", Sign::UpTo), (">=", Sign::From), ("<", Sign::Below), (">", Sign::Above)] {
            if self.takes_sign(sign) {
                return Ok((self.number(compared)?, false));
            }
        }
        if self.takes("is") {
            let opposite = self.takes("not");
            for (word, is_missing) in [("missing", true), ("known", false)] {
                if self.takes(word) {
                    return Ok((Question::Known, is_missing != opposite));
                }
            }
            return Err(
                self.expected("`missing` or `known`", "write `is missing` or `is known`; a value stands after `=`")
            );
        }
        let opposite = self.takes("not");
        if self.takes("in") {
            return Ok((Question::OneOf(self.list()?), opposite));
        }
        Err(self.expected("a comparison", HOW))
    }

    fn number(&mut self, sign: Sign) -> Result<Question> {
        let at = self.next;
        let text = self.value()?;
        if number(&text).is_some() {
            return Ok(Question::Number(sign, text));
        }
        self.next = at;
        Err(self.expected(
            "a number",
            "`<`, `<=`, `>` and `>=` compare numbers, such as `reopen_count >= 2`; name texts with `in (A, B)`",
        ))
    }

    fn value(&mut self) -> Result<String> {
        match self.words.get(self.next).map(|word| &word.token) {
            Some(Token::Bare(text) | Token::Quoted(text)) => {
                let text = text.clone();
                self.next += 1;
                Ok(text)
            }
            Some(Token::Sign("=")) => Err(self.expected("a value", "write one `=`")),
            Some(Token::Sign(_)) | None => {
                Err(self.expected("a value", "write it in quotes where it has spaces or signs: `'2 - High'`"))
            }
        }
    }

    fn list(&mut self) -> Result<Vec<String>> {
        if !self.takes_sign("(") {
            return Err(self.expected("`(`", "write the values in parentheses: `in (P1, P2)`"));
        }
        let mut values = vec![self.value()?];
        while self.takes_sign(",") {
            values.push(self.value()?);
        }
        if self.takes_sign(")") {
            return Ok(values);
        }
        Err(self.expected(
            "`,` or `)`",
            "put commas between the values, and a value with spaces or signs in quotes: `in ('2 - High', P1)`",
        ))
    }

    /// Whether the next word is this one; then it is passed.
    fn takes(&mut self, word: &str) -> bool {
        let found = matches!(self.words.get(self.next), Some(Word { token: Token::Bare(text), .. }) if text.eq_ignore_ascii_case(word));
        self.next += usize::from(found);
        found
    }

    fn takes_sign(&mut self, sign: &str) -> bool {
        let found = matches!(self.words.get(self.next), Some(Word { token: Token::Sign(text), .. }) if *text == sign);
        self.next += usize::from(found);
        found
    }

    /// Characters before the next word.
    fn here(&self) -> usize {
        self.words.get(self.next).map_or_else(|| self.condition.text.chars().count(), |word| word.at)
    }

    fn refuse(&self, problem: Problem) -> Problem {
        self.condition.refuse(self.here(), problem)
    }

    fn expected(&self, what: &str, hint: &str) -> Problem {
        let message = match self.words.get(self.next) {
            Some(_) => format!("{what} is expected in the condition, and something else stands there"),
            None => format!("the condition ends where {what} is expected"),
        };
        self.refuse(Problem::usage(message).hint(hint))
    }

    /// Something stands behind a whole condition.
    fn left_over(&self, word: &Word) -> Problem {
        let hint = match (&word.token, self.next.checked_sub(1).and_then(|before| self.words.get(before))) {
            (Token::Sign(")"), _) => "take the parenthesis away, or open it before".to_owned(),
            (Token::Bare(_) | Token::Quoted(_), Some(Word { token: Token::Bare(_), at })) => {
                let value: String = self.condition.text.chars().skip(*at).collect();
                let lower = value.to_lowercase();
                let end = [" and ", " or ", ")"].iter().filter_map(|joint| lower.find(joint)).min();
                let value = end.and_then(|end| value.get(..end)).unwrap_or(&value);
                format!(
                    "put a value of several words in quotes: `'{}'`; join conditions with `and` or `or`",
                    value.replace('\'', "''")
                )
            }
            (Token::Bare(_) | Token::Quoted(_) | Token::Sign(_), _) => "join conditions with `and` or `or`".to_owned(),
        };
        self.refuse(
            Problem::usage("`and` or `or` is expected in the condition, and something else stands there").hint(hint),
        )
    }
}

/// One test as it is, several joined.
fn joined(mut tests: Vec<Test>, join: fn(Vec<Test>) -> Test) -> Test {
    match tests.pop() {
        Some(only) if tests.is_empty() => only,
        last => {
            tests.extend(last);
            join(tests)
        }
    }
}
