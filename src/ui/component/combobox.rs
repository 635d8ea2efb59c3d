//! An editable combobox with a listbox popup, after the ARIA Authoring Practices: type to filter, arrows to move,
//! Enter to choose, Escape to leave everything as it was. Nothing is chosen by merely leaving the field. Where many may
//! be chosen, each choice is switched on and off, and the list stays open.

use crate::ui::erase::{Build, Memo, dynamic, flag, maybe, on, signal, text, when};
use leptos::ev::{Event, FocusEvent, KeyboardEvent, MouseEvent, PointerEvent};
use leptos::prelude::*;

/// One choice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What is chosen.
    pub value: String,
    /// What is shown and searched.
    pub label: String,
}

/// So many options are in the list at once; typing narrows it down to the others.
const MOST: usize = 200;

/// The combobox.
#[component]
pub fn Combobox(
    /// Id of the input, and prefix of the ids within.
    id: &'static str,
    /// Its label.
    label: &'static str,
    /// What can be chosen.
    choices: Memo<Vec<Choice>>,
    /// What is chosen; where many may be, their values with commas between them.
    value: Memo<String>,
    /// Where many may be chosen: what to call them, and what to call all of them, which is what an empty value means.
    #[prop(optional)]
    many: Option<(&'static str, &'static str)>,
    /// How a value is shown that need not be looked up among the choices, which may take their time to make.
    #[prop(optional)]
    named: Option<fn(&str) -> String>,
    /// Called with the value that a person chose.
    on_select: Callback<String>,
) -> impl IntoView {
    let input = NodeRef::<leptos::html::Input>::new();
    let (is_open, set_open) = signal(false);
    let (typed, set_typed) = signal(None::<String>);
    let (active, set_active) = signal(None::<usize>);
    let is_chosen = move |choice: &Choice| {
        let value = value.read();
        match many {
            None => choice.value == *value,
            Some(_) => value.split(',').any(|value| value == choice.value),
        }
    };
    let chosen_label = Memo::new(move |_| {
        let value = value.get();
        if let Some(named) = named {
            return named(&value);
        }
        match (many, value.split(',').count()) {
            (Some((_, all)), _) if value.is_empty() => all.to_string(),
            (Some((things, _)), count @ 2..) => format!("{count} {things}"),
            _ => {
                let choices = choices.read();
                let chosen = choices.iter().find(|choice| choice.value == value);
                chosen.map_or(value, |choice| choice.label.clone())
            }
        }
    });
    let matching = Memo::new(move |_| {
        if !is_open.get() {
            return Vec::new();
        }
        let words = typed.get().unwrap_or_default().to_ascii_lowercase();
        let fits = |choice: &&Choice| {
            words.is_empty()
                || choice.label.to_ascii_lowercase().contains(&words)
                || choice.value.to_ascii_lowercase().contains(&words)
        };
        choices
            .read()
            .iter()
            .filter(fits)
            .take(MOST)
            .cloned()
            .collect::<Vec<_>>()
    });
    let list_id = format!("{id}-list");
    let option_id = move |index: usize| format!("{id}-option-{index}");

    let close = move || {
        set_open.set(false);
        set_typed.set(None);
        set_active.set(None);
    };
    let open = move || {
        set_open.set(true);
        let at = matching.read_untracked().iter().position(&is_chosen);
        set_active.set(at);
    };
    let select = move |choice: Choice| {
        if many.is_none() {
            close();
        }
        on_select.run(choice.value);
    };
    let move_to = move |index: usize| {
        set_active.set(Some(index));
        let element = document().get_element_by_id(&option_id(index));
        if let Some(element) = element {
            element.scroll_into_view_with_bool(false);
        }
    };
    let on_key = on(move |event: KeyboardEvent| {
        let count = matching.read_untracked().len();
        let last = count.saturating_sub(1);
        match event.key().as_str() {
            "ArrowDown" | "ArrowUp" if !is_open.get_untracked() => open(),
            "ArrowDown" if count > 0 => move_to(
                active
                    .get_untracked()
                    .map_or(0, |at| if at >= last { 0 } else { at + 1 }),
            ),
            "ArrowUp" if count > 0 => move_to(
                active
                    .get_untracked()
                    .map_or(last, |at| if at == 0 { last } else { at - 1 }),
            ),
            "Home" | "End" if is_open.get_untracked() && count > 0 => {
                move_to(if event.key() == "Home" { 0 } else { last })
            }
            "Enter" if is_open.get_untracked() => {
                let choice = active
                    .get_untracked()
                    .and_then(|at| matching.read_untracked().get(at).cloned());
                if let Some(choice) = choice {
                    select(choice);
                }
            }
            "Escape" if is_open.get_untracked() => close(),
            _ => return,
        }
        event.prevent_default();
    });
    let on_input = on(move |event: Event| {
        set_typed.set(Some(event_target_value(&event)));
        set_open.set(true);
        set_active.set(if matching.read_untracked().is_empty() {
            None
        } else {
            Some(0)
        });
    });
    let on_click = on(move |_: MouseEvent| {
        if !is_open.get_untracked() {
            open();
        }
    });
    let on_focus = on(move |_: FocusEvent| {
        if let Some(input) = input.get_untracked() {
            input.select();
        }
    });
    let on_blur = on(move |_: FocusEvent| close());
    let shown = text(move || typed.get().unwrap_or_else(|| chosen_label.get()));
    let listed = move || {
        let matching = matching.get();
        if matching.is_empty() {
            return view! { <li class="options-none">"Nothing fits"</li> }.built();
        }
        let option = |(index, choice): (usize, Choice)| {
            let (label, this) = (choice.label.clone(), choice.clone());
            let is_chosen = text(move || is_chosen(&this).to_string());
            let is_active = flag(move || active.get() == Some(index));
            view! {
                <li id=option_id(index) role="option" aria-selected=is_chosen class:is-active=is_active
                    on:pointerdown=on(|event: PointerEvent| event.prevent_default())
                    on:click=on(move |_: MouseEvent| select(choice.clone()))>{label}</li>
            }
        };
        matching.into_iter().enumerate().map(option).collect::<Vec<_>>().built()
    };
    let options = when(move || is_open.get(), move || dynamic(listed).built());
    view! {
        <div class="field combobox">
            <label for=id>{label}</label>
            <input node_ref=input id=id type="text" role="combobox" autocomplete="off" spellcheck="false"
                aria-autocomplete="list" aria-controls=list_id.clone()
                aria-expanded=text(move || is_open.get().to_string())
                aria-activedescendant=maybe(move || active.get().filter(|_| is_open.get()).map(option_id))
                prop:value=shown title=text(move || chosen_label.get())
                on:click=on_click on:input=on_input on:keydown=on_key on:focus=on_focus on:blur=on_blur/>
            <ul id=list_id.clone() role="listbox" class="popup options" class:is-many=many.is_some() aria-label=label
                aria-multiselectable=many.map(|_| "true") hidden=flag(move || !is_open.get())>
                {options}
            </ul>
        </div>
    }
    .built()
}
