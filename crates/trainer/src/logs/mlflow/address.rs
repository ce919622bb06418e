use std::fmt;

use ureq::http::Uri;

use crate::logs::Error;

/// The address of an MLflow server, without a password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// Without a slash at its end.
    text: String,
    host: String,
}

impl Address {
    /// Reads an address such as `http://127.0.0.1:5000`, which may have a path.
    ///
    /// # Errors
    ///
    /// If it is none, has a password or a query in it, or needs TLS that is not compiled in.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let wrong = |reason: &str| Error::Address {
            reason: reason.to_owned(),
        };
        if text.contains('@') {
            return Err(Error::Credentials);
        }
        if !text.starts_with("http://") && !text.starts_with("https://") {
            return Err(wrong("begins with neither `http://` nor `https://`"));
        }
        if text.contains(['?', '#']) {
            return Err(wrong("has a query or a fragment"));
        }
        let uri: Uri = text
            .parse()
            .map_err(|error| wrong(&format!("cannot be read: {error}")))?;
        let host = uri
            .host()
            .filter(|host| !host.is_empty())
            .ok_or_else(|| wrong("has no host"))?;
        let authority = uri.authority().map_or("", |authority| authority.as_str());
        let port = authority.strip_prefix(host).unwrap_or_default();
        if !port.is_empty() && port[1..].parse::<u16>().is_err() {
            return Err(wrong("has a port that is no number up to 65535"));
        }
        let host = host.trim_matches(['[', ']']).to_owned();
        let address = Self {
            text: text.trim_end_matches('/').to_owned(),
            host,
        };
        if uri.scheme_str() == Some("https") && !cfg!(feature = "tls") {
            return Err(Error::NoTls {
                address: address.text,
            });
        }
        Ok(address)
    }

    /// Whether it is on this machine.
    pub fn is_local(&self) -> bool {
        let ip: Option<std::net::IpAddr> = self.host.parse().ok();
        self.host == "localhost" || ip.is_some_and(|ip| ip.is_loopback())
    }
}

impl fmt::Display for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_that_of_a_server_without_secrets() {
        let parse = |text| Address::parse(text).map_err(|error| error.to_string());
        let local = parse("http://[::1]:5000/mlflow/").unwrap();
        assert_eq!(local.to_string(), "http://[::1]:5000/mlflow");
        assert!(local.is_local());
        assert!(parse("http://localhost").unwrap().is_local());
        assert!(!parse("http://example.org").unwrap().is_local());
        for (text, expected) in [
            ("http://", "cannot be read"),
            ("http://:5000", "has no host"),
            ("http://host:port", "has a port that is no number"),
            ("http://[::1]:70000", "has a port that is no number"),
            ("http://host/?token=1", "has a query or a fragment"),
            ("127.0.0.1:5000", "begins with neither"),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.contains(expected), "{text}: {error}");
        }
    }

    #[cfg(not(feature = "tls"))]
    #[test]
    fn without_tls_an_encrypted_address_is_an_error_that_says_so() {
        let error = Address::parse("https://example.org").unwrap_err();
        assert!(matches!(error, Error::NoTls { .. }), "{error}");
    }
}
