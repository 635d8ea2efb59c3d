// Joins the files of style/ into one, so that the page asks for one style sheet. Order matters: names before uses.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";

const files = ["tokens", "base", "layout", "panel", "files"];
mkdirSync("target", { recursive: true });
writeFileSync("target/style.css", files.map((name) => readFileSync(`style/${name}.css`, "utf8")).join("\n"));
