//! The filters: organization, action, range, interval, comparison, zone. Each writes the URL and nothing else.

use crate::period::Interval;
use crate::query::{Action, Compare, View, Word};
use crate::ui::browser;
use crate::ui::component::combobox::{Choice, Combobox};
use crate::ui::component::range_picker::RangePicker;
use crate::ui::page::metrics::Page;
use crate::ui::url::Url;
use leptos::prelude::*;

/// The bar.
#[component]
pub fn FilterBar() -> impl IntoView {
    let url = expect_context::<Url>();
    let page = expect_context::<Page>();

    let organizations = Signal::derive(move || {
        let all = Choice {
            value: String::new(),
            label: "All organizations".into(),
        };
        let known = page.organizations.read();
        let asked = url
            .query
            .read()
            .org
            .clone()
            .filter(|asked| !known.iter().any(|org| org.id == *asked));
        let known = known.iter().map(|org| Choice {
            value: org.id.clone(),
            label: org.name.clone(),
        });
        std::iter::once(all)
            .chain(known)
            .chain(asked.map(|id| Choice {
                label: id.clone(),
                value: id,
            }))
            .collect::<Vec<_>>()
    });
    let organization = Signal::derive(move || url.query.read().org.clone().unwrap_or_default());
    let choose_organization =
        move |value: String| url.change(false, |query| query.org = Some(value).filter(|value| !value.is_empty()));

    let zones = StoredValue::new(Vec::<String>::new());
    let zone_choices = Signal::derive(move || {
        if zones.with_value(Vec::is_empty) {
            zones.set_value(browser::zone_names());
        }
        let used = page.scope.read().zone.name.clone();
        let names = zones.get_value();
        let extra = (!names.contains(&used)).then_some(used);
        extra
            .into_iter()
            .chain(names)
            .map(|name| Choice {
                label: name.replace('_', " "),
                value: name,
            })
            .collect::<Vec<_>>()
    });
    let zone = Signal::derive(move || page.scope.read().zone.name.clone());
    let choose_zone = move |value: String| url.change(false, |query| query.zone = Some(value));

    let choose_action = move |event| {
        let action = Action::parse(&event_target_value(&event)).unwrap_or_default();
        url.change(false, |query| query.action = action);
    };
    let choose_interval = move |event| {
        let interval = Interval::parse(&event_target_value(&event));
        url.change(false, |query| query.interval = interval);
    };
    let choose_compare = move |event| {
        let compare = Compare::parse(&event_target_value(&event)).unwrap_or_default();
        url.change(false, |query| query.compare = compare);
    };
    let automatic = move || {
        format!(
            "Automatic ({})",
            Interval::for_days(page.scope.read().asked.days())
                .label()
                .to_lowercase()
        )
    };

    let has_time = move || url.view.get() == Some(View::Overview);

    view! {
        <div class="filters" id="filters" role="group" aria-label="Filters">
            <Combobox id="org" label="Organization" choices=organizations value=organization on_select=choose_organization/>
            <label class="field">"Action"
                <select id="action" on:change=choose_action>
                    {Action::ALL.iter().map(|(action, key, label)| view! { <option value=*key selected=move || url.query.read().action == *action>{*label}</option> }).collect_view()}
                </select>
            </label>
            <RangePicker/>
            // Pages without a time axis have nothing to cut or to compare.
            <Show when=has_time>
            <label class="field">"Interval"
                <select id="interval" on:change=choose_interval>
                    <option value="" selected=move || url.query.read().interval.is_none()>{automatic}</option>
                    {Interval::ALL.iter().map(|(interval, key, label)| view! { <option value=*key selected=move || url.query.read().interval == Some(*interval)>{*label}</option> }).collect_view()}
                </select>
            </label>
            <label class="field">"Compare with"
                <select id="compare" on:change=choose_compare>
                    {Compare::ALL.iter().map(|(compare, key, label)| view! { <option value=*key selected=move || url.query.read().compare == *compare>{*label}</option> }).collect_view()}
                </select>
            </label>
            </Show>
            <Combobox id="tz" label="Time zone" choices=zone_choices value=zone on_select=choose_zone/>
        </div>
    }
}
