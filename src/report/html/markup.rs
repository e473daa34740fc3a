//! The only way to write HTML: elements that close themselves, and text that is escaped.
//!
//! Names of elements and attributes and the style sheet are constants of this program; everything else goes
//! through [`escaped`], whatever it is: text, attribute values, titles of drawings. There is no way to add
//! markup from a value.

use crate::log::text::push_visible;

/// Attributes of an element: constant names, any values.
pub(super) type Attributes<'a> = &'a [(&'static str, &'a str)];

/// After these a line ends, so that the source is readable.
const ENDS_LINE: [&str; 24] = [
    "html", "head", "body", "title", "style", "header", "nav", "main", "section", "footer", "h1", "h2", "p", "ul",
    "ol", "li", "dl", "dd", "table", "thead", "tbody", "tr", "details", "figure",
];

/// HTML under construction.
#[derive(Default)]
pub(super) struct Html(String);

impl Html {
    /// The finished bytes behind the declaration of the document type.
    pub(super) fn document(self) -> String {
        format!("<!DOCTYPE html>\n{}", self.0)
    }

    /// An element with what `content` puts into it.
    pub(super) fn element(&mut self, tag: &'static str, attributes: Attributes, content: impl FnOnce(&mut Html)) {
        self.start(tag, attributes);
        content(self);
        self.0.extend(["</", tag, ">"]);
        if ENDS_LINE.contains(&tag) {
            self.0.push('\n');
        }
    }

    /// An element with nothing but text in it.
    pub(super) fn line(&mut self, tag: &'static str, attributes: Attributes, text: &str) {
        self.element(tag, attributes, |html| html.text(text));
    }

    /// An element that can hold nothing, such as `meta`.
    pub(super) fn void(&mut self, tag: &'static str, attributes: Attributes) {
        self.start(tag, attributes);
        self.0.push('\n');
    }

    /// Text.
    pub(super) fn text(&mut self, text: &str) {
        escaped(&mut self.0, text);
    }

    /// The style sheet, which is a constant and must not hold `<`.
    pub(super) fn style(&mut self, css: &'static str) {
        debug_assert!(!css.contains('<'), "a style sheet ends at `<`");
        self.0.extend(["<style>", css, "</style>\n"]);
    }

    fn start(&mut self, tag: &'static str, attributes: Attributes) {
        self.0.extend(["<", tag]);
        for (name, value) in attributes {
            self.0.extend([" ", name, "=\""]);
            escaped(&mut self.0, value);
            self.0.push('"');
        }
        self.0.push('>');
    }
}

/// Appends text so that it is text in an element, in a quoted attribute and in SVG; controls and characters that
/// reorder or hide text become visible.
fn escaped(out: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '`' => out.push_str("&#96;"),
            other => push_visible(out, other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_stays_text_everywhere() {
        let mut html = Html::default();
        let nasty = "\"'><script>&`\n\u{202e}";
        html.element("p", &[("class", nasty)], |html| html.text(nasty));
        let shown = "&quot;&#39;&gt;&lt;script&gt;&amp;&#96;\\u{a}\\u{202e}";
        assert_eq!(html.0, format!("<p class=\"{shown}\">{shown}</p>\n"));
    }
}
