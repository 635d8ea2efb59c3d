//! Mends who is whom: joins an account with the person of another source, takes that back, and hands all of it over for
//! `config.json`. Kept in this tab until then.

use crate::panel::PanelModel;
use crate::people::{self, Named};
use crate::ui::app::{Setup, Tab};
use crate::ui::component::combobox::{Choice, Combobox};
use crate::ui::download;
use crate::ui::erase::{dynamic, flag, on, text, when};
use crate::ui::page::metrics::{Announce, Page};
use leptos::ev::MouseEvent;
use leptos::html::Button;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::sync::Arc;

/// Name of the file.
const FILE: &str = "people.json";

/// The part of a panel, behind a disclosure.
#[component]
pub fn Mend(
    /// The panel; it knows everybody.
    model: Memo<PanelModel>,
) -> impl IntoView {
    let (is_open, set_open) = signal(false);
    let opener = NodeRef::<Button>::new();
    let toggle = on(move |_: MouseEvent| set_open.update(|open| *open = !*open));
    let body = when(move || is_open.get(), move || body(model, opener));
    view! {
        <div class="mend">
            <button type="button" class="quiet" node_ref=opener aria-expanded=text(move || is_open.get().to_string()) on:click=toggle>
                "Fix matches"
            </button>
            {body}
        </div>
    }
    .into_any()
}

fn body(model: Memo<PanelModel>, opener: NodeRef<Button>) -> AnyView {
    let tab = expect_context::<Tab>();
    let page = expect_context::<Page>();
    let announce = expect_context::<Announce>();
    let setup = expect_context::<Setup>();
    let (from, set_from) = signal(String::new());
    let (to, set_to) = signal(String::new());
    let rules = Memo::new(move |_| Arc::clone(&page.scope.read().people));
    let choices = |named: Vec<Named>| -> Vec<Choice> {
        let choice = |named: Named| Choice {
            value: named.text(),
            label: named.label,
        };
        named.into_iter().map(choice).collect()
    };
    let unmatched = Memo::new(move |_| {
        let model = model.read();
        choices(model.everybody.as_ref().map_or_else(Vec::new, |all| all.unmatched()))
    });
    let others = Memo::new(move |_| {
        let (model, end) = (model.read(), people::parse_end(&from.read()));
        let all = model.everybody.as_ref().zip(end);
        choices(all.map_or_else(Vec::new, |(all, end)| all.others(&end)))
    });
    let choose_from = Callback::new(move |value: String| {
        set_from.set(value);
        set_to.set(String::new());
    });
    let choose_to = Callback::new(move |value: String| set_to.set(value));
    let is_open_question = flag(move || from.read().is_empty() || to.read().is_empty());
    let join = on(move |_: MouseEvent| {
        let (a, b) = (from.get_untracked(), to.get_untracked());
        let ends = people::parse_end(&a).zip(people::parse_end(&b));
        let mended = ends.and_then(|(a, b)| people::with_alias(&rules.get_untracked(), [a, b]));
        if let Some(mended) = mended {
            tab.people.set(Some(Arc::new(mended)));
            set_from.set(String::new());
            set_to.set(String::new());
            announce.tell(format!("{a} and {b} are one person in this tab"));
        }
    });
    let aliases = dynamic(move || {
        let line = |(place, [a, b]): (usize, &people::Alias)| {
            let words = format!("{} = {}", people::print_end(a), people::print_end(b));
            let remove = on(move |_: MouseEvent| {
                let mended = people::without_alias(&rules.get_untracked(), place);
                tab.people.set(Some(Arc::new(mended)));
                if let Some(opener) = opener.get_untracked() {
                    // Fails only for an element that is gone.
                    drop(opener.focus());
                }
            });
            view! { <li><span>{words.clone()}</span><button type="button" class="quiet" aria-label=format!("Remove {words}") on:click=remove>"Remove"</button></li> }
        };
        let rules = rules.read();
        let lines: Vec<_> = rules.aliases.iter().enumerate().map(line).collect();
        if lines.is_empty() {
            return view! { <p class="mend-none">"No aliases yet."</p> }.into_any();
        }
        view! { <ul class="mend-aliases" aria-label="Aliases">{lines}</ul> }.into_any()
    });
    let document = move || people::document(&rules.read_untracked(), &setup.config.sources);
    let copied = document.clone();
    let copy = on(move |_: MouseEvent| {
        let text = copied();
        spawn_local(async move {
            let is_copied = download::copy(text).await;
            announce.tell(if is_copied {
                "Copied for config.json"
            } else {
                "The browser refused to copy"
            });
        });
    });
    let save = on(move |_: MouseEvent| {
        let is_saved = download::save(FILE, "application/json", &document());
        announce.tell(if is_saved {
            format!("{FILE} saved")
        } else {
            "The browser refused the download".to_string()
        });
    });
    view! {
        <p class="mend-about">
            "Say which accounts are of one person where the sources do not tell. It holds at once and in this tab only; put what you copy or save into config.json to keep it."
        </p>
        <div class="mend-join">
            <Combobox id="mend-from" label="Account" choices=unmatched.into() value=from.into() on_select=choose_from/>
            <Combobox id="mend-to" label="Is the same person as" choices=others.into() value=to.into() on_select=choose_to/>
            <button type="button" disabled=is_open_question on:click=join>"Join"</button>
        </div>
        {aliases}
        <p class="mend-take">
            <button type="button" class="quiet" on:click=copy>"Copy for config.json"</button>
            <button type="button" class="quiet" on:click=save>"Save for config.json"</button>
        </p>
    }
    .into_any()
}
