use std::io::{Cursor, Write};

use arrow_array::RecordBatchReader;
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

fn read_names(
    bytes: &[u8],
    names: &[&String],
    notes: &Notes,
) -> Result<(MemoryBatches, SheetFacts), Error> {
    let wanted = Wanted {
        sheet: None,
        names,
        dialect: &Dialect::default(),
    };
    let path = Path::new("x");
    read(path, Format::Zip, Cursor::new(bytes), &wanted, notes)
}

fn read_bytes(bytes: &[u8]) -> Result<(MemoryBatches, SheetFacts), Error> {
    read_names(bytes, &[], &Notes::default())
}

fn message(bytes: &[u8]) -> String {
    read_bytes(bytes).err().unwrap().to_string()
}

#[test]
fn a_cell_far_away_takes_no_memory() {
    let rows = r#"<row><c r="A1"><v>1</v></c></row><row><c r="XFD1048576"><v>2</v></c></row>"#;
    let (batches, facts) = read_bytes(&excel(rows)).unwrap();
    assert_eq!(batches.schema().fields().len(), 2);
    assert_eq!(facts.row_number(0), 1_048_576);
}

#[test]
fn cells_that_stand_for_millions_are_rejected() {
    let cell = |repeats: u32| {
        format!(r#"<table:table-cell office:value="1" table:number-columns-repeated="{repeats}"/>"#)
    };
    let content = |rows: &str| {
        let table = format!(r#"<table:table table:name="a">{rows}</table:table>"#);
        format!("<office:document-content>{table}</office:document-content>")
    };
    let row = |cells: &str| format!("<table:table-row>{cells}</table:table-row>");
    let far = [
        row(&cell(95)),
        r#"<table:table-row table:number-rows-repeated="1048574"/>"#.to_owned(),
        row(&cell(1)),
    ];
    for rows in [row(&cell(16_384)).repeat(1100), far.concat()] {
        assert_eq!(
            message(&open_document(content(&rows).as_bytes(), b"<manifest/>")),
            "`x` is damaged: its cells are too many or too far apart"
        );
    }
    let rows = row(&cell(2)).repeat(3);
    assert!(read_bytes(&open_document(content(&rows).as_bytes(), b"<manifest/>")).is_ok());
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
        "`x` is a zip archive without a workbook, not a table"
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

#[test]
fn formulas_without_values_are_named() {
    // As openpyxl writes them.
    let text = |text: &str| format!(r#"<c t="inlineStr"><is><t>{text}</t></is></c>"#);
    let header = format!("<row>{}{}{}</row>", text("a"), text("b"), text("y"));
    let row = "<row><c><v>1</v></c><c/><c><f>A2+1</f><v></v></c></row>";
    let bytes = excel(&format!("{header}{row}{row}"));
    let notes = Notes::default();
    read_names(&bytes, &[&"a".to_owned()], &notes).unwrap();
    assert_eq!(
        notes.all(),
        [
            "`x` has formulas in `y`, but not their values; a spreadsheet program computes and saves them"
        ]
    );
    let names = [&"y".to_owned()];
    let error = read_names(&bytes, &names, &notes).err().unwrap();
    assert_eq!(
        error.to_string(),
        "`x` has formulas in `y`, but not their values"
    );
    let only_formulas = "<row><c/><c/><c><f>1+1</f></c></row>";
    let error = message(&excel(&format!("{header}{only_formulas}")));
    assert_eq!(error, "`x` has formulas in `y`, but not their values");
}

#[test]
fn documents_that_are_no_workbooks_are_named() {
    let word = [
        ("[Content_Types].xml", &b"<Types/>"[..]),
        ("_rels/.rels", b"<Relationships/>"),
        ("word/document.xml", b"<document/>"),
    ];
    assert_eq!(
        message(&archive(&word)),
        "`x` is a Word document, not a table"
    );
    let text = [
        ("mimetype", &b"application/vnd.oasis.opendocument.text"[..]),
        ("content.xml", b"<office:document-content/>"),
    ];
    assert_eq!(
        message(&archive(&text)),
        "`x` is an OpenDocument text or presentation, not a table"
    );
}
