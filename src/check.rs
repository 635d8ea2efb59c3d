//! The self-check: what the page found out about itself, as lines with a verdict and, where something is wrong, the way
//! to put it right. Also as a text to hand on, without addresses, names and words of servers.

use crate::config::{Auth, Config, SourceConfig, SourceKind};
use crate::data::Data;
use crate::format::{name as cut, visible};
use crate::remote::{LoadError, Reply};
use crate::source::{self, Answer, Ask, Request, Slice, coder};
use crate::words;
use crate::zone::rfc3339;
use chrono::{DateTime, Duration, NaiveTime, Utc};

/// How good or bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// As it should be.
    Fine,
    /// Good to know.
    Note,
    /// Works, and should be put right.
    Warning,
    /// Does not work.
    Problem,
}

impl Verdict {
    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Verdict::Fine => "OK",
            Verdict::Note => "Note",
            Verdict::Warning => "Warning",
            Verdict::Problem => "Problem",
        }
    }
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What was looked at.
    pub name: String,
    /// How it is.
    pub verdict: Verdict,
    /// What was found; fit to be handed on.
    pub found: String,
    /// Details for the eyes of who looks at the page, and the way to put it right. Not handed on.
    pub detail: String,
}

/// Findings about one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// About what.
    pub title: String,
    /// The findings.
    pub lines: Vec<Line>,
}

/// The answer to a question about a file of this page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Got {
    /// HTTP status.
    pub status: u16,
    /// What the server's clock said.
    pub time: Option<DateTime<Utc>>,
    /// Those of [`HEADERS`] that came, in their order.
    pub headers: Vec<Option<String>>,
}

/// The headers that are looked at.
pub const HEADERS: [&str; 6] = [
    "content-security-policy",
    "x-content-type-options",
    "referrer-policy",
    "cache-control",
    "content-type",
    "content-encoding",
];

impl Got {
    /// A header, empty when it did not come.
    fn header(&self, name: &str) -> &str {
        let place = HEADERS.iter().position(|known| *known == name);
        let value = place.and_then(|place| self.headers.get(place)?.as_deref());
        value.unwrap_or_default()
    }
}

/// What is known of the page and the browser.
#[derive(Clone, Debug, PartialEq)]
pub struct Facts {
    /// Now, by this computer.
    pub now: DateTime<Utc>,
    /// Whether there is no `config.json`.
    pub is_demo: bool,
    /// The page, fetched from its own address; `None` if that failed.
    pub page: Option<Got>,
    /// The program.
    pub program: Option<Got>,
    /// Whether another page shows this one in a frame.
    pub is_framed: bool,
    /// Whether nobody on the way can read or change what the page sends.
    pub is_secure: bool,
    /// Whether the browser has a connection.
    pub is_online: bool,
    /// What the browser calls itself.
    pub browser: String,
    /// Its zone.
    pub zone: String,
    /// Its language.
    pub language: String,
}

/// What became of one request to a source.
#[derive(Clone, Debug, PartialEq)]
pub struct Probe {
    /// What was asked.
    pub request: Request,
    /// What came.
    pub reply: Result<Reply, LoadError>,
    /// Whether somebody is there, where only the browser keeps the answer from the page.
    pub is_there: bool,
}

/// A clock that is wrong by more than this is told of.
const SKEW: Duration = Duration::seconds(90);

fn line(name: &str, verdict: Verdict, found: impl Into<String>, detail: impl Into<String>) -> Line {
    Line {
        name: name.into(),
        verdict,
        found: found.into(),
        detail: detail.into(),
    }
}

/// What `config.json` is, and what it says that nobody understands.
pub fn configuration(config: &Config, facts: &Facts) -> Group {
    let count = config.sources.len();
    let first = if facts.is_demo {
        let detail = "Put the file beside index.html to see your own figures.";
        line("config.json", Verdict::Note, "not there: the demo is shown", detail)
    } else {
        let sources = if count == 1 { "source" } else { "sources" };
        line("config.json", Verdict::Fine, format!("read, {count} {sources}"), "")
    };
    let warnings = config.warnings.iter();
    let warnings = warnings.map(|warning| line("config.json", Verdict::Warning, "a field without effect", warning));
    Group {
        title: "Configuration".into(),
        lines: std::iter::once(first).chain(warnings).collect(),
    }
}

/// With which headers the page came, and where it stands.
pub fn page(config: &Config, facts: &Facts) -> Group {
    use Verdict::{Fine, Note, Problem, Warning};
    let mut lines = Vec::new();
    match &facts.page {
        None => {
            let detail = "Its own address gave no answer. The server may be down, or this computer offline.";
            lines.push(line("This page", Problem, "could not be fetched again", detail));
        }
        Some(got) => {
            if got.status == 404 {
                let detail =
                    "Deep links work, as the 404 page is this page. Some proxies and monitors mind the status.";
                lines.push(line("This page", Note, "comes with status 404", detail));
            }
            lines.extend(policy(config, got.header("content-security-policy")));
            for (name, wanted, why) in [
                (
                    "X-Content-Type-Options",
                    "nosniff",
                    "Without it browsers may take one kind of file for another.",
                ),
                (
                    "Referrer-Policy",
                    "no-referrer",
                    "The page asks for the same in its own head.",
                ),
            ] {
                let found = got.header(&name.to_ascii_lowercase());
                lines.push(match found.eq_ignore_ascii_case(wanted) {
                    true => line(name, Fine, wanted, ""),
                    false => line(name, Note, "not as recommended", format!("{why} Send {wanted}.")),
                });
            }
            let caching = got.header("cache-control");
            let is_asked_anew = ["no-cache", "no-store", "max-age=0"]
                .iter()
                .any(|word| caching.contains(word));
            lines.push(match is_asked_anew {
                true => line("Caching of the page", Fine, "asked for anew each time", ""),
                false => {
                    let detail = "A new release may be noticed late, or half of it. Send Cache-Control: no-cache with index.html.";
                    line("Caching of the page", Warning, "may be kept by the browser", detail)
                }
            });
        }
    }
    if let Some(got) = &facts.program {
        let kind = got.header("content-type");
        lines.push(match kind.starts_with("application/wasm") {
            true => line("Type of the program", Fine, "application/wasm", ""),
            false => line(
                "Type of the program",
                Warning,
                "not application/wasm",
                "The program starts later than it could.",
            ),
        });
        lines.push(match got.header("content-encoding") {
            "" => {
                let detail =
                    "It is several times as large as it could be. Serve the .br and .gz files that lie beside it.";
                line("Compression of the program", Warning, "none", detail)
            }
            encoding => line("Compression of the program", Fine, cut(encoding), ""),
        });
    }
    lines.push(match facts.is_secure {
        true => line("Connection", Fine, "encrypted, or on this computer", ""),
        false => line(
            "Connection",
            Warning,
            "not encrypted",
            "Everybody on the way can read figures and tokens: serve the page with https.",
        ),
    });
    lines.push(match (facts.is_framed, config.parents.is_empty()) {
        (false, _) => line("Frame", Fine, "in no frame", ""),
        (true, false) => line("Frame", Note, "in a frame", ""),
        (true, true) => line("Frame", Warning, "in a frame, and embed.parents lists nobody", ""),
    });
    if let Some(time) = facts.page.as_ref().and_then(|got| got.time) {
        let skew = facts.now - time;
        let ahead = if skew > Duration::zero() { "ahead of" } else { "behind" };
        lines.push(match skew.abs() < SKEW {
            true => line("Clock", Fine, "agrees with the server", ""),
            false => {
                let minutes = (skew.abs().num_seconds() + 30) / 60;
                let by = match minutes {
                    0..180 => format!("{minutes} minutes"),
                    180..4320 => format!("{} hours", (minutes + 30) / 60),
                    _ => format!("{} days", (minutes + 720) / 1440),
                };
                let found = format!("{by} {ahead} the server");
                line(
                    "Clock",
                    Warning,
                    found,
                    "Today may be the wrong day. Set the clock of this computer, or of the server.",
                )
            }
        });
    }
    Group {
        title: "This page".into(),
        lines,
    }
}

/// What the policy says that this configuration needs, and what it need not say.
fn policy(config: &Config, policy: &str) -> Vec<Line> {
    use Verdict::{Fine, Note, Problem, Warning};
    const NAME: &str = "Content-Security-Policy";
    if policy.trim().is_empty() {
        let detail = "Nothing limits what a fault in this page could do. Send the header of docs/hosting.md.";
        return vec![line(NAME, Warning, "not sent", detail)];
    }
    // Several policies hold at once; for a look at the words they are one.
    let directives: Vec<Vec<&str>> = policy
        .split([';', ','])
        .map(|directive| directive.split_ascii_whitespace().collect())
        .collect();
    let own = |name: &str| {
        let found = directives
            .iter()
            .find(|words: &&Vec<&str>| words.first().is_some_and(|word| word.eq_ignore_ascii_case(name)));
        found.and_then(|words| words.get(1..))
    };
    let words = |name: &str| own(name).or_else(|| own("default-src")).unwrap_or(&["*"]);
    let mut lines = Vec::new();

    let is_wide = |word: &&str| {
        matches!(
            *word,
            "*" | "'unsafe-inline'" | "'unsafe-eval'" | "https:" | "http:" | "data:"
        )
    };
    let wide: Vec<&str> = ["script-src", "style-src", "connect-src"]
        .into_iter()
        .filter(|name| words(name).iter().any(is_wide))
        .collect();
    lines.push(match wide.is_empty() {
        true => line(NAME, Fine, "strict", policy),
        false => line(NAME, Warning, format!("wide: {}", wide.join(", ")), policy),
    });

    let origins: Vec<&str> = config
        .sources
        .iter()
        .filter_map(|source| origin(&source.base_url))
        .collect();
    let connect = words("connect-src");
    let is_open = connect.iter().any(is_wide);
    let missing: Vec<&str> = origins
        .iter()
        .copied()
        .filter(|origin| !is_open && !connect.iter().any(|word| names_origin(word, origin)))
        .collect();
    let extra = connect
        .iter()
        .filter(|word| {
            **word != "'self'"
                && **word != "'none'"
                && !is_open
                && !origins.iter().any(|origin| names_origin(word, origin))
        })
        .count();
    if !missing.is_empty() {
        let detail = format!(
            "Requests to {} are stopped by the browser. Name them in connect-src.",
            missing.join(", ")
        );
        lines.push(line("connect-src", Problem, "lacks the address of a source", detail));
    } else if extra > 0 {
        let detail = "It names more than config.json does. Name what is needed, and nothing else.";
        lines.push(line("connect-src", Note, "names addresses that no source has", detail));
    }

    let parents: Vec<&str> = config.parents.iter().map(String::as_str).collect();
    let listed = own("frame-ancestors").map(|words| {
        words
            .iter()
            .copied()
            .filter(|word| *word != "'none'")
            .collect::<Vec<_>>()
    });
    lines.push(match listed {
        None => {
            let detail =
                "Any page may show this one in a frame. Send frame-ancestors with what embed.parents lists, or 'none'.";
            line("frame-ancestors", Warning, "not sent", detail)
        }
        Some(mut listed) => {
            let mut wanted = parents;
            listed.sort_unstable();
            wanted.sort_unstable();
            match listed == wanted {
                true => line("frame-ancestors", Fine, "agrees with embed.parents", ""),
                false => line(
                    "frame-ancestors",
                    Warning,
                    "does not agree with embed.parents",
                    "Browsers obey the header, the page obeys the list: write the same into both.",
                ),
            }
        }
    });
    lines
}

/// Whether a word of a policy names an origin: with or without a path after it.
fn names_origin(word: &str, origin: &str) -> bool {
    let rest = word
        .get(..origin.len())
        .filter(|start| start.eq_ignore_ascii_case(origin));
    rest.is_some()
        && word
            .get(origin.len()..)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Scheme, host and port of an absolute address; `None` for a path on the page's own origin.
pub fn origin(base_url: &str) -> Option<&str> {
    let host = base_url.find("://")? + 3;
    let end = base_url
        .get(host..)?
        .find('/')
        .map_or(base_url.len(), |slash| host + slash);
    base_url.get(..end)
}

/// The browser, in words that help to find a fault.
pub fn browser(facts: &Facts) -> Group {
    let note = |name, found: &str| line(name, Verdict::Note, visible(found), "");
    Group {
        title: "Browser".into(),
        lines: vec![
            note("Program", &facts.browser),
            note("Language", &facts.language),
            note("Zone", &facts.zone),
            note("Time", &rfc3339(&facts.now.fixed_offset())),
        ],
    }
}

/// One request per function of a source that the view uses. None of them changes anything there.
pub fn probes(source: &SourceConfig, now: DateTime<Utc>) -> Vec<Request> {
    let id = source.id.as_str();
    let get = |path: String, query| vec![Request::get(id, Ask::Build, path, query)];
    match source.kind {
        SourceKind::Coder | SourceKind::Demo => {
            let end = now.date_naive().and_time(NaiveTime::MIN).and_utc().fixed_offset();
            let yesterday = Slice {
                start: end - Duration::days(1),
                end,
                templates: Vec::new(),
            };
            vec![
                coder::build(id),
                coder::me(id),
                coder::organizations(id),
                coder::templates(id),
                coder::entitlements(id),
                coder::daus(id),
                coder::statuses(id, "UTC", 0),
                coder::insights(id, yesterday.clone(), None),
                coder::activity(id, yesterday.clone()),
                coder::latency(id, yesterday),
            ]
        }
        SourceKind::CoderV1 => get(format!("{}/metrics/activity", source.route), Vec::new()),
        SourceKind::UserMetrics => get(
            format!("api/v2/companies/{}/user-metrics/", source.company_id),
            vec![("page_size", "1".into())],
        ),
        SourceKind::Windsurf => vec![Request::post(id, Ask::Build, "api/v1/UserPageAnalytics", Vec::new())],
    }
}

/// Whether more requests to a source would find out more: not where nobody answers, or nobody is let in.
pub fn is_over(probe: &Probe) -> bool {
    probe.reply.is_err() || matches!(&probe.reply, Ok(reply) if reply.status == 401)
}

/// What a source answered.
pub fn source(source: &SourceConfig, probes: &[Probe], has_token: bool, facts: &Facts) -> Group {
    Group {
        title: format!("Source {} ({})", cut(&source.label), source.kind_word()),
        lines: probes
            .iter()
            .map(|probe| probe_line(source, probe, has_token, facts))
            .collect(),
    }
}

fn probe_line(source: &SourceConfig, probe: &Probe, has_token: bool, facts: &Facts) -> Line {
    use Verdict::{Fine, Note, Problem, Warning};
    let is_coder = matches!(source.kind, SourceKind::Coder | SourceKind::Demo);
    let path = probe.request.path.as_ref();
    // The path of a company has its id in it.
    let name = if is_coder { path } else { "Reached" };
    let reply = match &probe.reply {
        Ok(reply) => reply,
        Err(error) => {
            let (verdict, found, detail) = unanswered(source, error, probe.is_there, has_token, facts);
            return line(name, verdict, found, detail);
        }
    };
    let status = reply.status;
    if coder::is_page(reply) && (200..300).contains(&status) {
        let detail = "A sign-in page, or the page of a server that knows no such path. Look at base_url and at what is forwarded.";
        return line(
            name,
            Problem,
            format!("a web page instead of JSON, status {status}"),
            detail,
        );
    }
    let answer = if is_coder {
        source::read(&probe.request, reply)
    } else if (200..300).contains(&status) {
        return line(name, Fine, "answers", "");
    } else {
        Err(coder::reason(&probe.request.ask, reply))
    };
    match answer {
        Ok(Answer::Data(Data::Build(build))) => line("Version", Fine, cut(&build.version), ""),
        Ok(Answer::Data(_)) => line(name, Fine, "answers", ""),
        Ok(Answer::Instead(_)) => line(
            name,
            Note,
            "answers in the way of older servers",
            "It knows no zones by name.",
        ),
        Err(error) => {
            let words = words::message(&error).detail;
            let (verdict, found, detail) = match &error {
                LoadError::Unauthorized => (
                    Problem,
                    "not signed in",
                    "The server knows no session, or the token is not (any more) valid.",
                ),
                LoadError::Forbidden(_) => (Warning, "not allowed", words.as_str()),
                LoadError::Unsupported(_) => (Warning, "not there: an old server, or another path", words.as_str()),
                LoadError::Disabled(_) => (Warning, "switched off on the server", words.as_str()),
                LoadError::Limited(_) => (Warning, "too many requests", "Wait a minute, then check again."),
                LoadError::Refused(_) => (Problem, "refused", words.as_str()),
                LoadError::Decode(_) => (Problem, "not what this API promises", words.as_str()),
                _ => (Problem, "the server failed", words.as_str()),
            };
            line(name, verdict, format!("{found}, status {status}"), detail)
        }
    }
}

/// Why there was no reply at all.
fn unanswered(
    source: &SourceConfig,
    error: &LoadError,
    is_there: bool,
    has_token: bool,
    facts: &Facts,
) -> (Verdict, &'static str, String) {
    use Verdict::{Note, Problem};
    match error {
        LoadError::Unauthorized if source.auth == Auth::Token && !has_token => (
            Note,
            "a token is needed",
            "Nothing was asked without it. A panel has a field for it.".into(),
        ),
        LoadError::Unauthorized => (
            Problem,
            "led to a sign-in page",
            "Somebody in front of the server wants a session first.".into(),
        ),
        LoadError::Unsupported(words) => (Note, "not asked", words.clone()),
        LoadError::Timeout => (Problem, "no answer in time", String::new()),
        LoadError::TooLarge(_) => (Problem, "an answer that is too large", String::new()),
        _ if !facts.is_online => (Problem, "this computer is offline", String::new()),
        _ => match origin(&source.base_url) {
            None => (
                Problem,
                "no answer from this page's own server",
                "It may be down, or break the connection off.".into(),
            ),
            Some(origin) if is_there => (
                Problem,
                "answers, but not to this page (CORS)",
                format!(
                    "{origin} allows no requests from here. Forward it on this page's own origin; docs/hosting.md has recipes."
                ),
            ),
            Some(origin) => (
                Problem,
                "no answer from another origin",
                format!(
                    "Browsers do not tell a page which: the name {origin} is not known (DNS), its certificate is not good (TLS), it is \
                     down, or the policy above does not name it. Open {origin} in a tab: there the browser says what it is."
                ),
            ),
        },
    }
}

/// The findings as text to hand on. Addresses, names of people and words of servers are in no finding, only in details.
pub fn report(groups: &[Group]) -> String {
    let mut text = format!("Metrics {}, self-check\n", env!("CARGO_PKG_VERSION"));
    for group in groups {
        text += &format!("\n{}\n", group.title);
        for line in &group.lines {
            text += &format!("[{}] {}: {}\n", line.verdict.word(), line.name, line.found);
        }
    }
    text
}
