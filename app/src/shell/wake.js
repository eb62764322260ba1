import * as autolog from "/pkg/autolog.js";
await autolog.default({ module_or_path: "/pkg/autolog_bg.wasm" });
autolog.hydrate();
for (const island of document.querySelectorAll("leptos-island")) {
  autolog[island.dataset.component]?.(island);
}
document.documentElement.dataset.awake = "yes";
