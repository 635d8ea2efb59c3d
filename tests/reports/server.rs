//! A server whose figures one can check by heart.

use super::*;

pub fn reply(status: u16, body: impl Into<Vec<u8>>) -> Reply {
    Reply {
        status,
        content_type: "application/json; charset=utf-8".into(),
        retry_after: None,
        body: body.into(),
    }
}

pub fn ok(body: &Value) -> Option<Reply> {
    Some(reply(200, body.to_string()))
}

/// Answers as an owner sees them at [`NOW`].
pub fn usual(request: &Request) -> Option<Reply> {
    usual_at(request, at(NOW))
}

/// People of a day, in answers that are cut into days.
pub fn people_on(day: NaiveDate) -> u32 {
    3 + day.day() % 10
}

/// People of a slice as a whole: its hours tell whether the right span was asked for.
pub fn people_in(slice: &Slice) -> i64 {
    100 + (slice.end - slice.start).num_hours()
}

pub fn usual_at(request: &Request, now: DateTime<Utc>) -> Option<Reply> {
    match &request.ask {
        Ask::Build => ok(&json!({"version": "v2.38.1+5f3e1a2", "deployment_id": T1})),
        Ask::Me => ok(
            &json!({"id": T1, "username": "admin", "roles": [{"name": "owner"}], "organization_ids": [ORG_A, ORG_B]}),
        ),
        Ask::Organizations => {
            ok(&json!([{"id": ORG_A, "name": "a"}, {"id": ORG_B, "name": "b"}, {"id": EMPTY_ORG, "name": "empty"}]))
        }
        Ask::Templates => ok(&json!([
            {"id": T2, "name": "two", "organization_id": ORG_A},
            {"id": T1, "name": "one", "organization_id": ORG_A},
            {"id": T3, "name": "three", "organization_id": ORG_B}
        ])),
        Ask::Entitlements => ok(&licence(Some(47), Some(60))),
        Ask::Daus => {
            let today = now.date_naive();
            let entries: Vec<Value> = (0..=60)
                .rev()
                .map(|back| today - Duration::days(back))
                .map(|day| json!({"date": day.to_string(), "amount": 20 + day.day()}))
                .collect();
            ok(&json!({"entries": entries, "tz_hour_offset": 0}))
        }
        Ask::Statuses {
            zone: name,
            old_server: false,
            ..
        } => {
            let zone = zone(name);
            let midnights: Vec<DateTime<Utc>> = (0..=60)
                .rev()
                .map(|back| zone.start_of(add_days(zone.day_of(now), -back)).to_utc())
                .collect();
            let points = |count: &dyn Fn(DateTime<Utc>) -> u32| -> Vec<Value> {
                midnights
                    .iter()
                    .map(|instant| json!({"date": instant.to_rfc3339(), "count": count(*instant)}))
                    .collect()
            };
            ok(&json!({"status_counts": {
                "active": points(&|instant| 30 + zone.day_of(instant).day()),
                "dormant": points(&|_| 5),
                "suspended": points(&|_| 2),
            }}))
        }
        Ask::Statuses { .. } | Ask::Usage(_) => None,
        Ask::Insights(slice, grain) => ok(&insights(slice, *grain)),
        Ask::Users(_) => ok(&json!({"count": 0, "users": []})),
        Ask::User(_) => Some(reply(
            404,
            r#"{"message":"Resource not found or you do not have access to this resource"}"#,
        )),
        Ask::Activity(slice) | Ask::Latency(slice) => ok(&json!({"report": {
            "start_time": rfc3339(&slice.start), "end_time": rfc3339(&slice.end), "template_ids": [], "users": []
        }})),
        Ask::Assistant | Ask::Members(_) | Ask::Summary | Ask::Deed => None,
    }
}

pub fn licence(used: Option<u64>, limit: Option<u64>) -> Value {
    json!({"has_license": true, "features": {"user_limit": {"entitlement": "entitled", "enabled": true, "limit": limit, "actual": used}}, "warnings": [], "errors": []})
}

pub fn insights(slice: &Slice, grain: Option<Grain>) -> Value {
    let mut intervals = Vec::new();
    if let Some(grain) = grain {
        let mut start = slice.start;
        while start < slice.end {
            let end = (start + grain.length()).min(slice.end);
            let people = if grain == Grain::Day {
                people_on(start.date_naive())
            } else {
                50 + start.day()
            };
            intervals.push(json!({"start_time": rfc3339(&start), "end_time": rfc3339(&end), "template_ids": [], "interval": grain.word(), "active_users": people}));
            start = end;
        }
        // The server does not sort them.
        intervals.reverse();
    }
    json!({
        "report": {"start_time": rfc3339(&slice.start), "end_time": rfc3339(&slice.end), "template_ids": [], "active_users": people_in(slice), "apps_usage": [], "parameters_usage": []},
        "interval_reports": intervals,
    })
}

/// The usual server, except for what `special` answers.
pub fn except(special: impl Fn(&Ask) -> Option<Reply>) -> impl Fn(&Request) -> Option<Reply> {
    move |request| special(&request.ask).or_else(|| usual(request))
}

pub fn insights_as(body: &'static str) -> impl Fn(&Request) -> Option<Reply> {
    except(move |ask| matches!(ask, Ask::Insights(..)).then(|| reply(200, body)))
}
