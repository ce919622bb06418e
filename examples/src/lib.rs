//! A course.
