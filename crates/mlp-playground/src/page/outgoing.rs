use crate::protocol::Response;

/// What is sent to a page.
#[derive(Debug)]
pub enum Outgoing {
    /// A message.
    Text(Box<Response>),
    /// A [frame](crate::protocol::frame).
    Frame(Vec<u8>),
}
