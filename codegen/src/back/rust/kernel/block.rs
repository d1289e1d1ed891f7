//! A kernel for all instances of a block.

use super::parts::Parts;
use super::steps::{Call, Target};
use super::{Guard, Kernel, Slice};
use crate::back::rust::ident;
use crate::back::{Sources, kernel_title};
use crate::ir::ColumnId;
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

/// A function over the lanes of a row.
struct Inner<'a> {
    name: Ident,
    kernel: &'a Kernel<'a>,
    /// What follows.
    calls: Vec<TokenStream>,
}

/// The name of a row between parts.
pub(super) fn row(number: usize) -> Ident {
    format_ident!("between_{number}")
}

impl Kernel<'_> {
    /// The function over all rows, and those that it calls.
    pub(super) fn emit_block(&self, sources: &Sources) -> TokenStream {
        let Some(parts) = &self.parts else {
            let name = format_ident!("{}_row", self.name);
            return self.emit_inners(&[Inner { name, kernel: self, calls: vec![] }], 0, sources);
        };
        let kernels: Vec<Kernel> = parts.parts.iter().map(|part| self.part(parts, &part.function)).collect();
        let inners: Vec<Inner> = kernels
            .iter()
            .zip(&parts.parts)
            .enumerate()
            .map(|(number, (kernel, part))| {
                let calls = part.calls.iter().map(|call| self.call(call, parts)).collect();
                Inner { name: format_ident!("{}_part_{number}", self.name), kernel, calls }
            })
            .collect();
        self.emit_inners(&inners, parts.mechanism.columns.len() - parts.first_row, sources)
    }

    fn call(&self, call: &Call, parts: &Parts) -> TokenStream {
        let between = |column: ColumnId| {
            let row = row(column.0 as usize - parts.first_row);
            quote!(#row[..rows.lanes()])
        };
        match *call {
            Call::Each(function, column) => {
                let (function, values) = (ident(function.name()), between(column));
                quote!(wide::#function(&mut #values);)
            }
            Call::Relax { state, exponent, target } => {
                let (state, exponents) = (&self.positions.columns[state.0 as usize], between(exponent));
                let states = quote!(rows.column_mut(column::#state, row));
                match target {
                    Target::Row(row) => {
                        let targets = between(row);
                        quote!(wide::relax(#states, &#exponents, &#targets);)
                    }
                    Target::Ratio(numerator, denominator) => {
                        let (numerators, denominators) = (between(numerator), between(denominator));
                        quote!(wide::relax_to_ratio(#states, &#exponents, &#numerators, &#denominators);)
                    }
                }
            }
        }
    }

    fn emit_inners(&self, inners: &[Inner], between: usize, sources: &Sources) -> TokenStream {
        let name = ident(self.name);
        let doc = format!(" {}", kernel_title(self.name));
        let loops = self.choices(inners, between > 0);
        let uniform = (self.uniform > 0).then(|| {
            let (function, (_, arguments)) = (format_ident!("{}_uniform", self.name), self.shared_parameters());
            quote!(let uniform = &#function(#arguments);)
        });
        let between = (between > 0).then(|| {
            let (rows, count) = ((0..between).map(row), Literal::usize_unsuffixed(between));
            quote! {
                let mut between = wide::Between::<#count>::new();
                let [#(#rows),*] = between.rows(rows.lanes());
            }
        });
        let functions = inners.iter().map(|inner| inner.kernel.emit_inner(&inner.name, sources));
        quote! {
            #[doc = #doc]
            #[doc = ""]
            #[doc = " # Safety"]
            #[doc = " The block and the clock are valid, see [`crate::rows`]."]
            pub unsafe extern "C" fn #name(block: *const Block<Real>, clock: *const Clock<Real>) {
                comment!("SAFETY: promised by the caller; each row of each array is borrowed once.");
                unsafe {
                    let (rows, clock) = (Rows::all(block), &*clock);
                    #uniform
                    #between
                    #loops
                }
            }
            #(#functions)*
        }
    }

    /// The loop over rows, once for each choice of what is kept.
    fn choices(&self, inners: &[Inner], tiles: bool) -> TokenStream {
        let rows = |chosen: &[Guard]| {
            let calls = inners.iter().map(|inner| inner.call(chosen));
            let all = quote!(for row in 0..rows.count() { #(#calls)* });
            if tiles { quote!(for rows in rows.tiles() { #all }) } else { all }
        };
        let guards = self.guards();
        match guards[..] {
            [] => rows(&[]),
            [guard] => {
                let (kept, (yes, no)) = (guard.method(), (rows(&[guard]), rows(&[])));
                quote!(if rows.#kept() { #yes } else { #no })
            }
            _ => {
                let (all, currents, none) = (rows(&guards), rows(&[Guard::Currents]), rows(&[]));
                // Adding currents up for nobody does no harm.
                quote!(if rows.observed() { #all } else if rows.currents() { #currents } else { #none })
            }
        }
    }

    fn emit_inner(&self, name: &Ident, sources: &Sources) -> TokenStream {
        let doc = format!(" {} Lanes of one row.", kernel_title(self.name));
        let (parameters, _) = self.parameters();
        let slices = self.slices.iter().map(|Slice { parameter, stored, .. }| {
            let mutable = stored.then(|| quote!(mut));
            quote!(let #parameter = &#mutable #parameter[..lanes];)
        });
        let guards: Vec<Ident> = self.guards().into_iter().map(Guard::name).collect();
        let generics = if guards.is_empty() { quote!() } else { quote!(<#(const #guards: bool),*>) };
        let (uniform, uniform_names) = match self.uniform {
            0 => (quote!(), quote!()),
            count => {
                let (values, names) = (&self.uniform_values, self.uniform_names());
                let count = Literal::usize_unsuffixed(count);
                (quote!(#values: &[Real; #count],), quote!(let [#(#names),*] = *#values;))
            }
        };
        let (shared, work) = (self.shared(), self.work(sources));
        quote! {
            #[doc = #doc]
            fn #name #generics(lanes: usize, #uniform #parameters) {
                #shared
                #uniform_names
                #(#slices)*
                for lane in 0..lanes { #work }
            }
        }
    }
}

impl Inner<'_> {
    /// Its call, where the `chosen` is kept, and what follows.
    fn call(&self, chosen: &[Guard]) -> TokenStream {
        let guards = self.kernel.guards();
        let values = guards.iter().map(|guard| chosen.contains(guard));
        let generics = if guards.is_empty() { quote!() } else { quote!(::<#(#values),*>) };
        let uniform = (self.kernel.uniform > 0).then(|| quote!(uniform,));
        let (name, (_, arguments)) = (&self.name, self.kernel.parameters());
        let calls = &self.calls;
        quote!(#name #generics(rows.lanes(), #uniform #arguments); #(#calls)*)
    }
}
