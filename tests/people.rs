//! Who is who across sources: each level, what stays apart, and what must hold whatever the accounts are.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use metrics::config::{PeopleRules, SourceKind, parse};
use metrics::people::{Account, Counts, Last, Level, fold, join};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

const CODER: SourceKind = SourceKind::Coder;
const WINDSURF: SourceKind = SourceKind::Windsurf;
const COMPANY: SourceKind = SourceKind::UserMetrics;

fn account(kind: SourceKind, id: &str, mail: &str, username: &str) -> Account {
    Account {
        kind,
        id: id.into(),
        mail: mail.into(),
        username: username.into(),
        name: String::new(),
        status: String::new(),
        is_active: true,
        has_seat: None,
        since: None,
        last: Last::Unknown,
        credits: None,
    }
}

fn rules(fields: &str) -> PeopleRules {
    let file = format!(
        r#"{{"version": 1, "people": {{{fields}}}, "sources": [
        {{"id": "dev", "kind": "coder", "base_url": "/"}}, {{"id": "ai", "kind": "windsurf", "base_url": "/w/"}},
        {{"id": "hr", "kind": "user-metrics", "base_url": "/c/", "company_id": "f659ecfa-32be-4a9b-9c9b-6e56c3ccf29a"}}]}}"#
    );
    parse(file.as_bytes())
        .unwrap_or_else(|error| panic!("{error}"))
        .people
        .as_ref()
        .clone()
}

fn within(domain: &str) -> PeopleRules {
    rules(&format!(r#""domains": ["{domain}"]"#))
}

/// Each person as the ids of the accounts, by the weakest level; `?` marks what stays apart because it is ambiguous.
fn people(accounts: &[Account], rules: &PeopleRules) -> BTreeSet<String> {
    let joined = join(accounts, rules);
    let text = |person: &metrics::people::Person| {
        let mut ids: Vec<&str> = person
            .accounts
            .iter()
            .map(|place| accounts[*place].id.as_str())
            .collect();
        ids.sort_unstable();
        let by = person.by.map_or(String::new(), |by| format!(" by {by:?}"));
        format!("{}{by}{}", ids.join("+"), if person.is_ambiguous { "?" } else { "" })
    };
    joined.people.iter().map(text).collect()
}

fn check(accounts: &[Account], rules: &PeopleRules, expected: &[&str]) {
    let expected: BTreeSet<String> = expected.iter().map(ToString::to_string).collect();
    assert_eq!(people(accounts, rules), expected);
}

#[test]
fn the_same_mail_is_the_same_person() {
    check(
        &[
            account(CODER, "c", "Fern-07@Example.COM", "fern-07"),
            account(WINDSURF, "w", " fern-07@example.com\u{200b}", ""),
            account(COMPANY, "m", "fern-07@example.com", ""),
            account(COMPANY, "other", "fern.07@example.com", ""),
        ],
        &PeopleRules::default(),
        &["c+m+w by Mail", "other"],
    );
}

#[test]
fn a_plus_tag_is_looked_past_after_the_whole_address() {
    let plain = PeopleRules::default();
    check(
        &[
            account(CODER, "c", "fern+dev@example.com", ""),
            account(WINDSURF, "w", "fern@example.com", ""),
        ],
        &plain,
        &["c+w by Tag"],
    );
    // The whole address is surer: the second account stays alone, and nothing about it is in doubt.
    check(
        &[
            account(CODER, "c", "fern@example.com", ""),
            account(CODER, "test", "fern+test@example.com", ""),
            account(WINDSURF, "w", "fern@example.com", ""),
        ],
        &plain,
        &["c+w by Mail", "test"],
    );
    check(
        &[
            account(CODER, "a", "fern+a@example.com", ""),
            account(CODER, "b", "fern+b@example.com", ""),
            account(WINDSURF, "w", "fern@example.com", ""),
        ],
        &plain,
        &["a?", "b?", "w?"],
    );
    check(
        &[
            account(CODER, "c", "+dev@example.com", ""),
            account(WINDSURF, "w", "@example.com", ""),
        ],
        &plain,
        &["c", "w"],
    );
}

#[test]
fn a_user_name_counts_within_configured_domains_alone() {
    let accounts = [
        account(CODER, "c", "private@mail.example", "fern-07"),
        account(WINDSURF, "w", "fern-07@corp.example", ""),
        account(COMPANY, "m", "fern-07@partner.example", ""),
    ];
    check(&accounts, &PeopleRules::default(), &["c", "w", "m"]);
    check(&accounts, &within("corp.example"), &["c+w by Username", "m"]);
    check(
        &accounts,
        &rules(r#""domains": ["corp.example", "Partner.Example"]"#),
        &["c+m+w by Username"],
    );
}

#[test]
fn two_people_with_one_local_part_stay_apart_and_are_counted() {
    let both = rules(r#""domains": ["corp.example", "partner.example"]"#);
    let accounts = [
        account(CODER, "c", "", "fern"),
        account(WINDSURF, "w1", "fern@corp.example", ""),
        account(WINDSURF, "w2", "fern@partner.example", ""),
        account(COMPANY, "m", "moss@corp.example", ""),
    ];
    check(&accounts, &both, &["c?", "w1?", "w2?", "m"]);
    let counts: BTreeMap<String, Counts> = join(&accounts, &both)
        .counts
        .into_iter()
        .map(|(kind, counts)| (format!("{kind:?}"), counts))
        .collect();
    let of = |matched, ambiguous, only_here| Counts {
        matched,
        ambiguous,
        only_here,
    };
    assert_eq!(counts["Coder"], of(0, 1, 0));
    assert_eq!(counts["Windsurf"], of(0, 2, 0));
    assert_eq!(counts["UserMetrics"], of(0, 0, 1));
    // A surer level leaves no doubt about the one that is left over.
    let surer = [
        account(CODER, "c", "fern@corp.example", "fern"),
        accounts[1].clone(),
        accounts[2].clone(),
    ];
    check(&surer, &both, &["c+w1 by Mail", "w2"]);
    // One address twice in a source.
    let twice = [
        account(CODER, "c", "a@b.example", ""),
        account(WINDSURF, "w1", "a@b.example", ""),
        account(WINDSURF, "w2", "A@b.example", ""),
    ];
    check(&twice, &both, &["c?", "w1?", "w2?"]);
}

#[test]
fn an_alias_is_obeyed_before_anything_else() {
    let accounts = [
        account(CODER, "c", "fern@corp.example", "fern"),
        account(WINDSURF, "w1", "fern@corp.example", ""),
        account(WINDSURF, "w2", "old-name@corp.example", ""),
        account(COMPANY, "m", "f.07@corp.example", ""),
    ];
    let one = rules(r#""aliases": {"dev:fern": "windsurf:OLD-name@corp.example"}"#);
    check(&accounts, &one, &["c+w2 by Alias", "w1", "m"]);
    let list = rules(r#""aliases": {"dev:fern": ["ai:old-name@corp.example", "hr:m"]}"#);
    check(&accounts, &list, &["c+m+w2 by Alias", "w1"]);
    let doubtful = rules(r#""aliases": {"dev:fern": ["ai:w1", "ai:w2"]}"#);
    check(&accounts, &doubtful, &["c?", "w1?", "w2?", "m"]);
}

#[test]
fn folding_is_careful() {
    assert_eq!(fold(" A.B@Example.com "), "a.b@example.com");
    assert_eq!(fold("Łukasz@example.com"), "łukasz@example.com");
    assert_eq!(fold("a\u{ad}b\u{feff}"), "ab");
    assert_ne!(fold("müller@example.com"), fold("muller@example.com"));
}

/// Few names, so that they meet often.
fn some_account() -> impl Strategy<Value = Account> {
    let name = "[ab](\\+[xy])?";
    let mail = (
        name,
        prop::sample::select(vec!["@one.example", "@two.example", "@Other.example", ""]),
    );
    (0..3_usize, mail, "[abc]?", 0..1000_u32).prop_map(|(kind, (local, domain), username, id)| {
        account(
            [CODER, WINDSURF, COMPANY][kind],
            &id.to_string(),
            &format!("{local}{domain}"),
            &username,
        )
    })
}

proptest! {
    #[test]
    fn everybody_is_one_person_and_order_does_not_matter(
        (accounts, shuffled) in prop::collection::vec(some_account(), 0..40)
            .prop_map(|mut accounts| {
                for (place, account) in accounts.iter_mut().enumerate() {
                    account.id = format!("{place}");
                }
                accounts
            })
            .prop_flat_map(|accounts| (Just(accounts.clone()), Just(accounts).prop_shuffle())),
        domains in prop::sample::select(vec!["", r#""domains": ["one.example"]"#, r#""domains": ["one.example", "two.example"], "aliases": {"dev:0": "ai:1", "hr:2": ["dev:3", "ai:1"]}"#]),
    ) {
        let rules = rules(domains);
        prop_assert_eq!(people(&accounts, &rules), people(&shuffled, &rules));
        let joined = join(&accounts, &rules);
        let mut places: Vec<usize> = joined.people.iter().flat_map(|person| person.accounts.clone()).collect();
        places.sort_unstable();
        prop_assert_eq!(places, (0..accounts.len()).collect::<Vec<_>>());
        for person in &joined.people {
            let sources: BTreeSet<u8> = person.accounts.iter().map(|place| accounts[*place].kind as u8).collect();
            prop_assert_eq!(sources.len(), person.accounts.len());
            prop_assert_eq!(person.by.is_some(), person.accounts.len() > 1);
        }
        let counted: usize = joined.counts.iter().map(|(_, counts)| counts.matched + counts.ambiguous + counts.only_here).sum();
        prop_assert_eq!(counted, accounts.len());
        // Nobody with the same whole address in another source, and with no double of it anywhere, is left alone.
        if rules.aliases.is_empty() {
            for (place, own) in accounts.iter().enumerate().filter(|(_, own)| own.mail.contains('@')) {
                let same: Vec<usize> = (0..accounts.len()).filter(|other| fold(&accounts[*other].mail) == fold(&own.mail)).collect();
                let sources: BTreeSet<u8> = same.iter().map(|place| accounts[*place].kind as u8).collect();
                if same.len() > 1 && sources.len() == same.len() {
                    let person = joined.people.iter().find(|person| person.accounts.contains(&place)).unwrap();
                    prop_assert!(same.iter().all(|other| person.accounts.contains(other)));
                }
            }
        }
    }
}

/// `cargo test --release --no-default-features --test people -- --ignored --nocapture` prints the time.
#[test]
#[ignore = "a measurement"]
fn three_times_a_hundred_thousand_accounts() {
    let mut accounts = Vec::new();
    for number in 0..100_000_u32 {
        let mail = format!("Person-{number}@example.com");
        accounts.push(account(
            CODER,
            &format!("c{number}"),
            &mail,
            &format!("person-{number}"),
        ));
        accounts.push(account(WINDSURF, &format!("w{number}"), &mail.replace('@', "+ai@"), ""));
        accounts.push(account(
            COMPANY,
            &format!("m{number}"),
            &mail.replace("example.com", "corp.example"),
            "",
        ));
    }
    let rules = rules(r#""domains": ["example.com", "corp.example"]"#);
    let start = std::time::Instant::now();
    let joined = join(&accounts, &rules);
    println!("{} people in {:?}", joined.people.len(), start.elapsed());
    assert_eq!(joined.people.len(), 100_000);
    assert!(joined.people.iter().all(|person| person.by == Some(Level::Username)));
}
