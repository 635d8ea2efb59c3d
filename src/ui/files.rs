//! Files that a person opens in place of servers. They are read in this page and go nowhere.

use crate::config::Config;
use crate::files::{Files, Taken};
use crate::period::Period;
use crate::ui::erase::RwSignal;
use crate::ui::store::Store;
use crate::ui::url::Url;
use leptos::ev::{DragEvent, Event};
use leptos::task::spawn_local;
use std::sync::Arc;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{FileList, HtmlInputElement};

#[inline(never)]
fn with_sources(config: &Config, files: &Files) -> Arc<Config> {
    Arc::new(Config {
        sources: files.sources(),
        ..config.clone()
    })
}

/// The files that are open. Copyable handle.
#[derive(Clone, Copy)]
pub struct OpenFiles {
    /// What they answer.
    pub files: RwSignal<Files>,
    /// What became of each, the latest first.
    pub taken: RwSignal<Vec<Taken>>,
}

impl OpenFiles {
    /// None yet.
    pub fn new() -> OpenFiles {
        OpenFiles {
            files: RwSignal::new(Files::default()),
            taken: RwSignal::new(Vec::new()),
        }
    }

    /// The configuration, with the files as its sources once there are any.
    pub fn config(&self, config: &Arc<Config>) -> Arc<Config> {
        let files = self.files.read();
        if files.is_empty() {
            return Arc::clone(config);
        }
        with_sources(config, &files)
    }

    /// Opens what was dropped.
    pub fn drop(&self, event: &DragEvent, store: Store, url: Url) {
        let list = event.data_transfer().and_then(|dropped| dropped.files());
        self.open_list(list, store, url);
    }

    /// Opens what was chosen in a field.
    pub fn choose(&self, event: &Event, store: Store, url: Url) {
        let field = event
            .target()
            .and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        self.open_list(field.as_ref().and_then(HtmlInputElement::files), store, url);
        if let Some(field) = field {
            // So that the same file can be chosen again.
            field.set_value("");
        }
    }

    fn open_list(self, list: Option<FileList>, store: Store, url: Url) {
        let Some(list) = list else { return };
        let files: Vec<web_sys::File> = (0..list.length()).filter_map(|place| list.get(place)).collect();
        spawn_local(async move {
            let mut texts = Vec::new();
            for file in files {
                let text = JsFuture::from(file.text()).await.ok().and_then(|text| text.as_string());
                texts.push((file.name(), text.unwrap_or_default()));
            }
            self.open(texts, store, url);
        });
    }

    /// Opens texts with their names, and goes to the days that they are about.
    pub fn open(&self, texts: Vec<(String, String)>, store: Store, url: Url) {
        let mut taken = Vec::new();
        self.files.update(|files| {
            for (name, text) in &texts {
                taken.insert(0, files.open(name, text));
            }
        });
        self.taken.update(|earlier| earlier.splice(0..0, taken).for_each(drop));
        store.forget(Files::is_source);
        if let Some(days) = self.files.read_untracked().days() {
            url.change(true, |query| query.period = Some(Period::Locked(days)));
        }
    }

    /// Closes all of them, and goes back to the servers.
    pub fn close(&self, store: Store, url: Url) {
        self.files.set(Files::default());
        self.taken.set(Vec::new());
        store.forget(Files::is_source);
        url.change(true, |query| query.period = None);
    }
}

impl Default for OpenFiles {
    fn default() -> OpenFiles {
        OpenFiles::new()
    }
}
