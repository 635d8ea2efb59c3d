//! The parts of the program that the first view does not need. In a release each of them is a file of its own, fetched
//! when it is first asked for: `#[wasm_split]` marks where the program is cut, `.ci/split/wasm-bindgen` cuts it. Without the
//! feature `split`, as in development, all of them are there from the start and behave the same.
//!
//! A part hands out functions, and what calls them stays as it would be without parts. What only a part reaches goes
//! along with it, so the way to keep a thing out of the first file is to reach it from here alone.

use crate::chart::later;
use crate::config::{Config, SourceConfig};
use crate::files::Files;
use crate::locale::Locale;
use crate::panel::PanelModel;
use crate::period::DateRange;
use crate::query::View;
use crate::remote::{LoadError, Reply};
use crate::report::{self, Report};
use crate::scope::{Moment, Scope};
use crate::source::{self, Request};
use crate::ui::app;
use crate::ui::browser;
use crate::ui::component::controls;
use crate::ui::component::data_table::DataTable;
use crate::ui::component::file_box::FileBox;
use crate::ui::component::mend::Mend;
use crate::ui::embed::{self, Embedding};
use crate::ui::erase::{Build, Memo, RwSignal, dynamic, on};
use crate::ui::page::check::CheckPage;
use crate::ui::page::metrics::Announce;
use crate::ui::picture::{self, Picture, Taking};
use crate::ui::store::Store;
use crate::ui::table::TableState;
use crate::ui::transport::parent::Parent;
use crate::ui::transport::{self, Feeder, Kept};
use crate::ui::url::Url;
use crate::words::{self, Message};
use leptos::ev::MouseEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::future::Future;
use std::pin::Pin;

/// A part could not be fetched: the connection is gone, or a newer release has replaced its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("A part of this page could not be loaded: reload the page")]
pub struct Missing;

#[cfg(feature = "split")]
impl From<leptos::wasm_split::SplitLoaderError> for Missing {
    fn from(_: leptos::wasm_split::SplitLoaderError) -> Missing {
        Missing
    }
}

impl From<Missing> for LoadError {
    fn from(_: Missing) -> LoadError {
        LoadError::Program
    }
}

/// Cuts the program at a function, which becomes one to wait for.
macro_rules! part {
    ($(#[$about:meta])* $part:ident: fn $name:ident$(<$life:lifetime>)?($($given:ident: $of:ty),*) -> $gives:ty $body:block) => {
        $(#[$about])*
        #[cfg(feature = "split")]
        #[leptos::wasm_split::wasm_split($part, wasm_split_path = ::leptos::wasm_split, fallible)]
        pub fn $name$(<$life>)?($($given: $of),*) -> Result<$gives, $crate::ui::parts::Missing> {
            Ok($body)
        }

        $(#[$about])*
        #[cfg(not(feature = "split"))]
        pub async fn $name$(<$life>)?($($given: $of),*) -> Result<$gives, $crate::ui::parts::Missing> {
            Ok($body)
        }
    };
}

part! {
    /// The panels of a page beside the overview.
    pages: fn reports(view: View) -> &'static [Report] {
        later::bring();
        report::of(view)
    }
}

part! {
    /// What replies mean, of whatever API.
    pages: fn reading() -> fn(&Request, &Reply) -> Box<dyn source::Taking> {
        source::reading
    }
}

part! {
    /// What can be chosen at a panel.
    pages: fn controls() -> fn(Memo<PanelModel>, TableState) -> AnyView {
        controls::controls
    }
}

part! {
    /// What can be mended about people.
    pages: fn mend() -> fn(Memo<PanelModel>) -> AnyView {
        |model| view! { <Mend model/> }.built()
    }
}

part! {
    /// What the demo answers.
    demo: fn demo(kept: &Kept, moment: Moment, request: &Request) -> Reply {
        kept.at(moment).answer(request)
    }
}

part! {
    /// What open files answer.
    tools: fn from_files(files: RwSignal<Files>, request: &Request) -> Result<Reply, LoadError> {
        files.read_untracked().answer(request)
    }
}

part! {
    /// The box for files.
    tools: fn file_box() -> fn() -> AnyView {
        || view! { <FileBox/> }.built()
    }
}

part! {
    /// The table of a panel.
    tables: fn data_table() -> fn(TableState, &'static str, Locale) -> AnyView {
        |table, caption, locale| view! { <DataTable table caption locale/> }.built()
    }
}

part! {
    /// The self-check.
    tools: fn check_page() -> fn() -> AnyView {
        || view! { <CheckPage/> }.built()
    }
}

part! {
    /// The page inside another one.
    embed: fn embedded() -> fn(Embedding, Config, bool) -> AnyView {
        app::embedded
    }
}

part! {
    /// What both pages tell each other.
    embed: fn keep_in_step() -> fn(Embedding, &Config, Url, Store) {
        |embedding, config, url, store| embedding.keep_in_step(config, url, store)
    }
}

part! {
    /// Tells the page around this one at which days a person looks closer.
    embed: fn drill_bucket() -> fn(Parent, DateRange) {
        embed::drill_bucket
    }
}

part! {
    /// Keeps what is said for a moment in sight.
    embed: fn keep_in_sight() -> fn(RwSignal<String>) {
        embed::keep_in_sight
    }
}

part! {
    /// An answer for which the page around this one is needed.
    embed: fn hosted<'a>(parent: Parent, source: &'a SourceConfig, request: &'a Request, feeder: Feeder<'a>) -> Hosted<'a> {
        Box::pin(transport::hosted(parent, source, request, feeder))
    }
}

/// An answer that somebody waits for.
pub type Hosted<'a> = Pin<Box<dyn Future<Output = Result<Reply, LoadError>> + 'a>>;

part! {
    /// A chart as a picture to take away.
    tools: fn picture() -> fn(Picture, Taking, String, Announce) {
        picture::take
    }
}

part! {
    /// The figures of a panel as a file.
    tools: fn csv(model: &PanelModel, table: TableState) -> String {
        let (list, (places, columns)) = (table.list.get_untracked(), table.now());
        model.csv_of(&list, &places, &columns, table.provenance())
    }
}

part! {
    /// The questions of a panel as commands.
    tools: fn curl(model: &PanelModel, scope: &Scope, origin: &str) -> Option<String> {
        model.curl(scope, origin)
    }
}

/// Does something once a part is there. Signals that it makes live as long as what asks for it. For parts of which
/// something is in use already: where a part can be missing, a person must be told.
pub fn then<Part: 'static>(
    part: impl Future<Output = Result<Part, Missing>> + 'static,
    act: impl FnOnce(Part) + 'static,
) {
    let owner = Owner::current();
    spawn_local(async move {
        if let (Ok(part), Some(owner)) = (part.await, owner) {
            owner.with(|| act(part));
        }
    });
}

/// Shows what a part draws, from when it is there.
pub fn shown<Part: Copy + Send + Sync + 'static>(
    part: impl Future<Output = Result<Part, Missing>> + 'static,
    draw: impl Fn(Part) -> AnyView + Send + 'static,
) -> AnyView {
    let here = RwSignal::new(None);
    spawn_local(async move {
        here.set(Some(part.await));
    });
    dynamic(move || match here.get() {
        None => ().built(),
        Some(Ok(part)) => draw(part),
        Some(Err(Missing)) => missing(),
    })
    .built()
}

/// What is said in place of a part.
pub fn missing() -> AnyView {
    let Message { title, detail, .. } = words::message(&LoadError::Program);
    let reload = on(|_: MouseEvent| browser::reload());
    view! {
        <div class="state" role="alert">
            <p class="state-title">{title}</p>
            <p class="state-detail">{detail}</p>
            <button type="button" on:click=reload>"Reload the page"</button>
        </div>
    }
    .built()
}
