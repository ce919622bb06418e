use std::sync::Arc;
use std::thread;

use axum::extract::State;
use axum::extract::ws::{Message, Utf8Bytes, WebSocket, WebSocketUpgrade};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response as HttpResponse};
use tokio::sync::mpsc;

use super::Shared;
use crate::page::{Outgoing, Page, option_lists};
use crate::protocol::{Failure, Request, Response};

/// How long a message from the page may be, in bytes.
const MAX_MESSAGE: usize = 64 << 10;
/// How many messages wait to be sent. With more, a slow page would see what is long past.
const WAITING: usize = 2;
/// How many requests wait to be carried out.
const REQUESTS: usize = 64;

/// Opens a page.
pub async fn open(State(shared): State<Arc<Shared>>, upgrade: WebSocketUpgrade) -> HttpResponse {
    let Ok(permit) = shared.pages.clone().try_acquire_owned() else {
        let refusal = "too many pages are open; close one of them";
        return (StatusCode::SERVICE_UNAVAILABLE, refusal).into_response();
    };
    let upgrade = upgrade.max_message_size(MAX_MESSAGE);
    upgrade.on_upgrade(async move |socket| {
        converse(socket, shared).await;
        drop(permit);
    })
}

/// Passes messages on until the page is left.
async fn converse(mut socket: WebSocket, shared: Arc<Shared>) {
    let (out, mut outgoing) = mpsc::channel(WAITING);
    let (requests, mut incoming) = mpsc::channel::<Request>(REQUESTS);
    let welcome = Response::Welcome {
        options: option_lists(),
    };
    if send(&mut socket, Outgoing::Text(Box::new(welcome)))
        .await
        .is_none()
    {
        return;
    }
    // Loading and preparing data may take long, so each page has a thread.
    let (tables, device) = (shared.tables.clone(), shared.device.clone());
    let of_page = out.clone();
    let page = thread::Builder::new()
        .name("page".to_owned())
        .spawn(move || {
            let mut page = Page::new(tables, device, of_page);
            while let Some(request) = incoming.blocking_recv() {
                page.handle(request);
            }
        });
    if page.is_err() {
        return;
    }
    loop {
        tokio::select! {
            Some(message) = outgoing.recv() => {
                if send(&mut socket, message).await.is_none() {
                    return;
                }
            }
            received = socket.recv() => {
                let failure = match received {
                    Some(Ok(Message::Text(text))) => match serde_json::from_str(&text) {
                        Ok(request) => match requests.try_send(request) {
                            Ok(()) => continue,
                            Err(_) => Failure::new("the page asks for more than can be done"),
                        },
                        Err(error) => Failure::new(format!("the message cannot be read: {error}")),
                    },
                    Some(Ok(Message::Binary(_))) => Failure::new("requests are texts"),
                    // Answered by the library.
                    Some(Ok(Message::Ping(_) | Message::Pong(_))) => continue,
                    Some(Ok(Message::Close(_)) | Err(_)) | None => return,
                };
                let failed = Outgoing::Text(Box::new(Response::Failed(failure)));
                if send(&mut socket, failed).await.is_none() {
                    return;
                }
            }
        }
    }
}

/// Sends a message; `None` if the page was left.
async fn send(socket: &mut WebSocket, message: Outgoing) -> Option<()> {
    let message = match message {
        Outgoing::Text(response) => {
            let text = serde_json::to_string(&response).ok()?;
            Message::Text(Utf8Bytes::from(text))
        }
        Outgoing::Frame(frame) => Message::Binary(frame.into()),
    };
    socket.send(message).await.ok()
}
