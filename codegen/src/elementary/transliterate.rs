//! From the Rust text of the elementary functions to WGSL, expression by expression.
//!
//! Knows exactly the Rust that those two files use: constants, one plain struct, functions of `let`s and a final
//! expression, `if` as a selection. Anything else panics, in a test.

use quote::ToTokens;
use std::collections::HashMap;
use std::fmt::Write;
use syn::{BinOp, Block, Expr, Fields, Item, ItemFn, Lit, Pat, ReturnType, Stmt, Type, UnOp};

/// The WGSL twin of `source`; `real` is `f64` or `f32`.
pub fn transliterate(source: &str, real: &'static str) -> String {
    let file = syn::parse_file(source).expect("the elementary functions parse");
    let mut writer = Writer {
        real,
        word: if real == "f64" { "u64" } else { "u32" },
        names: HashMap::new(),
        structs: HashMap::new(),
    };
    for item in &file.items {
        match item {
            Item::Const(item) => writer.name(&item.ident),
            Item::Fn(item) => writer.name(&item.sig.ident),
            Item::Struct(item) => {
                writer.name(&item.ident);
                let Fields::Named(fields) = &item.fields else { panic!("named fields") };
                let names = fields.named.iter().filter_map(|field| field.ident.as_ref()).map(|n| n.to_string());
                writer.structs.insert(item.ident.to_string(), names.collect());
            }
            Item::Use(_) => {}
            other => panic!("{}", other.to_token_stream()),
        }
    }
    let mut out = writer.prologue();
    for item in &file.items {
        match item {
            Item::Const(item) => {
                let (name, kind) = (&writer.names[&item.ident.to_string()], writer.kind(&item.ty));
                writeln!(out, "{}const {name}: {kind} = {};", docs(&item.attrs), writer.expression(&item.expr))
                    .unwrap();
            }
            Item::Struct(item) => {
                let fields = &writer.structs[&item.ident.to_string()];
                let body: String = fields.iter().map(|field| format!("    {field}: {real},\n")).collect();
                let name = &writer.names[&item.ident.to_string()];
                write!(out, "\n{}struct {name} {{\n{body}}}\n", docs(&item.attrs)).unwrap();
            }
            Item::Fn(item) => out.push_str(&writer.function(item)),
            _ => {}
        }
    }
    out
}

/// The doc comment of an item as a WGSL comment.
fn docs(attributes: &[syn::Attribute]) -> String {
    let mut out = String::new();
    for attribute in attributes {
        if let syn::Meta::NameValue(pair) = &attribute.meta
            && let Expr::Lit(text) = &pair.value
            && let Lit::Str(text) = &text.lit
        {
            writeln!(out, "//{}", text.value()).unwrap();
        }
    }
    out
}

/// `text` without parentheses around the whole of it.
fn bare(text: &str) -> &str {
    let Some(inner) = text.strip_prefix('(').and_then(|text| text.strip_suffix(')')) else { return text };
    let mut depth = 0;
    let closes_early = inner.chars().any(|c| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        depth < 0
    });
    if closes_early { text } else { inner }
}

struct Writer {
    real: &'static str,
    word: &'static str,
    names: HashMap<String, String>,
    structs: HashMap<String, Vec<String>>,
}

impl Writer {
    fn name(&mut self, name: &syn::Ident) {
        self.names.insert(name.to_string(), format!("math_{name}"));
    }

    fn prologue(&self) -> String {
        let (real, word) = (self.real, self.word);
        let suffix = self.word_suffix();
        let (infinity, nan) =
            if real == "f64" { ("0x7ff0000000000000", "0x7ff8000000000000") } else { ("0x7f800000", "0x7fc00000") };
        format!(
            "// Elementary functions in {real}: the twin of codegen/src/elementary/{real}.rs, operation by operation.\n\
             // Do not edit: `SALTATORY_BLESS=1 cargo test -p codegen elementary` writes it anew.\n\
             //\n\
             // Equal bits on the CPU and on the GPU need a compiler that neither contracts nor re-associates (SPIR-V's\n\
             // NoContraction); without it the results stay within a few ulp, pow and log10 lose their extra digits.\n\n\
             // Infinity, from a variable so that no constant expression overflows.\n\
             fn math_inf() -> {real} {{\n    var bits: {word} = {infinity}{suffix};\n    return bitcast<{real}>(bits);\n}}\n\n\
             // Not a number.\n\
             fn math_nan() -> {real} {{\n    var bits: {word} = {nan}{suffix};\n    return bitcast<{real}>(bits);\n}}\n\n"
        )
    }

    fn word_suffix(&self) -> &'static str {
        if self.word == "u64" { "lu" } else { "u" }
    }

    fn kind(&self, kind: &Type) -> String {
        let text = kind.to_token_stream().to_string();
        self.names.get(&text).cloned().unwrap_or(text)
    }

    fn function(&self, item: &ItemFn) -> String {
        let name = &self.names[&item.sig.ident.to_string()];
        let parameters: Vec<String> = item
            .sig
            .inputs
            .iter()
            .map(|input| {
                let syn::FnArg::Typed(input) = input else { panic!("a free function") };
                format!("{}: {}", input.pat.to_token_stream(), self.kind(&input.ty))
            })
            .collect();
        let ReturnType::Type(_, result) = &item.sig.output else { panic!("a result") };
        // These two: the same value, and no way to take the constant off again before the sum has rounded.
        let body = match item.sig.ident.to_string().as_str() {
            "round_biased" => "    return round(x) + math_ROUND;\n".to_owned(),
            "without_exponent" => format!(
                "    return {}(i32(bitcast<{word}>(biased) - bitcast<{word}>(math_ROUND_EXPONENT)));\n",
                self.real,
                word = self.word
            ),
            _ => self.body(&item.block),
        };
        let head = format!("fn {name}({}) -> {}", parameters.join(", "), self.kind(result));
        format!("\n{}{head} {{\n{body}}}\n", docs(&item.attrs))
    }

    fn body(&self, block: &Block) -> String {
        let mut out = String::new();
        for statement in &block.stmts {
            match statement {
                Stmt::Local(local) => {
                    let Pat::Ident(name) = &local.pat else { panic!("a plain name") };
                    let value = &local.init.as_ref().expect("a value").expr;
                    writeln!(out, "    let {} = {};", name.ident, bare(&self.expression(value))).unwrap();
                }
                Stmt::Expr(value, None) => writeln!(out, "    return {};", bare(&self.expression(value))).unwrap(),
                other => panic!("{}", other.to_token_stream()),
            }
        }
        out
    }

    fn expression(&self, expression: &Expr) -> String {
        match expression {
            Expr::Lit(literal) => match &literal.lit {
                Lit::Float(number) => {
                    format!("{}{}", number.base10_digits(), if self.real == "f64" { "lf" } else { "f" })
                }
                Lit::Int(number) => {
                    let text = number.to_token_stream().to_string();
                    format!("{}{}", text.trim_end_matches(self.word), self.word_suffix())
                }
                other => panic!("{}", other.to_token_stream()),
            },
            Expr::Path(path) => match path.to_token_stream().to_string().replace(' ', "").as_str() {
                "f64::INFINITY" | "f32::INFINITY" => "math_inf()".to_owned(),
                "f64::NAN" | "f32::NAN" => "math_nan()".to_owned(),
                name if name.chars().any(|c| c.is_ascii_lowercase()) => name.to_owned(),
                name => self.names[name].clone(),
            },
            Expr::Paren(inner) => format!("({})", self.expression(&inner.expr)),
            Expr::Unary(unary) => match unary.op {
                UnOp::Neg(_) => format!("-{}", self.operand(&unary.expr)),
                _ => panic!("{}", unary.to_token_stream()),
            },
            Expr::Binary(binary) => self.binary(binary),
            Expr::If(choice) => {
                let (_, otherwise) = choice.else_branch.as_ref().expect("an else");
                let condition = self.expression(&choice.cond);
                format!("select({}, {}, {condition})", self.branch(otherwise), self.single(&choice.then_branch))
            }
            Expr::Field(field) => {
                format!("{}.{}", self.expression(&field.base), field.member.to_token_stream())
            }
            Expr::Struct(value) => {
                let name = value.path.to_token_stream().to_string();
                let of = |wanted: &String| {
                    let field = value.fields.iter().find(|f| f.member.to_token_stream().to_string() == *wanted);
                    self.expression(&field.expect("every field").expr)
                };
                let fields: Vec<String> = self.structs[&name].iter().map(of).collect();
                format!("{}({})", self.names[&name], fields.join(", "))
            }
            Expr::Call(call) => self.call(call),
            Expr::MethodCall(call) => self.method(call),
            other => panic!("{}", other.to_token_stream()),
        }
    }

    fn binary(&self, binary: &syn::ExprBinary) -> String {
        let left = self.expression(&binary.left);
        if let (BinOp::Shl(_) | BinOp::Shr(_), Expr::Lit(amount)) = (&binary.op, &*binary.right) {
            return format!("{left} {} {}u", binary.op.to_token_stream(), amount.to_token_stream());
        }
        let right = self.expression(&binary.right);
        format!("{left} {} {right}", binary.op.to_token_stream())
    }

    /// An operand of a tightly binding operator.
    fn operand(&self, expression: &Expr) -> String {
        let text = self.expression(expression);
        if matches!(expression, Expr::Binary(_)) { format!("({text})") } else { text }
    }

    fn single(&self, block: &Block) -> String {
        let [Stmt::Expr(value, None)] = block.stmts.as_slice() else { panic!("a selection between values") };
        self.expression(value)
    }

    fn branch(&self, otherwise: &Expr) -> String {
        match otherwise {
            Expr::Block(block) => self.single(&block.block),
            other => self.expression(other),
        }
    }

    fn call(&self, call: &syn::ExprCall) -> String {
        let name = call.func.to_token_stream().to_string().replace(' ', "");
        let arguments: Vec<&Expr> = call.args.iter().collect();
        match (name.as_str(), arguments.as_slice()) {
            ("madd", [a, b, c]) => {
                let factor = match a {
                    Expr::Binary(product) if matches!(product.op, BinOp::Mul(_)) => self.expression(a),
                    _ => self.operand(a),
                };
                format!("({factor} * {} + {})", self.operand(b), self.operand(c))
            }
            ("f64::from_bits" | "f32::from_bits", [bits]) => {
                format!("bitcast<{}>({})", self.real, bare(&self.expression(bits)))
            }
            _ => {
                let arguments: Vec<String> =
                    arguments.iter().map(|argument| bare(&self.expression(argument)).to_owned()).collect();
                format!("{}({})", self.names[&name], arguments.join(", "))
            }
        }
    }

    fn method(&self, call: &syn::ExprMethodCall) -> String {
        let receiver = match &*call.receiver {
            Expr::Paren(inner) => &inner.expr,
            other => other,
        };
        let value = self.expression(receiver);
        match call.method.to_string().as_str() {
            "to_bits" => format!("bitcast<{}>({value})", self.word),
            name @ ("abs" | "floor" | "ceil" | "sqrt") => format!("{name}({value})"),
            name @ ("wrapping_add" | "wrapping_sub") => {
                let operator = if name == "wrapping_add" { "+" } else { "-" };
                format!("({} {operator} {})", self.operand(receiver), self.operand(&call.args[0]))
            }
            other => panic!("{other}"),
        }
    }
}
