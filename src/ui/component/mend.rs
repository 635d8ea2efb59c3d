//! Mends what the sources do not tell of people: joins an account with the person of another source, leaves somebody out
//! of the worksheet, takes that back, and hands all of it over for `config.json`. Kept in this tab until then.

use crate::format;
use crate::panel::PanelModel;
use crate::people::{self, Everybody, Mending, Named};
use crate::ui::app::{Setup, Tab};
use crate::ui::component::combobox::{Choice, Combobox};
use crate::ui::download;
use crate::ui::erase::{Build, Memo, dynamic, expect_context, flag, on, signal, text, when};
use crate::ui::page::metrics::{Announce, Page};
use leptos::ev::MouseEvent;
use leptos::html::Button;
use leptos::prelude::*;
use std::sync::Arc;

/// Name of the file.
const FILE: &str = "people.json";

/// The words for one kind of mending.
struct Words {
    opener: &'static str,
    about: &'static str,
    id: &'static str,
    label: &'static str,
    act: &'static str,
    done: &'static str,
    list: &'static str,
    none: &'static str,
}

const ALIASES: Words = Words {
    opener: "Fix matches",
    about: "Say which accounts are of one person where the sources do not tell. It holds at once and in this tab only; put what you copy or save into config.json to keep it.",
    id: "mend-from",
    label: "Account",
    act: "Join",
    done: "are one person in this tab",
    list: "Aliases",
    none: "No aliases yet.",
};

const EXCLUSIONS: Words = Words {
    opener: "Leave people out",
    about: "People on leave and accounts of machines need not be on the worksheet. It holds at once and in this tab only; put what you copy or save into config.json to keep it.",
    id: "leave-out",
    label: "Person",
    act: "Leave out",
    done: "is left out in this tab",
    list: "Exclusions",
    none: "Nobody is left out.",
};

/// The part of a panel, behind a disclosure.
#[component]
pub fn Mend(
    /// The panel; it knows everybody.
    model: Memo<PanelModel>,
) -> impl IntoView {
    let mending = model.read_untracked().mending.as_ref().map(|(mending, _)| *mending);
    let mending = mending.unwrap_or(Mending::Aliases);
    let words = match mending {
        Mending::Aliases => &ALIASES,
        Mending::Exclusions => &EXCLUSIONS,
    };
    let (is_open, set_open) = signal(false);
    let opener = NodeRef::<Button>::new();
    let toggle = on(move |_: MouseEvent| set_open.update(|open| *open = !*open));
    let body = when(move || is_open.get(), move || body(model, mending, words, opener));
    view! {
        <div class="mend">
            <button type="button" class="quiet" node_ref=opener aria-expanded=text(move || is_open.get().to_string()) on:click=toggle>
                {words.opener}
            </button>
            {body}
        </div>
    }
    .built()
}

fn body(model: Memo<PanelModel>, mending: Mending, words: &'static Words, opener: NodeRef<Button>) -> AnyView {
    let tab = expect_context::<Tab>();
    let page = expect_context::<Page>();
    let announce = expect_context::<Announce>();
    let setup = expect_context::<Setup>();
    let is_join = mending == Mending::Aliases;
    let (from, set_from) = signal(String::new());
    let (to, set_to) = signal(String::new());
    let rules = Memo::new(move |_| Arc::clone(&page.scope.read().people));
    let choices = move |of: &dyn Fn(&Everybody) -> Vec<Named>| -> Vec<Choice> {
        let model = model.read();
        let named = model
            .mending
            .as_ref()
            .map_or_else(Vec::new, |(_, everybody)| of(everybody));
        let choice = |named: Named| Choice {
            value: named.text(),
            label: named.label,
        };
        named.into_iter().map(choice).collect()
    };
    let firsts = Memo::new(move |_| choices(&|all| if is_join { all.unmatched() } else { all.everyone() }));
    let others = Memo::new(move |_| {
        let end = people::parse_end(&from.read());
        choices(&|all| end.as_ref().map_or_else(Vec::new, |end| all.others(end)))
    });
    let choose_from = Callback::new(move |value: String| {
        set_from.set(value);
        set_to.set(String::new());
    });
    let choose_to = Callback::new(move |value: String| set_to.set(value));
    let is_unsaid = flag(move || from.read().is_empty() || (is_join && to.read().is_empty()));
    let mend = on(move |_: MouseEvent| {
        let (a, b) = (from.get_untracked(), to.get_untracked());
        if let Some(mended) = mending.with(&rules.get_untracked(), &a, &b) {
            tab.people.set(Some(Arc::new(mended)));
            choose_from.run(String::new());
            let both = if is_join { format!("{a} and {b}") } else { a };
            announce.tell(format!("{both} {}", words.done));
        }
    });
    let mended = dynamic(move || {
        let line = |(place, line): (usize, String)| {
            let remove = on(move |_: MouseEvent| {
                tab.people
                    .set(Some(Arc::new(mending.without(&rules.get_untracked(), place))));
                if let Some(opener) = opener.get_untracked() {
                    // Fails only for an element that is gone.
                    drop(opener.focus());
                }
            });
            let label = format!("Remove {line}");
            view! { <li><span>{line}</span><button type="button" class="quiet" aria-label=label on:click=remove>"Remove"</button></li> }
        };
        let lines: Vec<_> = mending.lines(&rules.read()).into_iter().enumerate().map(line).collect();
        if lines.is_empty() {
            return view! { <p class="mend-none">{words.none}</p> }.built();
        }
        view! { <ul class="mend-list" aria-label=words.list>{lines}</ul> }.built()
    });
    let nameless = text(move || {
        let model = model.read();
        let all = model.mending.as_ref().filter(|_| is_join);
        match all.map_or(0, |(_, everybody)| everybody.nameless()) {
            0 => String::new(),
            count => {
                let count = format::count(&page.scope.read().locale, count as u64);
                format!("Not to be named here, because others of their source have the same names: {count}.")
            }
        }
    });
    let document = move || people::document(&rules.read_untracked(), &setup.config.sources);
    let copied = document.clone();
    let copy = on(move |_: MouseEvent| {
        announce.copy(copied(), "Copied for config.json", "The browser refused to copy");
    });
    let save = on(move |_: MouseEvent| {
        let is_saved = download::save(FILE, "application/json", &document());
        announce.tell(if is_saved {
            format!("{FILE} saved")
        } else {
            "The browser refused the download".to_string()
        });
    });
    let second = is_join.then(|| {
        view! { <Combobox id="mend-to" label="Is the same person as" choices=others value=Memo::new(move |_| to.get()) on_select=choose_to/> }
    });
    view! {
        <p class="mend-about">{words.about}</p>
        <div class="mend-join">
            <Combobox id=words.id label=words.label choices=firsts value=Memo::new(move |_| from.get()) on_select=choose_from/>
            {second}
            <button type="button" disabled=is_unsaid on:click=mend>{words.act}</button>
        </div>
        <p class="mend-none">{nameless}</p>
        {mended}
        <p class="mend-take">
            <button type="button" class="quiet" on:click=copy>"Copy for config.json"</button>
            <button type="button" class="quiet" on:click=save>"Save for config.json"</button>
        </p>
    }
    .built()
}
