//! Reads which file of `src/` imports which from the paths in the code.

use std::collections::{BTreeMap, BTreeSet};

/// The path of a module below the crate: empty for `lib.rs`.
type Module = Vec<String>;

/// The paths that the code of one module contains.
#[derive(Default)]
struct Paths {
    /// The paths of `use` declarations, each with the name that it brings into scope.
    uses: Vec<(String, Vec<String>)>,
    /// All other paths.
    inline: Vec<Vec<String>>,
}

/// The imports between the files of a crate.
pub(super) struct Imports {
    edges: BTreeMap<Module, BTreeSet<Module>>,
}

impl Imports {
    /// Reads the files, each given as its path below `src/` and its code without tests and
    /// comments.
    pub(super) fn read<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let paths: BTreeMap<_, _> =
            files.into_iter().map(|(path, code)| (module_of(path), scan(code))).collect();
        let targets = |module: &Module| {
            let Paths { uses, inline } = &paths[module];
            let all = uses.iter().map(|(_, path)| path).chain(inline);
            let files: BTreeSet<_> =
                all.filter_map(|path| resolve(&paths, module, path, 0)).collect();
            files.into_iter().filter(|to| to != module).collect()
        };
        Self { edges: paths.keys().map(|module| (module.clone(), targets(module))).collect() }
    }

    /// Returns the imports that leave a room, as pairs of rooms with the files that cause them.
    pub(super) fn between_rooms(&self) -> BTreeMap<(String, String), Vec<String>> {
        let mut rooms: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for (from, to) in self.pairs().filter(|(from, to)| !from.is_empty() && from[0] != to[0]) {
            let files = format!("{} imports {}", from.join("/"), to.join("/"));
            rooms.entry((from[0].clone(), to[0].clone())).or_default().push(files);
        }
        rooms
    }

    /// Returns the cycles of files that a walk through the imports meets; none if there is none.
    pub(super) fn cycles(&self) -> Vec<String> {
        let (mut done, mut found) = (BTreeSet::new(), Vec::new());
        for module in self.edges.keys() {
            self.cycles_from(module, &mut Vec::new(), &mut done, &mut found);
        }
        found
    }

    fn cycles_from<'a>(
        &'a self,
        module: &'a Module,
        path: &mut Vec<&'a Module>,
        done: &mut BTreeSet<&'a Module>,
        found: &mut Vec<String>,
    ) {
        if let Some(start) = path.iter().position(|on_path| *on_path == module) {
            let files: Vec<_> =
                path[start..].iter().chain([&module]).map(|m| m.join("/")).collect();
            found.push(files.join(" -> "));
        } else if !done.contains(module) {
            path.push(module);
            for next in &self.edges[module] {
                self.cycles_from(next, path, done, found);
            }
            path.pop();
            done.insert(module);
        }
    }

    fn pairs(&self) -> impl Iterator<Item = (&Module, &Module)> {
        self.edges.iter().flat_map(|(from, targets)| targets.iter().map(move |to| (from, to)))
    }
}

fn module_of(path: &str) -> Module {
    let path = path.strip_suffix(".rs").unwrap_or(path);
    path.split('/').filter(|part| *part != "lib").map(str::to_owned).collect()
}

/// Follows a path to the file that defines the item, through re-exports.
fn resolve(
    paths: &BTreeMap<Module, Paths>,
    from: &Module,
    path: &[String],
    depth: u32,
) -> Option<Module> {
    let mut at = from.clone();
    let mut segments = path.iter().map(String::as_str).peekable();
    match *segments.peek()? {
        "crate" => {
            segments.next();
            at.clear();
        }
        "self" => {
            segments.next();
        }
        "super" => {
            while segments.next_if_eq(&"super").is_some() {
                at.pop()?;
            }
        }
        child => {
            let mut below = at.clone();
            below.push(child.to_owned());
            paths.contains_key(&below).then_some(())?;
        }
    }
    for segment in segments {
        at.push(segment.to_owned());
        if paths.contains_key(&at) {
            continue;
        }
        at.pop();
        let used = paths.get(&at)?.uses.iter().find(|(name, _)| name == segment);
        let through = used.filter(|_| depth < 8);
        return through.and_then(|(_, used)| resolve(paths, &at, used, depth + 1)).or(Some(at));
    }
    Some(at)
}

/// Collects the paths in `code`.
fn scan(code: &str) -> Paths {
    let tokens = tokens(code);
    let mut paths = Paths::default();
    let mut at = 0;
    while at < tokens.len() {
        if tokens[at..].starts_with(&["pub", "(", "in"]) {
            // A visibility names a module and imports nothing.
            at += tokens[at..].iter().position(|token| *token == ")").unwrap_or(1);
        } else if starts_use(&tokens, at) {
            at = use_tree(&tokens, at + 1, &[], &mut paths.uses);
        } else if is_name(tokens[at]) && (at == 0 || tokens[at - 1] != "::") {
            let mut path = vec![tokens[at].to_owned()];
            while tokens.get(at + 1) == Some(&"::")
                && tokens.get(at + 2).is_some_and(|t| is_name(t))
            {
                path.push(tokens[at + 2].to_owned());
                at += 2;
            }
            if path.len() > 1 {
                paths.inline.push(path);
            }
            at += 1;
        } else {
            at += 1;
        }
    }
    paths
}

/// Returns whether a `use` declaration starts here, which the word in a text or in a bound such as
/// `use<'a>` does not.
fn starts_use(tokens: &[&str], at: usize) -> bool {
    let before = at.checked_sub(1).map_or(";", |before| tokens[before]);
    tokens[at] == "use"
        && [";", "{", "}", ")", "]", "pub"].contains(&before)
        && tokens.get(at + 1) != Some(&"<")
}

/// Reads one branch of a `use` tree and returns where it ends.
fn use_tree(
    tokens: &[&str],
    mut at: usize,
    prefix: &[String],
    uses: &mut Vec<(String, Vec<String>)>,
) -> usize {
    let mut path = prefix.to_vec();
    let mut name = None;
    while let Some(token) = tokens.get(at) {
        match *token {
            "{" => {
                at += 1;
                while tokens.get(at).is_some_and(|token| *token != "}") {
                    at = use_tree(tokens, at, &path, uses);
                    at += usize::from(tokens.get(at) == Some(&","));
                }
                return at + 1;
            }
            "as" => {
                name = tokens.get(at + 1).map(|name| (*name).to_owned());
                at += 1;
            }
            "::" => {}
            "self" if !path.is_empty() => {}
            "," | "}" | ";" => break,
            segment => path.push(segment.to_owned()),
        }
        at += 1;
    }
    let last = path.last().cloned().unwrap_or_default();
    uses.push((name.unwrap_or(last), path));
    at
}

fn is_name(token: &str) -> bool {
    token.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

fn tokens(code: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = code.trim_start();
    while let Some(first) = rest.chars().next() {
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let length = if is_word(first) {
            rest.find(|c| !is_word(c)).unwrap_or(rest.len())
        } else if rest.starts_with("::") {
            2
        } else {
            first.len_utf8()
        };
        let (token, behind) = rest.split_at(length);
        tokens.push(token);
        rest = behind.trim_start();
    }
    tokens
}

#[test]
fn imports_are_followed_through_re_exports() {
    let files = [
        ("lib.rs", "mod a; mod b; pub use b::Item;"),
        ("a.rs", "use crate::b::{self, Item as Other};"),
        ("b.rs", "mod c; pub use c::{Item, d::Deep};"),
        ("b/c.rs", "fn f() { crate::a::g() }"),
    ];
    let imports = Imports::read(files);
    let rooms: Vec<_> = imports.between_rooms().into_keys().collect();
    assert_eq!(rooms, [("a", "b"), ("b", "a")].map(|(from, to)| (from.to_owned(), to.to_owned())));
    assert_eq!(imports.cycles(), ["b/c -> a -> b -> b/c", "b/c -> a -> b/c"]);
}

#[test]
fn imports_without_a_cycle_have_none() {
    let imports =
        Imports::read([("lib.rs", "mod a;"), ("a.rs", "mod b; use b::X;"), ("a/b.rs", "")]);
    assert!(imports.cycles().is_empty());
}
