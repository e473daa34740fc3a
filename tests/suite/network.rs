//! The program is offline: nothing that speaks HTTP or TLS is linked, and no socket is opened.

use std::collections::BTreeSet;
use std::process::Command;

use crate::run::{finish, folder_with, package, sample, skipped};

/// Packages that must not be linked.
const BANNED: [&str; 10] =
    ["reqwest", "hyper", "h2", "rustls", "ring", "native-tls", "openssl", "object_store", "ureq", "curl"];

#[test]
fn no_http_or_tls_client_is_linked() {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let arguments =
        ["tree", "--locked", "--offline", "--all-features", "--target", "all", "-e", "normal", "--prefix", "none"];
    let output = Command::new(cargo).args(arguments).current_dir(package()).output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() && error.contains("offline") {
        // A machine that builds one feature set may not hold the packages of the others: the lock file names them.
        let lock = std::fs::read_to_string(package().join("Cargo.lock")).unwrap();
        skipped(
            "part of no_http_or_tls_client_is_linked (some packages are not on this machine; Cargo.lock was read instead)",
        );
        return none_banned(lock.lines().filter_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"')));
    }
    assert!(output.status.success(), "{error}");
    let tree = String::from_utf8(output.stdout).unwrap();
    none_banned(tree.lines().filter_map(|line| line.split_whitespace().next()));
}

#[track_caller]
fn none_banned<'a>(packages: impl Iterator<Item = &'a str>) {
    let packages: BTreeSet<&str> = packages.collect();
    assert!(packages.contains("clap") && packages.len() > 20, "the list of packages is not one: {packages:?}");
    let found: Vec<&str> = BANNED.into_iter().filter(|name| packages.contains(name)).collect();
    assert!(found.is_empty(), "linked: {found:?}; `cargo tree -i` says by what");
}

#[test]
fn no_socket_is_opened() {
    let folder = folder_with(&[]);
    let trace = folder.path().join("trace");
    let log = sample("procurement.csv");
    let mut command = Command::new("strace");
    command.args(["-f", "-e", "trace=network", "-o"]).arg(&trace).arg(env!("CARGO_BIN_EXE_wcaf"));
    command.args(["analyze", &log, "-o", "report", "--rejects", "rejects.csv"]).current_dir(folder.path());
    if Command::new("strace").arg("-V").output().is_err() {
        return skipped("no_socket_is_opened (there is no strace)");
    }
    let ran = finish(&mut command);
    if ran.err.contains("PTRACE") || ran.err.contains("ptrace") {
        return skipped("no_socket_is_opened (strace may not trace here)");
    }
    ran.ok();
    let calls = std::fs::read_to_string(trace).unwrap();
    assert!(calls.contains("exited with 0"), "the trace is not one: {calls}");
    let network: Vec<&str> =
        calls.lines().filter(|line| line.contains("socket(") || line.contains("connect(")).collect();
    assert!(network.is_empty(), "{network:#?}");
}
