use std::io::{Cursor, Write};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::*;

/// A zip archive of files.
fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A workbook with a sheet of these rows, as XML.
fn excel(rows: &str) -> Vec<u8> {
    let workbook = r#"<workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="s" sheetId="1" r:id="r1"/></sheets></workbook>"#;
    let root = r#"<Relationships><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
    let relationships = r#"<Relationships><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;
    let sheet = format!("<worksheet><sheetData>{rows}</sheetData></worksheet>");
    archive(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("_rels/.rels", root.as_bytes()),
        ("xl/workbook.xml", workbook.as_bytes()),
        ("xl/_rels/workbook.xml.rels", relationships.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ])
}

fn open_document(content: &[u8], manifest: &[u8]) -> Vec<u8> {
    archive(&[
        (
            "mimetype",
            b"application/vnd.oasis.opendocument.spreadsheet",
        ),
        ("META-INF/manifest.xml", manifest),
        ("content.xml", content),
    ])
}

fn read_bytes(bytes: &[u8]) -> Result<SheetTable, Error> {
    read(
        Path::new("x"),
        Format::Zip,
        Cursor::new(bytes),
        None,
        &Notes::default(),
    )
}

fn message(bytes: &[u8]) -> String {
    read_bytes(bytes).err().unwrap().to_string()
}

#[test]
fn a_cell_far_away_takes_no_memory() {
    let rows = r#"<row><c r="A1"><v>1</v></c></row><row><c r="XFD1048576"><v>2</v></c></row>"#;
    let table = read_bytes(&excel(rows)).unwrap();
    assert_eq!(table.len(), 2);
}

#[test]
fn an_archive_that_unpacks_to_far_more_is_rejected() {
    // A few large blanks, which compress a thousandfold.
    let blanks = vec![b' '; 5 << 20];
    let bytes = archive(&[
        ("xl/workbook.xml", &blanks),
        ("xl/a.xml", &blanks),
        ("xl/b.xml", &blanks),
        ("xl/c.xml", &blanks),
    ]);
    assert!(bytes.len() < 1 << 16);
    assert_eq!(
        message(&bytes),
        "`x` is damaged: it unpacks to more than 16 MiB"
    );
}

#[test]
fn other_archives_and_encrypted_workbooks_are_named() {
    assert_eq!(
        message(&archive(&[("a.csv", b"a,b\n")])),
        "`x` is a zip archive without a workbook, which cannot be read"
    );
    let manifest = b"<manifest:manifest><manifest:file-entry><manifest:encryption-data/></manifest:file-entry></manifest:manifest>";
    assert_eq!(
        message(&open_document(b"\x17\x99", manifest)),
        "`x` has a password, so it cannot be read"
    );
}

#[test]
fn a_table_without_an_end_is_an_error() {
    let content = br#"<office:document-content><table:table table:name="a">"#;
    assert_eq!(
        message(&open_document(content, b"<manifest/>")),
        "`x` is damaged: `content.xml` ends too early"
    );
}
