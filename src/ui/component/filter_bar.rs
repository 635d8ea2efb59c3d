//! The filters: organization, action, range, interval, comparison, zone. Each writes the URL and nothing else.

use crate::format;
use crate::period::Interval;
use crate::query::{Action, Compare, View, Word};
use crate::ui::browser;
use crate::ui::component::combobox::{Choice, Combobox};
use crate::ui::component::range_picker::RangePicker;
use crate::ui::component::select::Select;
use crate::ui::erase::{Build, Memo, expect_context, when};
use crate::ui::page::metrics::Page;
use crate::ui::url::Url;
use leptos::prelude::*;

/// The bar.
#[component]
pub fn FilterBar() -> impl IntoView {
    let url = expect_context::<Url>();
    let page = expect_context::<Page>();

    let organizations = Memo::new(move |_| {
        let known = page.organizations.read();
        let asked = url
            .query
            .read()
            .org
            .clone()
            .filter(|asked| !known.iter().any(|org| org.id == *asked));
        let mut choices = vec![Choice {
            value: String::new(),
            label: "All organizations".into(),
        }];
        choices.extend(known.iter().map(|org| Choice {
            value: org.id.clone(),
            label: format::name(&org.name),
        }));
        choices.extend(asked.map(|id| Choice {
            label: format::name(&id),
            value: id,
        }));
        choices
    });
    let organization = Memo::new(move |_| url.query.read().org.clone().unwrap_or_default());
    let choose_organization = Callback::new(move |value: String| {
        url.change(false, |query| query.org = Some(value).filter(|value| !value.is_empty()));
    });

    let templates = Memo::new(move |_| {
        let query = url.query.read();
        let known = page.templates.read();
        let is_in = |org: &str| query.org.as_ref().is_none_or(|asked| asked == org);
        let mut choices: Vec<Choice> = known
            .iter()
            .filter(|template| is_in(&template.organization_id))
            .map(|template| Choice {
                value: template.id.clone(),
                label: template.name.clone(),
            })
            .collect();
        let unknown = query
            .templates
            .iter()
            .filter(|id| known.iter().all(|template| template.id != **id));
        choices.extend(unknown.map(|id| Choice {
            value: id.clone(),
            label: id.clone(),
        }));
        choices
    });
    let template = Memo::new(move |_| url.query.read().templates.join(","));
    let choose_template = Callback::new(move |id: String| url.change(false, |query| query.toggle_template(id)));

    let zones = StoredValue::new(Vec::<String>::new());
    let zone_choices = Memo::new(move |_| {
        if zones.with_value(Vec::is_empty) {
            zones.set_value(browser::zone_names());
        }
        let mut names = zones.get_value();
        let used = page.scope.read().zone.name.clone();
        if !names.contains(&used) {
            names.insert(0, used);
        }
        names
            .into_iter()
            .map(|name| Choice {
                label: zone_label(&name),
                value: name,
            })
            .collect()
    });
    let zone = Memo::new(move |_| page.scope.read().zone.name.clone());
    let choose_zone = Callback::new(move |value: String| url.change(false, |query| query.zone = Some(value)));

    let action = Memo::new(move |_| url.query.read().action.key().to_string());
    let choose_action = Callback::new(move |key: String| {
        url.change(false, |query| query.action = Action::parse(&key).unwrap_or_default());
    });
    let actions = Memo::new(|_| {
        let named = Action::ALL.iter().map(|(_, key, label)| (*key, label.to_string()));
        named.collect()
    });

    let interval = Memo::new(move |_| url.query.read().interval.map_or("", Interval::key).to_string());
    let choose_interval = Callback::new(move |key: String| {
        url.change(false, |query| query.interval = Interval::parse(&key));
    });
    let intervals = Memo::new(move |_| {
        let chosen = Interval::for_days(page.scope.read().asked.days())
            .label()
            .to_ascii_lowercase();
        let mut options = vec![("", format!("Automatic ({chosen})"))];
        options.extend(Interval::ALL.iter().map(|(_, key, label)| (*key, label.to_string())));
        options
    });

    let compare = Memo::new(move |_| url.query.read().compare.key().to_string());
    let choose_compare = Callback::new(move |key: String| {
        url.change(false, |query| query.compare = Compare::parse(&key).unwrap_or_default());
    });
    let compares = Memo::new(|_| {
        let named = Compare::ALL.iter().map(|(_, key, label)| (*key, label.to_string()));
        named.collect()
    });

    // Pages without a time axis have nothing to cut, and not all of them compare.
    let of_time = when(
        move || {
            let view = url.view.get().unwrap_or_default().with(&url.query.read());
            matches!(view, View::Overview | View::Activity | View::Templates | View::Person)
        },
        move || {
            view! { <Select id="interval" label="Interval" options=intervals value=interval on_change=choose_interval/> }
                .built()
        },
    );
    let comparison = when(
        move || url.view.get() == Some(View::Overview),
        move || {
            view! { <Select id="compare" label="Compare with" options=compares value=compare on_change=choose_compare/> }
                .built()
        },
    );
    let of_templates = when(
        move || url.view.get() != Some(View::Activity) && page.scope.read().source.is_some(),
        move || {
            view! {
                <Combobox id="template" label="Templates" choices=templates value=template on_select=choose_template
                    many=("templates", "All templates")/>
            }
            .built()
        },
    );
    view! {
        <div class="filters" id="filters" role="group" aria-label="Filters">
            <Combobox id="org" label="Organization" choices=organizations value=organization on_select=choose_organization/>
            {of_templates}
            <Select id="action" label="Action" options=actions value=action on_change=choose_action/>
            <RangePicker/>
            {of_time}
            {comparison}
            <Combobox id="tz" label="Time zone" choices=zone_choices value=zone named=zone_label on_select=choose_zone/>
        </div>
    }
    .built()
}

fn zone_label(name: &str) -> String {
    name.replace('_', " ")
}
