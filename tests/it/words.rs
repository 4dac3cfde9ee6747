//! The words of this project: what the prose and the names in it must not say, and how wide it is.

use std::fs;
use std::path::{Path, PathBuf};

/// Words and phrases that need a second reading, each with what to write in its place.
const DENIED: &[(&str, &str)] = &[
    ("told", "returned, reported, contains, or the name of the thing: header, message, field"),
    ("anew", "again, new"),
    ("perhaps", "may"),
    ("is no", "is not a, does not"),
    ("goes before", "precedes, has priority over"),
    ("held against", "compared with, checked against"),
    ("side by side", "concurrently"),
    ("under way", "in flight"),
    ("handed out", "returned, yielded"),
    ("carried out", "executed, applied"),
    ("stands for", "marks, means"),
    ("hears", "receives, is notified"),
    ("answer", "response, outcome"),
    ("answers", "responses, responds"),
    ("answered", "responded, returned"),
    ("hollow", "empty"),
    ("careless", "accidental"),
];

/// First words of a doc comment that open a question where a statement belongs.
const QUESTIONS: &[&str] = &["What", "How", "Whether", "Which", "Where", "Why"];

/// Prose about credentials, where a bare *keys* could mean KMS keys, access keys or those of a map.
const ABOUT_CREDENTIALS: &[&str] =
    &["src/credentials", "src/identity.rs", "src/error/credentials.rs", "tests/it/credentials.rs"];

/// The words that say what kind of *keys* are meant.
const KINDS_OF_KEYS: &[&str] = &["access", "encryption", "kms", "tag", "json", "map", "api"];

const MAX_COLUMNS: usize = 100;

/// A test name of this length fits on a line of the test run, beside its module.
const MAX_TEST_NAME: usize = 60;

/// A file of the project's own words.
struct Text {
    /// Below the root of the project, such as `src/lib.rs`.
    path: String,
    lines: Vec<String>,
}

/// A word in lower case, or the end of a clause, with the number of its line.
#[derive(PartialEq)]
enum Token {
    Word(usize, String),
    Break,
}

impl Text {
    fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    fn is_below(&self, paths: &[&str]) -> bool {
        let is_below = |path: &&str| {
            let rest = self.path.strip_prefix(path);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '.']))
        };
        paths.iter().any(is_below)
    }

    /// Splits the text into words. Names in snake case are split too, so that test names count.
    fn tokens(&self) -> Vec<Token> {
        let mut tokens = Vec::new();
        for (index, line) in self.lines.iter().enumerate() {
            let mut word = String::new();
            for character in line.chars().chain([' ']) {
                if character.is_alphanumeric() || character == '\'' {
                    word.extend(character.to_lowercase());
                    continue;
                }
                if !word.is_empty() {
                    tokens.push(Token::Word(index + 1, std::mem::take(&mut word)));
                }
                if ".,;:?!()[]{}\"|".contains(character) {
                    tokens.push(Token::Break);
                }
            }
            if line.trim().is_empty() {
                tokens.push(Token::Break);
            }
        }
        tokens
    }

    /// Returns the lines in which `phrase` starts; it may go on in the next line.
    fn find(&self, tokens: &[Token], phrase: &str) -> Vec<usize> {
        let phrase: Vec<&str> = phrase.split(' ').collect();
        let is_word =
            |token: &Token, word: &str| matches!(token, Token::Word(_, text) if text == word);
        let mut lines = Vec::new();
        for (start, window) in tokens.windows(phrase.len()).enumerate() {
            let is_phrase = window.iter().zip(&phrase).all(|(token, word)| is_word(token, word));
            // "There is no permit" is plain; "the URL is no https:// URL" is not.
            let is_plain =
                phrase == ["is", "no"] && start > 0 && is_word(&tokens[start - 1], "there");
            if let (true, false, Token::Word(line, _)) = (is_phrase, is_plain, &window[0]) {
                lines.push(*line);
            }
        }
        lines
    }

    /// Returns the lines of prose: comments in Rust, all that is not in a code block in Markdown.
    fn prose(&self) -> impl Iterator<Item = (usize, &str)> {
        let mut in_code = false;
        let lines = self.lines.iter().enumerate().map(|(index, line)| (index + 1, line.trim()));
        lines.filter(move |(_, line)| {
            if self.is_rust() {
                return line.starts_with("//");
            }
            let is_fence = line.starts_with("```");
            in_code ^= is_fence;
            !in_code && !is_fence
        })
    }
}

fn texts() -> Vec<Text> {
    fn collect(path: &Path, files: &mut Vec<PathBuf>) {
        if path.is_dir() {
            for entry in fs::read_dir(path).unwrap() {
                collect(&entry.unwrap().path(), files);
            }
        } else if path.extension().is_some_and(|extension| extension == "rs" || extension == "md") {
            files.push(path.to_owned());
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    // The package lacks some of them.
    let folders = ["src", "tests", "examples", "benches", "docs", "fuzz/src", "fuzz/fuzz_targets"];
    let pages = ["README", "CHANGELOG", "ARCHITECTURE", "CONTRIBUTING", "SECURITY"];
    let mut files = Vec::new();
    for path in folders.map(str::to_owned).into_iter().chain(pages.map(|page| format!("{page}.md")))
    {
        let path = root.join(path);
        if path.exists() {
            collect(&path, &mut files);
        }
    }
    files.sort();
    let read = |file: &PathBuf| {
        let path = file.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
        let lines = fs::read_to_string(file).unwrap().lines().map(str::to_owned).collect();
        Text { path, lines }
    };
    let mut texts: Vec<Text> = files.iter().map(read).collect();
    assert!(texts.len() > 100, "the sources were not found");
    let ignored = |text: &Text| {
        // Other people's packages, and this list.
        text.path.contains("/node_modules/")
            || text.path.contains("/.venv/")
            || text.path.contains("/target/")
            || text.path == "tests/it/words.rs"
    };
    texts.retain(|text| !ignored(text));
    texts
}

#[track_caller]
fn assert_none(found: &[String]) {
    assert!(found.is_empty(), "{} places:\n{}", found.len(), found.join("\n"));
}

#[test]
fn denied_words_are_absent() {
    let mut found = Vec::new();
    for text in texts() {
        let tokens = text.tokens();
        for (phrase, instead) in DENIED {
            for line in text.find(&tokens, phrase) {
                found.push(format!("{}:{line}: {phrase:?}; write {instead}", text.path));
            }
        }
    }
    assert_none(&found);
}

#[test]
fn keys_of_an_account_are_called_access_keys_or_credentials() {
    let mut found = Vec::new();
    for text in texts().into_iter().filter(|text| text.is_below(ABOUT_CREDENTIALS)) {
        for (line, prose) in text.prose() {
            // Code in prose may be about the keys of a map.
            let words = prose.split('`').step_by(2).flat_map(|part| part.split_whitespace());
            let words = words.map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()));
            let words: Vec<String> = words.map(str::to_lowercase).collect();
            let bare = words.iter().enumerate().any(|(index, word)| {
                let kind = index.checked_sub(1).map_or("", |before| &words[before]);
                word == "keys" && !KINDS_OF_KEYS.contains(&kind)
            });
            if bare {
                found.push(format!("{}:{line}: {prose}", text.path));
            }
        }
    }
    assert_none(&found);
}

#[test]
fn docs_open_with_a_statement() {
    let mut found = Vec::new();
    for text in texts().iter().filter(|text| text.is_rust()) {
        let doc = |line: &str| {
            let line = line.trim_start();
            let text = line.strip_prefix("///").or_else(|| line.strip_prefix("//!"))?;
            Some(text.trim().to_owned())
        };
        for (index, line) in text.lines.iter().enumerate() {
            let is_first = index == 0 || doc(&text.lines[index - 1]).is_none();
            let Some(statement) = doc(line).filter(|_| is_first) else { continue };
            let first = statement.split(|c: char| !c.is_alphanumeric()).next().unwrap_or("");
            if QUESTIONS.contains(&first) {
                found.push(format!("{}:{}: {statement}", text.path, index + 1));
            }
        }
    }
    assert_none(&found);
}

#[test]
fn prose_is_wrapped() {
    let mut found = Vec::new();
    for text in texts() {
        for (line, prose) in text.prose() {
            let is_table = prose.trim_start_matches(['/', '!', ' ']).starts_with('|');
            let is_link = prose.contains("://") || prose.contains("](");
            let columns = text.lines[line - 1].chars().count();
            if columns > MAX_COLUMNS && !is_table && !is_link {
                found.push(format!("{}:{line}: {columns} columns", text.path));
            }
        }
    }
    assert_none(&found);
}

#[test]
fn test_names_are_short() {
    let mut found = Vec::new();
    for text in texts().iter().filter(|text| text.is_rust()) {
        let mut follows_test = false;
        for (index, line) in text.lines.iter().enumerate() {
            let line = line.trim();
            follows_test |= line.starts_with("#[test]") || line.starts_with("#[tokio::test");
            let Some((_, rest)) = line.split_once("fn ").filter(|_| follows_test) else { continue };
            follows_test = false;
            let name = rest.split('(').next().unwrap();
            if name.len() > MAX_TEST_NAME {
                found.push(format!(
                    "{}:{}: {name}: {} characters",
                    text.path,
                    index + 1,
                    name.len()
                ));
            }
        }
    }
    assert_none(&found);
}
