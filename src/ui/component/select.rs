//! A labelled native select.

use crate::ui::erase::{Build, Memo, keyed, on, text};
use leptos::ev::Event;
use leptos::prelude::*;

/// The select.
#[component]
pub fn Select(
    /// Id of the element.
    id: &'static str,
    /// Its label.
    label: &'static str,
    /// Whether the label is on screen, or only spoken.
    #[prop(default = true)]
    is_label_shown: bool,
    /// Values and their names.
    options: Memo<Vec<(&'static str, String)>>,
    /// The chosen value.
    value: Memo<String>,
    /// Called with the value that a person chose.
    on_change: Callback<String>,
) -> impl IntoView {
    let choose = on(move |event: Event| on_change.run(event_target_value(&event)));
    let key = move || {
        let options = options.read();
        let labels = options.iter().map(|(_, label)| label.as_str());
        labels.chain([value.read().as_str()]).collect::<Vec<_>>().join("\n")
    };
    let list = keyed(key, move || {
        let chosen = value.get();
        let one = |(key, label): (&'static str, String)| {
            let is_chosen = key == chosen;
            view! { <option value=key selected=is_chosen>{label}</option> }
        };
        options.get().into_iter().map(one).collect::<Vec<_>>().built()
    });
    let class = if is_label_shown { "" } else { "sr-only" };
    view! {
        <label class="field">
            <span class=class>{label}</span>
            <select id=id prop:value=text(move || value.get()) on:change=choose>{list}</select>
        </label>
    }
    .built()
}
