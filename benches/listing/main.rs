//! Cost and speed of a listing, as ratios within one run: this crate against a loop
//! written by hand (`benches/footprint/by_hand`), or against a bound of the service.
//!
//! `cargo bench --bench listing` prints a line for each; names behind `--`, such as `-- cpu
//! decode`, choose some. Servers and what is measured for memory run in processes of their own,
//! which are this program with other arguments.

mod measure;
mod rows;
mod stub;

use std::error::Error;
use std::process::ExitCode;
use std::time::Duration;

fn main() -> ExitCode {
    // Cargo adds `--bench` to whatever it was given.
    let arguments: Vec<_> =
        std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[&str]) -> Result<(), Box<dyn Error>> {
    match arguments {
        ["stub", secrets, service_milliseconds] => {
            stub::serve(secrets.parse()?, Duration::from_millis(service_milliseconds.parse()?))
        }
        ["spin"] => {
            measure::spin();
            Ok(())
        }
        ["peak-memory", what, endpoint] => rows::print_peak_memory(what, endpoint),
        chosen => {
            for (name, row) in rows::ALL {
                if chosen.is_empty() || chosen.contains(name) {
                    println!("{name}: {}", row()?);
                }
            }
            Ok(())
        }
    }
}
