//! The text: nested parentheses with words, numbers and quoted names.

use super::{AscError, Piece, Point};

/// A word of the file.
#[derive(Debug, Clone, PartialEq)]
enum Token {
    Open,
    Close,
    Comma,
    Bar,
    SpineOpen,
    SpineClose,
    Number(f64),
    Label(String),
    Text(String),
}

struct Tokens {
    tokens: Vec<(Token, usize)>,
    at: usize,
}

/// The contours of the cell's body and the branches, in the order of the file.
pub fn pieces(text: &str) -> Result<Vec<Piece>, AscError> {
    let mut parser = Tokens { tokens: tokens(text)?, at: 0 };
    let mut pieces = Vec::new();
    while parser.token().is_some() {
        parser.object(&mut pieces)?;
        parser.optional(&Token::Comma);
    }
    Ok(pieces)
}

fn tokens(text: &str) -> Result<Vec<(Token, usize)>, AscError> {
    let mut tokens = Vec::new();
    for (line, mut rest) in (1..).zip(text.lines()) {
        loop {
            rest = rest.trim_start();
            let Some(first) = rest.chars().next() else { break };
            let single = match first {
                ';' => break,
                '(' => Some(Token::Open),
                ')' => Some(Token::Close),
                ',' => Some(Token::Comma),
                '|' => Some(Token::Bar),
                '<' => Some(Token::SpineOpen),
                '>' => Some(Token::SpineClose),
                _ => None,
            };
            if let Some(token) = single {
                tokens.push((token, line));
                rest = &rest[1..];
            } else if first == '"' {
                let Some(end) = rest[1..].find('"') else {
                    return Err(AscError::new(line, "the closing quotation mark is missing"));
                };
                tokens.push((Token::Text(rest[1..=end].to_owned()), line));
                rest = &rest[end + 2..];
            } else {
                let stop = |c: char| c.is_whitespace() || "();,|<>\"".contains(c);
                let end = rest.find(stop).unwrap_or(rest.len());
                let word = &rest[..end];
                let token = match word.parse::<f64>() {
                    Ok(value) if value.is_finite() => Token::Number(value),
                    _ => Token::Label(word.to_owned()),
                };
                tokens.push((token, line));
                rest = &rest[end..];
            }
        }
    }
    Ok(tokens)
}

impl Tokens {
    fn token(&self) -> Option<&Token> {
        self.tokens.get(self.at).map(|(token, _)| token)
    }

    fn after(&self, count: usize) -> Option<&Token> {
        self.tokens.get(self.at + count).map(|(token, _)| token)
    }

    fn line(&self) -> usize {
        self.tokens.get(self.at).or(self.tokens.last()).map_or(0, |(_, line)| *line)
    }

    fn is(&self, token: &Token) -> bool {
        self.token() == Some(token)
    }

    /// Whether a parenthesis opens before a word, which is a property or a marker.
    fn is_property(&self) -> bool {
        self.is(&Token::Open) && matches!(self.after(1), Some(Token::Label(_)))
    }

    fn optional(&mut self, token: &Token) -> bool {
        let there = self.is(token);
        self.at += usize::from(there);
        there
    }

    fn expect(&mut self, token: &Token, what: &str) -> Result<(), AscError> {
        if self.optional(token) { Ok(()) } else { Err(self.unexpected(what)) }
    }

    fn unexpected(&self, what: &str) -> AscError {
        let found = match self.token() {
            None => "the end of the file".to_owned(),
            Some(Token::Open) => "`(`".to_owned(),
            Some(Token::Close) => "`)`".to_owned(),
            Some(Token::Comma) => "`,`".to_owned(),
            Some(Token::Bar) => "`|`".to_owned(),
            Some(Token::SpineOpen) => "`<`".to_owned(),
            Some(Token::SpineClose) => "`>`".to_owned(),
            Some(Token::Number(value)) => format!("the number {value}"),
            Some(Token::Label(word)) => format!("`{word}`"),
            Some(Token::Text(text)) => format!("\"{text}\""),
        };
        AscError::new(self.line(), format!("expected {what}, found {found}"))
    }

    /// Passes over everything up to the parenthesis that closes the one here.
    fn skip(&mut self) -> Result<(), AscError> {
        let mut depth = 0;
        loop {
            match self.token() {
                Some(Token::Open) => depth += 1,
                Some(Token::Close) => depth -= 1,
                Some(_) => {}
                None => return Err(self.unexpected("`)`")),
            }
            self.at += 1;
            if depth == 0 {
                return Ok(());
            }
        }
    }

    fn object(&mut self, pieces: &mut Vec<Piece>) -> Result<(), AscError> {
        if !self.is(&Token::Open) {
            return Err(self.unexpected("`(`"));
        }
        match self.after(1) {
            Some(Token::Text(_)) => self.contour(pieces),
            Some(Token::Open) => {
                if self.is_text() {
                    self.skip()
                } else {
                    self.tree(pieces)
                }
            }
            // Sets, markers and properties.
            Some(Token::Label(_)) => self.skip(),
            _ => {
                self.at += 1;
                Err(self.unexpected("a contour, a tree, a marker or a property"))
            }
        }
    }

    /// Whether what opens here is a word in the picture: properties, one point, and a quoted text.
    fn is_text(&mut self) -> bool {
        let here = self.at;
        self.at += 1;
        let found = self.properties().and_then(|_| self.point());
        let is_text = found.is_ok() && matches!(self.token(), Some(Token::Text(_)));
        self.at = here;
        is_text
    }

    fn contour(&mut self, pieces: &mut Vec<Piece>) -> Result<(), AscError> {
        self.at += 1;
        let kept =
            matches!(self.token(), Some(Token::Text(name)) if ["CellBody", "Cell Body", "Soma"].contains(&&**name));
        self.at += 1;
        self.properties()?;
        let mut points = vec![self.point()?];
        loop {
            self.optional(&Token::Comma);
            if !self.is(&Token::Open) {
                break;
            }
            points.push(self.point()?);
        }
        self.expect(&Token::Close, "`)` at the end of a contour")?;
        if kept && points.len() > 2 {
            pieces.push(Piece { kind: 1, points, parent: None });
        }
        Ok(())
    }

    /// Passes over properties; gives the name of the last of them.
    fn properties(&mut self) -> Result<Option<String>, AscError> {
        let mut last = None;
        while self.is_property() {
            if let Some(Token::Label(name)) = self.after(1)
                && !["set", "Set", "SET"].contains(&&**name)
            {
                last = Some(name.clone());
            }
            self.skip()?;
            self.optional(&Token::Comma);
        }
        Ok(last)
    }

    fn tree(&mut self, pieces: &mut Vec<Piece>) -> Result<(), AscError> {
        self.at += 1;
        let kind = match self.properties()?.as_deref() {
            Some("Axon") => 2,
            Some("Dendrite") => 3,
            Some("Apical") => 4,
            _ => 0,
        };
        self.branch(kind, None, pieces)?;
        self.expect(&Token::Close, "`)` at the end of a tree")
    }

    fn branch(&mut self, kind: i64, parent: Option<usize>, pieces: &mut Vec<Piece>) -> Result<(), AscError> {
        // A stack of its own, since files may nest deeply: where the branches that are open go on from.
        let mut open: Vec<Option<usize>> = vec![parent];
        let depth = open.len();
        loop {
            let parent = *open.last().unwrap_or(&None);
            let line = self.line();
            let own = self.branch_points()?;
            pieces.push(piece(kind, own, parent, pieces, line)?);
            let this = pieces.len() - 1;
            self.optional(&Token::Comma);
            while self.is_property() {
                self.skip()?;
            }
            self.optional(&Token::Comma);
            if self.optional(&Token::Open) {
                open.push(Some(this));
                continue;
            }
            if matches!(self.token(), Some(Token::Label(_))) {
                self.at += 1;
            }
            // The end of this branch, and of all whose last it was.
            loop {
                if open.len() == depth {
                    return Ok(());
                }
                if self.optional(&Token::Bar) {
                    break;
                }
                self.expect(&Token::Close, "`|` or `)` at the end of a branch")?;
                open.pop();
            }
        }
    }

    fn branch_points(&mut self) -> Result<Vec<Point>, AscError> {
        let mut points = Vec::new();
        if self.is_property() {
            self.skip()?;
        } else {
            points.push(self.tree_point()?);
        }
        loop {
            self.optional(&Token::Comma);
            if !(self.is(&Token::Open) && matches!(self.after(1), Some(Token::Number(_)))) {
                return Ok(points);
            }
            points.push(self.tree_point()?);
        }
    }

    fn tree_point(&mut self) -> Result<Point, AscError> {
        let point = self.point()?;
        while self.is(&Token::SpineOpen) {
            while !self.optional(&Token::SpineClose) {
                if self.token().is_none() {
                    return Err(self.unexpected("`>` at the end of a spine"));
                }
                self.at += 1;
            }
        }
        Ok(point)
    }

    /// `(x y z diameter label)`; what is left out is 0.
    fn point(&mut self) -> Result<Point, AscError> {
        self.expect(&Token::Open, "a point")?;
        let mut numbers = [0.0; 4];
        let mut count = 0;
        while let Some(&Token::Number(value)) = self.token() {
            if count == 4 {
                return Err(self.unexpected("`)` after four numbers"));
            }
            numbers[count] = value;
            count += 1;
            self.at += 1;
            self.optional(&Token::Comma);
        }
        if count < 2 {
            return Err(self.unexpected("a coordinate"));
        }
        if matches!(self.token(), Some(Token::Label(_))) {
            self.at += 1;
        }
        self.optional(&Token::Comma);
        if self.is(&Token::Open) {
            // What bends the line between points.
            self.skip()?;
        }
        self.expect(&Token::Close, "`)` at the end of a point")?;
        let [x, y, z, diam] = numbers;
        Ok(([x, y, z], diam))
    }
}

/// A branch, which begins where its parent ends.
fn piece(kind: i64, own: Vec<Point>, parent: Option<usize>, pieces: &[Piece], line: usize) -> Result<Piece, AscError> {
    let Some(&(first, diam)) = own.first() else { return Err(AscError::new(line, "this branch has no points")) };
    let mut points = own;
    if let Some((last, _)) = parent.and_then(|parent| pieces[parent].points.last())
        && *last != first
    {
        points.insert(0, (*last, diam));
    }
    Ok(Piece { kind, points, parent })
}
