use mlp_datasets::Table;

/// How many rows go through a network at once: enough to keep a device busy with little memory.
pub const ROWS_AT_ONCE: usize = 4096;

/// All rows of a table.
pub fn all_rows(table: &Table) -> Vec<usize> {
    (0..table.num_rows()).collect()
}
