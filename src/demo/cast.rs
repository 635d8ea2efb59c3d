//! The stage of the demo: organizations, templates, apps, parameters and regions. All of it is made up.

/// An organization and its share of the accounts.
pub struct Organization {
    pub name: &'static str,
    pub display_name: &'static str,
    pub share: u64,
}

/// The first one is the default organization.
pub const ORGANIZATIONS: [Organization; 4] = [
    organization("platform", "Platform", 42),
    organization("data-science", "Data Science", 27),
    organization("embedded", "Embedded", 21),
    organization("partners", "Partners & Suppliers", 10),
];

/// A template, and its share of the accounts of its organization; nobody uses one without a share.
pub struct Template {
    pub name: &'static str,
    pub display_name: &'static str,
    pub icon: &'static str,
    pub organization: usize,
    pub share: u64,
    /// Places in [`APPS`].
    pub apps: &'static [usize],
    /// Percent of its people who mostly work in its first app.
    pub in_browser: u64,
}

/// One bit per template.
pub type TemplateSet = u16;

pub const TEMPLATES: [Template; 10] = [
    template("linux-general", "Linux (general)", "/icon/debian.svg", 0, 55, &[5], 4),
    template(
        "kubernetes-dev",
        "Kubernetes developer",
        "/icon/k8s.png",
        0,
        45,
        &[5, 9],
        3,
    ),
    template("legacy-vm", "Legacy VM", "/icon/desktop.svg", 0, 0, &[], 0),
    template(
        "python-notebooks",
        "Python notebooks",
        "/icon/python.svg",
        1,
        50,
        &[6, 7],
        34,
    ),
    template("r-analysis", "R analysis", "/icon/rstudio.svg", 1, 20, &[10], 62),
    template(
        "gpu-training",
        "GPU training",
        "/icon/tensorflow.svg",
        1,
        30,
        &[11, 6],
        8,
    ),
    template("cpp-cross", "C++ cross-compile", "/icon/cpp.svg", 2, 70, &[], 0),
    template("fpga-lab", "", "/icon/memory.svg", 2, 30, &[5], 6),
    template("partner-sandbox", "Partner sandbox", "", 3, 75, &[5], 20),
    template("docs", "Documentation", "/icon/docs.svg", 3, 25, &[8], 10),
];

/// An app as the reports list it.
pub struct App {
    pub kind: &'static str,
    pub slug: &'static str,
    pub display_name: &'static str,
    pub icon: &'static str,
    pub family: &'static str,
}

/// How many of [`APPS`] are built in.
pub const BUILTIN: usize = 5;

/// In the order of the server: built-in ones, then apps by slug, name and icon. A slug may belong to two apps.
pub const APPS: [App; 12] = [
    builtin("vscode", "Visual Studio Code", "/icon/code.svg", "vscode"),
    builtin("jetbrains", "JetBrains", "/icon/intellij.svg", "jetbrains"),
    builtin("reconnecting-pty", "Web Terminal", "/icon/terminal.svg", "web_terminal"),
    builtin("ssh", "SSH", "/icon/terminal.svg", "ssh"),
    builtin("sftp", "SFTP", "/icon/terminal.svg", "ssh"),
    app("code-server", "code-server", "/icon/code.svg"),
    app("jupyter", "JupyterLab", "/icon/jupyter.svg"),
    app("nb-3", "Notebook <β> & \"friends\"", ""),
    app("preview", "Docs preview", "/icon/docs.svg"),
    app("preview", "Web preview", "/icon/widgets.svg"),
    app("rstudio", "RStudio", "/icon/rstudio.svg"),
    app("tensorboard", "TensorBoard", "/icon/tensorflow.svg"),
];

/// Places in [`APPS`].
pub const VSCODE: usize = 0;
pub const JETBRAINS: usize = 1;
pub const TERMINAL: usize = 2;
pub const SSH: usize = 3;
pub const SFTP: usize = 4;

/// A rich parameter.
pub struct Parameter {
    pub name: &'static str,
    pub display_name: &'static str,
    pub kind: &'static str,
    pub description: &'static str,
    /// Name, value, icon.
    pub options: &'static [(&'static str, &'static str, &'static str)],
    /// Values that occur, with their shares, in byte order. They need not be among the options.
    pub values: &'static [(&'static str, u64)],
    /// Places in [`TEMPLATES`].
    pub templates: &'static [usize],
}

/// Sorted by name.
pub const PARAMETERS: [Parameter; 9] = [
    Parameter {
        name: "cpu",
        display_name: "CPU cores",
        kind: "number",
        description: "Cores of the workspace.",
        options: &[
            ("2 cores", "2", "/icon/memory.svg"),
            ("4 cores", "4", "/icon/memory.svg"),
            ("8 cores", "8", "/icon/memory.svg"),
            ("16 cores", "16", "/icon/memory.svg"),
        ],
        // 6 cores were an option once.
        values: &[("16", 9), ("2", 18), ("4", 44), ("6", 3), ("8", 26)],
        templates: &[0, 1, 3, 4, 6, 8],
    },
    Parameter {
        name: "disk_size",
        display_name: "Disk size (GB)",
        kind: "number",
        description: "Size of the home volume.",
        options: &[],
        values: &[("10", 20), ("100", 12), ("20", 38), ("250", 4), ("50", 26)],
        templates: &[0, 1, 5, 6, 7],
    },
    Parameter {
        name: "dotfiles_uri",
        display_name: "",
        kind: "string",
        description: "Where to clone dotfiles from. Empty for none.",
        options: &[],
        values: &[
            ("", 62),
            ("git@git.example.com:tools/dotfiles.git", 9),
            ("https://git.example.com/tools/dotfiles", 21),
            ("https://git.example.com/tools/dotfiles?branch=zsh&depth=1", 8),
        ],
        templates: &[0, 1, 3, 6],
    },
    Parameter {
        name: "gpu",
        display_name: "GPU",
        kind: "bool",
        description: "Attach a GPU.",
        options: &[],
        values: &[("false", 28), ("true", 72)],
        templates: &[5],
    },
    Parameter {
        name: "ides",
        display_name: "JetBrains IDEs",
        kind: "list(string)",
        description: "IDEs to install in advance.",
        options: &[
            ("CLion", "CL", "/icon/clion.svg"),
            ("GoLand", "GO", "/icon/goland.svg"),
            ("PyCharm", "PY", "/icon/pycharm.svg"),
            ("RustRover", "RR", "/icon/rustrover.svg"),
        ],
        values: &[
            ("[\"CL\",\"RR\"]", 14),
            ("[\"CL\"]", 26),
            ("[\"GO\",\"PY\",\"RR\"]", 6),
            ("[\"PY\"]", 15),
            ("[]", 39),
        ],
        templates: &[1, 6],
    },
    Parameter {
        name: "keep_home",
        display_name: "Keep home directory",
        kind: "bool",
        description: "Whether the home volume outlives the workspace.",
        options: &[],
        values: &[("false", 17), ("true", 83)],
        templates: &[0, 1, 3, 4, 6, 7, 8, 9],
    },
    Parameter {
        name: "region",
        display_name: "Region",
        kind: "string",
        description: "Where the workspace runs.",
        options: &[
            ("Europe", "eu-1", "/emojis/1f1ea-1f1fa.png"),
            ("America", "us-1", "/emojis/1f1fa-1f1f8.png"),
            ("Asia", "ap-1", "/emojis/1f30f.png"),
        ],
        // A region that was closed.
        values: &[("ap-0", 2), ("ap-1", 21), ("eu-1", 51), ("us-1", 26)],
        templates: &[0, 1, 3, 4, 5],
    },
    // The same name with other options is another parameter.
    Parameter {
        name: "region",
        display_name: "Lab",
        kind: "string",
        description: "Which lab the board is in.",
        options: &[("Lab north", "north", ""), ("Lab south", "south", "")],
        values: &[("north", 64), ("south", 36)],
        templates: &[7],
    },
    Parameter {
        name: "startup_note",
        display_name: "Note",
        kind: "string",
        description: "Free text shown at start.",
        options: &[],
        values: &[("", 88), ("<none>", 5), ("ask before deleting", 7)],
        templates: &[8, 9],
    },
];

/// A region people work from.
pub struct Region {
    /// Half hours east of UTC, all year: people's habits, not clocks.
    pub offset: i64,
    /// Latency to the deployment in microseconds, from and to.
    pub latency: (i64, i64),
    pub share: u64,
}

pub const REGIONS: [Region; 6] = [
    region(2, 20_000, 62_000, 44),
    region(4, 38_000, 85_000, 8),
    region(-10, 92_000, 134_000, 17),
    region(-16, 142_000, 178_000, 10),
    region(11, 150_000, 214_000, 13),
    region(18, 222_000, 280_000, 8),
];

/// Plants and stones that are nobody's name.
pub const WORDS: [&str; 48] = [
    "cedar", "quartz", "basalt", "spruce", "mica", "barley", "gypsum", "larch", "feldspar", "clover", "pumice",
    "thistle", "cobalt", "nettle", "granite", "alder", "calcite", "bracken", "zinc", "yarrow", "halite", "lupin",
    "shale", "hemlock", "pyrite", "sedge", "chert", "bamboo", "gneiss", "papyrus", "bauxite", "mallow", "talc",
    "yucca", "dolomite", "fescue", "galena", "hornbeam", "obsidian", "plantain", "apatite", "teasel", "borax",
    "cypress", "slate", "sorrel", "marble", "rye",
];

const fn organization(name: &'static str, display_name: &'static str, share: u64) -> Organization {
    Organization {
        name,
        display_name,
        share,
    }
}

const fn template(
    name: &'static str,
    display_name: &'static str,
    icon: &'static str,
    organization: usize,
    share: u64,
    apps: &'static [usize],
    in_browser: u64,
) -> Template {
    Template {
        name,
        display_name,
        icon,
        organization,
        share,
        apps,
        in_browser,
    }
}

const fn builtin(slug: &'static str, display_name: &'static str, icon: &'static str, family: &'static str) -> App {
    App {
        kind: "builtin",
        slug,
        display_name,
        icon,
        family,
    }
}

const fn app(slug: &'static str, display_name: &'static str, icon: &'static str) -> App {
    App {
        kind: "app",
        slug,
        display_name,
        icon,
        family: "workspace_app",
    }
}

const fn region(offset: i64, fastest: i64, slowest: i64, share: u64) -> Region {
    Region {
        offset,
        latency: (fastest, slowest),
        share,
    }
}
