import * as autolog from "/pkg/autolog.js";
await autolog.default({ module_or_path: "/pkg/autolog_bg.wasm" });
autolog.hydrate();
const wake = (place) => {
  for (const island of place.querySelectorAll("leptos-island")) {
    autolog[island.dataset.component]?.(island);
  }
};
wake(document);
// A command that was recorded has replaced what stands in an element of the page.
document.addEventListener("turned", (event) => wake(event.target));
document.documentElement.dataset.awake = "yes";
