import * as autolog from "/pkg/autolog.js";
// The search box: "/" leads to it. On a page that has nothing else to type into, a scan goes there wherever the focus is;
// it begins before the WASM is loaded.
document.addEventListener("keydown", (event) => {
  const find = document.getElementById("find");
  if (!find || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest?.("input, textarea, [contenteditable]")) return;
  if (event.key === "/") {
    event.preventDefault();
    find.focus();
    find.select();
  } else if ("scans" in find.dataset && event.key.length === 1 && event.key !== " ") {
    // Letters choose in a list; what a scanner begins with doesn't.
    if (event.target.closest?.("select") && !"=&]".includes(event.key)) return;
    find.value = "";
    find.focus();
  }
});
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
