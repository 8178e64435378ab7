//! `#[derive(Message)]`: a contract.

mod ast;
mod attr;
mod check;
mod expand;
mod owner;

use proc_macro2::TokenStream;
use syn::DeriveInput;

use self::ast::Contract;
use crate::common::Errors;

pub(crate) fn expand(input: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(input) {
        Ok(input) => input,
        Err(error) => return error.to_compile_error(),
    };
    let mut errors = Errors::default();
    let contract = Contract::read(input, &mut errors);
    check::contract(&contract, &mut errors);
    expand::contract(&contract, &errors)
}
