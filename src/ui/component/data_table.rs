//! A table as a real table: caption, headers that sort, exact values behind the shown ones. Of many rows only those in
//! sight are in the document, and each says which one it is.

use crate::locale::Locale;
use crate::query::{Query, View};
use crate::rows::Choices;
use crate::table::Column;
use crate::ui::component::menu::menu;
use crate::ui::erase::{Build, Memo, RwSignal, dynamic, effect, flag, maybe, on, signal, text, when};
use crate::ui::measure::{height_of, when_resized};
use crate::ui::rows::{self, Painter, Sight};
use crate::ui::table::{Arranged, TableState};
use crate::ui::url::{self, Url};
use leptos::ev::{Event, FocusEvent, MouseEvent};
use leptos::html::{Div, Tbody};
use leptos::prelude::*;
use std::ops::Range;
use std::time::Duration;

/// Tables with no more rows than this have them all in the document: for paper, and for searching in the page.
const FEW: usize = 400;
/// Rows beyond the edges that are there before one scrolls to them.
const BEYOND: usize = 6;
/// Height of a row until it has been measured.
const HEIGHT: f64 = 33.0;

/// The table, inside a region that scrolls by keyboard.
#[component]
pub fn DataTable(
    /// The figures, and how they are looked at.
    table: TableState,
    /// Shown above it, and its accessible name.
    caption: &'static str,
    /// Language of the numbers about it.
    locale: Locale,
) -> impl IntoView {
    let url = use_context::<Url>();
    let shown = table.arranged();
    let region = NodeRef::<Div>::new();
    let body = NodeRef::<Tbody>::new();
    let room = height_of(region);
    let (top, set_top) = signal(0.0_f64);
    let (height, set_height) = signal(HEIGHT);
    let has_tools = table.list.read_untracked().rows().noun().is_some();
    let is_all = Memo::new(move |_| table.list.read().count() <= FEW);
    // Whether rows are of another height than was thought.
    let measure = move || {
        let body = body.try_get_untracked().flatten();
        let known = height.try_get_untracked().filter(|_| !is_all.get_untracked());
        let measured = body.and_then(|body| rows::height(&body)).filter(|_| known.is_some());
        let is_other = measured.is_some() && measured != known;
        if let Some(measured) = measured.filter(|_| is_other) {
            set_height.set(measured);
        }
        is_other
    };
    let window = Memo::new(move |_| {
        let count = shown.places.read().len();
        if is_all.get() {
            return 0..count;
        }
        in_sight(top.get(), room.get(), height.get(), count)
    });

    // A new question starts at the top; the first one where the URL says. Scrolled before the rows are written: after that the
    // browser would have to lay them out at once.
    let asked = Memo::new(move |_| (shown.sort.get(), table.search.get(), table.chosen.get()));
    Effect::new(move |before: Option<()>| {
        asked.track();
        if before.is_some()
            && top.get_untracked() > 0.0
            && let Some(region) = region.get_untracked()
        {
            region.set_scroll_top(0);
            set_top.set(0.0);
        }
    });

    let painter = StoredValue::new_local(Painter::default());
    let has_begun = StoredValue::new(false);
    effect(move || {
        let (Some(body), Some(region)) = (body.get(), region.get()) else {
            return;
        };
        let (list, places, columns) = (table.list.get(), shown.places.get(), shown.columns.get());
        let (base, query) = (
            url::base(),
            url.map(|url| url.query.get_untracked()).unwrap_or_default(),
        );
        let href = |id: &str| {
            let person = Some(id.to_string());
            url::href_in(
                &base,
                View::People,
                &Query {
                    person,
                    ..query.clone()
                },
            )
        };
        let sight = Sight {
            list: &list,
            places: &places,
            columns: &columns,
            window: window.get(),
            is_all: is_all.get(),
            height: height.get(),
            href: &href,
        };
        painter.update_value(|painter| painter.paint(&body, &region, &sight));
        // To measure rows just written takes longer than to write them: only what is needed to find the first one.
        if has_begun.get_value() || measure() {
            return;
        }
        has_begun.set_value(true);
        let row = table.first_row();
        if row > 0 {
            region.set_scroll_top((row as f64 * height.get_untracked()) as i32);
        }
    });
    effect(move || {
        if let Some(body) = body.get() {
            // In the next frame, as a height that changes the height of what is looked at is a complaint.
            let later = move || {
                request_animation_frame(move || {
                    measure();
                });
            };
            when_resized(&body, Box::new(later));
        }
    });
    // Whoever scrolls to the last rows wants the next ones, where there are any.
    let is_at_end = Memo::new(move |_| {
        let (top, height, count) = (top.get(), height.get(), shown.places.read().len());
        top > 0.0 && top + room.get() + BEYOND as f64 * height >= count as f64 * height
    });
    Effect::new(move |_| table.is_at_end.set(is_at_end.get()));
    on_cleanup(move || {
        table.is_at_end.set(false);
    });
    let is_resting = StoredValue::new(true);
    let on_scroll = on(move |_: Event| {
        let Some(region) = region.get_untracked() else { return };
        set_top.set(f64::from(region.scroll_top()));
        if is_all.get_untracked() || !is_resting.get_value() {
            return;
        }
        is_resting.set_value(false);
        let tell = move |top: f64| {
            is_resting.set_value(true);
            table.tell_first_row((top / height.get_untracked()) as usize);
        };
        once_it_rests(top, Box::new(tell));
    });
    let follow = on(move |event: MouseEvent| {
        if let (Some(url), Some(href)) = (url, rows::link(&event)) {
            url.go(&event, &href);
        }
    });

    // A memo, so that figures that come anew leave the buttons, and the focus, where they are.
    let columns = Memo::new(move |_| {
        let (list, columns) = (table.list.read(), shown.columns.read());
        let columns = columns.iter().filter_map(|place| list.rows().columns().get(*place));
        columns.cloned().collect::<Vec<Column>>()
    });
    let heads = dynamic(move || {
        let heads: Vec<_> = columns.get().into_iter().map(|column| head(shown, column)).collect();
        heads.built()
    });
    let tools = has_tools.then(|| tools(shown, locale));
    let row_count = maybe(move || (!is_all.get()).then(|| (shown.places.read().len() + 1).to_string()));
    let head_index = maybe(move || (!is_all.get()).then(|| "1".to_string()));
    let none = when(
        move || shown.places.read().is_empty(),
        || view! { <p class="table-none">"Nothing fits the search and the choices."</p> }.built(),
    );
    view! {
        {tools}
        <div class="table-scroll" class:is-list=has_tools class:is-dense=flag(move || table.is_dense.get()) role="region" tabindex="0"
            aria-label=format!("Table: {caption}") node_ref=region on:scroll=on_scroll>
            <table aria-rowcount=row_count>
                <caption class="sr-only">{caption}</caption>
                <thead><tr aria-rowindex=head_index>{heads}</tr></thead>
                <tbody node_ref=body on:click=follow></tbody>
            </table>
            {none}
        </div>
    }
    .built()
}

/// Does something once a value has stayed as it is for a moment; nothing where what it was made for is gone.
fn once_it_rests(value: RwSignal<f64>, then: Box<dyn FnOnce(f64)>) {
    let before = value.get_untracked();
    let look = move || match value.try_get_untracked() {
        Some(now) if now == before => then(now),
        Some(_) => once_it_rests(value, then),
        None => {}
    };
    set_timeout(look, Duration::from_millis(250));
}

/// The rows in sight and some beyond, in steps, so that most scrolling changes nothing.
fn in_sight(top: f64, room: f64, height: f64, count: usize) -> Range<usize> {
    let first = (top / height) as usize;
    let from = first.saturating_sub(BEYOND);
    let rows = (room.max(HEIGHT) / height).ceil() as usize + 2 * BEYOND;
    let from = from.min(count.saturating_sub(rows));
    from..(from + rows).min(count)
}

/// A header: a button that sorts.
fn head(shown: Arranged, column: Column) -> AnyView {
    let key = column.key();
    let Column { title, is_number, .. } = column;
    let own = key.clone();
    let order = maybe(move || {
        let sort = shown.sort.read();
        let word = if *sort == own { "ascending" } else { "descending" };
        (sort.strip_prefix('-').unwrap_or(&sort) == own).then(|| word.to_string())
    });
    let own = key.clone();
    let sort = on(move |_: MouseEvent| shown.table.sort_by(&own, is_number));
    let class = if is_number { "number" } else { "" };
    view! {
        <th scope="col" class=class data-column=key aria-sort=order><button type="button" class="sort" on:click=sort>{title}</button></th>
    }
    .built()
}

/// Search, choices, columns and density, for tables of things that one looks for.
fn tools(shown: Arranged, locale: Locale) -> AnyView {
    let table = shown.table;
    // What there is to be searched may be called otherwise once all of it is here.
    let label = move || {
        text(move || {
            let noun = table.list.read().rows().noun();
            format!("Search {}", noun.map_or("", |[_, many]| many))
        })
    };
    let typed = on(move |event: Event| table.search_for(event_target_value(&event)));
    let prepare = on(move |_: FocusEvent| table.list.read_untracked().prepare());
    let choices = Memo::new(move |_| table.list.read().rows().choices().to_vec());
    let groups = dynamic(move || {
        let choices = choices.get().into_iter().enumerate();
        let groups: Vec<_> = choices.map(|(place, choices)| group(table, place, &choices)).collect();
        groups.built()
    });
    let dense = on(move |_: MouseEvent| table.is_dense.update(|dense| *dense = !*dense));
    let count = text(move || shown.count_words(&locale));
    view! {
        <div class="table-tools">
            <input type="search" aria-label=label() placeholder=label() autocomplete="off" spellcheck="false"
                prop:value=text(move || table.search.get()) on:input=typed on:focus=prepare/>
            {groups}
            <p class="table-count" role="status">{count}</p>
            <div class="table-looks">
                {column_menu(table)}
                <button type="button" class="quiet" aria-pressed=text(move || table.is_dense.get().to_string()) on:click=dense>"Dense"</button>
            </div>
        </div>
    }
    .built()
}

/// One way to choose: buttons of which one holds.
fn group(table: TableState, place: usize, choices: &Choices) -> AnyView {
    let one = |(choice, name): (usize, &&'static str)| {
        let is_pressed = text(move || (table.choice(place) == choice).to_string());
        let choose = on(move |_: MouseEvent| table.choose(place, choice));
        view! { <button type="button" aria-pressed=is_pressed on:click=choose>{*name}</button> }
    };
    let buttons: Vec<_> = choices.names.iter().enumerate().map(one).collect();
    view! { <div class="joined" role="group" aria-label=choices.label>{buttons}</div> }.built()
}

/// Which columns are shown: a disclosure with a box for each but the first.
fn column_menu(table: TableState) -> AnyView {
    let one = move |column: Column| {
        let (key, title) = (column.key(), column.title);
        let own = key.clone();
        let is_shown = flag(move || !table.hidden.read().contains(&own));
        let change = on(move |event: Event| {
            let shown = event_target_checked(&event);
            table.hidden.update(|hidden| {
                hidden.retain(|other| *other != key);
                if !shown {
                    hidden.push(key.clone());
                }
            });
        });
        view! { <label class="option"><input type="checkbox" prop:checked=is_shown on:change=change/>{title}</label> }
    };
    // Memos, so that figures that come anew leave the buttons, and the focus, where they are.
    let all = Memo::new(move |_| table.list.read().rows().columns().to_vec());
    let boxes = dynamic(move || {
        let columns = all.get().into_iter().skip(1);
        columns.map(one).collect::<Vec<_>>().built()
    });
    menu("Columns", "popup menu-popup column-menu", true, boxes.built())
}
