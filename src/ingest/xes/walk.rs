//! The structure of an XES document: what is open, what belongs to what, and which keys a declaration renames.
//!
//! It knows the elements of the standard; what becomes of attributes is the visitor's affair.

use super::markup::{Flow, Place, Token};
use super::text::{self, Pair};
use crate::error::{Problem, Result};
use crate::ingest::limits::{Bound, Limits};
use crate::log::text::shown;

/// What attributes belong to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The log: not looked at.
    Log,
    /// Defaults of every trace.
    GlobalTrace,
    /// Defaults of every event.
    GlobalEvent,
    /// A trace, that is a case.
    Trace,
    /// An event.
    Event,
}

/// One attribute.
#[derive(Clone, Copy, Debug)]
pub struct Attribute<'t> {
    /// Key, with those of the attributes around it in front: `parent.child`.
    pub key: &'t str,
    /// Text.
    pub value: &'t str,
    /// Declared as a date.
    pub is_date: bool,
}

/// Takes what an XES document holds, in its order.
pub trait Visitor {
    /// A classifier of events: the keys that together say what an event is.
    fn classifier(&mut self, keys: &str);
    /// A trace or an event begins on `line`.
    fn begin(&mut self, scope: Scope, line: u64) -> Result<()>;
    /// An attribute of the innermost trace or event, or a default.
    fn attribute(&mut self, scope: Scope, attribute: Attribute, line: u64) -> Result<()>;
    /// A trace or an event ends.
    fn end(&mut self, scope: Scope) -> Result<Flow>;
}

/// Prefixes of the extensions of the standard.
const EXTENSIONS: &[&str] = &["concept", "time", "lifecycle", "org", "cost", "identity", "semantic", "micro"];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Log,
    /// Trace or event.
    Holder,
    Global,
    Attribute,
    /// The values of a list.
    Values,
    /// Neither they nor what is in them matter.
    Other,
}

struct Frame {
    kind: Kind,
    scope: Scope,
    /// Length of `names` before this one.
    names: usize,
    /// Length of `path` before this one.
    path: usize,
    place: Place,
}

/// Walks through the tokens of one document.
pub struct Walk<'w, V> {
    visitor: V,
    limits: &'w Limits,
    open: Vec<Frame>,
    /// Names of the open elements, one behind the other.
    names: String,
    /// Keys of the open attributes, joined.
    path: String,
    /// Prefixes as declared, with those of the standard.
    renamed: Vec<(String, &'static str)>,
    seen_root: bool,
    key: String,
    scratch: (String, String),
}

impl<'w, V: Visitor> Walk<'w, V> {
    /// A walk from the beginning.
    pub fn new(visitor: V, limits: &'w Limits) -> Self {
        Walk {
            visitor,
            limits,
            open: Vec::new(),
            names: String::new(),
            path: String::new(),
            renamed: Vec::new(),
            seen_root: false,
            key: String::new(),
            scratch: (String::new(), String::new()),
        }
    }

    /// The visitor, to be looked at.
    pub fn visitor(&self) -> &V {
        &self.visitor
    }

    /// The visitor.
    pub fn into_visitor(self) -> V {
        self.visitor
    }

    /// Takes one token.
    ///
    /// # Errors
    /// When it does not belong there, and whatever the visitor refuses.
    #[inline]
    pub fn token(&mut self, token: Token, place: Place) -> Result<Flow> {
        let done = match token {
            Token::Open { name, attributes, pair, empty } => self.open(name, attributes, pair, empty, place),
            Token::Close(name) => self.close(name, place),
            Token::Text => Err(Problem::input("there is text between the tags")
                .hint("XES keeps every text in an attribute `value`; remove it, or export the log again")),
        };
        done.map_err(|problem| {
            let has_line = problem.location().is_some_and(|location| location.line.is_some());
            if has_line { problem } else { problem.at_line(place.line) }
        })
    }

    /// Checks that nothing is left open at the end of the text.
    ///
    /// # Errors
    /// When an element is open, or there was none.
    pub fn finish(&self) -> Result<()> {
        if let Some(frame) = self.open.last() {
            let name = shown(&self.names[frame.names..]);
            return Err(Problem::input(format!("the file ends before `</{name}>`"))
                .at_line(frame.place.line)
                .note(format!("`<{name}>` opened there is still open at the end of the file"))
                .hint("the file is cut off; copy or export it again"));
        }
        if self.seen_root {
            return Ok(());
        }
        Err(Problem::input("the file holds no XES log").hint("export the log again; an XES file holds a `<log>`"))
    }

    fn open(
        &mut self,
        name: &str,
        attributes: &str,
        pair: Option<(&str, &str)>,
        empty: bool,
        place: Place,
    ) -> Result<Flow> {
        let colon = name.as_bytes().iter().rposition(|&byte| byte == b':');
        let local = colon.map_or(name, |colon| &name[colon + 1..]);
        let parent = self.open.last().map(|frame| (frame.kind, frame.scope));
        let depth = self.limits.depth;
        if self.open.len() >= depth {
            return Err(Problem::input(format!("elements are nested more than {depth} deep"))
                .hint("export the log without nested attributes")
                .hint(Bound::Depth.raise(depth as u64)));
        }
        let (kind, scope) = self.kind(parent, local, attributes)?;
        if scope == Scope::Event {
            self.check_size(place)?;
        }
        let (names, path) = (self.names.len(), self.path.len());
        match kind {
            Kind::Attribute => match pair {
                _ if scope == Scope::Log => drop(text::pair(attributes)?),
                Some(pair) => self.attribute(scope, local, pair, empty, place)?,
                None => self.written(scope, local, attributes, empty, place)?,
            },
            Kind::Holder => self.visitor.begin(scope, place.line)?,
            Kind::Log | Kind::Global | Kind::Values | Kind::Other => {}
        }
        if empty {
            self.path.truncate(path);
            return if kind == Kind::Holder { self.visitor.end(scope) } else { Ok(Flow::Go) };
        }
        self.names.push_str(name);
        self.open.push(Frame { kind, scope, names, path, place });
        Ok(Flow::Go)
    }

    /// What an element is, by where it stands.
    fn kind(&mut self, parent: Option<(Kind, Scope)>, local: &str, attributes: &str) -> Result<(Kind, Scope)> {
        let Some((kind, scope)) = parent else {
            self.root(local)?;
            return Ok((Kind::Log, Scope::Log));
        };
        let holder = match local {
            "trace" => Some(Scope::Trace),
            "event" => Some(Scope::Event),
            _ => None,
        };
        match (kind, holder) {
            (Kind::Log, Some(scope)) => return Ok((Kind::Holder, scope)),
            (Kind::Holder, Some(Scope::Event)) if scope == Scope::Trace => return Ok((Kind::Holder, Scope::Event)),
            (Kind::Holder | Kind::Attribute | Kind::Values | Kind::Global, Some(_)) => {
                let outer = self.open.last().map_or("", |frame| &self.names[frame.names..]);
                return Err(Problem::input(format!("`<{local}>` stands inside `<{}>`", shown(outer)))
                    .note(format!("`<{}>` was opened on line {}", shown(outer), self.line()))
                    .hint("an end tag may be missing; export the log again"));
            }
            (Kind::Other, _) => return Ok((Kind::Other, scope)),
            (Kind::Log | Kind::Holder | Kind::Attribute | Kind::Values | Kind::Global, None) => {}
        }
        if kind == Kind::Log {
            return self.declaration(local, attributes);
        }
        let values = local == "values" && kind == Kind::Attribute;
        Ok((if values { Kind::Values } else { Kind::Attribute }, scope))
    }

    fn line(&self) -> u64 {
        self.open.last().map_or(1, |frame| frame.place.line)
    }

    fn root(&mut self, local: &str) -> Result<()> {
        if self.seen_root {
            return Err(Problem::input(format!("`<{}>` follows the end of the log", shown(local)))
                .hint("a file holds one `<log>`; split it, and name all files"));
        }
        if local != "log" {
            return Err(Problem::input(format!(
                "the file is XML, but no XES log: it begins with `<{}>`",
                shown(local)
            ))
            .hint("export the log as XES or CSV with a column for the case, the activity and the time"));
        }
        self.seen_root = true;
        Ok(())
    }

    fn declaration(&mut self, local: &str, attributes: &str) -> Result<(Kind, Scope)> {
        match local {
            "extension" => {
                self.extension(attributes)?;
                Ok((Kind::Other, Scope::Log))
            }
            "classifier" => {
                let scope = text::attribute(attributes, "scope")?;
                let keys = text::attribute(attributes, "keys")?.unwrap_or_default();
                if scope.is_none_or(|scope| scope == "event") {
                    let keys: Vec<&str> = keys.split_ascii_whitespace().map(|key| key.trim_matches('\'')).collect();
                    let keys: Vec<String> = keys.into_iter().map(|key| self.standard(key).to_owned()).collect();
                    self.visitor.classifier(&keys.join(" "));
                }
                Ok((Kind::Other, Scope::Log))
            }
            "global" => match text::attribute(attributes, "scope")?.as_deref() {
                Some("trace") => Ok((Kind::Global, Scope::GlobalTrace)),
                Some("event") | None => Ok((Kind::Global, Scope::GlobalEvent)),
                Some(other) => Err(Problem::input(format!("`<global>` has the scope `{}`", shown(other)))
                    .hint("write `scope=\"trace\"` or `scope=\"event\"`")),
            },
            _ => Ok((Kind::Attribute, Scope::Log)),
        }
    }

    /// Remembers a prefix that stands for an extension of the standard under another name.
    fn extension(&mut self, attributes: &str) -> Result<()> {
        let prefix = text::attribute(attributes, "prefix")?.unwrap_or_default();
        let uri = text::attribute(attributes, "uri")?.unwrap_or_default();
        let file = uri.rsplit('/').next().and_then(|file| file.strip_suffix(".xesext"));
        let standard = EXTENSIONS.iter().find(|known| file == Some(**known) && uri.contains("xes-standard.org"));
        if let Some(standard) = standard.filter(|standard| **standard != prefix && !prefix.is_empty()) {
            self.renamed.push((prefix, standard));
        }
        Ok(())
    }

    /// A key with the prefix that the standard gives its extension.
    fn standard<'k>(&'k mut self, key: &'k str) -> &'k str {
        let renamed = key.split_once(':').and_then(|(prefix, name)| {
            let (_, standard) = self.renamed.iter().find(|(declared, _)| declared == prefix)?;
            Some((*standard, name))
        });
        let Some((standard, name)) = renamed else { return key };
        self.key.clear();
        self.key.push_str(standard);
        self.key.push(':');
        self.key.push_str(name);
        &self.key
    }

    /// Takes an attribute as it is written.
    fn written(&mut self, scope: Scope, local: &str, attributes: &str, empty: bool, place: Place) -> Result<()> {
        let Pair { key, value } = text::pair(attributes)?;
        let Some(key) = key else {
            return Err(Problem::input(format!("`<{}>` has no key", shown(local)))
                .hint("an attribute of XES is written `<string key=\"name\" value=\"text\"/>`"));
        };
        let (mut key_text, mut value_text) = std::mem::take(&mut self.scratch);
        let pair = (text::decode(key, &mut key_text)?, text::decode(value.unwrap_or(""), &mut value_text)?);
        self.attribute(scope, local, pair, empty, place)?;
        self.scratch = (key_text, value_text);
        Ok(())
    }

    /// Takes an attribute whose key and value stand for themselves.
    fn attribute(
        &mut self,
        scope: Scope,
        local: &str,
        (key, value): (&str, &str),
        empty: bool,
        place: Place,
    ) -> Result<()> {
        if key.len().max(value.len()) > self.limits.cell {
            return Err(crate::ingest::rows::too_long(self.limits.cell).in_column(shown(key)));
        }
        let is_date = local == "date";
        if empty && self.path.is_empty() && self.renamed.is_empty() {
            self.visitor.attribute(scope, Attribute { key, value, is_date }, place.line)?;
        } else {
            let nested = !self.path.is_empty();
            let standard = self.standard(key).to_owned();
            if nested {
                self.path.push('.');
            }
            self.path.push_str(&standard);
            if self.path.len() > self.limits.cell {
                return Err(crate::ingest::rows::too_long(self.limits.cell));
            }
            self.visitor.attribute(scope, Attribute { key: &self.path, value, is_date }, place.line)?;
        }
        Ok(())
    }

    /// Refuses an event that has become too large.
    fn check_size(&self, place: Place) -> Result<()> {
        let event = self.open.iter().rfind(|frame| frame.kind == Kind::Holder && frame.scope == Scope::Event);
        let Some(event) = event else { return Ok(()) };
        let limit = self.limits.event as u64;
        if place.offset - event.place.offset <= limit {
            return Ok(());
        }
        Err(Problem::input(format!("an event is longer than {limit} bytes"))
            .at_line(event.place.line)
            .hint("an end tag may be missing; else leave long texts out of the export")
            .hint(Bound::Event.raise(limit)))
    }

    fn close(&mut self, name: &str, place: Place) -> Result<Flow> {
        if self.open.last().is_some_and(|frame| frame.kind == Kind::Holder) {
            self.check_size(place)?;
        }
        let Some(frame) = self.open.pop() else {
            return Err(Problem::input(format!("`</{}>` closes nothing", shown(name)))
                .hint("remove it, or export the log again"));
        };
        let opened = &self.names[frame.names..];
        if opened != name {
            return Err(Problem::input(format!("`</{}>` closes `<{}>`", shown(name), shown(opened)))
                .at_line(place.line)
                .note(format!("`<{}>` was opened on line {}", shown(opened), frame.place.line))
                .hint("an end tag is missing or misspelled; correct it, or export the log again"));
        }
        self.names.truncate(frame.names);
        self.path.truncate(frame.path);
        if frame.kind == Kind::Holder { self.visitor.end(frame.scope) } else { Ok(Flow::Go) }
    }
}
