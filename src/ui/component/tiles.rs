//! The strip of figures at the top.

use crate::remote::State;
use crate::report::tiles::Tile;
use crate::ui::browser;
use crate::ui::erase::{Build, Memo, dynamic};
use leptos::prelude::*;

/// The strip.
#[component]
pub fn Tiles(
    /// The figures.
    tiles: Memo<Vec<Tile>>,
) -> impl IntoView {
    // Each by itself: many figures are the same for another range, and to lay out what is new takes its time.
    let at = move |place: usize| {
        let tile = Memo::new(move |_| tiles.read().get(place).cloned());
        dynamic(move || tile.get().map(one).built())
    };
    let count = Memo::new(move |_| tiles.read().len());
    let all = dynamic(move || (0..count.get()).map(at).collect::<Vec<_>>().built());
    view! { <section class="tiles" id="tiles" aria-label="Key figures">{all}</section> }.built()
}

fn one(tile: Tile) -> impl IntoView {
    let Tile {
        id,
        label,
        meaning,
        state,
        value,
        shown,
        detail,
        change,
        message,
    } = tile;
    let waiting =
        (state == State::Loading).then(|| view! { <span class="skeleton" role="img" aria-label="loading"></span> });
    let none = (state != State::Loading && value.is_none())
        .then(|| view! { <span class="none" aria-hidden="true">"–"</span> });
    let value = value.map(|value| view! { <data value=browser::number(value)>{shown}</data> });
    let explained = |text: String, title: Option<String>, class: &'static str| {
        let spoken = title.as_ref().map(|title| format!(": {title}"));
        view! { <p class=class title=title>{text}<span class="sr-only">{spoken}</span></p> }
    };
    let detail = explained(detail, message.map(|message| message.detail), "tile-detail");
    let change = change.map(|change| explained(change.shown, Some(change.exactly), "tile-change"));
    let spoken = format!(": {meaning}");
    view! {
        <div class="tile" id=id data-state=state.word()>
            <h2 title=meaning>{label}<span class="sr-only">{spoken}</span></h2>
            <p class="tile-value">{waiting}{none}{value}</p>
            {detail}
            {change}
        </div>
    }
}
