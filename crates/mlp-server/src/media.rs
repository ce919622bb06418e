//! Types of bodies.

use axum::http::header::{ACCEPT, CONTENT_ENCODING, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};

use crate::names::shortened;
use crate::refusal::Refusal;

/// What a body is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Media {
    Json,
    Csv,
    Arrow,
}

impl Media {
    pub const ALL: [Self; 3] = [Self::Json, Self::Csv, Self::Arrow];

    /// The name in headers.
    pub fn name(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Csv => "text/csv",
            Self::Arrow => "application/vnd.apache.arrow.stream",
        }
    }

    /// What the body of a request is, and its encoding if that is named. A body without a type is JSON.
    ///
    /// # Errors
    ///
    /// If it is something else, or compressed.
    pub fn of_body(headers: &HeaderMap) -> Result<(Self, Option<String>), Refusal> {
        let unsupported = |error: String| Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, error);
        if let Some(coding) = headers.get(CONTENT_ENCODING)
            && coding != "identity"
        {
            return Err(unsupported("bodies must not be compressed".to_owned()));
        }
        let Some(kind) = headers.get(CONTENT_TYPE) else {
            return Ok((Self::Json, None));
        };
        let kind = String::from_utf8_lossy(kind.as_bytes());
        let mut parts = kind.split(';');
        let name = parts.next().unwrap_or_default().trim();
        let charset = parts.find_map(|part| {
            let (key, value) = part.trim().split_once('=')?;
            key.eq_ignore_ascii_case("charset")
                .then(|| value.trim_matches('"').to_ascii_lowercase())
        });
        let is = |media: &Self| name.eq_ignore_ascii_case(media.name());
        let is_json = || name.starts_with("application/") && name.ends_with("+json");
        match Self::ALL.into_iter().find(is) {
            Some(Self::Json) | None
                if charset.as_deref().is_some_and(|charset| charset != "utf-8") =>
            {
                Err(unsupported("JSON must be in UTF-8".to_owned()))
            }
            Some(media) => Ok((media, charset)),
            None if is_json() => Ok((Self::Json, None)),
            None => Err(unsupported(format!(
                "bodies of the type `{}` are not taken; send `application/json`, `text/csv` or \
                 `application/vnd.apache.arrow.stream`",
                shortened(name)
            ))),
        }
    }

    /// What an answer is to be: the type that is preferred, JSON if all are the same.
    ///
    /// # Errors
    ///
    /// If no type that there is would be taken.
    pub fn of_answer(headers: &HeaderMap) -> Result<Self, Refusal> {
        let mut best: Option<(f32, Self)> = None;
        let mut lists = headers.get_all(ACCEPT).iter().peekable();
        if lists.peek().is_none() {
            return Ok(Self::Json);
        }
        for list in lists {
            let list = String::from_utf8_lossy(list.as_bytes());
            for range in list.split(',') {
                let mut parts = range.split(';');
                let name = parts.next().unwrap_or_default().trim();
                let weight = parts.find_map(|part| part.trim().strip_prefix("q=")?.parse().ok());
                let weight: f32 = weight.unwrap_or(1.0);
                let Some(media) = Self::ALL.into_iter().find(|media| media.is_in(name)) else {
                    continue;
                };
                if weight > 0.0 && best.is_none_or(|(highest, _)| weight > highest) {
                    best = Some((weight, media));
                }
            }
        }
        best.map(|(_, media)| media).ok_or_else(|| {
            Refusal::new(
                StatusCode::NOT_ACCEPTABLE,
                "answers are `application/json`, `text/csv` or `application/vnd.apache.arrow.stream`",
            )
        })
    }

    /// Whether a type is in a range such as `text/*`.
    fn is_in(self, range: &str) -> bool {
        let name = self.name();
        let of_kind = || {
            let kind = range.strip_suffix("/*")?;
            name.split_once('/')
                .map(|(of_name, _)| of_name.eq_ignore_ascii_case(kind))
        };
        range == "*/*"
            || range == "*"
            || name.eq_ignore_ascii_case(range)
            || of_kind().unwrap_or(false)
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};

    use super::*;

    fn headers(name: HeaderName, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_static(value))])
    }

    #[test]
    fn a_body_is_what_its_type_says() {
        let of = |value| Media::of_body(&headers(CONTENT_TYPE, value));
        assert_eq!(Media::of_body(&HeaderMap::new()).unwrap().0, Media::Json);
        assert_eq!(
            of("application/json; charset=UTF-8").unwrap().0,
            Media::Json
        );
        assert_eq!(of("application/problem+json").unwrap().0, Media::Json);
        let latin = of("Text/CSV; header=present; charset=\"windows-1252\"").unwrap();
        assert_eq!(latin, (Media::Csv, Some("windows-1252".to_owned())));
        for other in ["text/html", "application/json; charset=latin1", ""] {
            let refusal = of(other).unwrap_err();
            assert_eq!(
                refusal.status,
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "{other}"
            );
        }
        assert!(Media::of_body(&headers(CONTENT_ENCODING, "gzip")).is_err());
    }

    #[test]
    fn the_preferred_type_is_answered() {
        let of =
            |value| Media::of_answer(&headers(ACCEPT, value)).map_err(|refusal| refusal.status);
        for (accept, media) in [
            ("*/*", Media::Json),
            ("text/csv", Media::Csv),
            ("text/*;q=0.5, application/json;q=0.4", Media::Csv),
            ("text/html, application/xhtml+xml, */*;q=0.8", Media::Json),
            (
                "application/vnd.apache.arrow.stream, text/csv",
                Media::Arrow,
            ),
        ] {
            assert_eq!(of(accept), Ok(media), "{accept}");
        }
        assert_eq!(of("image/png"), Err(StatusCode::NOT_ACCEPTABLE));
        assert_eq!(of("text/csv;q=0"), Err(StatusCode::NOT_ACCEPTABLE));
    }
}
