//! `wcaf synth`: a reproducible synthetic log.

use std::io::{BufWriter, ErrorKind};

use super::args::Synth;
use super::output::write_file_atomically;
use super::print;
use crate::error::{Kind, Problem, Result};
use crate::log::text::{shown, visible};
use crate::synth::{World, write_csv};

pub fn run(args: &Synth) -> Result<()> {
    if args.recipe {
        let recipe = World::builtin_recipe(&args.world).ok_or_else(|| unknown(&args.world))?;
        return print(recipe.as_bytes());
    }
    let world = world(&args.world)?;
    let failed = |error: &std::io::Error| Problem::new(Kind::Output, format!("cannot write the log: {error}"));
    let Some(path) = &args.out else {
        let mut out = BufWriter::new(std::io::stdout().lock());
        return match write_csv(&world, args.seed, &mut out) {
            Ok(_) => Ok(()),
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
            Err(error) => Err(failed(&error)),
        };
    };
    let mut bytes = Vec::new();
    let summary = write_csv(&world, args.seed, &mut bytes).map_err(|error| failed(&error))?;
    write_file_atomically(path, &bytes)?;
    let note = format!("{}: {} rows, {} cases\n", path.display(), summary.rows, summary.cases);
    print(note.as_bytes())
}

fn world(name: &str) -> Result<World> {
    if let Some(world) = World::builtin(name) {
        return Ok(world);
    }
    let text = std::fs::read_to_string(name).map_err(|_| unknown(name))?;
    World::from_toml(&text).map_err(|message| Problem::usage(message).in_file(visible(name)))
}

fn unknown(name: &str) -> Problem {
    Problem::usage(format!("there is no world `{}` and no recipe file of that name", shown(name)))
        .hint(format!("built-in worlds: {}", World::BUILTIN.join(", ")))
}
