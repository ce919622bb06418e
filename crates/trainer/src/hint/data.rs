//! What to try if a table cannot be read or learned from.

use mlp_datasets::{DropReason, Error as Data};

use crate::report::quoted;
use mlp_datasets::{looks_like_number, nearest};

/// What to try, if there is something.
pub fn data_hint(error: &Data) -> Option<String> {
    file_hint(error).or_else(|| column_hint(error))
}

/// What to try if a file cannot be read.
fn file_hint(error: &Data) -> Option<String> {
    #[allow(clippy::wildcard_enum_match_arm)] // The others have nothing to try.
    match error {
        Data::UndividedSheet { .. } => Some(
            "save the sheet as CSV, or divide its column with \"Text to Columns\"".to_owned(),
        ),
        Data::FormulasWithoutValues { .. } => Some(
            "open it in Excel or LibreOffice and save it, so that values are stored".to_owned(),
        ),
        Data::RaggedRow {
            found: 1, expected, ..
        } if *expected > 1 => Some(
            "if the line is a note below the rows, remove it; if it is a row, `--delimiter`, `--quote` and `--escape` \
             change what divides cells"
                .to_owned(),
        ),
        Data::RaggedRow { .. } => Some(
            "a cell that contains the delimiter needs quotes; `--delimiter`, `--quote` and `--escape` \
             change what divides cells, and `--skip-lines N` skips lines before the names"
                .to_owned(),
        ),
        Data::NotUtf8 { text, .. } => Some(format!(
            "with `--encoding windows-1252` it reads `{}`; if that is wrong, name another encoding",
            shortened(text)
        )),
        Data::NotInEncoding { .. } => {
            Some("name the encoding in which the file was saved with `--encoding`".to_owned())
        }
        Data::ZeroByte { .. } => Some(
            "get another copy of the file; `tr -d '\\000'` removes such bytes".to_owned(),
        ),
        Data::TooLong { .. } => Some(
            "no table has that; is this the file, and are `--delimiter` and `--quote` right?".to_owned(),
        ),
        Data::OpenQuote { .. } => Some(
            "close it, or double it if it is part of the text; `--quote none` takes all quotes as text"
                .to_owned(),
        ),
        Data::NotATable { instead, .. } => Some((*instead).to_owned()),
        Data::Remote { .. } => Some("download the file first, and name the copy".to_owned()),
        Data::UnsupportedFormat { .. } => {
            Some("convert it to CSV, Parquet, JSON lines or a workbook".to_owned())
        }
        Data::Encrypted { .. } => Some("save a copy without a password".to_owned()),
        Data::MissingSheet { sheet, found, .. } => {
            Some(match nearest(sheet, found.iter().map(String::as_str)) {
                Some(nearest) => format!("did you mean `{nearest}`?"),
                None => "name one of them with `--sheet`, or give its number from 1".to_owned(),
            })
        }
        Data::NoSheets { .. } => Some("leave out `--sheet`".to_owned()),
        Data::BadJson { .. } => Some(
            "JSON needs an object for each row, one after the other or in an array; pandas writes it with \
             `to_json(orient=\"records\")`"
                .to_owned(),
        ),
        Data::NoDataDir { can_download, .. } => Some(if *can_download {
            "name their folder with `--data-dir DIR`, or fetch them with `--download`".to_owned()
        } else {
            "name their folder with `--data-dir DIR`".to_owned()
        }),
        Data::DownloadNotCompiledIn => {
            Some("build the program with `--features download`".to_owned())
        }
        _ => None,
    }
}

/// What to try if its columns cannot be learned from.
fn column_hint(error: &Data) -> Option<String> {
    #[allow(clippy::wildcard_enum_match_arm)] // The others have nothing to try.
    match error {
        Data::MissingColumn { sheets, .. } if sheets.len() > 1 => {
            Some("name the sheet to read with `--sheet`".to_owned())
        }
        Data::MissingColumn { found, .. }
            if found
                .iter()
                .zip(1..)
                .all(|(name, number)| *name == format!("column_{number}")) =>
        {
            Some(
                "the first row was not taken for names; if it is, add `--header true`, or \
                 `--skip-lines N` if lines precede it; if the file has no names, put a line with them above the rows"
                    .to_owned(),
            )
        }
        Data::MissingColumn { found, .. } if found.len() > 1 && most_are_values(found) => Some(
            "the first row was taken for names; if it is none, put a line with the names above it"
                .to_owned(),
        ),
        Data::MissingColumn { found, .. } if found.len() == 1 => Some(format!(
            "the only column is `{}`; `--delimiter` sets what is between cells, and `--skip-lines N` \
             skips lines before the names",
            shortened(&found[0])
        )),
        Data::MissingColumn { column, found, .. } => {
            let nearest = nearest(column, found.iter().map(String::as_str))?;
            Some(format!("did you mean `{nearest}`?"))
        }
        Data::MissingFeature { feature, found } => {
            let nearest = nearest(feature, found.iter().map(String::as_str))?;
            Some(format!("did you mean `{nearest}`?"))
        }
        Data::BadWeight { .. } => {
            Some("give each row a weight; a row with the weight 0 counts nothing".to_owned())
        }
        Data::AddedColumn { column, .. } => Some(format!(
            "`--drop {}` leaves it out; or train on the files that have it, and no others",
            quoted(column)
        )),
        Data::BadCell { column, value, .. } if looks_like_number(value) => Some(format!(
            "write it like the other values of `{column}`, and as in the file of the training"
        )),
        Data::BadCell { column, value, .. } if value.len() < 40 => Some(format!(
            "if `{value}` means \"missing\", add `--missing '{column}={value}'`; otherwise write it like the \
             other values"
        )),
        Data::Ambiguous { option, .. } => Some(match *option {
            "decimal" => "say which with `--decimal ,` or `--decimal .`".to_owned(),
            _ => "say which with `--dates dmy` or `--dates mdy`".to_owned(),
        }),
        Data::NothingVaries { .. } => {
            Some("`--min-category-count 1` learns categories that are in few rows".to_owned())
        }
        Data::NoMeans { feature, .. } => {
            Some(format!("leave it out with `--drop {}`", quoted(feature)))
        }
        Data::UnknownCategories { .. } => {
            Some("write them as in training, or add `--allow-unknown` if they are new".to_owned())
        }
        Data::DuplicateColumn { .. } => Some("rename one of them in the file".to_owned()),
        Data::BadTarget {
            column,
            missing_text: Some(text),
            ..
        } => Some(format!(
            "if `{text}` is a class, add `--present '{column}={text}'`"
        )),
        Data::BadTarget {
            non_numeric: Some(value),
            ..
        } => Some(format!(
            "if `{value}` means \"missing\", add `--missing '{value}'`"
        )),
        Data::BadTarget { .. } => {
            Some("name another column with `--target`, or see `--schema` and `--task`".to_owned())
        }
        Data::NoFeatures { dropped, .. } if dropped.iter().all(|left_out| is_asked(left_out)) => {
            Some("name fewer columns with `--drop`".to_owned())
        }
        Data::RoleTaken { .. } => Some(
            "what is predicted, weighs rows or splits them is no input anyway, so `--drop` must not name it"
                .to_owned(),
        ),
        Data::NoFeatures { .. } => {
            Some("`--numeric` and `--categorical` keep columns that were left out".to_owned())
        }
        Data::UnknownClass { .. } => {
            Some("the model can only be evaluated on classes that it was trained on".to_owned())
        }
        _ => None,
    }
}

/// Whether a column was left out because that was asked for, as its description says.
fn is_asked(left_out: &str) -> bool {
    left_out.ends_with(&format!("({})", DropReason::Asked))
}

/// Whether most of some names are numbers or dates.
fn most_are_values(names: &[String]) -> bool {
    let values = names.iter().filter(|name| looks_like_number(name)).count();
    2 * values > names.len()
}

/// A text, or the beginning of a long one.
fn shortened(text: &str) -> String {
    const MOST: usize = 40;
    let more = if text.chars().count() > MOST {
        "…"
    } else {
        ""
    };
    text.chars().take(MOST).collect::<String>() + more
}
