// main.ts - man, apropos, whatis: the manual.

import { attempt } from "../../errno.ts";
import type { Program } from "../../sys.ts";
import { decode, encode } from "../../text.ts";
import { type Command, utility, writeFully } from "../command.ts";
import { exec } from "../spawn.ts";
import { formatPage, type Page, pageOfHelp } from "./format.ts";
import { PAGES } from "./pages/index.ts";
import { BRIEFS } from "./briefs.ts";

const NOTHING = 16;

interface Entry {
  name: string;
  section: number;
  brief: string;
}

/** Everything the manual knows, in order. */
function entries(): Entry[] {
  const own = new Set(PAGES.map((p) => p.name));
  const rest = Object.entries(BRIEFS).filter(([name]) => !own.has(name));
  const all: Entry[] = [...PAGES, ...rest.map(([name, brief]) => ({ name, section: 1, brief }))];
  return all.sort((a, b) => (a.name < b.name ? -1 : 1));
}

const line = (e: Entry): string => `${`${e.name} (${e.section})`.padEnd(20)} - ${e.brief}\n`;

/** apropos: names and descriptions that have a word. */
async function apropos(c: Command, words: string[]): Promise<number> {
  let found = false;
  for (const word of words) {
    const pattern = new RegExp(word.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"), "i");
    const hits = entries().filter((e) => pattern.test(e.name) || pattern.test(e.brief));
    for (const e of hits) await c.out(line(e));
    if (hits.length === 0) await c.errText(`${word}: nothing appropriate.\n`);
    found ||= hits.length > 0;
  }
  return found ? 0 : NOTHING;
}

async function whatisWords(c: Command, words: string[]): Promise<number> {
  let status = 0;
  for (const word of words) {
    const hits = entries().filter((e) => e.name === word);
    for (const e of hits) await c.out(line(e));
    if (hits.length > 0) continue;
    await c.errText(`${word}: nothing appropriate.\n`);
    status = NOTHING;
  }
  return status;
}

/** What a program prints when it is asked for help. */
async function helpOf(c: Command, name: string): Promise<string> {
  const [r, w] = await c.sys.pipe2(0);
  const pid = await c.sys.fork(async (sys) => {
    await sys.close(r);
    await sys.dup2(w, 1);
    await sys.dup2(w, 2);
    await sys.close(w);
    return exec(sys, "man", [name, "--help"], "/dev/null", c.env);
  });
  await c.sys.close(w);
  const text = decode(await c.readAll(r));
  await c.sys.close(r);
  await c.sys.wait4(pid, 0);
  return text;
}

async function findPage(c: Command, name: string, section: number | null): Promise<Page | null> {
  const page = PAGES.find((p) => p.name === name && (section === null || p.section === section));
  if (page) return page;
  const brief = BRIEFS[name];
  if (brief === undefined || (section !== null && section !== 1)) return null;
  return pageOfHelp(name, brief, await helpOf(c, name));
}

/** Through $MANPAGER, $PAGER or less when there is a terminal. */
async function show(c: Command, page: Page): Promise<number> {
  const size = await attempt(c.sys.winsize(1));
  const terminal = (await attempt(c.sys.tcgetattr(1))).ok;
  const width = Math.max(40, Math.min((size.ok && size.value.cols) || 80, 100));
  if (!terminal) {
    await c.out(formatPage(page, 80, false));
    return 0;
  }
  const pager = (c.env.get("MANPAGER") ?? c.env.get("PAGER") ?? "less").split(" ");
  const prompt = `Manual page ${page.name}(${page.section}) line %lt (press h for help or q to quit)`;
  const argv = pager[0] === "less" ? [...pager, "-R", `-P${prompt}`] : pager;
  return throughPager(c, argv, formatPage(page, width, true));
}

async function throughPager(c: Command, argv: string[], text: string): Promise<number> {
  const [r, w] = await c.sys.pipe2(0);
  const pid = await c.sys.fork(async (sys) => {
    await sys.close(w);
    await sys.dup2(r, 0);
    await sys.close(r);
    return exec(sys, "man", argv, null, c.env);
  });
  await c.sys.close(r);
  // A pager that is left early reads no more.
  await c.sys.sigaction(13, "ignore");
  await attempt(writeFully(c.sys, w, encode(text)));
  await c.sys.close(w);
  const done = await c.sys.wait4(pid, 0);
  return done ? done.status >> 8 : 0;
}

const USAGE = `Usage: man [OPTION]... [SECTION] PAGE...
Show pages of the manual. A program without a page of its own shows its --help.

  -k, --apropos   search names and descriptions for a word
  -f, --whatis    one line about each name
  -w, --where     say only whether there is a page

Section 1 is programs, 7 is how things work, 8 is for the administrator.`;

export const man: Program = utility(
  "man",
  { help: USAGE, options: "k,apropos f,whatis w,where a,all P:,pager", usageStatus: 2 },
  async (c) => {
    if (c.has("k")) return apropos(c, c.operands);
    if (c.has("f")) return whatisWords(c, c.operands);
    const numbered = /^\d$/.test(c.operands[0] ?? "") && c.operands.length > 1;
    const section = numbered ? Number(c.operands[0]) : null;
    const names = numbered ? c.operands.slice(1) : c.operands;
    if (names.length === 0) {
      await c.errText("What manual page do you want?\nFor example, try 'man man'.\n");
      return 1;
    }
    if (c.has("P")) c.env.set("MANPAGER", c.value("P")!);
    return showAll(c, names, section);
  },
);

async function showAll(c: Command, names: string[], section: number | null): Promise<number> {
  for (const name of names) {
    const page = await findPage(c, name, section);
    if (!page) {
      await c.errText(`No manual entry for ${name}${section === null ? "" : ` in section ${section}`}\n`);
      c.status = NOTHING;
    } else if (c.has("w")) await c.out(`${page.name}(${page.section})\n`);
    else await show(c, page);
  }
  return c.status;
}

const search = (
  name: string,
  about: string,
  run: (c: Command, words: string[]) => Promise<number>,
): Program =>
  utility(name, { help: `Usage: ${name} KEYWORD...\n${about}` }, async (c) => {
    if (c.operands.length > 0) return run(c, c.operands);
    await c.errText(`${name} what?\n`);
    return 1;
  });

export const aproposProgram = search("apropos", "Search the manual's names and descriptions.", apropos);
export const whatis = search("whatis", "Show the one-line descriptions of names.", whatisWords);
