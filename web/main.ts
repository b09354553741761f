import { mount } from "svelte";
import App from "./App.svelte";
import { startFrom } from "./state/machine.svelte.ts";
import { Playground } from "./state/playground.svelte.ts";
import "./tokens.css";

/** The address for a machine as it was shipped; the disk that was kept is given up. */
const NEW_DISK = "#new-disk";

const isNew = location.hash === NEW_DISK;
if (isNew) history.replaceState(null, "", location.pathname);
// A shared patch is for the kernel as it was shipped: it gets a machine of its own.
const disk = location.hash.startsWith("#p=") ? undefined : { name: "home", isNew };

const playground = new Playground(
  startFrom("./", disk),
  !matchMedia("(prefers-reduced-motion: reduce)").matches,
);
void playground.readLink(location.hash);
mount(App, { target: document.getElementById("app")!, props: { playground } });

// For the browser's console, and for the tests.
Object.assign(window, { patchbay: playground });
