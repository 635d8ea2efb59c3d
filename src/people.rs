//! One list of people from several sources: which accounts belong to the same person.
//!
//! Accounts are joined level by level, the surest first: what the configuration says ([`Level::Alias`]), the same mail
//! address, the same one without its plus tag, and the user name where it is the local part of an address within a
//! configured domain. A person has at most one account per source: where a level would give two, all of them stay apart
//! and are counted as ambiguous. The outcome does not depend on the order of the accounts.

pub use crate::config::Alias;
use crate::config::{self, PeopleRules, SourceConfig, SourceKind};
pub use crate::data::Last;
use crate::order;
use chrono::{DateTime, Utc};
use std::borrow::Cow;
use std::collections::HashMap;

/// One account, as one source knows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Account {
    /// Which API told of it.
    pub kind: SourceKind,
    /// Its id there.
    pub id: String,
    /// Mail address; empty when the source does not tell.
    pub mail: String,
    /// User name; empty when the source has none.
    pub username: String,
    /// Name as shown; may be empty.
    pub name: String,
    /// Status in the words of the source; may be empty.
    pub status: String,
    /// Whether the source counts the account as one that may work: not suspended, not disabled, not inactive.
    pub is_active: bool,
    /// Whether it takes a seat that is paid for. `None` where the source knows no seats.
    pub has_seat: Option<bool>,
    /// When it was made, if the source tells.
    pub since: Option<DateTime<Utc>>,
    /// When it was last used.
    pub last: Last,
    /// Credits used in the billing cycle, in the unit of the source. `None` where the source knows none.
    pub credits: Option<f64>,
}

/// What told that accounts belong together, the surest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// The configuration.
    Alias,
    /// The same mail address.
    Mail,
    /// The same mail address without its plus tag.
    Tag,
    /// The same user name or local part within the configured domains.
    Username,
}

/// One person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Places of the accounts, in the order in which they were given; at most one per source.
    pub accounts: Vec<usize>,
    /// The weakest level that was needed; `None` for a single account.
    pub by: Option<Level>,
    /// Whether other accounts may be of the same person, and it cannot be told which.
    pub is_ambiguous: bool,
}

/// How the accounts of a source fared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Found in another source, too.
    pub matched: usize,
    /// Perhaps in another source, but it cannot be told which account is theirs.
    pub ambiguous: usize,
    /// In no other source.
    pub only_here: usize,
}

/// Who is who.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Joined {
    /// In the order of their first accounts.
    pub people: Vec<Person>,
    /// By source, in the order of their first accounts.
    pub counts: Vec<(SourceKind, Counts)>,
}

/// Everybody whom the sources know, as it is to be looked through for who is whom.
#[derive(Debug)]
pub struct Everybody {
    /// All accounts.
    pub accounts: Vec<Account>,
    /// Whom they belong to.
    pub joined: Joined,
}

/// Two are the same when they are one: comparing all accounts would take longer than joining them.
impl PartialEq for Everybody {
    fn eq(&self, other: &Everybody) -> bool {
        std::ptr::eq(self, other)
    }
}

/// An account that an alias can name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The source and a name that no other account there has: one end of an alias.
    pub end: (SourceKind, String),
    /// Whose it is, for people to read.
    pub label: String,
}

impl Named {
    /// The account as an alias names it.
    pub fn text(&self) -> String {
        print_end(&self.end)
    }
}

/// An end of an alias as text: `coder:fern-07`.
pub fn print_end((kind, name): &(SourceKind, String)) -> String {
    format!("{}:{name}", kind.word())
}

/// The end of an alias that a text stands for.
pub fn parse_end(text: &str) -> Option<(SourceKind, String)> {
    let (word, name) = text.split_once(':')?;
    let kinds = [SourceKind::Coder, SourceKind::Windsurf, SourceKind::UserMetrics];
    let kind = kinds.into_iter().find(|kind| kind.word() == word)?;
    Some((kind, name.to_string()))
}

/// The rules as a document for `config.json`.
pub fn document(rules: &PeopleRules, sources: &[SourceConfig]) -> String {
    config::print_people(rules, sources)
}

impl Everybody {
    /// The accounts that are in no other source as far as is known: first those that perhaps are.
    pub fn unmatched(&self) -> Vec<Named> {
        let alone = |is_ambiguous: bool| {
            let people = self.joined.people.iter();
            let people = people.filter(move |one| one.accounts.len() == 1 && one.is_ambiguous == is_ambiguous);
            people.filter_map(|one| one.accounts.first().copied())
        };
        let names = self.names();
        let mut named: Vec<Named> = Vec::new();
        for (is_ambiguous, word) in [(true, "not told apart"), (false, "only there")] {
            named.extend(alone(is_ambiguous).filter_map(|place| self.named(place, &names, word)));
        }
        named
    }

    /// So many of the unmatched accounts cannot be named by an alias: others of their source have all their names, too.
    pub fn nameless(&self) -> usize {
        let people = self.joined.people.iter();
        let alone = people.filter(|person| person.accounts.len() == 1).count();
        alone - self.unmatched().len().min(alone)
    }

    /// Everybody, by one of their accounts.
    pub fn everyone(&self) -> Vec<Named> {
        let names = self.names();
        let people = self.joined.people.iter();
        let named = |person: &Person| person.accounts.iter().find_map(|place| self.named(*place, &names, ""));
        people.filter_map(named).collect()
    }

    /// The people that an account may belong to, by one of their accounts: nobody has two in one source. Who is called
    /// most alike comes first.
    pub fn others(&self, of: &(SourceKind, String)) -> Vec<Named> {
        let names = self.names();
        let account = self.accounts.iter().find(|account| {
            let own = [&account.username, &account.mail, &account.id];
            account.kind == of.0 && own.into_iter().any(|name| *fold(name) == *of.1)
        });
        let words = account.map_or_else(Vec::new, words_of);
        let mut found: Vec<(usize, Named)> = Vec::new();
        for person in &self.joined.people {
            let accounts = || person.accounts.iter().filter_map(|place| self.accounts.get(*place));
            if accounts().any(|account| account.kind == of.0) {
                continue;
            }
            let likeness = accounts().flat_map(words_of).map(|word| likeness(&words, &word)).max();
            let named = person.accounts.iter().find_map(|place| self.named(*place, &names, ""));
            found.extend(named.map(|named| (likeness.unwrap_or(0), named)));
        }
        order::sort_by(&mut found, |a, b| b.0.cmp(&a.0));
        found.into_iter().map(|(_, named)| named).collect()
    }

    /// The accounts that have a name.
    fn names(&self) -> HashMap<Cow<'_, str>, Vec<usize>> {
        let mut names: HashMap<Cow<'_, str>, Vec<usize>> = HashMap::new();
        for (place, account) in self.accounts.iter().enumerate() {
            for name in [&account.username, &account.mail, &account.id].map(|name| fold(name)) {
                let places = names.entry(name).or_default();
                if places.last() != Some(&place) {
                    places.push(place);
                }
            }
        }
        names
    }

    fn named(&self, place: usize, names: &HashMap<Cow<'_, str>, Vec<usize>>, word: &str) -> Option<Named> {
        let account = self.accounts.get(place)?;
        let is_of_source = |place: &&usize| self.accounts.get(**place).is_some_and(|one| one.kind == account.kind);
        let is_only = |name: &Cow<'_, str>| {
            let places = names.get(name).into_iter().flatten();
            !name.is_empty() && places.filter(is_of_source).count() == 1
        };
        let own = [&account.username, &account.mail, &account.id].map(|name| fold(name));
        let name = own.into_iter().find(is_only)?;
        let called = if account.name.trim().is_empty() {
            &name
        } else {
            account.name.trim()
        };
        let name_too = if called == name { "" } else { &name };
        let parts = [called, label_of(account.kind), name_too, word].into_iter();
        let label = parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
        Some(Named {
            end: (account.kind, name.into_owned()),
            label,
        })
    }
}

/// The name of a source of people.
pub fn label_of(kind: SourceKind) -> &'static str {
    match kind {
        SourceKind::Windsurf => "AI assistant",
        SourceKind::UserMetrics => "Company",
        _ => "Coder",
    }
}

/// What somebody is called, in small letters and without what stands between.
fn words_of(account: &Account) -> Vec<String> {
    let local = account.mail.split('@').next().unwrap_or_default();
    let plain = |text: &str| -> String {
        let letters = text.chars().filter(|letter| letter.is_alphanumeric());
        letters.flat_map(char::to_lowercase).collect()
    };
    let words = [&account.username, &account.name, local].map(plain);
    words.into_iter().filter(|word| !word.is_empty()).collect()
}

/// So many first letters are the same.
fn likeness(words: &[String], other: &str) -> usize {
    let same = |word: &String| word.chars().zip(other.chars()).take_while(|(a, b)| a == b).count();
    words.iter().map(same).max().unwrap_or(0)
}

/// What of the rules a person may change on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mending {
    /// Which accounts are of one person.
    Aliases,
    /// Whom no worksheet proposes anything about.
    Exclusions,
}

impl Mending {
    /// What the rules have of it, in words.
    pub fn lines(self, rules: &PeopleRules) -> Vec<String> {
        match self {
            Mending::Aliases => {
                let line = |[a, b]: &Alias| format!("{} = {}", print_end(a), print_end(b));
                rules.aliases.iter().map(line).collect()
            }
            Mending::Exclusions => rules.excluded.clone(),
        }
    }

    /// The rules with one more, given by the texts of its ends; `None` where they have it already, or it is none.
    pub fn with(self, rules: &PeopleRules, from: &str, to: &str) -> Option<PeopleRules> {
        let mut rules = rules.clone();
        match self {
            Mending::Aliases => {
                let (from, to) = (parse_end(from)?, parse_end(to)?);
                let are_of_two = from.0 != to.0;
                let alias = [from, to];
                (are_of_two && !rules.aliases.contains(&alias)).then(|| rules.aliases.push(alias))?;
            }
            Mending::Exclusions => {
                let (_, name) = parse_end(from)?;
                (!rules.excluded.contains(&name)).then(|| rules.excluded.push(name))?;
            }
        }
        Some(rules)
    }

    /// The rules without the one at a place.
    pub fn without(self, rules: &PeopleRules, place: usize) -> PeopleRules {
        let mut rules = rules.clone();
        match self {
            Mending::Aliases if place < rules.aliases.len() => drop(rules.aliases.remove(place)),
            Mending::Exclusions if place < rules.excluded.len() => drop(rules.excluded.remove(place)),
            _ => {}
        }
        rules
    }
}

/// Joins accounts to people.
pub fn join(accounts: &[Account], rules: &PeopleRules) -> Joined {
    let mut clusters = Clusters::new(accounts);
    clusters.join_by(Level::Alias, alias_keys(accounts, rules));
    clusters.join_by(Level::Mail, mail_keys(accounts, mail_key));
    clusters.join_by(Level::Tag, mail_keys(accounts, untagged_key));
    clusters.join_by(Level::Username, username_keys(accounts, rules));
    clusters.finish(accounts)
}

/// Mail addresses are compared in lower case and without the invisible marks and spaces that copying adds. Nothing
/// else is folded: dots and accents do tell people apart.
pub fn fold(text: &str) -> Cow<'_, str> {
    let text = text.trim();
    let is_plain = |letter: char| letter.is_ascii_graphic() && !letter.is_ascii_uppercase();
    if text.chars().all(is_plain) {
        return Cow::Borrowed(text);
    }
    let is_mark = |letter: &char| matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}');
    Cow::Owned(
        text.chars()
            .filter(|letter| !is_mark(letter))
            .flat_map(char::to_lowercase)
            .collect(),
    )
}

/// What a person is known by in a source that has no user names: the mail address, else the id.
pub fn identity(mail: &str, id: &str) -> String {
    let mail = fold(mail);
    if mail.is_empty() {
        id.to_string()
    } else {
        mail.into_owned()
    }
}

/// Keys with the places of the accounts that have them.
type Keys<'a> = Vec<(Cow<'a, str>, usize)>;

fn mail_keys(accounts: &[Account], key: fn(&str) -> Option<Cow<'_, str>>) -> Keys<'_> {
    let places = accounts.iter().enumerate();
    places
        .filter_map(|(place, account)| Some((key(&account.mail)?, place)))
        .collect()
}

/// An address is something on both sides of one `@`.
fn mail_key(mail: &str) -> Option<Cow<'_, str>> {
    let folded = fold(mail);
    split(&folded).is_some().then_some(folded)
}

fn split(mail: &str) -> Option<(&str, &str)> {
    let (local, domain) = mail.split_once('@')?;
    (!local.is_empty() && !domain.is_empty() && !domain.contains('@')).then_some((local, domain))
}

fn untagged(local: &str) -> &str {
    match local.split_once('+') {
        Some((name, _)) if !name.is_empty() => name,
        _ => local,
    }
}

fn untagged_key(mail: &str) -> Option<Cow<'_, str>> {
    let folded = mail_key(mail)?;
    let (local, domain) = split(&folded)?;
    let name = untagged(local);
    if name.len() == local.len() {
        return Some(folded);
    }
    Some(Cow::Owned(format!("{name}@{domain}")))
}

fn username_keys<'a>(accounts: &'a [Account], rules: &PeopleRules) -> Keys<'a> {
    let mut keys = Keys::new();
    if rules.domains.is_empty() {
        return keys;
    }
    for (place, account) in accounts.iter().enumerate() {
        let username = fold(&account.username);
        if !username.is_empty() {
            keys.push((username, place));
        }
        let mail = fold(&account.mail);
        if let Some((local, domain)) = split(&mail)
            && rules.domains.iter().any(|known| known == domain)
        {
            keys.push((Cow::Owned(untagged(local).to_string()), place));
        }
    }
    keys
}

/// Each alias is a key of its own, which the accounts at both its ends have.
fn alias_keys<'a>(accounts: &'a [Account], rules: &PeopleRules) -> Keys<'a> {
    let mut keys = Keys::new();
    let mut ends: HashMap<(SourceKind, Cow<'_, str>), Vec<usize>> = HashMap::new();
    for (number, alias) in rules.aliases.iter().enumerate() {
        for (kind, name) in alias {
            ends.entry((*kind, fold(name))).or_default().push(number);
        }
    }
    if ends.is_empty() {
        return keys;
    }
    for (place, account) in accounts.iter().enumerate() {
        for name in [&account.id, &account.mail, &account.username] {
            let aliases = ends.get(&(account.kind, fold(name))).into_iter().flatten();
            keys.extend(aliases.map(|number| (Cow::Owned(number.to_string()), place)));
        }
    }
    keys
}

/// Accounts that were found to belong together so far.
struct Clusters {
    sets: Sets,
    /// Of each cluster, at the place of its first account: a bit per source.
    sources: Vec<u8>,
    is_ambiguous: Vec<bool>,
    by: Vec<Option<Level>>,
}

impl Clusters {
    fn new(accounts: &[Account]) -> Clusters {
        Clusters {
            sets: Sets((0..accounts.len()).collect()),
            sources: accounts.iter().map(|account| 1 << account.kind as u8).collect(),
            is_ambiguous: vec![false; accounts.len()],
            by: vec![None; accounts.len()],
        }
    }

    fn sources(&self, cluster: usize) -> u8 {
        self.sources.get(cluster).copied().unwrap_or(0)
    }

    /// Joins what has a key in common, unless that would give a person two accounts in one source.
    fn join_by(&mut self, level: Level, keys: Keys<'_>) {
        if keys.is_empty() {
            return;
        }
        let mut groups: HashMap<Cow<'_, str>, Vec<usize>> = HashMap::with_capacity(keys.len());
        for (key, place) in keys {
            let cluster = self.sets.first(place);
            if self.is_ambiguous.get(cluster) == Some(&false) {
                groups.entry(key).or_default().push(cluster);
            }
        }
        let mut perhaps = self.sets.clone();
        for group in groups.values().filter(|group| group.len() > 1) {
            self.touch(group, &mut perhaps);
        }
        // What the clusters of each candidate have together, and whether they have any of it twice.
        let count = self.sources.len();
        let (mut together, mut is_double) = (vec![0_u8; count], vec![false; count]);
        let clusters: Vec<(usize, usize)> = (0..count)
            .filter(|place| self.sets.first(*place) == *place)
            .map(|cluster| (cluster, perhaps.first(cluster)))
            .collect();
        for (cluster, candidate) in &clusters {
            let own = self.sources(*cluster);
            if let (Some(sources), Some(double)) = (together.get_mut(*candidate), is_double.get_mut(*candidate)) {
                *double |= *sources & own != 0;
                *sources |= own;
            }
        }
        for (cluster, candidate) in clusters {
            let sources = together.get(candidate).copied().unwrap_or(0);
            if sources == self.sources(cluster) && is_double.get(candidate) == Some(&false) {
                continue;
            }
            if is_double.get(candidate) == Some(&true) {
                if let Some(is_ambiguous) = self.is_ambiguous.get_mut(cluster) {
                    *is_ambiguous = true;
                }
                continue;
            }
            self.sets.unite(candidate, cluster);
            let first = self.sets.first(cluster);
            if let (Some(own), Some(by)) = (self.sources.get_mut(first), self.by.get_mut(first)) {
                *own = sources;
                *by = Some(level);
            }
        }
    }

    /// Accounts of one source are not of one person, so clusters touch only where they have no source in common.
    fn touch(&self, group: &[usize], perhaps: &mut Sets) {
        let mut alike: Vec<(u8, Vec<usize>)> = Vec::new();
        for cluster in group {
            let sources = self.sources(*cluster);
            match alike.iter_mut().find(|(known, _)| *known == sources) {
                Some((_, clusters)) => clusters.push(*cluster),
                None => alike.push((sources, vec![*cluster])),
            }
        }
        for (place, (sources, clusters)) in alike.iter().enumerate() {
            for (_, others) in alike.iter().skip(place + 1).filter(|(other, _)| other & sources == 0) {
                let first = clusters.first().copied().unwrap_or_default();
                for cluster in clusters.iter().chain(others) {
                    perhaps.unite(first, *cluster);
                }
            }
        }
    }

    fn finish(mut self, accounts: &[Account]) -> Joined {
        let mut joined = Joined::default();
        let mut person_of: Vec<Option<usize>> = vec![None; accounts.len()];
        for place in 0..accounts.len() {
            let first = self.sets.first(place);
            let Some(number) = person_of.get_mut(first) else {
                continue;
            };
            let number = *number.get_or_insert(joined.people.len());
            if number == joined.people.len() {
                joined.people.push(Person {
                    accounts: Vec::new(),
                    by: self.by.get(first).copied().flatten(),
                    is_ambiguous: self.is_ambiguous.get(first) == Some(&true),
                });
            }
            if let Some(person) = joined.people.get_mut(number) {
                person.accounts.push(place);
            }
        }
        for person in &joined.people {
            for account in person.accounts.iter().filter_map(|place| accounts.get(*place)) {
                let counts = match joined.counts.iter_mut().position(|(kind, _)| *kind == account.kind) {
                    Some(known) => joined.counts.get_mut(known),
                    None => {
                        joined.counts.push((account.kind, Counts::default()));
                        joined.counts.last_mut()
                    }
                };
                let Some((_, counts)) = counts else { continue };
                *match (person.accounts.len() > 1, person.is_ambiguous) {
                    (true, _) => &mut counts.matched,
                    (false, true) => &mut counts.ambiguous,
                    (false, false) => &mut counts.only_here,
                } += 1;
            }
        }
        joined
    }
}

/// Disjoint sets of places; each is known by its smallest.
#[derive(Clone)]
struct Sets(Vec<usize>);

impl Sets {
    fn first(&mut self, mut place: usize) -> usize {
        while let Some(next) = self.0.get(place).copied().filter(|next| *next != place) {
            let after = self.0.get(next).copied().unwrap_or(next);
            if let Some(shorter) = self.0.get_mut(place) {
                *shorter = after;
            }
            place = next;
        }
        place
    }

    fn unite(&mut self, a: usize, b: usize) {
        let (a, b) = (self.first(a), self.first(b));
        if let Some(later) = self.0.get_mut(a.max(b)) {
            *later = a.min(b);
        }
    }
}
