//! Prints the names of all secrets: `by-hand <endpoint> <key id> <key secret>`.

use std::error::Error;

use by_hand::Lister;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, endpoint, key_id, key_secret] = arguments.as_slice() else {
        return Err("usage: by-hand <endpoint> <key id> <key secret>".into());
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let lister = Lister::new(endpoint, key_id, key_secret)?;
    runtime.block_on(lister.list(|secret| println!("{}", secret.secret_name)))?;
    Ok(())
}
