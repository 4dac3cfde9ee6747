//! [`ReqwestTransport`]: the default transport, over pools of connections.

mod body;
mod builder;
mod certificates;
mod client;
mod exchange;
mod failure;
mod pool;
mod settings;
mod tls;
mod url_parser;

pub use builder::ReqwestTransportBuilder;
pub use client::ReqwestTransport;
pub(crate) use settings::PoolSettings;
