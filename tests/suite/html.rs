//! The HTML report of the sample logs: which sections it has and what stands in them.

use crate::run::{sample, wcaf};

/// Per section its id and how many rows, items, labels and drawings it has.
fn outline(html: &str) -> String {
    let sections = html.split("<section id=\"").skip(1).map(|section| {
        let id = section.split('"').next().unwrap();
        let count = |part: &str| section.matches(part).count();
        format!(
            "{id}: rows {}, items {}, labels {}, drawings {}, folded {}",
            count("<tr>"),
            count("<li"),
            count("<dt"),
            count("role=\"img\""),
            count("<summary>")
        )
    });
    sections.collect::<Vec<_>>().join("\n")
}

#[test]
fn the_sections_of_the_sample_logs() {
    let folder = tempfile::tempdir().unwrap();
    for log in ["procurement.csv", "service-desk.csv.gz", "servicenow-incidents-excerpt.csv.gz"] {
        let run = |threads: &str| {
            wcaf(folder.path(), &["analyze", &sample(log), "--format", "html", "--threads", threads]).ok().out
        };
        let html = run("1");
        assert!(html == run("16"), "{log}: the page depends on the thread count");
        assert!(html.ends_with("</html>\n") && !html.contains("<script") && !html.contains(" style=\""));
        insta::assert_snapshot!(log.split('.').next().unwrap(), outline(&html));
    }
}
