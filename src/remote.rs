//! What can become of a request, as values: a reply, or one of the ways in which it failed.
//!
//! One variant per advice that can be given to a person. Nothing here contains a secret or a full URL.

/// What came back over the wire, whoever answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// `Content-Type`, lower case, empty when absent.
    pub content_type: String,
    /// `Retry-After` in seconds.
    pub retry_after: Option<u32>,
    /// The body as it came.
    pub body: Vec<u8>,
}

impl Reply {
    /// Whether its status is that of a success.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// All but the body.
    pub fn head(&self) -> Reply {
        Reply {
            status: self.status,
            content_type: self.content_type.clone(),
            retry_after: self.retry_after,
            body: Vec::new(),
        }
    }
}

/// A response that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {reason}")]
pub struct DecodeError {
    /// Where in the response, for example `report.users[3].seconds`.
    pub path: String,
    /// What was found and what was expected.
    pub reason: String,
}

/// Why there is no answer. The state names are those of `data-state`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LoadError {
    /// The network gave nothing: offline, DNS, TLS or a refused cross-origin request look alike to a page.
    #[error("the server could not be reached")]
    Unreachable,
    /// A person stopped the loading.
    #[error("loading was stopped")]
    Cancelled,
    /// No answer within the time allowed.
    #[error("no answer in time")]
    Timeout,
    /// The answer is larger than this page is willing to hold, in bytes.
    #[error("the answer is larger than {0} bytes")]
    TooLarge(u64),
    /// 401, or a login page in place of an answer.
    #[error("not signed in")]
    Unauthorized,
    /// The page around this one has signed out, or gives no token that the server accepts.
    #[error("the session of the embedding page has ended")]
    SessionEnded,
    /// 403, or the 404 that hides a missing permission. The server's words.
    #[error("not allowed: {0}")]
    Forbidden(String),
    /// What was asked about is not there, or hidden. The server's words.
    #[error("not found: {0}")]
    NotFound(String),
    /// The server is too old, or has no such function. The server's words.
    #[error("not supported: {0}")]
    Unsupported(String),
    /// The administrator switched collection off. The server's words.
    #[error("switched off: {0}")]
    Disabled(String),
    /// 429, with the seconds to wait if the server said.
    #[error("too many requests")]
    Limited(Option<u32>),
    /// 400: the server's words, including each field it complained about.
    #[error("the server refused the request: {0}")]
    Refused(String),
    /// Any other status. The server's words.
    #[error("the server failed with {status}: {message}")]
    Server {
        /// HTTP status.
        status: u16,
        /// The server's words, may be empty.
        message: String,
    },
    /// A part of this program could not be fetched.
    #[error("a part of the page could not be loaded")]
    Program,
    /// The answer is not what the API promises.
    #[error("the answer could not be read: {0}")]
    Decode(#[from] DecodeError),
}

/// The state of a panel, as in `data-state`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// First answer on its way.
    Loading,
    /// All there.
    Ready,
    /// The picture answers an older question; the new answer is on its way.
    Stale,
    /// Answered, and there is nothing in it.
    Empty,
    /// Some of what was asked for is missing.
    Partial,
    /// Collection is switched off.
    Disabled,
    /// Not allowed.
    Forbidden,
    /// Not signed in.
    Unauthorized,
    /// The server cannot answer this.
    Unsupported,
    /// Rate limited.
    Limited,
    /// Anything else that went wrong.
    Failed,
}

impl State {
    /// The word in `data-state`.
    pub fn word(self) -> &'static str {
        match self {
            State::Loading => "loading",
            State::Ready => "ready",
            State::Stale => "stale",
            State::Empty => "empty",
            State::Partial => "partial",
            State::Disabled => "disabled",
            State::Forbidden => "forbidden",
            State::Unauthorized => "unauthorized",
            State::Unsupported => "unsupported",
            State::Limited => "limited",
            State::Failed => "failed",
        }
    }
}

impl LoadError {
    /// The state a panel is in when this is why it has nothing.
    pub fn state(&self) -> State {
        match self {
            LoadError::Unauthorized | LoadError::SessionEnded => State::Unauthorized,
            LoadError::Forbidden(_) => State::Forbidden,
            LoadError::Unsupported(_) => State::Unsupported,
            LoadError::Disabled(_) => State::Disabled,
            LoadError::Limited(_) => State::Limited,
            _ => State::Failed,
        }
    }
}
