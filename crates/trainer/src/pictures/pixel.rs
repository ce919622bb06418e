/// The pixel that a position falls on.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a position outside i32 is far outside any picture, and saturates"
)]
pub(super) fn pixel(position: f64) -> i32 {
    position.round() as i32
}

/// A count as a number of pixels.
pub(super) fn to_i32(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}
