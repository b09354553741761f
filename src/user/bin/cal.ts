// cal.ts - cal: a calendar.

import type { Program } from "../sys.ts";
import { type Command, utility } from "./command.ts";

const MONTHS = "January February March April May June July August September October November December".split(
  " ",
);

/** In September 1752 eleven days were left out: the 2nd was followed by the 14th. */
const REFORM = { year: 1752, month: 9, last: 2, next: 14 };

const isLeap = (y: number): boolean => y % 4 === 0 && (y <= REFORM.year || y % 100 !== 0 || y % 400 === 0);

function monthDays(year: number, month: number): number[] {
  const length = [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]!;
  const days = Array.from({ length }, (_, i) => i + 1);
  if (year !== REFORM.year || month !== REFORM.month) return days;
  return days.filter((d) => d <= REFORM.last || d >= REFORM.next);
}

/** 0 is Sunday. */
function weekday(year: number, month: number, day: number): number {
  const gregorian =
    year * 10000 + month * 100 + day >= REFORM.year * 10000 + REFORM.month * 100 + REFORM.next;
  const before = month < 3 ? 1 : 0;
  const [y, m] = [year + 4800 - before, month + 12 * before - 3];
  const base = day + Math.floor((153 * m + 2) / 5) + 365 * y + Math.floor(y / 4);
  const number = gregorian ? base - Math.floor(y / 100) + Math.floor(y / 400) - 32045 : base - 32083;
  return (number + 1) % 7;
}

const WIDTH = 20;

const centred = (text: string): string => {
  const left = Math.floor((WIDTH - text.length) / 2);
  return (" ".repeat(Math.max(0, left)) + text).padEnd(WIDTH);
};

interface Style {
  monday: boolean;
  /** The day that is shown in reverse. */
  today: { year: number; month: number; day: number } | null;
}

/** Eight lines of the same width. */
function monthBlock(year: number, month: number, title: string, style: Style): string[] {
  const names = style.monday ? "Mo Tu We Th Fr Sa Su" : "Su Mo Tu We Th Fr Sa";
  const days = monthDays(year, month);
  const first = (weekday(year, month, 1) + (style.monday ? 6 : 0)) % 7;
  const cells = [...Array.from({ length: first }, () => "  "), ...days.map((d) => String(d).padStart(2))];
  const { today } = style;
  const marked = today && today.year === year && today.month === month ? days.indexOf(today.day) : -1;
  if (marked >= 0) cells[first + marked] = `\x1b[7m${cells[first + marked]}\x1b[27m`;
  const rows = Array.from({ length: 6 }, (_, week) => {
    const row = cells.slice(week * 7, week * 7 + 7);
    return row.join(" ") + " ".repeat(WIDTH - Math.max(0, 3 * row.length - 1));
  });
  return [centred(title), names, ...rows];
}

const beside = (blocks: string[][]): string =>
  blocks[0]!.map((_, line) => `${blocks.map((b) => b[line]).join("  ")}  \n`).join("");

function yearText(year: number, style: Style): string {
  const full = 3 * WIDTH + 6;
  const title = String(year);
  let out = `${" ".repeat(Math.floor((full - title.length) / 2))}${title}`.padEnd(full) + "\n";
  for (let month = 1; month <= 12; month += 3)
    out += beside([0, 1, 2].map((i) => monthBlock(year, month + i, MONTHS[month + i - 1]!, style)));
  return out;
}

const monthOf = (text: string): number => {
  const named = MONTHS.findIndex((m) => m.toLowerCase().startsWith(text.toLowerCase()) && text.length >= 3);
  return named >= 0 ? named + 1 : /^\d+$/.test(text) ? Number(text) : 0;
};

async function wanted(
  c: Command,
  now: { year: number; month: number },
): Promise<{ year: number; month: number | null }> {
  const [a, b] = c.operands;
  const option = c.value("m");
  const monthText = option ?? (b === undefined ? undefined : a);
  const yearText = b ?? a;
  if (a !== undefined && b === undefined && option === undefined && monthOf(a) > 0 && !/^\d+$/.test(a))
    return { year: now.year, month: monthOf(a) };
  const year = yearText === undefined ? now.year : Number(yearText);
  if (!(year >= 1 && year <= 9999) || !Number.isInteger(year))
    return c.die(`year \`${yearText}' not in range 1..9999`, 64);
  if (monthText === undefined) return { year, month: a === undefined && !c.has("y") ? now.month : null };
  const month = monthOf(monthText);
  if (month < 1 || month > 12) return c.die(`${monthText} is neither a month number (1..12) nor a name`, 64);
  return { year, month };
}

const shift = (year: number, month: number, by: number): { year: number; month: number } => {
  const n = year * 12 + month - 1 + by;
  return { year: Math.floor(n / 12), month: (n % 12) + 1 };
};

const cal = utility(
  "cal",
  {
    help: `Usage: cal [general options] [-h] [[month] year]
Display a calendar, or some part of it.

  -1         show only the current month (default)
  -3         show previous, current and next month
  -A number  months to add after
  -B number  months to add before
  -h         turn off highlighting of today
  -M         weeks start on Monday
  -m month   display the specified month
  -S         weeks start on Sunday (default)
  -y         display a calendar for the specified year`,
    options: "1 3 A: B: h M m: S y j e b N",
    usageStatus: 64,
  },
  async (c) => {
    const d = new Date((await c.sys.clockGettime(0)) / 1e6);
    const now = { year: d.getUTCFullYear(), month: d.getUTCMonth() + 1, day: d.getUTCDate() };
    const tty = !c.has("h") && (await isTerminal(c));
    const style: Style = { monday: c.has("M"), today: tty ? now : null };
    const { year, month } = await wanted(c, now);
    if (month === null) return c.out(yearText(year, style));
    const before = Number(c.value("B") ?? (c.has("3") ? 1 : 0));
    const after = Number(c.value("A") ?? (c.has("3") ? 1 : 0));
    const months = Array.from({ length: before + after + 1 }, (_, i) => shift(year, month, i - before));
    for (let i = 0; i < months.length; i += 3) {
      const row = months.slice(i, i + 3);
      const blocks = row.map((m) => monthBlock(m.year, m.month, `${MONTHS[m.month - 1]} ${m.year}`, style));
      await c.out(beside(blocks));
    }
  },
);

async function isTerminal(c: Command): Promise<boolean> {
  return c.sys.tcgetattr(1).then(
    () => true,
    () => false,
  );
}

export const calendars: Record<string, Program> = { cal };
