//! How work is divided among threads.

/// Elements that one thread processes at a time: few enough to fit its cache, and enough to outweigh
/// the cost of handing them to a thread.
pub const CHUNK_SIZE: usize = 1 << 15;

/// The number of elements of the rows that fit into a chunk, of at least one row.
pub fn chunk_size(columns: usize) -> usize {
    (CHUNK_SIZE / columns).max(1) * columns
}
