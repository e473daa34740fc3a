//! What the files of `src` name, read from their syntax.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use syn::punctuated::Punctuated;
use syn::visit::{self, Visit};
use syn::{Attribute, Expr, Item, Lit, Token, UseTree};

use crate::run::{files_below, package};

/// What one file names outside tests.
#[derive(Debug, Default)]
pub struct Seen {
    /// The file below `src`.
    pub file: String,
    /// Its module, without `crate`.
    pub module: Vec<String>,
    /// Paths with `crate`, `self`, `super` and imported names resolved.
    pub paths: BTreeSet<String>,
    /// Macros called.
    pub macros: BTreeSet<String>,
    /// Unsafe blocks, functions, implementations.
    pub unsafes: usize,
    /// Calls of `unwrap`, and of `expect` without a reason.
    pub unwraps: Vec<String>,
}

impl Seen {
    /// Reads a text as the file of a module.
    pub fn of_text(text: &str, module: &[&str]) -> Seen {
        let syntax = syn::parse_file(text).unwrap_or_else(|error| panic!("{}: {error}", module.join("::")));
        let module: Vec<String> = module.iter().map(|&part| part.to_owned()).collect();
        let mut reader =
            Reader { seen: Seen { module: module.clone(), ..Seen::default() }, at: module, imports: BTreeMap::new() };
        reader.collect_imports(&syntax.items);
        reader.visit_file(&syntax);
        reader.seen
    }
}

/// Everything the library and the program name. Every file must be reached from one of them.
pub fn seen_in_package() -> Vec<Seen> {
    let root = package().join("src");
    let mut walk = Walk { root: root.clone(), seen: Vec::new(), reached: BTreeSet::new() };
    walk.file(&root.join("lib.rs"), &[], false);
    walk.file(&root.join("main.rs"), &[], false);
    let all: BTreeSet<String> =
        files_below(&root).into_iter().map(|(name, _)| name).filter(|name| is_rust(Path::new(name))).collect();
    let lost: Vec<_> = all.difference(&walk.reached).collect();
    assert!(lost.is_empty(), "no module holds {lost:?}");
    walk.seen
}

fn is_rust(path: &Path) -> bool {
    path.extension().is_some_and(|end| end == "rs")
}

struct Walk {
    root: PathBuf,
    seen: Vec<Seen>,
    reached: BTreeSet<String>,
}

impl Walk {
    fn file(&mut self, path: &Path, module: &[&str], in_test: bool) {
        let name = path.strip_prefix(&self.root).unwrap().to_str().unwrap().replace('\\', "/");
        let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{name}: {error}"));
        if !in_test {
            self.seen.push(Seen { file: name.clone(), ..Seen::of_text(&text, module) });
        }
        self.reached.insert(name);
        let stem = path.file_stem().unwrap().to_str().unwrap();
        let own = path.parent().unwrap();
        let folder = if ["mod", "lib", "main"].contains(&stem) { own.to_path_buf() } else { own.join(stem) };
        for item in syn::parse_file(&text).unwrap().items {
            let Item::Mod(child) = item else { continue };
            if child.content.is_none() {
                let ident = child.ident.to_string();
                let flat = folder.join(format!("{ident}.rs"));
                let file = if flat.exists() { flat } else { folder.join(&ident).join("mod.rs") };
                self.file(&file, &[module, &[ident.as_str()]].concat(), in_test || is_test(&child.attrs));
            }
        }
    }
}

/// Whether something is compiled for tests only.
fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let Ok(list) = attribute.meta.require_list() else { return attribute.path().is_ident("test") };
        let words = list.tokens.to_string();
        list.path.is_ident("cfg")
            && !words.contains("not")
            && words.split(|c: char| !c.is_alphanumeric()).any(|word| word == "test")
    })
}

struct Reader {
    seen: Seen,
    /// The module that is being read, inline ones included.
    at: Vec<String>,
    /// Imported names and what they stand for.
    imports: BTreeMap<String, Vec<String>>,
}

impl Reader {
    fn collect_imports(&mut self, items: &[Item]) {
        for item in items {
            if let Item::Use(import) = item
                && !is_test(&import.attrs)
            {
                let mut flat = Vec::new();
                flatten(&import.tree, &mut Vec::new(), &mut flat);
                for (name, path) in flat {
                    let path = self.resolved(path);
                    self.imports.insert(name, path);
                }
            }
        }
    }

    /// A path from the root: `crate::…`, or the name of another package first.
    fn resolved(&self, path: Vec<String>) -> Vec<String> {
        let mut base = self.at.clone();
        let supers = path.iter().skip_while(|part| *part == "self").take_while(|part| *part == "super").count();
        match path.first().map(String::as_str) {
            Some("wcaf") => [vec!["crate".to_owned()], path[1..].to_vec()].concat(),
            Some("self" | "super") => {
                base.truncate(base.len() - supers);
                let rest = path.into_iter().skip_while(|part| part == "self" || part == "super");
                std::iter::once("crate".to_owned()).chain(base).chain(rest).collect()
            }
            Some(first) => match self.imports.get(first) {
                Some(meant) if meant != &path => [meant.clone(), path[1..].to_vec()].concat(),
                Some(_) | None => path,
            },
            None => path,
        }
    }

    fn note(&mut self, path: Vec<String>) {
        let path = self.resolved(path);
        if path.len() > 1 {
            self.seen.paths.insert(path.join("::"));
        }
    }
}

/// The names a `use` brings in, each with its path.
fn flatten(tree: &UseTree, before: &mut Vec<String>, out: &mut Vec<(String, Vec<String>)>) {
    match tree {
        UseTree::Path(path) => {
            before.push(path.ident.to_string());
            flatten(&path.tree, before, out);
            before.pop();
        }
        UseTree::Name(name) if name.ident == "self" => {
            out.push((before.last().cloned().unwrap_or_default(), before.clone()));
        }
        UseTree::Name(name) => out.push((name.ident.to_string(), [&before[..], &[name.ident.to_string()]].concat())),
        UseTree::Rename(rename) => {
            let own = (rename.ident != "self").then(|| rename.ident.to_string());
            out.push((rename.rename.to_string(), before.iter().cloned().chain(own).collect()));
        }
        UseTree::Glob(_) => out.push(("*".to_owned(), before.clone())),
        UseTree::Group(group) => group.items.iter().for_each(|item| flatten(item, before, out)),
    }
}

impl<'ast> Visit<'ast> for Reader {
    fn visit_item(&mut self, item: &'ast Item) {
        let attributes = match item {
            Item::Fn(item) => &item.attrs,
            Item::Impl(item) => &item.attrs,
            Item::Mod(item) => &item.attrs,
            Item::Use(item) => &item.attrs,
            Item::Const(item) => &item.attrs,
            Item::Static(item) => &item.attrs,
            Item::Struct(item) => &item.attrs,
            Item::Enum(item) => &item.attrs,
            _ => return visit::visit_item(self, item),
        };
        if !is_test(attributes) {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        let Some((_, items)) = &item.content else { return };
        let outer = self.imports.clone();
        self.at.push(item.ident.to_string());
        self.collect_imports(items);
        visit::visit_item_mod(self, item);
        self.at.pop();
        self.imports = outer;
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        let mut flat = Vec::new();
        flatten(&item.tree, &mut Vec::new(), &mut flat);
        for (_, path) in flat {
            self.note(path);
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        self.note(path.segments.iter().map(|segment| segment.ident.to_string()).collect());
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        if let Some(name) = call.path.segments.last() {
            self.seen.macros.insert(name.ident.to_string());
        }
        if let Ok(arguments) = call.parse_body_with(Punctuated::<Expr, Token![,]>::parse_terminated) {
            // Arguments are read as expressions; the tree lives only as long as this call.
            let mut inner = Reader { seen: Seen::default(), at: self.at.clone(), imports: self.imports.clone() };
            arguments.iter().for_each(|argument| inner.visit_expr(argument));
            self.seen.paths.extend(inner.seen.paths);
            self.seen.macros.extend(inner.seen.macros);
            self.seen.unwraps.extend(inner.seen.unwraps);
            self.seen.unsafes += inner.seen.unsafes;
        } else {
            let tokens = call.tokens.to_string();
            let words: Vec<&str> = tokens.split_whitespace().collect();
            let names = words.windows(3).filter(|three| three[0].ends_with("crate") && three[1] == "::");
            names.for_each(|three| self.note(vec!["crate".to_owned(), three[2].to_owned()]));
        }
        visit::visit_macro(self, call);
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        if call.method == "unwrap" && call.args.is_empty() {
            self.seen.unwraps.push("unwrap".to_owned());
        }
        if call.method == "expect" {
            let reason = call.args.first().and_then(|argument| match argument {
                Expr::Lit(literal) => match &literal.lit {
                    Lit::Str(text) => Some(text.value()),
                    _ => None,
                },
                _ => None,
            });
            if reason.is_none_or(|reason| reason.len() < 8) {
                self.seen.unwraps.push("expect without a reason".to_owned());
            }
        }
        visit::visit_expr_method_call(self, call);
    }

    fn visit_expr_unsafe(&mut self, block: &'ast syn::ExprUnsafe) {
        self.seen.unsafes += 1;
        visit::visit_expr_unsafe(self, block);
    }

    fn visit_signature(&mut self, signature: &'ast syn::Signature) {
        self.seen.unsafes += usize::from(signature.unsafety.is_some());
        visit::visit_signature(self, signature);
    }

    fn visit_item_impl(&mut self, item: &'ast syn::ItemImpl) {
        self.seen.unsafes += usize::from(item.unsafety.is_some());
        visit::visit_item_impl(self, item);
    }
}
