import { mount } from "svelte";
import App from "./App.svelte";
import { startFrom } from "./state/machine.svelte.ts";
import { Playground } from "./state/playground.svelte.ts";
import "./tokens.css";

const playground = new Playground(startFrom("./"), !matchMedia("(prefers-reduced-motion: reduce)").matches);
void playground.readLink(location.hash);
mount(App, { target: document.getElementById("app")!, props: { playground } });

// For the browser's console, and for the tests.
Object.assign(window, { patchbay: playground });
