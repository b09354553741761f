import { mount } from "svelte";
import { startFrom } from "../state/machine.svelte.ts";
import { Playground } from "../state/playground.svelte.ts";
import "../tokens.css";
import Embed from "./Embed.svelte";

const playground = new Playground(startFrom("../"), !matchMedia("(prefers-reduced-motion: reduce)").matches);
mount(Embed, { target: document.getElementById("app")!, props: { playground } });

// For the browser's console, and for the tests.
Object.assign(window, { patchbay: playground });
