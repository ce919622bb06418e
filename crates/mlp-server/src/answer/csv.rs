use mlp_inference::PredictionColumn;
use mlp_inference::arrow_schema::Field;

use super::Answer;

/// A line with the names of the columns, and one for each row, with all digits of numbers.
///
/// # Errors
///
/// Never, as it is written to memory.
pub fn csv(answer: Answer) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let fields = &answer.model.fields;
    writer.write_record(fields.iter().map(Field::name))?;
    let mut buffer = ryu::Buffer::new();
    for row in answer.rows() {
        for column in answer.columns() {
            match column {
                column if column.is_null(row) => writer.write_field("")?,
                PredictionColumn::Classes { names, labels } => {
                    writer.write_field(labels[row].map_or("", |label| names[label].as_str()))?;
                }
                PredictionColumn::Integers(integers) => {
                    writer.write_field(integers[row].to_string())?;
                }
                PredictionColumn::Singles(numbers) => {
                    writer.write_field(buffer.format(numbers[row]))?;
                }
                PredictionColumn::Doubles(numbers) | PredictionColumn::Numbers(numbers) => {
                    writer.write_field(buffer.format(numbers[row]))?;
                }
            }
        }
        writer.write_record(None::<&[u8]>)?;
    }
    writer
        .into_inner()
        .map_err(|error| csv::Error::from(error.into_error()))
}
