//! Where recorded responses are dropped, chosen or pasted, and what became of each.

use crate::ui::erase::{Build, dynamic, expect_context, flag, on, signal, when};
use crate::ui::files::OpenFiles;
use crate::ui::store::Store;
use crate::ui::url::Url;
use leptos::ev::{DragEvent, Event, MouseEvent};
use leptos::prelude::*;

/// What is behind the disclosure.
#[component]
pub fn FileBox() -> impl IntoView {
    let open = expect_context::<OpenFiles>();
    let store = expect_context::<Store>();
    let url = expect_context::<Url>();
    let (is_over, set_over) = signal(false);
    let pasted = NodeRef::<leptos::html::Textarea>::new();
    // Without this the browser would show the file in place of the page.
    let over = on(move |event: DragEvent| {
        event.prevent_default();
        set_over.set(true);
    });
    let leave = on(move |_: DragEvent| set_over.set(false));
    let drop = on(move |event: DragEvent| {
        event.prevent_default();
        set_over.set(false);
        open.drop(&event, store, url);
    });
    let choose = on(move |event: Event| open.choose(&event, store, url));
    let paste = on(move |_: MouseEvent| {
        let Some(field) = pasted.get_untracked() else { return };
        let text = field.value();
        if !text.trim().is_empty() {
            open.open(vec![("pasted text".to_string(), text)], store, url);
            field.set_value("");
        }
    });
    let close = on(move |_: MouseEvent| open.close(store, url));
    let taken = dynamic(move || {
        let line = |taken: &crate::files::Taken| {
            let (class, words) = match &taken.outcome {
                Ok(words) => ("", words.clone()),
                Err(why) => ("is-refused", format!("Not opened: {why}")),
            };
            let conflicts: Vec<_> = taken
                .conflicts
                .iter()
                .map(|conflict| view! { <span class="conflict">{format!("{conflict}: the later file is used")}</span> })
                .collect();
            view! { <li class=class><strong>{taken.name.clone()}</strong><span>{words}</span>{conflicts}</li> }
        };
        let lines: Vec<_> = open.taken.read().iter().map(line).collect();
        view! { <ul class="files-taken" aria-live="polite" aria-label="Files">{lines}</ul> }.built()
    });
    let close = when(move || !open.files.read().is_empty(), {
        let close = StoredValue::new_local(close);
        move || {
            let close = on(move |event: MouseEvent| close.update_value(|close| close(event)));
            view! { <button type="button" on:click=close>"Close files"</button> }.built()
        }
    });
    view! {
        <div>
            <p class="files-about">
                "Recorded responses of Coder, Coder v1, Windsurf or the company’s API as JSON, and the company’s export as CSV. "
                "They are read in this page and leave it nowhere."
            </p>
            <div class="files-drop" class:is-over=flag(move || is_over.get()) on:dragover=over on:dragleave=leave on:drop=drop>
                <label for="files-choose">"Drop files here, or choose them"</label>
                <input id="files-choose" type="file" multiple=true on:change=choose/>
            </div>
            <label class="files-paste" for="files-paste">"Or paste a response"</label>
            <textarea id="files-paste" rows="4" spellcheck="false" autocomplete="off" node_ref=pasted></textarea>
            <p class="files-actions"><button type="button" on:click=paste>"Read the pasted text"</button>{close}</p>
            {taken}
        </div>
    }
    .built()
}
