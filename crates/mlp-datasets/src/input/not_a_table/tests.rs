use super::*;

fn what(start: &[u8]) -> Option<&'static str> {
    identify(start).map(|found| found.what)
}

#[test]
fn files_of_other_formats_are_named() {
    let mut tar = vec![0; 512];
    tar[..5].copy_from_slice(b"a.csv");
    tar[257..262].copy_from_slice(b"ustar");
    let mut dbase = vec![0; 32];
    dbase[..10].copy_from_slice(&[3, 124, 5, 17, 9, 0, 0, 0, 97, 0]);
    for (start, expected) in [
        (&b"%PDF-1.7\n"[..], "a PDF document"),
        (b"\x89PNG\r\n\x1a\n\0\0", "a PNG image"),
        (b"\xff\xd8\xff\xe0\0\0", "a JPEG image"),
        (b"GIF89a\x01\0", "a GIF image"),
        (b"BM\x8a\0\0\0\0\0\0\0\x8a\0", "an image"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "an image"),
        (b"RIFF\x24\0\0\0WAVEfmt ", "a sound"),
        (b"ID3\x03\0\0\0\0", "a sound"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0", "a video"),
        (b"MZ\x90\0\x03\0\0\0", "a program"),
        (
            b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x02\0>\0\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
            "a program",
        ),
        (&tar, "a tar archive"),
        (b"SQLite format 3\0", "an SQLite database"),
        (b"\0\x01\0\0Standard ACE DB\0", "an Access database"),
        (b"\x89HDF\r\n\x1a\n", "an HDF5 file"),
        (b"\x80\x04\x95\x10", "a Python pickle"),
        (b"\x93NUMPY\x01\0", "a NumPy array"),
        (b"ORC\x0a\x03", "an ORC file"),
        (b"\x5d\0\0\x80\0\xff\xff", "compressed with lzma"),
        (b"\x72\x02\x01\0\x05\0", "a Stata file"),
        (b"<stata_dta><header>", "a Stata file"),
        (b"$FL2@(#) SPSS DATA FILE", "an SPSS file"),
        (
            b"HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!000",
            "a SAS transport file",
        ),
        (
            b"\0\0\0\0\0\0\0\0\0\0\0\0\xc2\xea\x81\x60\xb3\x14",
            "a SAS file (.sas7bdat)",
        ),
        (&dbase, "a dBase table"),
        (b"X\n\0\0\0\x03", "an R object (.rds)"),
        (&[0; 100], "nothing but zero bytes"),
        (b"\xff\xfe\0\0a\0\0\0", "text in UTF-32"),
    ] {
        assert_eq!(what(start), Some(expected), "{start:?}");
    }
}

#[test]
fn texts_in_other_languages_are_named() {
    for (text, expected) in [
        (" \n<!DOCTYPE HTML>\n<head>", "a web page (HTML)"),
        ("\u{feff}<html lang=\"en\">", "a web page (HTML)"),
        ("<TABLE border=1>\n<tr>", "a web page (HTML)"),
        ("<meta charset=utf-8>", "a web page (HTML)"),
        ("<!-- saved --><html>", "a web page (HTML)"),
        (
            "<?xml version=\"1.0\"?>\n<!DOCTYPE html>",
            "a web page (HTML)",
        ),
        ("<?xml version=\"1.0\"?><rows>", "an XML file"),
        (
            "MIME-Version: 1.0\n",
            "a web page with its pictures (MHTML)",
        ),
        (
            "ID;PWXL;N;E\nP;PGeneral\nC;Y1;X1;K\"a\"\n",
            "a sheet as SYLK",
        ),
        (
            "-- MySQL dump\n\nDROP TABLE a;\nCREATE TABLE a (b int);\n",
            "a dump of a database (SQL)",
        ),
        ("insert into a values (1);\n", "a dump of a database (SQL)"),
        ("{'a': 1}\n{'a': 2}\n", "text as Python prints dictionaries"),
        ("[{'a': 1}]", "text as Python prints dictionaries"),
        ("% flowers\n\n@RELATION iris\n", "an ARFF file"),
    ] {
        assert_eq!(what(text.as_bytes()), Some(expected), "{text}");
    }
    let wide: Vec<u8> = "\u{feff}<html>"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    assert_eq!(what(&wide), Some("a web page (HTML)"));
    let widest: Vec<u8> = "a,b\n1,2\n3,4\n"
        .chars()
        .flat_map(|of| u32::from(of).to_be_bytes())
        .collect();
    assert_eq!(what(&widest), Some("text in UTF-32"));
}

#[test]
fn tables_that_begin_like_something_else_are_tables() {
    for table in [
        &b"a,b\n1,2\n"[..],
        b"ORC,y\n1,2\n",
        b"GIF89a,y\n1,2\n",
        b"BM,MZ\n1,2\n",
        b"ID3,y\n1,2\n",
        b"<5,y\n",
        b"{'a','b'}\n1,2\n",
        b"<TICKER>,<DATE>\n1,2\n",
        b"<DIV>,<DATE>\n1,2\n",
        b"ID;P;y\n1;2;3\n4;5;6\n",
        b"ID;Preis\nC;3\nP;4\n",
        b"# rows\na,b\n1,2\n",
        b"set ,b\n1,create table \n",
        b"\xff\xfea\0,\0",
        b"rst\x01\0",
        b"",
    ] {
        assert_eq!(what(table), None, "{table:?}");
    }
}

#[test]
fn archives_are_named_by_their_files() {
    for (names, expected) in [
        (&["word/document.xml"][..], "a Word document"),
        (
            &["_rels/.rels", "ppt/slides/slide1.xml"],
            "a PowerPoint presentation",
        ),
        (&["x.npy", "y.npy"], "an archive of NumPy arrays (.npz)"),
        (
            &["Index/Tables/DataList.iwa"],
            "a document of Apple's Numbers, Pages or Keynote",
        ),
        (&["archive/data.pkl"], "a PyTorch file"),
        (&["a.csv"], "a zip archive without a workbook"),
    ] {
        assert_eq!(identify_archive(names.iter().copied()).what, expected);
    }
}

#[test]
fn old_documents_are_named_by_their_parts() {
    let what = |parts: &[&str]| {
        identify_compound_file(|name| parts.contains(&name)).map(|document| document.what)
    };
    assert_eq!(what(&["WordDocument"]), Some("a Word document"));
    // Workbooks may contain documents.
    assert_eq!(what(&["Workbook", "WordDocument"]), None);
}
