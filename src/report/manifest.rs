//! `manifest.json`: what a report was made of and what it consists of, so that both can be checked.
//!
//! It holds versions, names and hashes; no folder, host or time of day.

use serde::Serialize;

use super::json::escape_deceptive;
use super::model::{FilterFound, Findings, Tool};
use crate::log::LogText;

/// The name of this contract.
pub const SCHEMA: &str = "wcaf.manifest/1";

/// One file that was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OutputFile {
    /// Name below the output folder, with `/` between folders.
    pub name: String,
    /// Size.
    #[serde(rename = "bytes")]
    pub bytes_len: u64,
    /// `blake3:` and hexadecimal digits.
    pub hash: String,
    /// Text cells that got a leading `'` so that no spreadsheet runs them.
    pub guarded: u64,
}

/// What stands in the file, in this order.
#[derive(Serialize)]
struct Manifest<'a> {
    schema: &'static str,
    tool: &'a Tool,
    findings_schema: &'static str,
    as_of: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    filter: Option<&'a FilterFound>,
    config_hash: Option<&'a str>,
    inputs: Vec<InputFile>,
    #[serde(skip_serializing_if = "<[InputFile]>::is_empty")]
    config_tables: &'a [InputFile],
    outputs: Vec<&'a OutputFile>,
}

/// A file that was read, as it lies on disk.
#[derive(Clone, Debug, Serialize)]
pub struct InputFile {
    /// Name without folders.
    pub name: LogText,
    /// Size.
    pub bytes: u64,
    /// `blake3:` and 64 hexadecimal digits.
    pub hash: String,
}

/// The manifest as indented JSON with a final line end; outputs by name, whatever order they come in; `tables` are those
/// that the configuration names.
///
/// # Panics
///
/// Never for these types: no serializer of their parts fails.
#[must_use]
pub fn manifest(
    findings: &Findings,
    outputs: &[OutputFile],
    config_hash: Option<&str>,
    tables: &[InputFile],
) -> String {
    let mut outputs: Vec<&OutputFile> = outputs.iter().collect();
    outputs.sort_by_key(|file| &file.name);
    let sources = findings.input.sources.iter();
    let manifest = Manifest {
        schema: SCHEMA,
        tool: &findings.tool,
        findings_schema: findings.schema,
        as_of: &findings.input.as_of,
        filter: findings.input.filter.as_ref(),
        config_hash,
        inputs: sources
            .map(|file| InputFile { name: file.name.clone(), bytes: file.bytes, hash: file.hash.clone() })
            .collect(),
        config_tables: tables,
        outputs,
    };
    let mut json = serde_json::to_string_pretty(&manifest).expect("a manifest holds string keys only");
    json.push('\n');
    escape_deceptive(&json)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    #[test]
    fn a_manifest_names_what_went_in_and_what_came_out() {
        let output = |name: &str, guarded| OutputFile {
            name: name.to_owned(),
            bytes_len: 12,
            hash: format!("blake3:{}", "0".repeat(64)),
            guarded,
        };
        let outputs = [output("tables/states.csv", 1), output("findings.json", 0)];
        insta::assert_snapshot!(manifest(&fixture::findings(), &outputs, None, &[]));
    }
}
