//! The strip of figures at the top.

use crate::remote::State;
use crate::report::tiles::Tile;
use leptos::prelude::*;

/// The strip.
#[component]
pub fn Tiles(
    /// The figures.
    tiles: Memo<Vec<Tile>>,
) -> impl IntoView {
    view! {
        <section class="tiles" id="tiles" aria-label="Key figures">
            {move || tiles.get().into_iter().map(|tile| view! { <One tile/> }).collect_view()}
        </section>
    }
}

#[component]
fn One(tile: Tile) -> impl IntoView {
    let value = match (tile.state, tile.value) {
        (State::Loading, _) => view! { <span class="skeleton" aria-label="loading"></span> }.into_any(),
        (_, Some(value)) => view! { <data value=value.to_string()>{tile.shown}</data> }.into_any(),
        (_, None) => view! { <span class="none" aria-hidden="true">"–"</span> }.into_any(),
    };
    let title = tile.message.map(|message| message.detail);
    view! {
        <div class="tile" id=tile.id data-state=tile.state.word()>
            <h2 title=tile.meaning.clone()>{tile.label}<span class="sr-only">": "{tile.meaning.clone()}</span></h2>
            <p class="tile-value">{value}</p>
            <p class="tile-detail" title=title.clone()>{tile.detail}{title.clone().map(|title| view! { <span class="sr-only">": "{title}</span> })}</p>
            {tile.change.map(|change| view! { <p class="tile-change" title=change.exactly.clone()>{change.shown}<span class="sr-only">": "{change.exactly.clone()}</span></p> })}
        </div>
    }
}
