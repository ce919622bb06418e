//! Workbooks of Excel.

use rust_xlsxwriter::{Format, Workbook};

use super::style::time;
use super::table::{Cells, Table, number};

pub fn xlsx(table: &Table) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let date_format = Format::new().set_num_format("yyyy-mm-dd");
    let time_format = Format::new().set_num_format("yyyy-mm-dd hh:mm:ss");
    let columns = table.names.iter().zip(&table.columns);
    for (at, (name, column)) in (0u16..).zip(columns) {
        sheet.write(0, at, name).unwrap();
        for (row, to) in (0..table.num_rows()).zip(1u32..) {
            match &column.cells {
                Cells::Numbers {
                    mantissas,
                    decimals,
                    ..
                } => {
                    if let Some(mantissa) = mantissas[row] {
                        sheet.write(to, at, number(mantissa, *decimals)).unwrap();
                    }
                }
                Cells::Words(words) => {
                    if let Some(word) = &words[row] {
                        sheet.write(to, at, word).unwrap();
                    }
                }
                Cells::Booleans { values, .. } => {
                    if let Some(value) = values[row] {
                        sheet.write(to, at, value).unwrap();
                    }
                }
                Cells::Dates {
                    values, has_times, ..
                } => {
                    let Some(date) = values[row] else {
                        continue;
                    };
                    // A spreadsheet has milliseconds.
                    let time = time(date);
                    if values.iter().flatten().any(|date| date % 1_000 != 0) {
                        let text = time.format("%Y-%m-%d %H:%M:%S%.6f").to_string();
                        sheet.write(to, at, text).unwrap();
                    } else if *has_times {
                        sheet
                            .write_with_format(to, at, &time, &time_format)
                            .unwrap();
                    } else {
                        sheet
                            .write_with_format(to, at, &time.date(), &date_format)
                            .unwrap();
                    }
                }
            }
        }
    }
    workbook.save_to_buffer().unwrap()
}
